#pragma once
// How one message of sock_diag(7) becomes a row. Private to kernel/.

#include "kernel/diag.h"

namespace sockscope {

// The kernel's number of a state (include/net/tcp_states.h): two of them are no state of TCP's own.
TcpState state_of(unsigned kernels);
std::uint64_t joined(const std::uint32_t (&halves)[2]);
// Of an inet_diag message; 0: it is none.
std::uint64_t cookie_in(const nlmsghdr& message);

}  // namespace sockscope
