#include "export/python_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/catalogue.h"

namespace sockscope::exporting {
namespace {

using namespace play;

constexpr std::size_t kMostOperands = 200;  // Python's compiler nests one for one

std::string bracketed(bool needed, std::string text) {
  return needed ? "(" + std::move(text) + ")" : std::move(text);
}

// What makes a socket: lost with its value, it would be closed.
bool makes_socket(const expr::Call& call) {
  static constexpr std::string_view kMakers[] = {
      "socket", "socketpair", "create_connection", "create_server", "fromfd", "dup", "accept"};
  return std::find(std::begin(kMakers), std::end(kMakers), call.name) != std::end(kMakers);
}

// What it returns is None and would not be shown.
bool gives_nothing(const Expr& e) {
  const auto* call = std::get_if<expr::Call>(&e.node);
  if (call == nullptr) return false;
  if (!call->of && call->name == "print") return true;
  const CallInfo* known = find_call(call->name);
  return known != nullptr && known->result == ResultKind::none;
}

bool plain_keyword(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  return letters && !name.starts_with("__") && !python_keyword(name);
}

}  // namespace

std::string PythonText::statement(const Statement& statement) {
  switch (statement.what) {
    case Statement::What::import:
      return {};
    case Statement::What::remove:
      return "del " + names_.of(statement.removed);
    case Statement::What::expression:
      if (gives_nothing(*statement.expression)) return text(*statement.expression, Binds::any, true);
      return fmt::format("show({})", text(*statement.expression, Binds::any, true));
    case Statement::What::assign:
      break;
  }
  std::string targets;
  for (const Target& one : statement.targets) (targets += targets.empty() ? "" : ", ") += target(one);
  if (statement.unpack && statement.targets.size() == 1) targets += ",";
  return fmt::format("{} = {}", targets, text(*statement.expression, Binds::any, true));
}

std::string PythonText::target(const Target& target) {
  if (target.parts.empty()) return names_.of(target.name);
  std::string parts;
  for (const Target& part : target.parts) (parts += parts.empty() ? "" : ", ") += this->target(part);
  return fmt::format("({}{})", parts, target.parts.size() == 1 ? "," : "");
}

std::string PythonText::text(const Expr& e, Binds around, bool whole) {
  struct Write {
    PythonText& self;
    Binds around;
    bool whole;
    std::string of(const ExprPtr& e, Binds inside) { return e ? self.text(*e, inside) : std::string(); }

    std::string operator()(const expr::Literal& l) { return self.literal(l.value, around); }
    std::string operator()(const expr::TooBig&) { return "18446744073709551616"; }
    std::string operator()(const expr::Name& n) { return self.names_.of(n.name); }
    std::string operator()(const expr::MakeTuple& t) { return self.tuple(t.items); }
    std::string operator()(const expr::MakeList& l) { return "[" + self.list(l.items) + "]"; }
    std::string operator()(const expr::Negative& n) {
      return bracketed(around > Binds::minus, "-" + of(n.of, Binds::minus));
    }
    std::string operator()(const expr::Chain& c) {
      if (c.rest.size() > kMostOperands) throw NoPython{"it has too many operators"};
      const Binds mine = c.rest[0].first == '|'   ? Binds::bar
                         : c.rest[0].first == '*' ? Binds::product
                                                  : Binds::sum;
      const auto next = static_cast<Binds>(static_cast<int>(mine) + 1);
      std::string out = of(c.first, mine);
      for (const auto& [op, operand] : c.rest) out += fmt::format(" {} {}", op, of(operand, next));
      return bracketed(around > mine, std::move(out));
    }
    std::string operator()(const expr::Subscript& s) {
      return fmt::format("{}[{}]", of(s.of, Binds::postfix), of(s.index, Binds::any));
    }
    std::string operator()(const expr::Slice& s) {
      return fmt::format("{}[{}:{}{}{}]", of(s.of, Binds::postfix), of(s.from, Binds::any),
                         of(s.to, Binds::any), s.step ? ":" : "", of(s.step, Binds::any));
    }
    std::string operator()(const expr::Attribute& a) {
      return fmt::format("{}.{}", of(a.of, Binds::postfix), a.name);
    }
    std::string operator()(const expr::Call& c) { return self.call(c, whole); }
    std::string operator()(const expr::Field&) { throw NoPython{"it is part of a condition"}; }
    std::string operator()(const expr::Anything&) { throw NoPython{"it is a pattern"}; }
    std::string operator()(const expr::AnySocket&) { throw NoPython{"it is a pattern"}; }
  };
  return std::visit(Write{*this, around, whole}, e.node);
}

std::string PythonText::call(const expr::Call& call, bool whole) {
  const std::string given = arguments(call.arguments);
  std::string out;
  if (call.of) {
    out = fmt::format("{}.{}({})", text(*call.of, Binds::postfix), call.name, given);
  } else if (call.name == "select" || call.name == "poll" || call.name.starts_with("select.")) {
    needs_.modules.insert("select");
    out = fmt::format("select.{}({})", call.name.substr(call.name.rfind('.') + 1), given);
  } else if (call.name.starts_with("struct.")) {
    needs_.modules.insert("struct");
    out = fmt::format("{}({})", call.name, given);
  } else {
    const bool builtin = reserved_in_python(call.name) && call.name != "socket";
    needs_.files = needs_.files || call.name == "open";
    if (!builtin) needs_.socket.insert(call.name);
    out = fmt::format("{}({})", call.name, given);
  }
  if (whole || !makes_socket(call)) return out;
  needs_.keeps = true;
  return fmt::format("keep({})", out);
}

std::string PythonText::arguments(const std::vector<expr::Argument>& given) {
  std::string out;
  std::set<std::string> keywords;
  for (const expr::Argument& argument : given) {
    if (!out.empty()) out += ", ";
    if (!argument.keyword.empty()) {
      if (!plain_keyword(argument.keyword)) throw NoPython{"it names an argument that cannot be"};
      if (!keywords.insert(argument.keyword).second) throw NoPython{"it gives an argument twice"};
      out += argument.keyword + "=";
    }
    out += text(*argument.value);
  }
  return out;
}

std::string PythonText::constant(const Named& named) {
  if (named.name.starts_with("POLL")) {
    needs_.modules.insert("select");
    return fmt::format("select.{}", named.name);
  }
  if (named.name == "VMADDR_CID_LOCAL") return std::to_string(named.number);  // Python does not have it
  needs_.socket.insert(std::string(named.name));
  return std::string(named.name);
}

std::string PythonText::literal(const Value& value, Binds around) {
  if (const auto* named = value.as<Named>()) return constant(*named);
  if (const auto* real = value.as<double>(); real != nullptr && *real > 1.7e308) return "1e999";
  const bool number = value.as<double>() != nullptr || value.as<std::int64_t>() != nullptr;
  return bracketed(number && around == Binds::postfix, repr(value));
}

// An address: (host, port) with text in front.
std::string PythonText::tuple(const Exprs& items) {
  const auto literal_at = [&](std::size_t i) {
    return i < items.size() ? std::get_if<expr::Literal>(&items[i]->node) : nullptr;
  };
  const auto* host = literal_at(0);
  const auto* port = literal_at(1);
  const bool address = host != nullptr && host->value.as<Text>() != nullptr && port != nullptr &&
                       port->value.as<std::int64_t>() != nullptr;
  const std::string born = address ? port_(*port->value.as<std::int64_t>()) : std::string();
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    out += i == 1 && !born.empty() ? born : text(*items[i]);
  }
  return fmt::format("({}{})", out, items.size() == 1 ? "," : "");
}

std::string PythonText::list(const Exprs& items) {
  std::string out;
  for (const ExprPtr& item : items) (out += out.empty() ? "" : ", ") += text(*item);
  return out;
}

}  // namespace sockscope::exporting
