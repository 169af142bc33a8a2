#pragma once
// A thread that makes traced calls: its lane of the inbox, and what it is inside of, so that others can
// interrupt it and close() can wait for it. Made on the thread itself.

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "calls/sockets.h"
#include "trace/inbox.h"

namespace sockscope {

class Caller;

// What all callers of one engine share.
class CallRoom {
 public:
  explicit CallRoom(Inbox& inbox);  // ignores SIGPIPE, installs the interrupt signal's empty handler
  CallRoom(const CallRoom&) = delete;
  CallRoom& operator=(const CallRoom&) = delete;
  Inbox& inbox() { return inbox_; }
  Sockets& sockets() { return sockets_; }
  // The signal that interrupts (SIGRTMIN+k, handler empty, no SA_RESTART).
  static int interrupt_signal();
  // False: no event is put (serve and load without --record).
  void set_tracing(bool on) { tracing_ = on; }
  bool tracing() const { return tracing_; }
  // Blocks until every caller that is using `entry` is proved inside the kernel, or is back.
  void wait_until_entered(const SocketEntry& entry, const Caller& except);
  CallId next_call() { return calls_.fetch_add(1, std::memory_order_relaxed) + 1; }

 private:
  friend class Caller;
  Inbox& inbox_;
  Sockets sockets_;
  bool tracing_ = true;
  std::atomic<CallId> calls_{0};
  std::mutex mutex_;  // callers_
  std::vector<Caller*> callers_;
};

class Caller {
 public:
  Caller(CallRoom& room, ThreadId thread);  // on the thread that will call
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  CallRoom& room() { return room_; }
  ThreadId thread() const { return thread_; }
  std::int32_t tid() const { return tid_; }
  void put(Body body);  // an event of this thread, stamped now; nothing when tracing is off

  // For other threads. The call it is inside of now (0: none), innermost.
  CallId inside() const { return inside_.load(std::memory_order_acquire); }
  // Sends the signal once, if it is still inside call `id`; repeat until inside() changes. Returns whether it
  // was.
  bool poke(CallId id);
  // From now on every call that would block comes back with EINTR (a stop); or only the one running
  // (interrupt).
  void ask_back(bool for_good);
  bool asked_back() const { return asked_.load(); }

 private:
  friend class CallScope;  // calls/scope.h: the bracket around one system call
  CallRoom& room_;
  ThreadId thread_;
  std::int32_t tid_;
  pthread_t self_;
  Inbox::Lane& lane_;
  std::mutex mutex_;  // inside_ against poke
  std::atomic<CallId> inside_{0};
  std::atomic<const SocketEntry*> using_{nullptr};
  std::atomic<bool> asked_{false};
  std::atomic<bool> for_good_{false};
};

}  // namespace sockscope
