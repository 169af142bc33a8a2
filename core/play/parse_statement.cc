#include <fmt/format.h>

#include "play/parser.h"

namespace sockscope::play {
namespace {

constexpr std::string_view kAfterExpression =
    "one statement a line: an expression, NAME = expression, del NAME or import";

bool is_keyword_statement(std::string_view word) {
  static constexpr std::string_view kOthers[] = {"if",     "for",    "while", "def",    "class", "with",
                                                 "try",    "return", "raise", "assert", "pass",  "global",
                                                 "lambda", "async",  "await", "yield"};
  for (const auto other : kOthers)
    if (word == other) return true;
  return false;
}

}  // namespace

// Whether an '=' of an assignment comes outside all brackets.
bool Parser::assigns() const {
  int open = 0;
  for (std::size_t i = next_; i < tokens_.size(); ++i) {
    if (tokens_[i].kind != TokenKind::op) continue;
    const std::string_view op = tokens_[i].spelled;
    if (op == "(" || op == "[" || op == "{") ++open;
    if (op == ")" || op == "]" || op == "}") --open;
    if (op == "=" && open <= 0) return true;
  }
  return false;
}

void Parser::check_target(const Token& name) const {
  if (name.kind != TokenKind::name)
    throw SyntaxError{name.begin, "only names can be assigned to: NAME = … or NAME, NAME = …"};
  if (reserved(name.spelled))
    throw SyntaxError{name.begin,
                      fmt::format("'{}' has a meaning of its own; choose another name", name.spelled)};
}

Target Parser::target() {
  if (!at_op("(") && !at_op("[")) {
    check_target(peek());
    return {std::string(take().spelled), {}};
  }
  const Deeper level(*this);
  const std::string_view close = take().spelled == "(" ? ")" : "]";
  Target made;
  bool comma = close == "]";
  while (!at_op(close)) {
    made.parts.push_back(target());
    if (!accept_op(",")) break;
    comma = true;
  }
  expect_op(close, "behind the names");
  if (made.parts.empty()) fail("names are missing before the =");
  return made.parts.size() == 1 && !comma ? std::move(made.parts[0]) : std::move(made);
}

Statement Parser::statement() {
  Statement made;
  if (at_word("import") || at_word("from")) {
    if (peek(1).kind != TokenKind::name) fail("import needs the name of a module");
    made.what = Statement::What::import;
    return made;
  }
  if (accept_word("del")) {
    made.what = Statement::What::remove;
    check_target(peek());
    made.removed = std::string(take().spelled);
    expect_end("del takes one name");
    return made;
  }
  if (peek().kind == TokenKind::name && is_keyword_statement(peek().spelled))
    fail(fmt::format("'{}' is not part of a play: a play is a transcript, one call a line", peek().spelled));
  if (assigns()) {
    made.what = Statement::What::assign;
    do {
      if (at_op("=")) break;
      made.targets.push_back(target());
      made.unpack = made.unpack || at_op(",");
    } while (accept_op(","));
    if (made.targets.empty()) fail("a name is missing before the =");
    if (!at_op("=")) fail("only names can be assigned to: NAME = … or NAME, NAME = …");
    take();
  }
  made.expression = expression();
  if (at_op("=")) fail("one assignment a line");
  expect_end(kAfterExpression);
  return made;
}

}  // namespace sockscope::play
