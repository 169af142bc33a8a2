#pragma once
// A thread that makes traced calls: its lane of the inbox, and what it is inside of, so that others can
// interrupt it and close() can wait for it. Made on the thread itself.

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "calls/fault.h"
#include "calls/hosts.h"
#include "calls/private_directory.h"
#include "calls/sockets.h"
#include "trace/clock.h"
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
  Hosts& hosts() { return hosts_; }
  // The signal that interrupts (SIGRTMIN+k, handler empty, no SA_RESTART).
  static int interrupt_signal();
  // False: no event is put (serve and load without --record).
  void set_tracing(bool on) { tracing_.store(on, std::memory_order_relaxed); }
  bool tracing() const { return tracing_.load(std::memory_order_relaxed); }
  // The learner's consent, for this run, to reach other machines and be reached by them (calls/here.h). Calls
  // made before it keep what they did to stay here. Any thread.
  void allow_elsewhere(bool on) { elsewhere_.store(on, std::memory_order_relaxed); }
  bool elsewhere_allowed() const { return elsewhere_.load(std::memory_order_relaxed); }
  // A thread did not come back and the inbox may go before it: nothing touches the inbox from now on.
  void abandon();
  // Blocks until every caller that is using one of `entries` is proved inside the kernel, or is back.
  void wait_until_entered(std::span<const SocketHandle> entries, const Caller& except);
  // setdefaulttimeout: the timeout of sockets made from now on; −1: none.
  std::atomic<std::int64_t>& default_timeout_ns() { return default_timeout_ns_; }
  // Where AF_UNIX path names and a play's files live (calls/private_directory.h). Absolute; empty: none could
  // be made. Any thread; the same until remove_directory(), which Engine::stop() calls.
  const std::string& directory() const { return directory_.path(); }
  const PrivateDirectory& private_directory() const { return directory_; }
  void remove_directory() { directory_.remove(); }

  // A look at the kernel when bind, listen, connect, connect_ex, sendto or sendmsg failed with an error that
  // an address can explain (calls/execute.h look_at_failure). Called on the calling thread, after the
  // kernel's answer and before CallReturned is stamped. `asked`: the address of the call; listen's is the
  // socket's own. Set it before any caller is made. It may put events through the caller; it must not make
  // traced calls.
  using FailureLook =
      std::function<void(Caller&, CallId, const SocketEntry&, const Address& asked, int error)>;
  void set_failure_look(FailureLook look) { failure_look_ = std::move(look); }
  const FailureLook& failure_look() const { return failure_look_; }
  // What has become of a TCP socket whose last descriptor of ours close(2) has just closed: nothing: CLOSED;
  // not_known: it cannot be asked. Called on the closing thread, inside of the call. Set it before any caller
  // is made. It must not make traced calls.
  using ClosedLook = std::function<TcpState(const LeftBehind&)>;
  void set_closed_look(ClosedLook look) { closed_look_ = std::move(look); }
  const ClosedLook& closed_look() const { return closed_look_; }
  // For a process of one thread that another one steers by signals and hears of (server/fork_child.h); other
  // rooms have none. Set it before any caller is made. Called on the calling thread.
  struct Steering {
    std::function<void()> entered;             // a call is told and is made next: it may not come back soon
    std::function<void(Caller&)> interrupted;  // the kernel gave EINTR: it may ask_back() the caller
    std::function<void(Caller&, Time until)> wait;  // in place of wait_until()
  };
  void set_steering(Steering steering) { steering_ = std::move(steering); }
#ifdef SOCKSCOPE_FAULTS
  Faults& faults() {
    return faults_;
  }
#endif
  CallId next_call() {
    return calls_.fetch_add(1, std::memory_order_relaxed) + 1;
  }

 private:
  friend class Caller;
  Inbox& inbox_;
  Sockets sockets_;
  Hosts hosts_;
  PrivateDirectory directory_;
#ifdef SOCKSCOPE_FAULTS
  Faults faults_;
#endif
  FailureLook failure_look_;
  ClosedLook closed_look_;
  Steering steering_;
  std::atomic<bool> directory_told_{false};  // that a thread could not enter it
  std::atomic<bool> tracing_{true};
  std::atomic<bool> elsewhere_{false};
  std::atomic<bool> abandoned_{false};
  std::atomic<CallId> calls_{0};
  std::atomic<std::int64_t> default_timeout_ns_{-1};
  const SocketEntry several_{};  // what a caller uses that uses several sockets
  std::mutex mutex_;             // callers_
  std::vector<Caller*> callers_;
};

