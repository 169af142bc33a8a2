#pragma once
// Which of the kernel's lists a socket is in. Private to kernel/.

#include "calls/sockets.h"

namespace sockscope {

// IPPROTO_TCP or IPPROTO_UDP; 0: neither. Multipath TCP is neither: what the kernel lists of it are its
// subflows, under cookies of their own.
int protocol_of(const SocketEntry& socket);

}  // namespace sockscope
