#pragma once
// What a learner's own lines came to since their step began, as the one sentence that helps them on. Pure.

#include <cstdint>
#include <functional>
#include <string>

#include "trace/narrate.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

struct Attempt {
  const Trace& trace;
  const State& state;                                       // at its end
  std::function<const State&(std::uint64_t seq)> state_at;  // after the first `seq` events
  std::string unmet;  // the first condition of the step that does not hold, in words; empty: there is none
};

// The latest call or line that failed and was not done well since, with its reason; else what a call of
// theirs waits for; else what is not yet so. Only of lines that were typed (or clicked) since the latest
// StepReached; empty where none was, or where nothing stands in the way.
std::string said_of(const Attempt& now, const Translate& tr);

}  // namespace sockscope
