#pragma once
// The value whose repr this is, as a recording has it. Pure.

#include <functional>
#include <optional>
#include <string_view>

#include "play/value.h"

namespace sockscope::play {

// Which socket has this descriptor; 0: none is known.
using SocketOf = std::function<SocketId(int fd)>;

// A bytearray comes back as bytes. Nothing: it is cut, or has no way back (a file, a poll object).
std::optional<Value> value_of_repr(std::string_view repr, const SocketOf& socket_of);

}  // namespace sockscope::play
