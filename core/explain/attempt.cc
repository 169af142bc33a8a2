#include "explain/attempt.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "explain/error_desk.h"
#include "explain/failure.h"
#include "explain/waiting.h"

namespace sockscope {
namespace attempt {

constexpr std::size_t kMostExplained = 8;  // of those that failed, the latest

// What the trace holds of the learner's lines since the step began.
struct Seen {
  std::set<LineId> lines;             // that were typed or clicked
  std::vector<std::uint64_t> failed;  // calls and lines not done well since, the latest first
};

// Where the step begins: behind the latest StepReached, as far back as is looked.
std::uint64_t step_begins(const Trace& trace) {
  const std::uint64_t least = trace.size() > kMostScanned ? trace.size() - kMostScanned : 0;
  for (std::uint64_t seq = trace.size(); seq-- > least;)
    if (std::holds_alternative<event::StepReached>(trace[seq].body)) return seq + 1;
  return least;
}

class Look {
 public:
  Seen through(const Trace& trace) {
    for (std::uint64_t seq = step_begins(trace); seq < trace.size(); ++seq)
      std::visit([&](const auto& happened) { take(happened, seq); }, trace[seq].body);
    for (const auto& [which, seq] : calls_) seen_.failed.push_back(seq);
    for (const auto& [thread, seq] : raised_) seen_.failed.push_back(seq);
    std::sort(seen_.failed.rbegin(), seen_.failed.rend());
    seen_.failed.resize(std::min(seen_.failed.size(), kMostExplained));
    return std::move(seen_);
  }

 private:
  template <typename Other>
  void take(const Other& /*of no line*/, std::uint64_t /*seq*/) {}
  // A line of a play's file has a number.
  void take(const event::LineStarted& line, std::uint64_t /*seq*/) {
    running_[line.thread] = line.line == 0;
    if (line.line == 0) seen_.lines.insert(line.line_id);
  }
  void take(const event::CallEntered& call, std::uint64_t /*seq*/) {
    const auto running = running_.find(call.thread);
    if (running != running_.end() && running->second) open_[call.call] = call.name;
  }
  void take(const event::CallReturned& back, std::uint64_t seq) {
    const auto call = open_.find(back.call);
    if (call == open_.end()) return;
    const auto which = std::make_pair(back.thread, call->second);
    const bool number = call->second == Call::connect_ex && back.result != 0;
    if (back.error != 0 || back.timed_out || number)
      calls_[which] = seq;
    else
      calls_.erase(which);
    open_.erase(call);
  }
  void take(const event::LineEnded& line, std::uint64_t seq) {
    if (!seen_.lines.contains(line.line_id)) return;
    running_[line.thread] = false;
    if (line.exception.empty())
      raised_.erase(line.thread);
    else
      raised_[line.thread] = seq;
  }

  Seen seen_;
  std::map<ThreadId, bool> running_;  // a line that was typed
  std::map<CallId, Call> open_;
  std::map<std::pair<ThreadId, Call>, std::uint64_t> calls_;
  std::map<ThreadId, std::uint64_t> raised_;
};

// Between two sentences: a blank, but not in Chinese.
std::string joined(const Say& say, const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : say("{0} {1}", a, b);
}

std::string reason(const Say& say, const Explanation& why) {
  const Cause& best = why.causes.front();
  if (best.verdict != Verdict::fits_every_fact || best.title == why.plain) return why.plain;
  return joined(say, why.plain, best.why.empty() ? say("{0}.", best.title) : best.why);
}

std::string call_failed(const Attempt& now, std::uint64_t returned, const Translate& tr) {
  const State& before = now.state_at(returned);
  const auto why = explain(now.trace, before, returned, tr);
  if (!why) return {};
  const Say say(tr);
  const auto& back = std::get<event::CallReturned>(now.trace[returned].body);
  const ThreadState* thread = before.thread(back.thread);
  const auto call = std::find_if(thread->calls.begin(), thread->calls.end(),
                                 [&](const OpenCall& open) { return open.call == back.call; });
  const std::string name(info(call->name).python);
  const std::string who = thread_name(before, back.thread);
  const std::string first = why->name.empty()
                                ? say("{0} called {1}, and its time ran out.", who, name)
                                : say("{0} called {1}, and it failed with {2}.", who, name, why->name);
  return joined(say, first, reason(say, *why));
}

std::string line_failed(const Attempt& now, std::uint64_t ended, const Translate& tr) {
  const State& before = now.state_at(ended);
  const auto why = explain_line(now.trace, before, ended, tr);
  if (!why) return {};
  const Say say(tr);
  const auto& end = std::get<event::LineEnded>(now.trace[ended].body);
  const std::string first = say("{0}'s line raised {1}.", thread_name(before, end.thread), why->exception);
  return joined(say, first, reason(say, *why));
}

std::string failed(const Attempt& now, const Seen& seen, const Translate& tr) {
  for (const std::uint64_t seq : seen.failed) {
    std::string said = std::holds_alternative<event::LineEnded>(now.trace[seq].body)
                           ? line_failed(now, seq, tr)
                           : call_failed(now, seq, tr);
    if (!said.empty()) return said;
  }
  return {};
}

// Of their threads the one that has waited longest.
std::string waits(const State& state, const std::set<LineId>& typed, const Translate& tr) {
  const ThreadState* longest = nullptr;
  for (const ThreadState& thread : state.threads())
    if (thread.blocked && thread.line_running && typed.contains(thread.line_id) && !thread.calls.empty() &&
        (longest == nullptr || thread.blocked_since < longest->blocked_since))
      longest = &thread;
  if (longest == nullptr) return {};
  const auto waits = waits_for(state, longest->id, tr);
  if (!waits) return {};
  const Say say(tr);
  const std::string first = say("{0} waits in {1}, for {2}.", thread_name(state, longest->id),
                                info(longest->calls.front().name).python, waits->what);
  const std::string circle = deadlock_text(state, tr);
  if (!circle.empty()) return joined(say, first, circle);
  return waits->freed_by.empty() ? first
                                 : joined(say, first, say("This would free it: {0}.", waits->freed_by));
}

}  // namespace attempt

std::string said_of(const Attempt& now, const Translate& tr) {
  const attempt::Seen seen = attempt::Look().through(now.trace);
  if (seen.lines.empty()) return {};
  if (std::string said = attempt::failed(now, seen, tr); !said.empty()) return said;
  if (std::string said = attempt::waits(now.state, seen.lines, tr); !said.empty()) return said;
  return now.unmet.empty() ? std::string() : Say(tr)("Not yet so: {0}", now.unmet);
}

}  // namespace sockscope
