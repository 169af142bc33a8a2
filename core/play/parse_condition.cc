#include <fmt/format.h>

#include <algorithm>

#include "net/names.h"
#include "play/parser.h"

namespace sockscope::play {
namespace {

ConditionPtr make_condition(decltype(Condition::node) node, std::size_t at) {
  return std::make_unique<const Condition>(Condition{std::move(node), at});
}

bool thread_verb(std::string_view word) {
  return word == "returned" || word == "raised" || word == "blocked" || word == "idle";
}

}  // namespace

ConditionPtr Parser::condition() {
  mode_ = Mode::condition;
  ConditionPtr made = any_of();
  mode_ = Mode::statement;
  return made;
}

ConditionPtr Parser::packet_condition() {
  looked_at_ = Kind::packet;
  ConditionPtr made = condition();
  looked_at_.reset();
  expect_end("allowed are and, or");
  return made;
}

ConditionPtr Parser::any_of() {
  const Deeper level(*this);
  const std::size_t at = peek().begin;
  condition::Any any;
  do any.of.push_back(all_of());
  while (accept_word("or"));
  return any.of.size() == 1 ? std::move(any.of[0]) : make_condition(std::move(any), at);
}

ConditionPtr Parser::all_of() {
  const std::size_t at = peek().begin;
  condition::All all;
  do all.of.push_back(negated());
  while (accept_word("and"));
  return all.of.size() == 1 ? std::move(all.of[0]) : make_condition(std::move(all), at);
}

ConditionPtr Parser::negated() {
  const std::size_t at = peek().begin;
  bool negative = false;
  while (accept_word("not")) negative = !negative;
  ConditionPtr of = condition_atom();
  return negative ? make_condition(condition::Not{std::move(of)}, at) : std::move(of);
}

// A '(' opens a condition unless, behind its ')', an expression goes on: ('127.0.0.1', 80) == c.peer.
bool Parser::parenthesis_is_condition() const {
  int open = 0;
  for (std::size_t ahead = 0; peek(ahead).kind != TokenKind::end; ++ahead) {
    const Token& token = peek(ahead);
    if (token.kind == TokenKind::name && open == 1 &&
        (thread_verb(token.spelled) || token.spelled == "and" || token.spelled == "or" ||
         token.spelled == "not" || token.spelled == "where"))
      return true;
    if (token.kind != TokenKind::op) continue;
    static constexpr std::string_view kCompares[] = {"==", "!=", "<", "<=", ">", ">="};
    if (open == 1 &&
        std::find(std::begin(kCompares), std::end(kCompares), token.spelled) != std::end(kCompares))
      return true;
    if (open == 1 && token.spelled == ",") return false;
    if (token.spelled == "(" || token.spelled == "[") ++open;
    if ((token.spelled == ")" || token.spelled == "]") && --open == 0) {
      const Token& behind = peek(ahead + 1);
      return behind.kind != TokenKind::op || behind.spelled == ")";
    }
  }
  return true;
}

ConditionPtr Parser::parenthesised() {
  const Token open = take();
  ConditionPtr made = any_of();
  expect_op(")", fmt::format("for the '(' in column {}", characters(line_.substr(0, open.begin)) + 1));
  return made;
}

ConditionPtr Parser::condition_atom() {
  if (at_op("(") && parenthesis_is_condition()) return parenthesised();
  if (!looked_at_) {
    if (thread_name_end()) return thread_atom();
    if (at_word("count") && at_op("(", 1)) return counted();
    if (kind_here()) {
      const std::size_t at = peek().begin;
      return make_condition(where(), at);
    }
  }
  return comparison();
}

// A thread's name is a name, or a server's or load's thread: S.accept, L.1. The tokens it spans, if a verb
// follows.
std::optional<std::size_t> Parser::thread_name_end() const {
  if (peek().kind != TokenKind::name) return std::nullopt;
  std::size_t ahead = 1;
  while (peek(ahead).begin == peek(ahead - 1).end &&
         (at_op(".", ahead) || peek(ahead).kind == TokenKind::name || peek(ahead).kind == TokenKind::real ||
          peek(ahead).kind == TokenKind::integer))
    ++ahead;
  if (peek(ahead).kind != TokenKind::name || !thread_verb(peek(ahead).spelled)) return std::nullopt;
  return ahead;
}

ConditionPtr Parser::thread_atom() {
  const std::size_t at = peek().begin, ahead = *thread_name_end();
  const std::string thread(line_.substr(at, peek(ahead - 1).end - at));
  for (std::size_t i = 0; i < ahead; ++i) take();
  const std::string_view verb = take().spelled;
  if (verb == "idle") return make_condition(condition::Idle{thread}, at);
  if (verb == "blocked") {
    if (!accept_word("in")) return make_condition(condition::Blocked{thread, {}}, at);
    if (peek().kind != TokenKind::name) fail("the name of a call is missing behind 'in'");
    const Token call = peek();
    const CallInfo* known = find_call(call.spelled);
    if (known == nullptr) check_known(call, Known::no, fmt::format("no call is named '{}'", call.spelled));
    take();
    return make_condition(condition::Blocked{thread, std::string(call.spelled)}, at);
  }
  if (verb == "raised") {
    if (peek().kind != TokenKind::name ||
        (!errno_number(peek().spelled) && !is_exception_class(peek().spelled)))
      fail("raised needs an errno name like ECONNREFUSED or a Python class like TimeoutError");
    return make_condition(condition::Raised{thread, std::string(take().spelled)}, at);
  }
  const Token& next = peek();
  const bool over = next.kind == TokenKind::end || at_op(")") ||
                    (next.kind == TokenKind::name &&
                     (at_word("and") || at_word("or") || at_word("within") || at_word("for")));
  return make_condition(condition::Returned{thread, over ? nullptr : literal_pattern()}, at);
}

std::optional<Compare> Parser::compare_op() {
  static constexpr std::pair<std::string_view, Compare> kOps[] = {
      {"==", Compare::equal},   {"!=", Compare::not_equal}, {"<", Compare::less},
      {"<=", Compare::at_most}, {">", Compare::more},       {">=", Compare::at_least}};
  for (const auto& [spelled, op] : kOps)
    if (accept_op(spelled)) return op;
  return std::nullopt;
}

ConditionPtr Parser::comparison() {
  const std::size_t at = peek().begin;
  ExprPtr left = alternation();
  const auto op = compare_op();
  if (!op && at_op("=")) fail("a comparison is written ==");
  if (!op) return make_condition(condition::Truth{std::move(left)}, at);
  ExprPtr right = alternation();
  if (compare_op()) fail("one comparison at a time; join them by 'and'");
  return make_condition(condition::Comparison{std::move(left), *op, std::move(right)}, at);
}

std::optional<Kind> Parser::kind_here() const {
  if (peek().kind != TokenKind::name || !at_word("where", 1)) return std::nullopt;
  const auto known = kind(peek().spelled);
  if (!known)
    fail(fmt::format("'{}' cannot be looked for; allowed are socket, thread, call and packet",
                     peek().spelled));
  return known;
}

condition::Where Parser::where() {
  condition::Where made{*kind_here(), nullptr};
  take();
  take();
  looked_at_ = made.kind;
  made.filter = any_of();
  looked_at_.reset();
  return made;
}

ConditionPtr Parser::counted() {
  const std::size_t at = take().begin;
  take();
  if (!kind_here()) fail("count looks for something: count(socket where …)");
  condition::Count made{where()};
  expect_op(")", "behind what is counted");
  const auto op = compare_op();
  if (!op) fail("the count is compared with a number: ==, !=, <, <=, > or >=");
  made.op = *op;
  if (peek().kind != TokenKind::integer) fail("the count is compared with a whole number");
  made.number = *take().value.integer();
  return make_condition(std::move(made), at);
}

}  // namespace sockscope::play
