#pragma once
// Every call of a trace as one record, gathered as the trace grows: what `call where …` looks at.

#include <unordered_map>
#include <vector>

#include "play/value.h"
#include "trace/trace.h"

namespace sockscope::play {

struct CallRecord {
  Call name = Call::none;
  ThreadId thread = 0;
  SocketId socket = 0;
  Time entered = 0, returned = -1;  // −1: not yet
  bool blocked = false;             // was proved blocked
  int error = 0;
  Value result;
};

class CallLog {
 public:
  void follow(const Trace& trace, std::size_t upto);  // its first events, so many
  const std::vector<CallRecord>& calls() const { return calls_; }

 private:
  void apply(const Event& event);
  std::size_t next_ = 0;
  std::vector<CallRecord> calls_;
  struct Open {
    std::size_t index = 0;  // in calls_
    event::CallEntered entered;
  };
  std::unordered_map<CallId, Open> open_;
  std::unordered_map<SocketId, int> fds_;
};

}  // namespace sockscope::play
