#pragma once
// Whether the run may reach other machines, as its trace tells. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "trace/notice_codes.h"
#include "trace/state.h"

namespace sockscope {

// The last notice of kLeavesHere and kStaysHere said that it may.
bool may_leave(const State& state);
// What it said; empty: it may not. As long as the state.
std::string_view notice_of_leaving(const State& state);

// The text of a notice of kLeavesHere; `where`: what becomes reachable, "192.0.2.7 (eth0)" each. And the
// first address of such a text; empty: it names none.
std::string leaving_text(const std::vector<std::string>& where);
std::string_view first_reachable(std::string_view leaving_text);

}  // namespace sockscope
