#pragma once
// Workers: threads that run calls one after another. The thread is the unit of blocking; sockets belong to
// none. The engine proves which threads are blocked, interrupts them and stops them all. Its methods are for
// one owner thread unless said; tasks run on the workers.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "calls/calls.h"
#include "kernel/sleep.h"
#include "trace/inbox.h"

namespace sockscope {

using Task = std::function<void(Caller&)>;

inline constexpr std::string_view kThisMachine = "localhost";  // the host that needs no keeper

// As Caller and SocketEntry have it: empty for this machine.
inline std::string network_of(const std::string& host) {
  return host == kThisMachine ? std::string() : host;
}

// Alive at once: 1,000 clients of a server, as many whose thread still ends, some more.
inline constexpr std::size_t kMostThreads = 2'048;

class Outside;

class Engine {
 public:
  explicit Engine(Inbox& inbox);  // on the owner thread, which then blocks the interrupt signal
  ~Engine();                      // stop()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  CallRoom& room() { return *room_; }
  Inbox& inbox() { return room_->inbox(); }

  struct Spec {
    std::string name{};
    ThreadRole role = ThreadRole::play;
    ThreadId parent = 0;
    std::string host = "localhost";
    std::string server{};
  };
  // A worker with a queue, waiting for tasks until stopped. Returns when its thread runs; 0 as for spawn.
  ThreadId start(const Spec& spec);
  // A thread that runs one task and ends: a server's accept thread, a client's thread, a load's client. Any
  // thread may call it (ThreadingTCPServer's accept thread does). 0 if the limit of threads is reached, the
  // system gives no more threads (both with a Notice), or the engine is stopping; the task is then not run.
  ThreadId spawn(const Spec& spec, Task task);
  // An id for a thread of another process: the engine knows nothing else of it, unless it is attached (from
  // then on it is looked at, interrupted and settled like one of ours, but not ended) until it is detached.
  // Any thread.
  ThreadId reserve();
  void attach(std::shared_ptr<Outside> thread);
  void detach(ThreadId thread);
  // Queues a task on a worker. Nothing if it has ended.
  void submit(ThreadId worker, Task task);

  // Any thread.
  bool alive(ThreadId thread) const;
  bool idle(
      ThreadId thread) const;  // a worker with nothing running and nothing queued, or a thread that ended
  // Asks the thread's running call to come back (EINTR, or what it had done): repeated by poll() until it is
  // back. An idle thread is left alone. Returns whether there was a call to interrupt.
  bool interrupt(ThreadId thread);
  // The same, and every later call of it: a spawned thread then sees asked_back() and ends its loop, a worker
  // takes no more tasks. Any thread; the owner's poll() makes sure of it.
  void ask_to_end(ThreadId thread);

  // Looks at every thread that is inside a call, puts CallBlocked when its block is proved, re-sends
  // interrupts, joins ended threads. next_look() says when it has something to do.
  void poll();
  // When poll() has something to do next; −1: nothing until the inbox wakes.
  Time next_look() const;

  // Whether every thread is idle, ended, or blocked, and has been since one moment not before `since`: at
  // that moment nothing moved, and a look at least kBetweenLooks after it found each blocked thread in the
  // same sleep. (A block proved earlier is no proof: a call that returned since may just have woken it.) A
  // thread that waits by intent (a handler's work) counts as blocked. Asking is what makes poll() look again.
  bool settled(Time since) const;
  std::vector<std::string> moving(
      Time since) const;  // the names of those that keep settled() from being true

  // Interrupts and ends every thread, joins them, closes their sockets. Within `deadline`; the names of
  // threads that did not come back are returned: those are left behind, nothing more of them is recorded and
  // their sockets stay open. No thread can be started after. May be called again.
  std::vector<std::string> stop(Time deadline = 5 * kSecond);

 private:
  struct Worker;
  using WorkerPtr = std::shared_ptr<Worker>;
  // Threads that have ended and are still in workers_. Shared with them as room_ is.
  struct EndedThreads {
    std::mutex mutex;
    std::vector<ThreadId> ids;
    std::atomic<bool> any{false};
    void add(ThreadId id);
    std::vector<ThreadId> take();
  };
  using Ended = std::shared_ptr<EndedThreads>;
  ThreadId launch(const Spec& spec, Task task, bool once, WorkerPtr& made);
  static void* run_thread(void* context);
  WorkerPtr find(ThreadId thread) const;
  std::vector<WorkerPtr> all() const;
  using OutsidePtr = std::shared_ptr<Outside>;
  std::vector<OutsidePtr> outside() const;
  // `moment`: since when those that are still are so, not before `since`.
  struct Stillness {
    Time moment = 0;
    std::vector<std::string> moving;
  };
  Stillness stillness(Time since) const;
  Time wanted_moment() const;
  bool bury(const WorkerPtr& worker);
  void bury_ended();
  void close_sockets();

  std::shared_ptr<CallRoom> room_;  // shared with the threads: one that is left behind may outlive the engine
  const Ended ended_ = std::make_shared<EndedThreads>();
  Inbox::Lane& lane_;
  mutable std::mutex mutex_;  // workers_, outside_, last_, stopping_, last_end_
  std::map<ThreadId, WorkerPtr> workers_;
  std::map<ThreadId, OutsidePtr> outside_;
  ThreadId last_ = 0;
  bool stopping_ = false;
  Time last_end_ = 0;  // when the last thread that is in neither any more ended
  // What settled() was asked last: poll() looks again for its sake.
  mutable Time wanted_ = -1;
  mutable Time asked_at_ = 0;
};

// For a handler's work: the thread counts as blocked meanwhile; comes back early when asked back for good.
void work(Caller& caller, Time duration);

}  // namespace sockscope
