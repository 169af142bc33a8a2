#include "engine/outside.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "calls/caller.h"

namespace sockscope {

Outside::Outside(ThreadId id, std::string name, std::int32_t pid, std::function<bool()> heard)
    : id_(id),
      name_(std::move(name)),
      pid_(pid),
      pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
      heard_(std::move(heard)) {}

// By its descriptor: a number can be another process's already.
void Outside::signal(int number) const {
  if (pidfd_) {
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
  } else {
    ::kill(pid_, number);
  }
}

void Outside::entered(CallId call) {
  calls_.push_back(call);
  waiting_ = -1;
  if (calls_.size() == 1) outermost_ = call;
  inside_ = call;
}

void Outside::returned(CallId call) {
  while (!calls_.empty() && calls_.back() != call) calls_.pop_back();
  if (!calls_.empty()) calls_.pop_back();
  inside_ = calls_.empty() ? 0 : calls_.back();
  if (calls_.empty()) outermost_ = 0;
}

void Outside::waits(Time since) {
  waiting_ = since;
}

bool Outside::interrupt() {
  const CallId call = outermost_;
  if (call == 0) return false;
  watch_.interrupting = call;
  watch_.poked = now();
  signal(CallRoom::interrupt_signal());
  return true;
}

void Outside::poke_again() {
  const Time due = poke_due();
  if (due < 0 || now() < due) return;
  watch_.poked = now();
  signal(CallRoom::interrupt_signal());
}

Time Outside::poke_due() const {
  const CallId call = outermost_;
  return call != 0 && call == watch_.interrupting ? watch_.poked + CallWatch::kBetweenPokes : -1;
}

Time Outside::look_due(Time wanted) const {
  return watch_.due(inside_, wanted);
}

void Outside::look(Inbox::Lane& lane, bool tracing, Time wanted) {
  const Time due = look_due(wanted);
  if (due < 0 || now() < due) return;
  const CallId call = inside_;
  watch_.begin(call);
  SleepLook seen = look_at_process(pid_);
  // In write(2) it tells. What it has told and nobody has taken in may be that it is elsewhere by now.
  seen.asleep = seen.asleep && seen.system_call != SYS_write && heard_() && inside_ == call;
  if (!watch_.saw(seen) || !tracing) return;
  lane.put(seen.at,
           event::CallBlocked{call, id_, watch_.first.at, std::string_view(process_sleeps_in(pid_))});
}

}  // namespace sockscope
