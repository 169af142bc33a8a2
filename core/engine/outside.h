#pragma once
// The one thread of another process that tells what it does: what the engine needs to prove it blocked, and
// to make it come back. Engine::attach() makes the engine look after it.

#include <signal.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "engine/call_watch.h"
#include "net/descriptor.h"
#include "trace/inbox.h"

namespace sockscope {

class Outside {
 public:
  // `heard`: whether all that it has told by now has been taken in; called on the engine's thread.
  Outside(ThreadId id, std::string name, std::int32_t pid, std::function<bool()> heard);
  ThreadId id() const { return id_; }
  const std::string& name() const { return name_; }
  int pidfd() const { return pidfd_.get(); }  // −1: this kernel has none
  void signal(int number) const;              // any thread

  // By the thread that takes in what it tells.
  void entered(CallId call);
  void returned(CallId call);
  void waits(Time since);  // by intent, outside any call, until it enters one

  // By the engine's owner thread, as for a thread of ours. `wanted`: as for CallWatch::due.
  bool interrupt();
  void poke_again();
  Time poke_due() const;
  Time look_due(Time wanted) const;
  void look(Inbox::Lane& lane, bool tracing, Time wanted);
  bool asleep_in_call() const { return watch_.asleep_in(inside_); }
  Time at_rest_since() const { return waiting_; }  // −1: it is not
  const CallWatch& watch() const { return watch_; }

 private:
  const ThreadId id_;
  const std::string name_;
  const std::int32_t pid_;
  const Descriptor pidfd_;
  const std::function<bool()> heard_;
  std::vector<CallId> calls_;  // it is inside of; the teller's
  std::atomic<CallId> inside_{0}, outermost_{0};
  std::atomic<Time> waiting_{-1};
  CallWatch watch_;  // the owner thread's
};

}  // namespace sockscope
