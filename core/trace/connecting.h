#pragma once
// Where a socket is on its way to, before it has a peer.

#include "trace/state.h"

namespace sockscope {

// What its latest connect was asked for; nullptr: connect was not called on it.
const Address* connecting_to(const State& state, SocketId client);

}  // namespace sockscope
