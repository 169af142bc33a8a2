#pragma once
// The value of an expression of a condition: no call is made, all is read from the state.

#include <variant>

#include <tl/expected.hpp>

#include "play/judge.h"

namespace sockscope::play {

// The socket, thread, call or packet a `where` looks at now.
using Subject = std::variant<std::monostate, const SocketState*, const ThreadState*, const CallRecord*,
                             const PacketState*>;

// The error: why it has no value now ("conn is not bound").
tl::expected<Value, std::string> value_in(const Expr& e, const Ground& ground, const Subject& subject);

}  // namespace sockscope::play
