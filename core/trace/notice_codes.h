#pragma once
// Codes of notices that what reads a trace goes by.

#include <string_view>

namespace sockscope {

// The learner allowed the run to reach other machines, or took it back.
inline constexpr std::string_view kLeavesHere = "leaves-here", kStaysHere = "stays-here";

}  // namespace sockscope