class Caller {
 public:
  // On the thread that will call; unblocks the interrupt signal on it. `host`: where the sockets it makes
  // are; empty: on this machine.
  Caller(CallRoom& room, ThreadId thread, std::string host = {});
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  CallRoom& room() { return room_; }
  ThreadId thread() const { return thread_; }
  const std::string& host() const { return host_; }
  // Until the call that runs has returned, its events are stamped now: a look at why it failed costs time
  // that is not the call's.
  void hold_clock() { held_ = now(); }
  Time moment() const { return held_ >= 0 ? held_ : now(); }
  std::int32_t tid() const { return tid_; }
  void put(Body body);                   // an event of this thread, stamped now; nothing when tracing is off
  Inbox::Lane& lane() { return lane_; }  // for what is put only when room().tracing()

  // For other threads. The call it is inside of now (0: none): the innermost, and the one it is part of.
  CallId inside() const { return inside_.load(std::memory_order_acquire); }
  CallId outermost() const { return outermost_.load(std::memory_order_acquire); }
  // The system call (SYS_…) it makes or made last.
  long system_call() const { return number_.load(std::memory_order_relaxed); }
  // Sends the signal once, if it is still inside call `id` (innermost or outermost); repeat until that
  // changes: a signal that comes before the thread is in the kernel is lost. Returns whether it was.
  bool poke(CallId id);
  // The call that is running comes back with EINTR instead of going on (an interrupt), or that one and every
  // later one (a stop). Poke it then. Returns whether one is running; if not, only a stop has an effect.
  bool ask_back(bool for_good);
  bool asked_back() const { return asked_.load(std::memory_order_acquire); }
  // The kernel gave EINTR: whether the call comes back now, or goes on (PEP 475). On its own thread.
  bool comes_back();

  // The private directory becomes this thread's working directory; a Notice, once a room, if it cannot. On
  // its own thread, which then keeps it.
  void enter_directory();
  bool in_directory() const { return in_directory_; }  // on its own thread

  // Waits by intent, outside any call, until `until`, until nudged or until asked back for good. On its own
  // thread.
  void wait_until(Time until);
  void nudge();  // a wait_until() that runs, or the next one, ends; any thread
  Time waiting_since() const { return waiting_.load(std::memory_order_acquire); }  // −1: it is not

  // Runs f(fd), which makes system call `number` (SYS_…) on the socket, −1 if it is closed or nullptr.
  // Returns f's result with errno as the call left it. Between reading the descriptor and being in the kernel
  // with it, close() waits for us.
  template <typename F>
  auto on_fd(const SocketEntry* entry, long number, F f) {
    number_.store(number, std::memory_order_relaxed);
    if (entry == nullptr) return made(number, [&] { return f(-1); });
    using_.store(entry);  // sequentially consistent with take(): either we see −1 or close() sees us
    const auto result = made(number, [&] { return f(entry->fd.load()); });
    using_.store(nullptr, std::memory_order_release);
    return result;
  }
  // The same for a call on several sockets at once: f() reads their descriptors itself, and every close waits
  // until it is in the kernel with them.
  template <typename F>
  auto on_several(long number, F f) {
    number_.store(number, std::memory_order_relaxed);
    using_.store(&room_.several_);
    const auto result = made(number, f);
    using_.store(nullptr, std::memory_order_release);
    return result;
  }

 private:
  friend class CallScope;  // calls/scope.h: the bracket around one call
  friend class CallRoom;
  // The call itself, unless it is to fail (calls/fault.h).
  template <typename F>
  auto made([[maybe_unused]] long number, F f) {
#ifdef SOCKSCOPE_FAULTS
    if (room_.faults().fault(number)) {
      const int error = errno;
      if (number == SYS_close) f();
      errno = error;
      return static_cast<decltype(f())>(-1);
    }
#endif
    return f();
  }
  void enter(CallId id);
  void leave(CallId outer);
  CallRoom& room_;
  ThreadId thread_;
  const std::string host_;
  Time held_ = -1;
  std::int32_t tid_;
  pthread_t self_;
  sigset_t mask_{};  // as it was
  Inbox::Lane& lane_;
  std::mutex mutex_;  // leaving a call against poke and ask_back
  std::condition_variable asked_for_good_;
  bool poked_ = false;
  bool nudged_ = false;
  bool in_directory_ = false;
  std::atomic<CallId> inside_{0};
  std::atomic<CallId> outermost_{0};
  std::atomic<long> number_{-1};
  std::atomic<const SocketEntry*> using_{nullptr};
  std::atomic<bool> asked_{false};
  std::atomic<bool> for_good_{false};
  std::atomic<Time> waiting_{-1};
};

}  // namespace sockscope
