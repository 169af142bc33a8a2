#pragma once
// The bracket around one call: CallEntered, then the thread is inside it, then CallReturned.

#include <algorithm>
#include <utility>

#include "calls/caller.h"
#include "net/catalogue.h"
#include "trace/clock.h"

namespace sockscope {

// What a call came to, as errno tells it.
struct Outcome {
  std::int64_t result = 0;
  int error = 0;  // errno; 0: it succeeded
  bool timed_out = false;
  bool interrupted = false;
};

class CallScope {
 public:
  // `make_args()` gives the Args; not called when nothing is traced.
  template <typename MakeArgs>
  CallScope(Caller& caller, Call call, SocketId socket, MakeArgs make_args)
      : caller_(caller), id_(caller.room_.next_call()), outer_(caller.inside()) {
    if (caller.room_.tracing()) {
      entered_ = now();
      caller.lane_.put(entered_, event::CallEntered{id_, caller.thread_, socket, call, make_args()});
    }
    caller.enter(id_);  // after the event: who sees us inside finds the event stamped earlier
  }
  ~CallScope() {
    if (!returned_) returned(Outcome{});
  }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

  Caller& caller() { return caller_; }
  CallId id() const { return id_; }
  bool tracing() const { return caller_.room_.tracing(); }
  // When it was entered; 0 when nothing is traced. A later moment where that one is committed already.
  Time entered() const { return entered_ == 0 ? 0 : std::max(entered_, now() - kCommitHold / 2); }

  // Stamps and puts CallReturned, and is outside. Once, at the end. `add(event)` fills in what the call gave;
  // not called when nothing is traced.
  template <typename Add>
  void returned(const Outcome& outcome, Add add) {
    if (tracing()) {
      event::CallReturned body;
      body.call = id_;
      body.thread = caller_.thread_;
      body.error = outcome.error;
      body.result = outcome.result;
      body.timed_out = outcome.timed_out;
      body.interrupted = outcome.interrupted;
      const Time at = caller_.moment();
      add(body);
      caller_.lane_.put(at, std::move(body));
    }
    caller_.held_ = -1;
    caller_.leave(outer_);
    returned_ = true;
  }
  void returned(const Outcome& outcome) {
    returned(outcome, [](event::CallReturned&) {});
  }

 private:
  Caller& caller_;
  CallId id_;
  CallId outer_;
  Time entered_ = 0;
  bool returned_ = false;
};

}  // namespace sockscope
