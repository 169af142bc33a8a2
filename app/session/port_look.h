#pragma once
// Why a TCP port of this machine cannot be had, as the kernel tells it.

#include <cstdint>
#include <optional>
#include <string>

#include "trace/event.h"

namespace sockscope {

struct PortHolder {
  Time free_at = 0;  // closed connections alone hold it, the last until then; 0: something else does
  std::string who;   // "python3 (pid 123)"; empty: not known
};

// None: a server without SO_REUSEADDR can have it, or the kernel does not tell. Well under a millisecond,
// unless another program holds the port: finding its name takes at most 20 ms.
std::optional<PortHolder> holder_of_port(std::uint16_t port);

}  // namespace sockscope
