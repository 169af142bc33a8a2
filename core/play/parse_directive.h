#pragma once
#include <string_view>

#include "play/syntax.h"

namespace sockscope::play {

// A line that begins with % at `from`. Throws SyntaxError; a directive of a later version only after its
// arguments were found right.
Directive parse_directive(std::string_view line, std::size_t from);

}  // namespace sockscope::play
