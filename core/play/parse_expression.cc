#include <fmt/format.h>

#include <algorithm>

#include "play/parser.h"

namespace sockscope::play {

const Token& Parser::peek(std::size_t ahead) const {
  return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

void Parser::fail(const std::string& message) const {
  throw SyntaxError{peek().begin, message};
}

bool Parser::at_op(std::string_view op, std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::op && peek(ahead).spelled == op;
}
bool Parser::at_word(std::string_view word, std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::name && peek(ahead).spelled == word;
}
bool Parser::accept_op(std::string_view op) {
  const bool there = at_op(op);
  if (there) take();
  return there;
}
bool Parser::accept_word(std::string_view word) {
  const bool there = at_word(word);
  if (there) take();
  return there;
}
void Parser::expect_op(std::string_view op, std::string_view why) {
  if (!accept_op(op)) fail(fmt::format("'{}' is missing {}", op, why));
}
void Parser::expect_end(std::string_view allowed) {
  if (peek().kind != TokenKind::end) fail(fmt::format("'{}' cannot stand here; {}", peek().spelled, allowed));
}

ExprPtr Parser::make(Expr::Node node, std::size_t at, int deepest_child) const {
  if (deepest_child + 1 > kDeepest) throw SyntaxError{at, "nested too deep: at most 64 levels"};
  return std::make_unique<const Expr>(Expr{std::move(node), at, deepest_child + 1});
}

ExprPtr Parser::expression() {
  const std::size_t at = peek().begin;
  ExprPtr first = alternation();
  if (!at_op(",")) return first;
  expr::MakeTuple tuple;
  int deepest = first->depth;
  tuple.items.push_back(std::move(first));
  while (accept_op(",") && peek().kind != TokenKind::end) {
    tuple.items.push_back(alternation());
    deepest = std::max(deepest, tuple.items.back()->depth);
  }
  return make(std::move(tuple), at, deepest);
}

ExprPtr Parser::chain(std::string_view ops, ExprPtr (Parser::*operand)()) {
  const std::size_t at = peek().begin;
  expr::Chain made{(this->*operand)(), {}};
  int deepest = made.first->depth;
  while (peek().kind == TokenKind::op && peek().spelled.size() == 1 &&
         ops.find(peek().spelled[0]) != ops.npos) {
    const char op = take().spelled[0];
    made.rest.emplace_back(op, (this->*operand)());
    deepest = std::max(deepest, made.rest.back().second->depth);
  }
  return made.rest.empty() ? std::move(made.first) : make(std::move(made), at, deepest);
}

ExprPtr Parser::alternation() {
  const Deeper level(*this);
  return chain("|", &Parser::sum);
}
ExprPtr Parser::sum() {
  return chain("+-", &Parser::product);
}
ExprPtr Parser::product() {
  return chain("*", &Parser::negation);
}

ExprPtr Parser::negation() {
  const Deeper level(*this);
  const std::size_t at = peek().begin;
  if (!accept_op("-")) return postfix();
  ExprPtr of = negation();
  const int depth = of->depth;
  return make(expr::Negative{std::move(of)}, at, depth);
}

ExprPtr Parser::postfix() {
  ExprPtr value = atom();
  for (;;) {
    if (at_op("."))
      value = dotted(std::move(value));
    else if (at_op("["))
      value = subscript(std::move(value));
    else if (at_op("("))
      fail("only functions and methods are called, by their names");
    else
      return value;
  }
}

ExprPtr Parser::dotted(ExprPtr of) {
  if (mode_ == Mode::pattern) fail("a pattern is a literal in which _ and socket may stand");
  const std::size_t at = take().begin;
  const Token name = peek();
  if (name.kind != TokenKind::name) fail("a method's or attribute's name is missing behind the dot");
  take();
  const int depth = of->depth;
  if (!at_op("(")) {
    const bool known = mode_ == Mode::condition ? condition_field(name.spelled) : attribute(name.spelled);
    if (known) return make(expr::Attribute{std::move(of), std::string(name.spelled)}, at, depth);
    if (method(name.spelled) != Known::no)
      throw SyntaxError{
          name.end, fmt::format("'{}' is a method: it needs its brackets, {}()", name.spelled, name.spelled)};
    throw SyntaxError{name.begin, fmt::format("no attribute is called '{}'; allowed are {}", name.spelled,
                                              mode_ == Mode::condition ? "the fields of docs/play.md"
                                                                       : allowed_attributes())};
  }
  if (mode_ == Mode::condition && name.spelled != "getsockname" && name.spelled != "getpeername")
    throw SyntaxError{name.begin, "a condition calls only len, getsockname and getpeername"};
  check_known(name, method(name.spelled),
              fmt::format("no method is called '{}'; allowed are {}", name.spelled, allowed_methods()));
  expr::Call call{std::move(of), std::string(name.spelled), arguments()};
  int deepest = depth;
  for (const auto& argument : call.arguments) deepest = std::max(deepest, argument.value->depth);
  return make(std::move(call), at, deepest);
}

ExprPtr Parser::subscript(ExprPtr of) {
  const Deeper level(*this);
  const std::size_t at = take().begin;
  int deepest = of->depth;
  const auto part = [&]() -> ExprPtr {
    if (at_op(":") || at_op("]")) return nullptr;
    ExprPtr e = alternation();
    deepest = std::max(deepest, e->depth);
    return e;
  };
  ExprPtr first = part();
  if (!at_op(":")) {
    if (!first) fail("an index is missing between the brackets");
    expect_op("]", "behind the index");
    return make(expr::Subscript{std::move(of), std::move(first)}, at, deepest);
  }
  take();
  ExprPtr second = part();
  ExprPtr third = accept_op(":") ? part() : nullptr;
  expect_op("]", "behind the slice");
  return make(expr::Slice{std::move(of), std::move(first), std::move(second), std::move(third)}, at, deepest);
}

ExprPtr Parser::atom() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::integer:
    case TokenKind::real:
      return make(expr::Literal{take().value}, token.begin);
    case TokenKind::too_big:
      take();
      return make(expr::TooBig{}, token.begin);
    case TokenKind::time:
      if (mode_ != Mode::condition) fail("a time stands only in conditions and directives");
      take();
      return make(expr::Literal{Value(static_cast<double>(*token.value.integer()) / 1e9)}, token.begin);
    case TokenKind::text:
    case TokenKind::bytes:
      return strings();
    case TokenKind::name:
      return name_atom();
    case TokenKind::end:
      fail("an expression is missing: a literal, a name or a call");
    case TokenKind::op:
      break;
  }
  if (at_op("(") || at_op("[")) return bracketed();
  if (at_op("{"))
    fail(
        "dictionaries and sets are not part of a play; allowed are literals, tuples, lists, names and calls");
  fail(fmt::format("'{}' cannot begin an expression; allowed are literals, tuples, lists, names, calls and -",
                   token.spelled));
}

