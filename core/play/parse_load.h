#pragma once
#include "play/parse_wire.h"

namespace sockscope::play {

// %load. SyntaxError.
Directive parse_load(const DirectiveInput& in);

}  // namespace sockscope::play
