#pragma once
// The fenced blocks of a lesson. Pure; each throws Fault.

#include <string_view>
#include <vector>

#include "lesson/lesson.h"
#include "lesson/read_head.h"

namespace sockscope::lesson {

// A block between its fences.
struct Fenced {
  std::string_view kind, argument;      // ```play two-clients.play
  int line = 0;                         // of the opening fence
  std::vector<std::string_view> lines;  // what is between
};

// Whether a fence with this word is a block of a lesson; others are code of the text.
bool is_block_kind(std::string_view kind);
Block read_block(const Fenced& fenced);

}  // namespace sockscope::lesson
