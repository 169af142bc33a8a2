#pragma once
// A play line's tree as Python source. Nothing of its spelling is kept: literals are escaped anew, names are
// Identifiers'. Pure.

#include <functional>
#include <set>
#include <string>

#include "export/identifiers.h"
#include "play/syntax.h"

namespace sockscope::exporting {

// What a program's lines need of the frame around them.
struct PythonNeeds {
  std::set<std::string> socket;   // from socket import …
  std::set<std::string> modules;  // select, struct, time…
  bool files = false, writes = false, leaves_out = false, servers = false, loads = false, stops = false,
       interrupts = false, keeps = false;
};

// Thrown: this line has no Python, and why.
struct NoPython {
  std::string why;
};

class PythonText {
 public:
  // `port`: what stands for a port the kernel chose; empty: the number itself.
  using PortName = std::function<std::string(std::int64_t port)>;
  PythonText(Identifiers& names, PythonNeeds& needs, PortName port)
      : names_(names), needs_(needs), port_(std::move(port)) {}

  std::string statement(const Statement& statement);
  std::string target(const play::Target& target);

 private:
  // How tight an operator binds; what is inside and looser gets brackets.
  enum class Binds { any, bar, sum, product, minus, postfix };
  std::string text(const play::Expr& e, Binds around = Binds::any, bool whole = false);
  std::string call(const play::expr::Call& call, bool whole);
  std::string arguments(const std::vector<play::expr::Argument>& given);
  std::string literal(const play::Value& value, Binds around);
  std::string constant(const play::Named& named);
  std::string tuple(const play::Exprs& items);
  std::string list(const play::Exprs& items);

  Identifiers& names_;
  PythonNeeds& needs_;
  PortName port_;
};

}  // namespace sockscope::exporting
