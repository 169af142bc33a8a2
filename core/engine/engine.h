#pragma once
// Workers: threads that run calls one after another. The thread is the unit of blocking; sockets belong to
// none. The engine proves which threads are blocked, interrupts them and stops them all. Its methods are for
// one owner thread unless said; tasks run on the workers.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "calls/calls.h"
#include "kernel/sleep.h"
#include "trace/inbox.h"

namespace sockscope {

using Task = std::function<void(Caller&)>;

class Engine {
 public:
  explicit Engine(Inbox& inbox);
  ~Engine();  // stop()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  CallRoom& room() { return room_; }
  Inbox& inbox() { return room_.inbox(); }

  struct Spec {
    std::string name;
    ThreadRole role = ThreadRole::play;
    ThreadId parent = 0;
    std::string host = "localhost";
    std::string server;
  };
  // A worker with a queue, waiting for tasks until stopped. Returns when its thread runs.
  ThreadId start(const Spec& spec);
  // A thread that runs one task and ends: a server's accept thread, a client's thread, a load's client. Any
  // thread may call it (ThreadingTCPServer's accept thread does). 0 if the limit of threads is reached.
  ThreadId spawn(const Spec& spec, Task task);
  // Queues a task on a worker. Owner thread.
  void submit(ThreadId worker, Task task);

  bool alive(ThreadId thread) const;
  bool idle(
      ThreadId thread) const;  // a worker with nothing running and nothing queued, or a thread that ended
  // Asks the thread's running call to come back (EINTR, or what it had done): repeated by poll() until it is
  // back. An idle thread is left alone. Returns whether there was a call to interrupt.
  bool interrupt(ThreadId thread);
  // The same, and every later call of it: a spawned thread then sees asked_back() and ends its loop. Any
  // thread.
  void ask_to_end(ThreadId thread);

  // Looks at every thread that is inside a call, puts CallBlocked when its block is proved, re-sends
  // interrupts, joins ended threads. Call it at least every kBetweenLooks while something is inside a call:
  // next_look() says when.
  void poll();
  // When poll() has something to do next; −1: nothing until the inbox wakes.
  Time next_look() const;

  // Whether every thread is idle, ended, or proved blocked by two looks that were both made after `since`.
  // A thread that declared itself busy waiting (a handler's work) counts as blocked.
  bool settled(Time since) const;
  std::vector<std::string> moving(Time since) const;  // the names of those that are not

  // Interrupts and ends every thread, joins them, closes their sockets. Within `deadline`; the names of
  // threads that did not come back are returned (and those threads are detached, never waited for again).
  std::vector<std::string> stop(Time deadline = 5 * kSecond);

 private:
  struct Worker;
  CallRoom room_;
  Inbox::Lane& lane_;
  mutable std::mutex mutex_;  // workers_
  std::map<ThreadId, std::unique_ptr<Worker>> workers_;
  ThreadId last_ = 0;
};

// For a handler's work: the thread counts as blocked meanwhile; comes back early when asked back.
void work(Caller& caller, Time duration);

}  // namespace sockscope