// Literals side by side are one, as in Python.
ExprPtr Parser::strings() {
  const Token first = take();
  Value value = first.value;
  while (peek().kind == TokenKind::text || peek().kind == TokenKind::bytes) {
    if (peek().kind != first.kind) fail("bytes and text do not join: both b'…' or neither");
    const Token& more = take();
    if (first.kind == TokenKind::text)
      std::get<Text>(value.held).utf8 += more.value.as<Text>()->utf8;
    else
      std::get<Bytes>(value.held).data += more.value.as<Bytes>()->data;
  }
  return make(expr::Literal{std::move(value)}, first.begin);
}

ExprPtr Parser::bracketed() {
  const Deeper level(*this);
  const Token open = take();
  const std::string_view close = open.spelled == "(" ? ")" : "]";
  Exprs items;
  int deepest = 0;
  bool comma = false;
  while (!at_op(close)) {
    items.push_back(alternation());
    deepest = std::max(deepest, items.back()->depth);
    comma = accept_op(",");
    if (!comma) break;
  }
  expect_op(close, fmt::format("for the '{}' in column {}", open.spelled,
                               characters(line_.substr(0, open.begin)) + 1));
  if (close == "]") return make(expr::MakeList{std::move(items)}, open.begin, deepest);
  if (items.size() == 1 && !comma) return std::move(items[0]);
  return make(expr::MakeTuple{std::move(items)}, open.begin, deepest);
}

