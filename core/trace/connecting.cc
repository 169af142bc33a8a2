#include "trace/connecting.h"

#include "trace/fold.h"

namespace sockscope {

const Address* connecting_to(const State& state, SocketId client) {
  return Fold::target_of(state, client);
}

const Address* Fold::target_of(const State& state, SocketId client) {
  if (client == 0 || client > state.connecting_.size()) return nullptr;
  const State::Connecting& how = state.connecting_[client - 1];
  return how.target.known() ? &how.target : nullptr;
}

}  // namespace sockscope
