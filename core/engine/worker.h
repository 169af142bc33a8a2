#pragma once
// One thread of the engine. Of this room only.

#include <pthread.h>

#include <condition_variable>
#include <deque>

#include "engine/call_watch.h"
#include "engine/engine.h"

namespace sockscope {

struct Engine::Worker {
  Worker(ThreadId its_id, Spec its_spec, bool runs_once, std::shared_ptr<CallRoom> its_room, Ended all_ended)
      : id(its_id),
        spec(std::move(its_spec)),
        once(runs_once),
        room(std::move(its_room)),
        ended_threads(std::move(all_ended)) {}

  const ThreadId id;
  const Spec spec;
  const bool once;  // ends after its first task
  const std::shared_ptr<CallRoom> room;
  const Ended ended_threads;
  pthread_t thread{};

  mutable std::mutex mutex;  // down to idle_since
  std::condition_variable wake;
  std::deque<Task> queue;
  Caller* caller = nullptr;  // while its thread runs
  bool started = false, running = false, ending = false, ended = false;
  Time idle_since = 0;  // of a worker without tasks; of one that ended, its end

  CallWatch watch;  // the owner thread's

  void run();  // the thread's body

  // Owner thread. `wanted`: the moment settled() needs a look after, −1 none.
  bool interrupt();
  void poke_again();
  void look(Inbox::Lane& lane, Time wanted);
  Time look_due(Time wanted) const;  // −1: none
  Time poke_due() const;
  bool asleep_in_call() const;  // as far as the looks go, and it has not left that call

  // The rest: any thread.
  bool is_idle() const {
    std::lock_guard lock(mutex);
    return ended || (started && !running && queue.empty());
  }
  bool is_ended() const {
    std::lock_guard lock(mutex);
    return ended;
  }
  // When it became idle or began to wait by intent; −1: it did not.
  Time at_rest_since() const;
  // Calls f(Caller&) while the thread cannot end; false if it has no caller (not begun yet, or ended).
  template <typename F>
  bool with_caller(F f) const {
    std::lock_guard lock(mutex);
    if (caller == nullptr) return false;
    f(*caller);
    return true;
  }
  void end();  // see Engine::ask_to_end

 private:
  void run_tasks(Caller& its_caller);
};

}  // namespace sockscope
