#pragma once
// The error desk: a call that failed, explained from what is so. Plain words first, then what Python prints, then
// details and causes ranked by evidence in the trace. Pure: reads trace and state only.

#include <optional>
#include <string>
#include <vector>

#include "trace/narrate.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

struct Cause {
  std::string text;
  bool seen = false;  // evidence says so; else it is only possible
};

struct Explanation {
  std::string plain;       // "Nobody listens at [::1]:9999."
  std::string python;      // "ConnectionRefusedError: [Errno 111] Connection refused"
  std::string name;        // "ECONNREFUSED", "EAI_NONAME"
  int number = 0;
  int windows = 0;         // WSAECONNREFUSED's 10061; 0: none that a learner meets
  std::string means;       // of this call
  std::vector<Cause> causes;  // those seen first
  std::string experiment;  // what to try that would show it; may be several play lines
};

// `returned`: the seq of the failed call's CallReturned; `before`: the state just before it. Nothing: that event
// is no failed call.
std::optional<Explanation> explain(const Trace& trace, const State& before, std::uint64_t returned,
                                   const Translate& tr);

}  // namespace sockscope
