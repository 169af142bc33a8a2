#pragma once
// What was done, as a lesson's play block: its lines, and what is expected of those that failed.

#include <string>

#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

// Fenced, ready for a lesson's file. `end` is the state at the trace's end: a call that is still blocked
// there is expected to be. Lines that no play can have are left out. Empty: no line was run.
std::string play_block(const Trace& trace, const State& end);

}  // namespace sockscope
