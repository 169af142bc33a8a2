#include "play/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "net/names.h"
#include "play/judge_value.h"

namespace sockscope::play {
namespace {

constexpr std::size_t kLongestSaw = 300;

Verdict verdict(bool holds) {
  return holds ? Verdict::holds : Verdict::fails;
}

std::string brief(const Value& value) {
  const std::string full = repr(value);
  if (full.size() <= kLongestSaw) return full;
  const std::size_t characters_kept = characters(std::string_view(full).substr(0, kLongestSaw)) - 1;
  return full.substr(0, byte_of(full, characters_kept)) + "…";
}

std::string_view symbol(Compare op) {
  static constexpr std::string_view kSymbols[] = {"==", "!=", "<", "<=", ">", ">="};
  return kSymbols[static_cast<std::size_t>(op)];
}

// ('B', 80) as ('10.0.0.2', 80), and as ('fd00::2', 80, 0, 0) where it has four parts; all else as it is.
Value with_address(const Value& value, const Names& names) {
  const auto* tuple = value.as<Tuple>();
  if (tuple == nullptr || tuple->items.empty()) return value;
  const auto* name = tuple->items.front().as<Text>();
  if (name == nullptr) return value;
  for (const Address& address : names.host(name->utf8)) {
    const Value whole = of_address(address);
    const auto* its = whole.as<Tuple>();
    if (its == nullptr || its->items.size() != tuple->items.size()) continue;
    Values items = tuple->items;
    items.front() = its->items.front();
    return Tuple{std::move(items)};
  }
  return value;
}

Verdict compare(const Value& left, Compare op, const Value& right, const Names& names) {
  if (op == Compare::equal || op == Compare::not_equal) {
    const bool same = equal(left, right) || equal(with_address(left, names), with_address(right, names));
    return verdict(same == (op == Compare::equal));
  }
  const auto ordered = order(left, right);
  if (!ordered) return Verdict::unknown;
  switch (op) {
    case Compare::less:
      return verdict(*ordered < 0);
    case Compare::at_most:
      return verdict(*ordered <= 0);
    case Compare::more:
      return verdict(*ordered > 0);
    default:
      return verdict(*ordered >= 0);
  }
}

class Judge {
 public:
  Judge(const Ground& ground, Subject subject) : ground_(ground), subject_(subject) {}

  Judged judge(const Condition& c) const {
    return std::visit([this](const auto& node) { return look(node); }, c.node);
  }

 private:
  Judged look(const condition::All& all) const {
    Judged result{Verdict::holds, {}};
    for (const auto& part : all.of) {
      Judged one = judge(*part);
      if (one.verdict == Verdict::fails) return one;
      if (one.verdict == Verdict::holds && result.verdict == Verdict::holds)
        (result.saw += result.saw.empty() ? "" : "; ") += one.saw;
      else if (one.verdict == Verdict::unknown)
        result = std::move(one);
    }
    return result;
  }

  Judged look(const condition::Any& any) const {
    Judged result{Verdict::fails, {}};
    for (const auto& part : any.of) {
      Judged one = judge(*part);
      if (one.verdict == Verdict::holds) return one;
      result.verdict = std::max(result.verdict, one.verdict);
      (result.saw += result.saw.empty() ? "" : "; ") += one.saw;
    }
    return result;
  }

  Judged look(const condition::Not& negated) const {
    Judged result = judge(*negated.of);
    if (result.verdict != Verdict::unknown) result.verdict = verdict(result.verdict == Verdict::fails);
    return result;
  }

  Judged look(const condition::Returned& atom) const {
    const auto line = ground_.lines.latest(atom.thread);
    const bool returned = line && !line->running && !line->outcome.raised;
    return {verdict(returned && (!atom.pattern || matches(*atom.pattern, line->outcome.value))),
            saw(atom.thread)};
  }

  Judged look(const condition::Raised& atom) const {
    const auto line = ground_.lines.latest(atom.thread);
    bool same = line && !line->running && line->outcome.raised;
    if (same) {
      const PyError& error = line->outcome.error;
      const auto number = errno_number(atom.name);
      same = number ? error.number == *number : exception_is(error.type, atom.name);
    }
    return {verdict(same), saw(atom.thread)};
  }

  Judged look(const condition::Blocked& atom) const {
    const ThreadState* thread = ground_.state.thread(atom.thread);
    bool blocked = thread != nullptr && thread->blocked && !thread->calls.empty();
    if (blocked && !atom.call.empty())
      blocked = std::any_of(thread->calls.begin(), thread->calls.end(),
                            [&](const OpenCall& call) { return info(call.name).python == atom.call; });
    return {verdict(blocked), saw(atom.thread)};
  }

  Judged look(const condition::Idle& atom) const {
    const auto line = ground_.lines.latest(atom.thread);
    const ThreadState* thread = ground_.state.thread(atom.thread);
    const bool idle = line ? !line->running : thread != nullptr && thread->calls.empty();
    return {verdict(idle), saw(atom.thread)};
  }

