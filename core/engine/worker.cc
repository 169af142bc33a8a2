#include "engine/worker.h"

#include <utility>

namespace sockscope {

void Engine::Worker::run() {
  {
    Caller its_caller(*room, id, network_of(spec.host));
    its_caller.put(event::ThreadStarted{id, spec.parent, its_caller.tid(), spec.role,
                                        std::string_view(spec.name), std::string_view(spec.host),
                                        std::string_view(spec.server)});
    its_caller.enter_directory();
    {
      std::lock_guard lock(mutex);
      caller = &its_caller;
      if (ending) its_caller.ask_back(true);
      started = true;
      idle_since = now();
      wake.notify_all();
    }
    run_tasks(its_caller);
    its_caller.put(event::ThreadEnded{id});
    std::lock_guard lock(mutex);
    caller = nullptr;
  }
  std::lock_guard lock(mutex);
  ended = true;
  ended_threads->add(id);
  running = false;
  idle_since = now();
  wake.notify_all();
}

void Engine::Worker::run_tasks(Caller& its_caller) {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex);
      running = false;
      if (queue.empty()) idle_since = now();
      wake.wait(lock, [this] { return ending || !queue.empty(); });
      if (queue.empty() || (ending && !once)) return;
      task = std::move(queue.front());
      queue.pop_front();
      running = true;
    }
    task(its_caller);
    if (once) return;
  }
}

Time Engine::Worker::at_rest_since() const {
  std::lock_guard lock(mutex);
  if (ended || (started && !running && queue.empty())) return idle_since;
  return caller == nullptr ? -1 : caller->waiting_since();
}

void Engine::Worker::end() {
  std::lock_guard lock(mutex);
  ending = true;
  if (!once) queue.clear();  // a spawned thread's one task runs: it sees that it is asked back
  if (caller != nullptr && caller->ask_back(true)) caller->poke(caller->outermost());
  wake.notify_all();
}

}  // namespace sockscope