ExprPtr Parser::name_atom() {
  const Token name = take();
  const std::string spelled(name.spelled);
  if (spelled == "None") return make(expr::Literal{Value()}, name.begin);
  if (spelled == "True" || spelled == "False")
    return make(expr::Literal{Value(spelled == "True")}, name.begin);
  if (mode_ == Mode::pattern) {
    if (spelled == "_") return make(expr::Anything{}, name.begin);
    if (spelled == "socket") return make(expr::AnySocket{}, name.begin);
    if (auto value = constant_value(spelled)) return make(expr::Literal{*value}, name.begin);
    throw SyntaxError{name.begin, "a pattern is a literal in which _ means anything and socket any socket"};
  }
  if (mode_ == Mode::condition) {
    if (spelled == "len" && at_op("(")) return function_call(name, spelled);
    if (at_op("(")) throw SyntaxError{name.begin, "a condition calls only len, getsockname and getpeername"};
    if (looked_at_ && is_field(*looked_at_, spelled)) return make(expr::Field{spelled}, name.begin);
    if (auto value = bare_word(spelled)) return make(expr::Literal{*value}, name.begin);
  }
  if (module(spelled) && at_op(".")) return module_member(name);
  if (at_op("(")) {
    check_known(name, function(spelled),
                fmt::format("no function is called '{}'; allowed are {}", spelled, allowed_functions()));
    return function_call(name, spelled);
  }
  if (auto value = constant_value(spelled)) return make(expr::Literal{*value}, name.begin);
  if (reserved(spelled))
    throw SyntaxError{
        name.begin,
        fmt::format("'{}' cannot stand alone here; allowed are literals, names and calls", spelled)};
  return make(expr::Name{spelled}, name.begin);
}

ExprPtr Parser::module_member(const Token& module) {
  take();
  const Token name = peek();
  if (name.kind != TokenKind::name) fail("a name is missing behind the dot");
  take();
  const std::string full = fmt::format("{}.{}", module.spelled, name.spelled);
  if (module.spelled == "socket" && !at_op("("))
    if (auto value = constant_value(name.spelled)) return make(expr::Literal{*value}, module.begin);
  if (module.spelled == "select" && !at_op("(") && name.spelled.starts_with("POLL"))
    if (auto value = constant_value(name.spelled)) return make(expr::Literal{*value}, module.begin);
  if (module.spelled == "socket" && unknown_constant(name.spelled))
    throw SyntaxError{name.begin, fmt::format("no constant is called '{}'; there are {}", name.spelled,
                                              allowed_constants(name.spelled))};
  check_known(name, module_function(module.spelled, name.spelled),
              fmt::format("'{}' is not part of a play; allowed are {}", full, allowed_functions()));
  if (!at_op("("))
    throw SyntaxError{name.end, fmt::format("'{}' is a function: it needs its brackets", full)};
  return function_call(name, module.spelled == "socket" ? std::string(name.spelled) : full);
}

void Parser::check_known(const Token& name, Known known, const std::string& allowed) const {
  if (known == Known::later)
    throw SyntaxError{name.begin, fmt::format("'{}' belongs to a later version", name.spelled), true};
  if (known == Known::no) throw SyntaxError{name.begin, allowed};
}

ExprPtr Parser::function_call(const Token& name, std::string full_name) {
  expr::Call call{nullptr, std::move(full_name), arguments()};
  int deepest = 0;
  for (const auto& argument : call.arguments) deepest = std::max(deepest, argument.value->depth);
  return make(std::move(call), name.begin, deepest);
}

std::vector<expr::Argument> Parser::arguments() {
  const Deeper level(*this);
  const Token open = take();
  std::vector<expr::Argument> made;
  while (!at_op(")")) {
    expr::Argument argument;
    const bool keyword = peek().kind == TokenKind::name && at_op("=", 1);
    if (keyword) {
      argument.keyword = take().spelled;
      take();
    } else if (!made.empty() && !made.back().keyword.empty()) {
      fail("a positional argument cannot follow a keyword argument");
    }
    if (at_op("*") || at_op("**")) fail("* and ** arguments are not part of a play");
    argument.value = alternation();
    made.push_back(std::move(argument));
    if (!accept_op(",")) break;
  }
  expect_op(")", fmt::format("for the '(' in column {}", characters(line_.substr(0, open.begin)) + 1));
  return made;
}

ExprPtr Parser::literal_pattern() {
  const Mode before = mode_;
  mode_ = Mode::pattern;
  ExprPtr pattern = alternation();
  mode_ = before;
  return pattern;
}

Time Parser::time() {
  if (peek().kind != TokenKind::time) fail("a time is missing, like 300ms or 5s");
  return *take().value.integer();
}

}  // namespace sockscope::play
