#include "calls/tcp_info.h"

#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstring>

#include "trace/clock.h"

namespace sockscope {
namespace {

std::uint32_t ioctl_count(int fd, unsigned long request) {
  int count = 0;
  return ::ioctl(fd, request, &count) == 0 && count > 0 ? static_cast<std::uint32_t>(count) : 0;
}

// Kernels after our headers tell more, behind what those know.
constexpr std::size_t kRecvWindowAt = offsetof(tcp_info, tcpi_snd_wnd) + sizeof(std::uint32_t);
using Raw = std::array<char, sizeof(tcp_info) + 64>;

std::uint32_t window_at(const Raw& raw, socklen_t length, std::size_t at) {
  std::uint32_t value = kNotTold;
  if (at + sizeof value <= length) std::memcpy(&value, raw.data() + at, sizeof value);
  return value;
}

}  // namespace

std::optional<TcpFacts> tcp_facts_of(int fd) {
  Raw raw{};  // zeroed: an older kernel writes only the beginning of it
  socklen_t length = sizeof raw;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, raw.data(), &length) != 0) return std::nullopt;
  if (length <= offsetof(tcp_info, tcpi_state)) return std::nullopt;
  tcp_info info{};
  std::memcpy(&info, raw.data(), sizeof info);
  TcpFacts facts;
  facts.state = static_cast<TcpState>(info.tcpi_state);
  if (facts.state == TcpState::LISTEN) {
    facts.accept_queue = info.tcpi_unacked;
    facts.limit = info.tcpi_sacked;
    return facts;
  }
  facts.cwnd = info.tcpi_snd_cwnd;
  facts.rtt_us = info.tcpi_rtt;
  facts.retransmits = info.tcpi_total_retrans;
  facts.unsent = info.tcpi_notsent_bytes;
  facts.send_window = window_at(raw, length, offsetof(tcp_info, tcpi_snd_wnd));
  facts.recv_window = window_at(raw, length, kRecvWindowAt);
  return facts;
}

TcpState tcp_state_of(int fd) {
  const auto facts = tcp_facts_of(fd);
  return facts ? facts->state : TcpState::not_known;
}

MemoryFacts memory_of(int fd) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> values{};
  socklen_t length = sizeof values;
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, values.data(), &length) != 0) return {};
  return {values[SK_MEMINFO_RMEM_ALLOC], values[SK_MEMINFO_RCVBUF], values[SK_MEMINFO_WMEM_ALLOC],
          values[SK_MEMINFO_SNDBUF], values[SK_MEMINFO_DROPS]};
}

std::size_t tell_new_state(const SocketEntry& entry, TcpState to, How how, Time at, Inbox::Lane& lane) {
  if (to == entry.told.state) return 0;
  lane.put(at, event::StateChanged{entry.id, entry.told.state, to, how});
  entry.told.state = to;
  return 1;
}

std::size_t tell_passed_by_fin(const SocketEntry& entry, TcpState to, Time at, Inbox::Lane& lane) {
  const TcpState from = entry.told.state;
  const bool first = to == TcpState::FIN_WAIT2 || to == TcpState::CLOSING || to == TcpState::TIME_WAIT;
  if (from == TcpState::ESTABLISHED && first) {
    return tell_new_state(entry, TcpState::FIN_WAIT1, How::derived, at, lane);
  }
  if (from == TcpState::CLOSE_WAIT && to == TcpState::CLOSED) {
    return tell_new_state(entry, TcpState::LAST_ACK, How::derived, at, lane);
  }
  return 0;
}

std::size_t tell_state(const SocketEntry& entry, int fd, How how, Inbox::Lane& lane) {
  const auto facts = tcp_facts_of(fd);
  if (!facts) return 0;
  std::size_t put = tell_new_state(entry, facts->state, how, now(), lane);
  if (facts->state == TcpState::LISTEN) {
    const event::ListenerSampled sampled{entry.id, facts->accept_queue, facts->limit,
                                         entry.told.listener.syn_queue, memory_of(fd).drops};
    if (sampled != entry.told.listener) {
      lane.put(now(), sampled);
      entry.told.listener = sampled;
      ++put;
    }
  } else if (how == How::sample) {
    put += tell_queues(entry, fd, facts, lane);
  }
  return put;
}

std::size_t tell_queues(const SocketEntry& entry, int fd, const std::optional<TcpFacts>& facts,
                        Inbox::Lane& lane) {
  event::QueuesSampled sampled = entry.told.queues;
  sampled.socket = entry.id;
  sampled.recv_queue = ioctl_count(fd, SIOCINQ);
  // Of a connection that was refused SIOCOUTQ still counts the SYN's sequence numbers; nothing waits there.
  const bool closed = facts && facts->state == TcpState::CLOSED;
  sampled.send_queue = closed ? 0 : without_fin(entry.told.state, ioctl_count(fd, SIOCOUTQ));
  sampled.cwnd = sampled.rtt_us = sampled.retransmits = 0;
  sampled.unsent = sampled.send_window = sampled.recv_window = 0;
  if (facts && !closed) {  // before a connection they mean nothing
    sampled.cwnd = facts->cwnd;
    sampled.rtt_us = facts->rtt_us;
    sampled.retransmits = facts->retransmits;
    sampled.unsent = without_fin(facts->state, facts->unsent);
    sampled.send_window = facts->send_window;
    sampled.recv_window = facts->recv_window;
  }
  const event::QueuesSampled& told = entry.told.queues;
  if (sampled.recv_queue != told.recv_queue || sampled.send_queue != told.send_queue ||
      sampled.cwnd != told.cwnd) {
    const MemoryFacts memory = memory_of(fd);
    sampled.recv_buffer = memory.recv_buffer;
    sampled.send_buffer = memory.send_buffer;
  }
  return tell_queues(entry, sampled, lane);
}

std::uint32_t without_fin(TcpState state, std::uint32_t waiting) {
  const bool fin = state == TcpState::FIN_WAIT1 || state == TcpState::CLOSING || state == TcpState::LAST_ACK;
  return fin && waiting > 0 ? waiting - 1 : waiting;
}

std::size_t tell_queues(const SocketEntry& entry, const event::QueuesSampled& sampled, Inbox::Lane& lane) {
  const event::QueuesSampled& told = entry.told.queues;
  // The round-trip time and the windows change with every segment: they come along, they are no change. That
  // the peer's window shuts or opens is one.
  const bool shut = sampled.send_window == 0, was_shut = told.send_window == 0;
  if (sampled.recv_queue == told.recv_queue && sampled.send_queue == told.send_queue &&
      sampled.unsent == told.unsent && sampled.cwnd == told.cwnd && sampled.retransmits == told.retransmits &&
      sampled.drops == told.drops && shut == was_shut) {
    return 0;
  }
  lane.put(now(), sampled);
  entry.told.queues = sampled;
  return 1;
}

}  // namespace sockscope
