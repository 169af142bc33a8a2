#pragma once
// What the kernel says of one open socket (getsockopt(2) TCP_INFO, SO_MEMINFO, SIOCINQ, SIOCOUTQ), told to
// the trace when it changed. The one place that knows struct tcp_info.

#include <cstdint>
#include <optional>

#include "calls/sockets.h"
#include "trace/inbox.h"

namespace sockscope {

struct TcpFacts {
  TcpState state = TcpState::not_known;
  std::uint32_t accept_queue = 0, limit = 0;  // of a listening socket
  std::uint32_t cwnd = 0, rtt_us = 0, retransmits = 0;
  std::uint32_t unsent = 0;                        // bytes in the send queue not sent even once
  std::uint32_t send_window = 0, recv_window = 0;  // kNotTold: the kernel does not
};

// Memory of a socket, from SO_MEMINFO; zeros where it cannot be asked.
struct MemoryFacts {
  std::uint32_t received = 0, recv_buffer = 0;  // bytes the receive queue takes, with the kernel's own
  std::uint32_t sending = 0, send_buffer = 0;
  std::uint32_t drops = 0;
};
MemoryFacts memory_of(int fd);

// Empty for what is not TCP. A kernel that knows fewer fields leaves them 0.
std::optional<TcpFacts> tcp_facts_of(int fd);
TcpState tcp_state_of(int fd);  // not_known for what is not TCP

// Looks at `fd` and puts StateChanged and ListenerSampled for what differs from what was told last. Inside
// Sockets::with_fd or add. Returns how many events it put.
std::size_t tell_state(const SocketEntry& entry, int fd, How how, Inbox::Lane& lane);
// The same for the queues of a connected stream socket. `facts` may be empty (AF_UNIX).
std::size_t tell_queues(const SocketEntry& entry, int fd, const std::optional<TcpFacts>& facts,
                        Inbox::Lane& lane);
// The state is `to`, at `at`; put if that is not what was told last.
std::size_t tell_new_state(const SocketEntry& entry, TcpState to, How how, Time at, Inbox::Lane& lane);
// What the socket must have been on its way from what was told last to `to`, when its own FIN took it there
// (RFC 9293 §3.3.2): FIN_WAIT1 or LAST_ACK, derived. Nothing where more than one way leads there.
std::size_t tell_passed_by_fin(const SocketEntry& entry, TcpState to, Time at, Inbox::Lane& lane);
// Of sequence numbers that wait to be sent or acknowledged, those that are bytes: in these states the last
// one is a FIN.
std::uint32_t without_fin(TcpState state, std::uint32_t waiting);
// Puts QueuesSampled unless only figures that change with every segment differ.
std::size_t tell_queues(const SocketEntry& entry, const event::QueuesSampled& sampled, Inbox::Lane& lane);

}  // namespace sockscope