  Judged look(const condition::Comparison& c) const {
    const auto left = value_in(*c.left, ground_, subject_), right = value_in(*c.right, ground_, subject_);
    if (!left) return {Verdict::unknown, left.error()};
    if (!right) return {Verdict::unknown, right.error()};
    return {compare(*left, c.op, *right, ground_.names),
            fmt::format("{} {} {}", brief(*left), symbol(c.op), brief(*right))};
  }

  Judged look(const condition::Truth& t) const {
    const auto value = value_in(*t.of, ground_, subject_);
    if (!value) return {Verdict::unknown, value.error()};
    return {verdict(truth(*value)), brief(*value)};
  }

  Judged look(const condition::Where& where) const {
    const std::size_t count = matching(where);
    return {verdict(count > 0), fmt::format("{} of {}", count, all_of(where.kind))};
  }

  Judged look(const condition::Count& count) const {
    const auto found = static_cast<std::int64_t>(matching(count.where));
    return {compare(Value(found), count.op, Value(count.number), ground_.names),
            fmt::format("{} of {}", found, all_of(count.where.kind))};
  }

  template <typename T>
  std::size_t matching_of(const std::vector<T>& things, const condition::Where& where) const {
    return static_cast<std::size_t>(std::count_if(things.begin(), things.end(), [&](const T& thing) {
      return Judge(ground_, Subject(&thing)).judge(*where.filter).verdict == Verdict::holds;
    }));
  }

  std::size_t matching_packets(const condition::Where& where) const {
    const Packets& packets = ground_.state.packets();
    std::size_t count = 0;
    for (std::size_t i = 0; i < packets.size(); ++i)
      if (packets[i].id != 0)
        count += Judge(ground_, Subject(&packets[i])).judge(*where.filter).verdict == Verdict::holds;
    return count;
  }

  std::size_t matching(const condition::Where& where) const {
    if (where.kind == Kind::socket) return matching_of(sockets(), where);
    if (where.kind == Kind::thread) return matching_of(threads(), where);
    if (where.kind == Kind::packet) return matching_packets(where);
    ground_.calls.follow(ground_.trace, ground_.state.next());
    return matching_of(ground_.calls.calls(), where);
  }

  // An id that the trace never introduced leaves a gap.
  template <class All>
  static std::vector<typename All::value_type> known(const All& all) {
    std::vector<typename All::value_type> found;
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [](const auto& one) { return one.id != 0; });
    return found;
  }
  std::vector<SocketState> sockets() const { return known(ground_.state.sockets()); }
  std::vector<ThreadState> threads() const { return known(ground_.state.threads()); }

  // What there is to look at, shortly: "3 sockets: s LISTEN, c ESTABLISHED, #3 ESTABLISHED".
  std::string all_of(Kind kind) const {
    std::string each;
    const auto add = [&each](const std::string& one) {
      if (each.size() < kLongestSaw) (each += each.empty() ? ": " : ", ") += one;
    };
    if (kind == Kind::call) return fmt::format("{} calls", ground_.calls.calls().size());
    if (kind == Kind::packet) return fmt::format("{} packets", ground_.state.packets().size());
    if (kind == Kind::socket) {
      for (const auto& s : sockets()) add(fmt::format("{} {}", ground_.state.label(s.id), name_of(s.state)));
      return fmt::format("{} sockets{}", sockets().size(), each);
    }
    for (const auto& t : threads()) add(saw(t.name));
    return fmt::format("{} threads{}", threads().size(), each);
  }

  std::string saw(const std::string& name) const {
    const ThreadState* thread = ground_.state.thread(name);
    const auto line = ground_.lines.latest(name);
    if (line && !line->running) {
      const Outcome& outcome = line->outcome;
      if (!outcome.raised) return fmt::format("{} returned {}", name, brief(outcome.value));
      if (outcome.error.number > 0)
        return fmt::format("{} raised {} ({})", name, outcome.error.type, errno_name(outcome.error.number));
      return fmt::format("{} raised {}", name, outcome.error.type);
    }
    if (thread == nullptr) return fmt::format("{} has not begun", name);
    if (!thread->calls.empty())
      return fmt::format("{} is {} {}", name, thread->blocked ? "blocked in" : "in",
                         info(thread->calls.front().name).python);
    if (line) return fmt::format("{} is running", name);
    return fmt::format("{} {}", name, thread->alive ? "is idle" : "has ended");
  }

  const Ground& ground_;
  const Subject subject_;
};

}  // namespace

Judged judge(const Condition& condition, const Ground& ground) {
  return Judge(ground, {}).judge(condition);
}

std::optional<Judged> decide(const Condition& condition, const Span& span, Time horizon,
                             const Ground& ground) {
  if (horizon < span.from) return std::nullopt;
  Judged now_so = judge(condition, ground);
  const bool holds = now_so.verdict == Verdict::holds;
  if (holds == span.throughout && horizon < span.until) return std::nullopt;
  return now_so;
}

bool fits(const PacketState& packet, const Condition* condition, const Ground& ground) {
  return condition == nullptr || Judge(ground, Subject(&packet)).judge(*condition).verdict == Verdict::holds;
}

}  // namespace sockscope::play
