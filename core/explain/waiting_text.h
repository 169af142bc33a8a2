#pragma once
// What select and poll watch. Of this room only.

#include <vector>

#include "trace/state.h"

namespace sockscope {

struct Watched {
  enum class How : std::uint8_t { read, write, urgent };
  SocketId socket = 0;
  How how = How::read;
};
// As the call's text has it (net/catalogue.h: ParamKind sockets, watched). A damaged text gives what it
// gives.
std::vector<Watched> watched_by(const OpenCall& call);

}  // namespace sockscope
