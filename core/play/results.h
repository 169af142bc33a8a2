#pragma once
// What a call gave, as Python gives it: from its Reply while it is made, from its events afterwards.

#include <functional>

#include "play/arguments.h"

namespace sockscope::play {

Value result_of(const CallInfo& info, const Reply& reply, const Bound& bound, Caller& caller);

// The same from the trace. `fd_of`: the descriptor a socket was opened with.
Value result_of(const event::CallEntered& entered, const event::CallReturned& returned,
                const std::function<int(SocketId)>& fd_of);

}  // namespace sockscope::play
