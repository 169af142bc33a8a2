#include "calls/tcp_info.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstddef>

#include "trace/clock.h"

namespace sockscope {
namespace {

std::uint32_t ioctl_count(int fd, unsigned long request) {
  int count = 0;
  return ::ioctl(fd, request, &count) == 0 && count > 0 ? static_cast<std::uint32_t>(count) : 0;
}

}  // namespace

std::optional<TcpFacts> tcp_facts_of(int fd) {
  tcp_info info{};  // zeroed: an older kernel writes only the beginning of it
  socklen_t length = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return std::nullopt;
  if (length <= offsetof(tcp_info, tcpi_state)) return std::nullopt;
  TcpFacts facts;
  facts.state = static_cast<TcpState>(info.tcpi_state);
  if (facts.state == TcpState::LISTEN) {
    facts.accept_queue = info.tcpi_unacked;
    facts.limit = info.tcpi_sacked;
  } else {
    facts.cwnd = info.tcpi_snd_cwnd;
    facts.rtt_us = info.tcpi_rtt;
    facts.retransmits = info.tcpi_total_retrans;
  }
  return facts;
}

TcpState tcp_state_of(int fd) {
  const auto facts = tcp_facts_of(fd);
  return facts ? facts->state : TcpState::not_known;
}

std::size_t tell_state(const SocketEntry& entry, int fd, How how, Inbox::Lane& lane) {
  const auto facts = tcp_facts_of(fd);
  if (!facts) return 0;
  std::size_t put = 0;
  if (facts->state != entry.told.state) {
    lane.put(now(), event::StateChanged{entry.id, entry.told.state, facts->state, how});
    entry.told.state = facts->state;
    ++put;
  }
  if (facts->state == TcpState::LISTEN) {
    const event::ListenerSampled sampled{entry.id, facts->accept_queue, facts->limit, 0};
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
  event::QueuesSampled sampled;
  sampled.socket = entry.id;
  sampled.recv_queue = ioctl_count(fd, SIOCINQ);
  sampled.send_queue = ioctl_count(fd, SIOCOUTQ);
  if (facts && facts->state != TcpState::CLOSED) {  // before a connection they mean nothing
    sampled.cwnd = facts->cwnd;
    sampled.rtt_us = facts->rtt_us;
    sampled.retransmits = facts->retransmits;
  }
  const event::QueuesSampled& told = entry.told.queues;
  // The round-trip time alone changes with every segment: it comes along, it is no change.
  if (sampled.recv_queue == told.recv_queue && sampled.send_queue == told.send_queue &&
      sampled.cwnd == told.cwnd && sampled.retransmits == told.retransmits) {
    return 0;
  }
  lane.put(now(), sampled);
  entry.told.queues = sampled;
  return 1;
}

}  // namespace sockscope
