#pragma once
// What the kernel says of one open socket (getsockopt(2) TCP_INFO, SIOCINQ, SIOCOUTQ), told to the trace when
// it changed. The one place that knows struct tcp_info.

#include <cstdint>
#include <optional>

#include "calls/sockets.h"
#include "trace/inbox.h"

namespace sockscope {

struct TcpFacts {
  TcpState state = TcpState::not_known;
  std::uint32_t accept_queue = 0, limit = 0;  // of a listening socket
  std::uint32_t cwnd = 0, rtt_us = 0, retransmits = 0;
};

// Empty for what is not TCP. A kernel that knows fewer fields leaves them 0.
std::optional<TcpFacts> tcp_facts_of(int fd);
TcpState tcp_state_of(int fd);  // not_known for what is not TCP

// Looks at `fd` and puts StateChanged and ListenerSampled for what differs from what was told last. Inside
// Sockets::with_fd or add. Returns how many events it put.
std::size_t tell_state(const SocketEntry& entry, int fd, How how, Inbox::Lane& lane);
// The same for the queues of a connected stream socket. `facts` may be empty (AF_UNIX).
std::size_t tell_queues(const SocketEntry& entry, int fd, const std::optional<TcpFacts>& facts,
                        Inbox::Lane& lane);

}  // namespace sockscope
