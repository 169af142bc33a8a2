#pragma once
// What Tab would add to the prompt: names in use, socket constants, the calls of the catalogue. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "trace/state.h"

namespace sockscope {

struct Completion {
  std::string rest;  // what Tab adds; empty: nothing fits
  std::string does;  // one plain sentence about it in English, or empty
};

// For a caret at the end of `line`. Several that fit: the first of them; what fits the argument at the caret,
// names of this session, the rest.
Completion complete(const State& state, std::string_view line);

}  // namespace sockscope
