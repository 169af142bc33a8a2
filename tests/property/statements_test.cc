#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "export/python_text.h"
#include "generators.h"
#include "play/play.h"
#include "play/syntax.h"

namespace sockscope {
namespace {

// The tree as text, every bracket written: two statements mean the same when these are equal.
struct Tree {
  static std::string of(const play::ExprPtr& expr) { return expr ? std::visit(Tree{}, expr->node) : "-"; }
  static std::string of(const play::Exprs& items) {
    std::string out;
    for (const auto& item : items) out += of(item) + " ";
    return out;
  }
  static std::string of(const play::Target& target) {
    std::string out = target.name;
    for (const auto& part : target.parts) out += "[" + of(part) + "]";
    return out;
  }
  static std::string of(const Statement& statement) {
    std::string out =
        fmt::format("{} {} {} ", static_cast<int>(statement.what), statement.unpack, statement.removed);
    for (const auto& target : statement.targets) out += of(target) + " = ";
    return out + of(statement.expression);
  }

  std::string operator()(const play::expr::Literal& e) const {
    return fmt::format("{}:{}", e.value.held.index(), play::repr(e.value));
  }
  std::string operator()(const play::expr::Name& e) const { return e.name; }
  std::string operator()(const play::expr::MakeTuple& e) const { return "tuple(" + of(e.items) + ")"; }
  std::string operator()(const play::expr::MakeList& e) const { return "list(" + of(e.items) + ")"; }
  std::string operator()(const play::expr::Negative& e) const { return "(-" + of(e.of) + ")"; }
  std::string operator()(const play::expr::Chain& e) const {
    std::string out = of(e.first);
    for (const auto& [op, operand] : e.rest) out = fmt::format("({} {} {})", out, op, of(operand));
    return out;
  }
  std::string operator()(const play::expr::Subscript& e) const { return of(e.of) + "[" + of(e.index) + "]"; }
  std::string operator()(const play::expr::Slice& e) const {
    return fmt::format("{}[{}:{}:{}]", of(e.of), of(e.from), of(e.to), of(e.step));
  }
  std::string operator()(const play::expr::Attribute& e) const { return of(e.of) + "." + e.name; }
  std::string operator()(const play::expr::Call& e) const {
    std::string out = of(e.of) + "." + e.name + "(";
    for (const auto& argument : e.arguments) out += argument.keyword + "=" + of(argument.value) + " ";
    return out + ")";
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "?";
  }
};

std::string one_of(std::vector<std::string> texts) {
  return *rc::gen::elementOf(std::move(texts));
}
std::string expression(int depth);

std::string list_of(int depth, int least) {
  std::string out;
  for (int i = *rc::gen::inRange(least, 4); i > 0; --i) out += (out.empty() ? "" : ", ") + expression(depth);
  return out;
}

std::string atom(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 3)) {
    case 0:
      return one_of({"s", "c", "conn", "x", "数据"});
    case 1:
      return one_of({"AF_INET", "SOCK_STREAM", "MSG_PEEK", "SOL_SOCKET", "SO_REUSEADDR"});
    case 2:
      return play::repr(*any::literal(0));
    case 3:
      return "(" + list_of(depth - 1, 0) + ",)";
    case 4:
      return "[" + list_of(depth - 1, 0) + "]";
    default:
      return "(" + expression(depth - 1) + ")";
  }
}

// Behind an atom. A number in front of a point would be a float: hence the brackets.
std::string trailer(int depth) {
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return "[" + expression(depth) + "]";
    case 1:
      return "[" + expression(depth) + ":" + (*rc::gen::arbitrary<bool>() ? expression(depth) : "") + "]";
    case 2:
      return "." + one_of({"family", "timeout", "proto"});
    default:
      return "." + one_of({"recv", "send", "connect", "getsockname", "decode", "join"}) + "(" +
             list_of(depth, 0) + ")";
  }
}

// Calls that make a socket are left out: a program keeps what they make alive by a word of its own.
std::string expression(int depth) {
  if (depth == 0) return atom(0);
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return expression(depth - 1) + one_of({" + ", " - ", " * ", " | "}) + expression(depth - 1);
    case 1:
      return "-" + atom(depth - 1);
    case 2:
      return "(" + atom(depth - 1) + ")" + trailer(depth - 1);
    case 3:
      return one_of({"len", "bytes", "str", "bytearray", "struct.pack", "select.select", "getaddrinfo"}) +
             "(" + list_of(depth - 1, 0) + ")";
    default:
      return atom(depth);
  }
}

// "(,)" is no tuple.
std::string mended(std::string text) {
  for (std::size_t at = text.find("(,)"); at != text.npos; at = text.find("(,)")) text.erase(at + 1, 1);
  return text;
}

bool plain(std::string_view) {
  return false;
}

RC_GTEST_PROP(Statement, PrintedItParsesToTheSameTree, ()) {
  const std::string before = one_of({"x = ", "conn, addr = ", "(a, b), c = "});
  const std::string text = mended(before + expression(*rc::gen::inRange(0, 4)));
  const auto line = parse_line(text, "main");
  RC_LOG() << text << "\n" << (line ? "" : line.error().to_string()) << "\n";
  RC_ASSERT(line.has_value());
  exporting::Identifiers names(plain, false);
  exporting::PythonNeeds needs;
  const std::string printed =
      exporting::PythonText(names, needs, [](std::int64_t) { return ""; }).statement(*line->statement);
  RC_LOG() << printed << "\n";
  const auto again = parse_line(printed, "main");
  RC_ASSERT(again.has_value());
  RC_ASSERT(Tree::of(*again->statement) == Tree::of(*line->statement));
}

}  // namespace
}  // namespace sockscope
