#include "calls/caller.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "calls/proc.h"

namespace sockscope {
namespace {

constexpr Time kBetweenTries = 20 * kMicrosecond;
// Where /proc cannot be read nothing is proved; a thread that was to enter the kernel has done so by then.
constexpr Time kTrusted = 50 * kMillisecond;

void sleep_for(Time duration) {
  const timespec wanted{duration / kSecond, duration % kSecond};
  nanosleep(&wanted, nullptr);
}

}  // namespace

int CallRoom::interrupt_signal() {
  return SIGRTMIN + 5;
}

CallRoom::CallRoom(Inbox& inbox) : inbox_(inbox) {
  struct sigaction nothing {};
  nothing.sa_handler = [](int) {};  // no SA_RESTART: the call must come back
  if (sigaction(interrupt_signal(), &nothing, nullptr) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot install the interrupt signal");
  }
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigaction(SIGXFSZ, &ignore, nullptr);  // a file limit is EFBIG then, as in Python
}

void CallRoom::abandon() {
  abandoned_ = true;
  set_tracing(false);
}

void CallRoom::wait_until_entered(std::span<const SocketHandle> entries, const Caller& except) {
  const auto concerns = [&](const SocketEntry* used) {
    return used == &several_ || std::any_of(entries.begin(), entries.end(),
                                            [&](const SocketHandle& entry) { return entry.get() == used; });
  };
  // Held throughout, so that no caller goes while it is looked at. Nobody inside a call needs this lock but
  // another close, and a close uses no socket while it waits.
  std::lock_guard lock(mutex_);
  for (const Caller* other : callers_) {
    if (other == &except) continue;
    const Time began = now();
    // Whoever uses the socket from now on reads −1. A thread seen using it runs; found asleep after that, in
    // the call it said it would make, it has the file.
    while (concerns(other->using_.load())) {
      const long in = sleeping_in(other->tid());
      if (in == other->system_call()) break;
      if (in == kUnreadable && now() - began > kTrusted) break;
      sleep_for(kBetweenTries);
    }
  }
}

Caller::Caller(CallRoom& room, ThreadId thread, std::string host)
    : room_(room),
      thread_(thread),
      host_(std::move(host)),
      tid_(static_cast<std::int32_t>(::syscall(SYS_gettid))),
      self_(pthread_self()),
      lane_(room.inbox().lane()) {
  sigset_t signal;
  sigemptyset(&signal);
  sigaddset(&signal, CallRoom::interrupt_signal());
  pthread_sigmask(SIG_UNBLOCK, &signal, &mask_);
  std::lock_guard lock(room_.mutex_);
  room_.callers_.push_back(this);
}

Caller::~Caller() {
  {
    std::lock_guard lock(room_.mutex_);
    std::erase(room_.callers_, this);
  }
  if (!room_.abandoned_) room_.inbox().give_back(lane_);
  pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

void Caller::put(Body body) {
  if (room_.tracing()) lane_.put(moment(), std::move(body));
}

void Caller::enter_directory() {
  const int error = room_.directory_.enter();
  in_directory_ = error == 0;
  if (in_directory_ || room_.directory_told_.exchange(true)) return;
  const std::string text = "A thread cannot have a working directory of its own here (" +
                           std::generic_category().message(error) +
                           "): AF_UNIX path names are refused. Abstract names work.";
  put(event::Notice{"directory", std::string_view(text)});
}

void Caller::enter(CallId id) {
  if (inside_.load(std::memory_order_relaxed) == 0) outermost_.store(id, std::memory_order_release);
  inside_.store(id, std::memory_order_release);
  if (room_.steering_.entered) room_.steering_.entered();
}

void Caller::leave(CallId outer) {
  bool poked = false;
  {
    std::lock_guard lock(mutex_);
    inside_.store(outer, std::memory_order_release);
    if (outer == 0) {
      outermost_.store(0, std::memory_order_release);
      if (!for_good_) asked_.store(false, std::memory_order_release);
    }
    poked = std::exchange(poked_, false);
  }
  // A signal sent while we left is delivered by the next system call: let it be this one, not the learner's.
  if (poked) ::syscall(SYS_getppid);
}

bool Caller::poke(CallId id) {
  std::lock_guard lock(mutex_);
  if (id == 0 || (inside_ != id && outermost_ != id)) return false;
  poked_ = true;
  pthread_kill(self_, CallRoom::interrupt_signal());
  return true;
}

bool Caller::ask_back(bool for_good) {
  std::lock_guard lock(mutex_);
  const bool running = outermost_ != 0;
  if (running || for_good) asked_.store(true, std::memory_order_release);
  if (for_good) {
    for_good_ = true;
    asked_for_good_.notify_all();
  }
  return running;
}

bool Caller::comes_back() {
  if (room_.steering_.interrupted) room_.steering_.interrupted(*this);
  return asked_back();
}

void Caller::wait_until(Time until) {
  if (room_.steering_.wait) return room_.steering_.wait(*this, until);
  std::unique_lock lock(mutex_);
  waiting_.store(now(), std::memory_order_release);
  while (!for_good_ && !nudged_) {
    const Time left = until - now();
    if (left <= 0) break;
    asked_for_good_.wait_for(lock, std::chrono::nanoseconds(left));
  }
  nudged_ = false;
  waiting_.store(-1, std::memory_order_release);
}

void Caller::nudge() {
  std::lock_guard lock(mutex_);
  nudged_ = true;
  waiting_.store(-1, std::memory_order_release);  // it goes on, though it may not run yet
  asked_for_good_.notify_all();
}

}  // namespace sockscope
