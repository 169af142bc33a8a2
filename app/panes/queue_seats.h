#pragma once
// How many seats an accept queue has and how many are taken.

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>

#include "trace/state.h"

namespace sockscope {

// The kernel's limit where it was sampled, else what listen() asked for.
inline std::uint32_t queue_limit(const SocketState& listener) {
  return listener.limit > 0 ? listener.limit : static_cast<std::uint32_t>(std::max(listener.backlog, 0));
}

inline std::uint32_t queue_taken(const SocketState& listener) {
  // Older kernels, and recordings, tell of a Unix queue no more than our own calls do.
  return listener.family == AF_UNIX
             ? std::max(listener.accept_queue, static_cast<std::uint32_t>(listener.waiting.size()))
             : listener.accept_queue;
}

}  // namespace sockscope
