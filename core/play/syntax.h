#pragma once
// What a play line says, as a tree (docs/play.md). Built by the parser only; depth is capped there.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lab/lab.h"
#include "play/value.h"
#include "server/server.h"

namespace sockscope::play {

struct Expr;
using ExprPtr = std::unique_ptr<const Expr>;
using Exprs = std::vector<ExprPtr>;

namespace expr {
struct Literal {
  Value value;
};
struct TooBig {};  // an integer literal beyond 64 bits: OverflowError when it runs
struct Name {
  std::string name;
};
struct MakeTuple {
  Exprs items;
};
struct MakeList {
  Exprs items;
};
struct Negative {
  ExprPtr of;
};
// first op1 second op2 third…, of one precedence, from the left.
struct Chain {
  ExprPtr first;
  std::vector<std::pair<char, ExprPtr>> rest;  // '|', '+', '-', '*'
};
struct Subscript {
  ExprPtr of, index;
};
struct Slice {
  ExprPtr of, from, to, step;  // nullptr: not given
};
struct Attribute {
  ExprPtr of;
  std::string name;
};
struct Argument {
  std::string keyword;  // empty: positional
  ExprPtr value;
};
// A function of the socket module, struct.pack, len…; or a method when `of` is there.
struct Call {
  ExprPtr of;
  std::string name;
  std::vector<Argument> arguments;
};
// Conditions only.
struct Field {
  std::string name;  // of the thing a `where` looks at
};
struct Anything {};   // _ of a pattern
struct AnySocket {};  // socket of a pattern
}  // namespace expr

struct Expr {
  using Node = std::variant<expr::Literal, expr::TooBig, expr::Name, expr::MakeTuple, expr::MakeList,
                            expr::Negative, expr::Chain, expr::Subscript, expr::Slice, expr::Attribute,
                            expr::Call, expr::Field, expr::Anything, expr::AnySocket>;
  Node node;
  std::size_t at = 0;  // byte in the line
  int depth = 1;
};

// A name, or a tuple of targets.
struct Target {
  std::string name;
  std::vector<Target> parts;
};

enum class Kind { socket, thread, call, packet };
enum class Compare { equal, not_equal, less, at_most, more, at_least };

struct Condition;
using ConditionPtr = std::unique_ptr<const Condition>;

namespace condition {
struct All {
  std::vector<ConditionPtr> of;
};
struct Any {
  std::vector<ConditionPtr> of;
};
struct Not {
  ConditionPtr of;
};
struct Returned {
  std::string thread;
  ExprPtr pattern;  // nullptr: anything
};
struct Raised {
  std::string thread, name;
};
struct Blocked {
  std::string thread, call;  // call empty: in any
};
struct Idle {
  std::string thread;
};
struct Comparison {
  ExprPtr left;
  Compare op = Compare::equal;
  ExprPtr right;
};
struct Truth {
  ExprPtr of;
};
struct Where {
  Kind kind = Kind::socket;
  ConditionPtr filter;
};
struct Count {
  Where where;
  Compare op = Compare::equal;
  std::int64_t number = 0;
};
}  // namespace condition

struct Condition {
  std::variant<condition::All, condition::Any, condition::Not, condition::Returned, condition::Raised,
               condition::Blocked, condition::Idle, condition::Comparison, condition::Truth, condition::Where,
               condition::Count>
      node;
  std::size_t at = 0;
};

namespace directive {
struct Serve {
  ServerOptions options;
};
struct Load {
  LoadOptions options;     // to_name: the server's name, when `to` is not an address
  bool meanwhile = false;  // the play goes on when its clients begin
};
struct Stop {
  std::string name;
  bool closes = false;  // shutdown() and server_close() of a server, which waits for its threads
};
struct Wait {
  Time time = 0;
};
struct WaitUntil {
  ConditionPtr condition;
  Time within = -1;  // −1: the deadline
};
struct Expect {
  ConditionPtr condition;
  Time within = -1;      // −1: 2 s
  Time throughout = -1;  // −1: not asked for
};
struct Interrupt {
  std::string thread;
};
struct Deadline {
  Time time = 0;
};
struct File {
  std::string name;
  std::int64_t size = -1;  // −1: `text`
  std::string text;
};
struct Host {
  std::string name;
  std::optional<Address> address;  // nothing: the usual one
};
struct Wire {
  std::string from, to;
  bool both = true;  // the way back too
  WireChange change;
};
struct Held {  // %release, %drop, %double
  Wires::Go go = Wires::Go::release;
  bool all = false;
  ConditionPtr where;  // nullptr: any packet
};
struct Nothing {};  // %host localhost
}  // namespace directive

}  // namespace sockscope::play

namespace sockscope {

struct Statement {
  enum class What { expression, assign, remove, import };
  What what = What::expression;
  std::vector<play::Target> targets;  // assign: one, or with `unpack` any number
  bool unpack = false;                // there was a comma
  std::string removed;                // del NAME
  play::ExprPtr expression;
};

struct Directive {
  std::string name;  // without the %
  std::variant<play::directive::Serve, play::directive::Load, play::directive::Stop, play::directive::Wait,
               play::directive::WaitUntil, play::directive::Expect, play::directive::Interrupt,
               play::directive::Deadline, play::directive::File, play::directive::Host, play::directive::Wire,
               play::directive::Held, play::directive::Nothing>
      what;
  std::size_t subject_at = 0;  // byte of the name it is about
};

}  // namespace sockscope
