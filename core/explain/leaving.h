#pragma once
// Whether the run may reach other machines, as its trace tells. Pure.

#include <string_view>

#include "trace/state.h"

namespace sockscope {

// The codes of the notices that say so (session/consent.h).
inline constexpr std::string_view kLeavesHere = "leaves-here", kStaysHere = "stays-here";

// The last of them said that it may.
bool may_leave(const State& state);
// What it said; empty: it may not. As long as the state.
std::string_view notice_of_leaving(const State& state);

}  // namespace sockscope
