// TCP and UDP sockets: inet_diag.

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <cstring>

#include "kernel/diag_rows.h"
#include "trace/clock.h"

namespace sockscope {

constexpr unsigned kNewSynReceived = 12, kBoundInactive = 13;  // include/net/tcp_states.h
constexpr std::uint32_t kLoopbackInterface = 1;                // LOOPBACK_IFINDEX, include/net/flow.h

TcpState state_of(unsigned kernels) {
  if (kernels == kNewSynReceived) return TcpState::SYN_RECV;
  if (kernels == kBoundInactive) return TcpState::CLOSED;
  return kernels <= static_cast<unsigned>(TcpState::CLOSING) ? static_cast<TcpState>(kernels)
                                                             : TcpState::not_known;
}

std::uint64_t joined(const std::uint32_t (&halves)[2]) {
  return halves[0] | static_cast<std::uint64_t>(halves[1]) << 32;
}

std::uint64_t cookie_in(const nlmsghdr& message) {
  if (message.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
      mnl_nlmsg_get_payload_len(&message) < sizeof(inet_diag_msg))
    return 0;
  return joined(static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(&message))->id.idiag_cookie);
}

namespace {

constexpr std::uint32_t bit(unsigned state) {
  return std::uint32_t{1} << state;
}
constexpr std::uint32_t bit(TcpState state) {
  return bit(static_cast<unsigned>(state));
}

Address address_of(unsigned family, const std::uint32_t (&ip)[4], std::uint16_t port, std::uint32_t scope) {
  Address address;
  address.family = static_cast<std::uint16_t>(family);
  address.port = ntohs(port);
  std::memcpy(address.ip.data(), ip, family == AF_INET ? 4 : 16);
  if (family == AF_INET6 && (address.ip[0] == 0xfe || address.ip[0] == 0xff)) address.scope = scope;
  return address;
}

// inet_csk_diag: net/ipv4/inet_diag.c. A probe of lost segments is a retransmission's timer too.
Timer timer_of(unsigned kernels) {
  switch (kernels) {
    case 0:
      return Timer::none;
    case 2:
      return Timer::keepalive;
    case 3:
      return Timer::time_wait;
    case 4:
      return Timer::probe;
    default:
      return Timer::retransmit;
  }
}

int take_memory(const nlattr* attribute, void* context) {
  if (mnl_attr_get_type(attribute) != INET_DIAG_SKMEMINFO) return MNL_CB_OK;
  constexpr std::size_t kDrops = SK_MEMINFO_DROPS * sizeof(std::uint32_t);
  if (mnl_attr_get_payload_len(attribute) < kDrops + sizeof(std::uint32_t)) return MNL_CB_OK;
  auto& out = *static_cast<DiagRow*>(context);
  std::memcpy(&out.drops, static_cast<const char*>(mnl_attr_get_payload(attribute)) + kDrops,
              sizeof out.drops);
  return MNL_CB_OK;
}

DiagRow inet_row(const nlmsghdr& message, int protocol) {
  const auto& row = *static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(&message));
  DiagRow out;
  out.family = row.idiag_family;
  out.protocol = protocol;
  if (protocol == IPPROTO_TCP) out.state = state_of(row.idiag_state);
  out.local = address_of(row.idiag_family, row.id.idiag_src, row.id.idiag_sport, row.id.idiag_if);
  if (row.id.idiag_dport != 0)
    out.peer = address_of(row.idiag_family, row.id.idiag_dst, row.id.idiag_dport, row.id.idiag_if);
  out.uid = row.idiag_uid;
  out.inode = row.idiag_inode;
  out.cookie = joined(row.id.idiag_cookie);
  out.recv_queue = row.idiag_rqueue;
  out.send_queue = row.idiag_wqueue;
  out.timer = timer_of(row.idiag_timer);
  out.tries = row.idiag_retrans;
  out.left = Time{row.idiag_expires} * kMillisecond;
  mnl_attr_parse(&message, sizeof(inet_diag_msg), take_memory, &out);
  return out;
}

// 127.0.0.1 of an IPv6 socket is ::ffff:127.0.0.1 to the kernel.
void put_end(std::uint32_t (&ip)[4], std::uint16_t& port, const Address& end) {
  std::memcpy(ip, end.ip.data(), end.family == AF_INET ? 4 : 16);
  port = htons(end.port);
}

inet_diag_req_v2 inet_request_of(int family, int protocol, std::uint32_t states) {
  inet_diag_req_v2 request{};
  request.sdiag_family = static_cast<std::uint8_t>(family);
  request.sdiag_protocol = static_cast<std::uint8_t>(protocol);
  request.idiag_states = states;
  return request;
}

}  // namespace

tl::expected<std::vector<DiagRow>, int> Diag::inet(int family, int protocol, std::uint16_t port,
                                                   std::uint32_t states) {
  inet_diag_req_v2 request = inet_request_of(family, protocol, states);
  request.id.idiag_sport = htons(port);
  request.idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1);
  return dump(&request, sizeof request, [&](const nlmsghdr& message, Rows& rows) {
    if (mnl_nlmsg_get_payload_len(&message) < sizeof(inet_diag_msg)) return;
    DiagRow row = inet_row(message, protocol);
    if (row.local.port == port) rows.push_back(std::move(row));
  });
}

int Diag::tcp_error() {
  const auto listeners = inet(AF_INET, IPPROTO_TCP, 1, bit(TcpState::LISTEN));
  return listeners ? 0 : listeners.error();
}

tl::expected<std::vector<DiagRow>, int> Diag::on_port(int family, int protocol, std::uint16_t port) {
  return inet(family, protocol, port, ~0U);
}

tl::expected<std::vector<DiagRow>, int> Diag::before_accept(int family, std::uint16_t port) {
  return inet(family, IPPROTO_TCP, port,
              bit(TcpState::SYN_RECV) | bit(kNewSynReceived) | bit(TcpState::ESTABLISHED) |
                  bit(TcpState::CLOSE_WAIT));
}

tl::expected<std::optional<DiagRow>, int> Diag::connection(const Address& local, const Address& peer,
                                                           std::uint64_t cookie) {
  inet_diag_req_v2 request = inet_request_of(local.family, IPPROTO_TCP, ~0U);
  put_end(request.id.idiag_src, request.id.idiag_sport, local);
  put_end(request.id.idiag_dst, request.id.idiag_dport, peer);
  // A socket tied to the loopback interface is found by nobody who does not name it.
  request.id.idiag_if = kLoopbackInterface;
  request.id.idiag_cookie[0] = static_cast<std::uint32_t>(cookie);
  request.id.idiag_cookie[1] = static_cast<std::uint32_t>(cookie >> 32);
  auto found = get(&request, sizeof request, [](const nlmsghdr& message, Rows& rows) {
    if (mnl_nlmsg_get_payload_len(&message) >= sizeof(inet_diag_msg))
      rows.push_back(inet_row(message, IPPROTO_TCP));
  });
  // A cookie comes again after 2^64 sockets: the addresses tell then.
  if (found && *found && ((*found)->cookie != cookie || (*found)->local.port != local.port))
    return std::nullopt;
  return found;
}

}  // namespace sockscope
