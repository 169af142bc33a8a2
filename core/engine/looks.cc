// Which threads are blocked, and making them come back: poll() and what it serves.

#include <algorithm>

#include "engine/outside.h"
#include "engine/worker.h"

namespace sockscope {
namespace {

constexpr Time kSoon = kMillisecond;
// How long after it was asked settled() still makes poll() look: whoever waits asks again and again.
constexpr Time kInterest = 200 * kMillisecond;

Time earlier(Time a, Time b) {
  if (a < 0 || b < 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

bool Engine::Worker::interrupt() {
  bool in_call = false;
  with_caller([&](Caller& its_caller) {
    in_call = its_caller.ask_back(false);
    if (!in_call) return;
    watch.interrupting = its_caller.outermost();
    watch.poked = now();
    its_caller.poke(watch.interrupting);
  });
  return in_call;
}

void Engine::Worker::poke_again() {
  const Time due = poke_due();
  if (due < 0 || now() < due) return;
  with_caller([&](Caller& its_caller) {
    watch.poked = now();
    its_caller.poke(ending ? its_caller.outermost() : watch.interrupting);
  });
}

Time Engine::Worker::poke_due() const {
  bool owed = false;
  with_caller([&](Caller& its_caller) {
    const CallId call = its_caller.outermost();
    owed = call != 0 && (ending || call == watch.interrupting);
  });
  return owed ? watch.poked + CallWatch::kBetweenPokes : -1;
}

bool Engine::Worker::asleep_in_call() const {
  bool same = false;
  with_caller([&](Caller& its_caller) { same = watch.asleep_in(its_caller.inside()); });
  return same;
}

Time Engine::Worker::look_due(Time wanted) const {
  CallId call = 0;
  with_caller([&](Caller& its_caller) { call = its_caller.inside(); });
  return watch.due(call, wanted);
}

void Engine::Worker::look(Inbox::Lane& lane, Time wanted) {
  const Time due = look_due(wanted);
  if (due < 0 || now() < due) return;
  with_caller([&](Caller& its_caller) {
    const CallId call = its_caller.inside();
    watch.begin(call);
    SleepLook seen = look_at(its_caller.tid());
    // Asleep elsewhere (a lock, memory) is not blocked in the call.
    seen.asleep = seen.asleep && seen.system_call == its_caller.system_call() && its_caller.inside() == call;
    if (!watch.saw(seen) || !room->tracing()) return;
    lane.put(seen.at,
             event::CallBlocked{call, id, watch.first.at, std::string_view(sleeps_in(its_caller.tid()))});
  });
}

bool Engine::interrupt(ThreadId thread) {
  if (const WorkerPtr found = find(thread)) return found->interrupt();
  for (const OutsidePtr& other : outside())
    if (other->id() == thread) return other->interrupt();
  return false;
}

// The moment after which settled() needs a look; −1: nobody asks.
Time Engine::wanted_moment() const {
  if (wanted_ < 0 || now() - asked_at_ >= kInterest) return -1;
  return stillness(wanted_).moment;
}

void Engine::poll() {
  bury_ended();
  const Time wanted = wanted_moment();
  for (const WorkerPtr& worker : all()) {
    worker->poke_again();
    worker->look(lane_, wanted);
  }
  for (const OutsidePtr& other : outside()) {
    other->poke_again();
    other->look(lane_, room_->tracing(), wanted);
  }
}

Time Engine::next_look() const {
  const Time wanted = wanted_moment();
  Time next = -1;
  const auto also = [&](const auto& thread) {
    next = earlier(next, earlier(thread.look_due(wanted), thread.poke_due()));
    const bool moves = thread.at_rest_since() < 0 && !thread.asleep_in_call();
    if (wanted >= 0 && moves) next = earlier(next, now() + kSoon);
  };
  for (const WorkerPtr& worker : all()) {
    if (worker->is_ended()) return 0;
    also(*worker);
  }
  for (const OutsidePtr& other : outside()) also(*other);
  return next;
}

Engine::Stillness Engine::stillness(Time since) const {
  Stillness seen{since, {}};
  const std::vector<WorkerPtr> workers = all();
  const std::vector<OutsidePtr> others = outside();
  {
    std::lock_guard lock(mutex_);
    seen.moment = std::max(seen.moment, last_end_);
  }
  // Each thread is asked once: one that comes to rest meanwhile is still moving for this time.
  struct Blocked {
    const std::string& name;
    const CallWatch& watch;
  };
  std::vector<Blocked> blocked;
  const auto ask = [&](const auto& thread, const std::string& name, const CallWatch& watch) {
    const Time rest = thread.at_rest_since();
    if (rest < 0 && !thread.asleep_in_call()) {
      seen.moving.push_back(name);
      return;
    }
    if (rest < 0) blocked.push_back({name, watch});
    seen.moment = std::max(seen.moment, rest >= 0 ? rest : watch.first.at);
  };
  for (const WorkerPtr& worker : workers) ask(*worker, worker->spec.name, worker->watch);
  for (const OutsidePtr& other : others) ask(*other, other->name(), other->watch());
  if (!seen.moving.empty()) return seen;
  for (const Blocked& one : blocked) {
    if (one.watch.last.at < seen.moment + kBetweenLooks) seen.moving.push_back(one.name);
  }
  return seen;
}

std::vector<std::string> Engine::moving(Time since) const {
  wanted_ = since;
  asked_at_ = now();
  return stillness(since).moving;
}

bool Engine::settled(Time since) const {
  return moving(since).empty();
}

}  // namespace sockscope
