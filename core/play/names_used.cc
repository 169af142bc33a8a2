#include "play/names_used.h"

namespace sockscope::play {
namespace {

struct ReadExpr {
  const Expr& e;
  const Seen* names;  // nullptr: not asked for
  const Seen* calls;
  void visit(const Expr& part) const { std::visit(ReadExpr{part, names, calls}, part.node); }
  void each(const Exprs& items) const {
    for (const auto& item : items) visit(*item);
  }
  void maybe(const ExprPtr& part) const {
    if (part) visit(*part);
  }
  void operator()(const expr::Name& n) const {
    if (names != nullptr) (*names)(n.name, e.at);
  }
  void operator()(const expr::MakeTuple& t) const { each(t.items); }
  void operator()(const expr::MakeList& l) const { each(l.items); }
  void operator()(const expr::Negative& n) const { maybe(n.of); }
  void operator()(const expr::Chain& c) const {
    maybe(c.first);
    for (const auto& [op, operand] : c.rest) maybe(operand);
  }
  void operator()(const expr::Subscript& s) const {
    maybe(s.of);
    maybe(s.index);
  }
  void operator()(const expr::Slice& s) const {
    for (const ExprPtr* part : {&s.of, &s.from, &s.to, &s.step}) maybe(*part);
  }
  void operator()(const expr::Attribute& a) const { maybe(a.of); }
  void operator()(const expr::Call& c) const {
    if (calls != nullptr) (*calls)(c.name, e.at);
    maybe(c.of);
    for (const auto& argument : c.arguments) maybe(argument.value);
  }
  template <typename Leaf>
  void operator()(const Leaf&) const {}
};

struct ReadCondition {
  const Seen* names;
  const Seen* threads;
  std::size_t at = 0;

  void visit(const ConditionPtr& c) const {
    if (c) std::visit(ReadCondition{names, threads, c->at}, c->node);
  }
  void thread(const std::string& name) const {
    if (threads != nullptr) (*threads)(name, at);
  }
  void read(const ExprPtr& e) const {
    if (names != nullptr && e) names_read(*e, *names);
  }
  void operator()(const condition::All& all) const {
    for (const auto& c : all.of) visit(c);
  }
  void operator()(const condition::Any& any) const {
    for (const auto& c : any.of) visit(c);
  }
  void operator()(const condition::Not& negated) const { visit(negated.of); }
  void operator()(const condition::Returned& r) const { thread(r.thread); }
  void operator()(const condition::Raised& r) const { thread(r.thread); }
  void operator()(const condition::Blocked& b) const { thread(b.thread); }
  void operator()(const condition::Idle& i) const { thread(i.thread); }
  void operator()(const condition::Comparison& c) const {
    read(c.left);
    read(c.right);
  }
  void operator()(const condition::Truth& t) const { read(t.of); }
  void operator()(const condition::Where& w) const { visit(w.filter); }
  void operator()(const condition::Count& c) const { visit(c.where.filter); }
};

void collect(const Target& target, std::vector<std::string>& names) {
  if (!target.name.empty()) names.push_back(target.name);
  for (const Target& part : target.parts) collect(part, names);
}

}  // namespace

void names_read(const Expr& e, const Seen& seen) {
  std::visit(ReadExpr{e, &seen, nullptr}, e.node);
}

void names_read(const Statement& statement, const Seen& seen) {
  if (!statement.removed.empty()) seen(statement.removed, 0);
  if (statement.expression) names_read(*statement.expression, seen);
}

void calls_made(const Statement& statement, const Seen& seen) {
  if (statement.expression)
    std::visit(ReadExpr{*statement.expression, nullptr, &seen}, statement.expression->node);
}

void names_read(const Condition& condition, const Seen& seen) {
  std::visit(ReadCondition{&seen, nullptr, condition.at}, condition.node);
}

void threads_read(const Condition& condition, const Seen& seen) {
  std::visit(ReadCondition{nullptr, &seen, condition.at}, condition.node);
}

std::vector<std::string> names_bound(const Statement& statement) {
  std::vector<std::string> names;
  for (const Target& target : statement.targets) collect(target, names);
  return names;
}

const Condition* condition_of(const Directive& directive) {
  if (const auto* expect = std::get_if<directive::Expect>(&directive.what)) return expect->condition.get();
  if (const auto* wait = std::get_if<directive::WaitUntil>(&directive.what)) return wait->condition.get();
  if (const auto* held = std::get_if<directive::Held>(&directive.what)) return held->where.get();
  return nullptr;
}

}  // namespace sockscope::play
