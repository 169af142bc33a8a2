#pragma once
// Whether the run may reach other machines, as its trace tells. Pure.

#include <string_view>

#include "trace/notice_codes.h"
#include "trace/state.h"

namespace sockscope {

// The last notice of kLeavesHere and kStaysHere said that it may.
bool may_leave(const State& state);
// What it said; empty: it may not. As long as the state.
std::string_view notice_of_leaving(const State& state);

}  // namespace sockscope
