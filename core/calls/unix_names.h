#pragma once
// AF_UNIX names (unix(7)): which of them belong to this run. Of this room only.

#include <string>
#include <string_view>

#include "calls/caller.h"

namespace sockscope {

// Why a socket may not use the name (bind it, or with `reach` send or connect to it), as a sentence. Empty:
// it may.
std::string unix_refusal(Caller& caller, bool reach, std::string_view path);

}  // namespace sockscope
