#include "calls/loopback_only.h"

#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 36
#endif

namespace sockscope {
namespace {

constexpr std::string_view kLoopback = "lo";
constexpr std::string_view kDevice = "It chooses the network interface itself: the loopback interface.";
constexpr std::string_view kGroup =
    "A multicast group is joined on the loopback interface only: give 127.0.0.1 (for IPv6, index 1) as its "
    "interface.";
constexpr std::string_view kRoute = "The option names another way for packets.";
constexpr std::string_view kMachine = "The option changes the whole machine, not the socket.";

struct Option {
  int level, option;
  friend bool operator==(const Option&, const Option&) = default;
};
constexpr Option kDevices[] = {{SOL_SOCKET, SO_BINDTODEVICE},
                               {SOL_SOCKET, SO_BINDTOIFINDEX},
                               {IPPROTO_IP, 50 /* IP_UNICAST_IF */},
                               {IPPROTO_IPV6, 76 /* IPV6_UNICAST_IF */}};
constexpr Option kGroups[] = {{IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP},
                              {IPPROTO_IP, IP_MSFILTER},
                              {IPPROTO_IP, MCAST_JOIN_GROUP},
                              {IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP},
                              {IPPROTO_IP, MCAST_MSFILTER},
                              {IPPROTO_IPV6, MCAST_JOIN_GROUP},
                              {IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP},
                              {IPPROTO_IPV6, MCAST_MSFILTER},
                              {IPPROTO_IPV6, IPV6_JOIN_ANYCAST}};
constexpr Option kMemberships4[] = {{IPPROTO_IP, IP_ADD_MEMBERSHIP}, {IPPROTO_IP, IP_DROP_MEMBERSHIP}};
constexpr Option kMemberships6[] = {{IPPROTO_IPV6, IPV6_JOIN_GROUP}, {IPPROTO_IPV6, IPV6_LEAVE_GROUP}};
constexpr Option kRoutes[] = {{IPPROTO_IP, IP_OPTIONS},
                              {IPPROTO_IPV6, IPV6_RTHDR},
                              {IPPROTO_IPV6, IPV6_PKTINFO},
                              {IPPROTO_IPV6, IPV6_2292PKTOPTIONS},
                              {IPPROTO_IPV6, IPV6_NEXTHOP},
                              {IPPROTO_IPV6, 32 /* IPV6_FLOWLABEL_MGR: a label may have a routing header */},
                              {IPPROTO_SCTP, 100 /* SCTP_SOCKOPT_BINDX_ADD: addresses of its own */},
                              {IPPROTO_SCTP, 107 /* SCTP_SOCKOPT_CONNECTX_OLD */},
                              {IPPROTO_SCTP, 110 /* SCTP_SOCKOPT_CONNECTX */}};

// Packet filters, bridges, multicast routing, load balancing: what root sets by a socket for all others.
bool is_of_machine(const Option& asked) {
  constexpr int kFirst4 = 64;  // IPT_BASE_CTL; a socket's own options end below
  constexpr int kTables6 = 64, kCounters6 = 65, kRouting6 = 200;
  if (asked.level == IPPROTO_IP) return asked.option >= kFirst4;
  return asked.level == IPPROTO_IPV6 &&
         (asked.option == kTables6 || asked.option == kCounters6 || asked.option >= kRouting6);
}

template <std::size_t n>
bool among(const Option (&all)[n], const Option& one) {
  return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

template <typename T>
T read_at(std::string_view bytes, std::size_t at) {
  T value{};
  if (bytes.size() >= at + sizeof value) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}
template <typename T>
std::string bytes_of(const T& value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

// What IP_MULTICAST_IF and IP_ADD_MEMBERSHIP name: ip_mreqn, the shorter ip_mreq, or for the former the
// interface's address alone (ip(7)).
struct Interface {
  in_addr_t group = 0, address = 0;
  std::uint32_t index = 0;
  bool named() const { return index != 0 || address != 0; }
  bool is_loopback() const { return index != 0 ? index == kLoopbackIndex : (ntohl(address) >> 24U) == 127; }
};
Interface interface_in(std::string_view value) {
  if (value.size() < sizeof(ip_mreq)) return {0, read_at<in_addr_t>(value, 0), 0};
  return {read_at<in_addr_t>(value, 0), read_at<in_addr_t>(value, 4), read_at<std::uint32_t>(value, 8)};
}

std::string_view join4_refusal(std::string& value) {
  if (value.size() < sizeof(ip_mreq)) return {};  // the kernel's EINVAL
  const Interface asked = interface_in(value);
  if (asked.named()) return asked.is_loopback() ? std::string_view() : kGroup;
  ip_mreqn here{};
  here.imr_multiaddr.s_addr = asked.group;
  here.imr_ifindex = kLoopbackIndex;
  value = bytes_of(here);
  return {};
}

std::string_view join6_refusal(std::string& value) {
  if (value.size() < sizeof(ipv6_mreq)) return {};
  const auto index = read_at<std::uint32_t>(value, sizeof(in6_addr));
  if (index != 0) return index == kLoopbackIndex ? std::string_view() : kGroup;
  std::memcpy(value.data() + sizeof(in6_addr), &kLoopbackIndex, sizeof kLoopbackIndex);
  return {};
}

bool option_is_on(int fd, int level, int option) {
  int on = 0;
  socklen_t length = sizeof on;
  return ::getsockopt(fd, level, option, &on, &length) == 0 && on != 0;
}

int int_option(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : 0;
}

}  // namespace

bool tie_to_loopback(int fd) {
  // A second time is for root alone.
  const bool tied = static_cast<std::uint32_t>(int_option(fd, SO_BINDTOIFINDEX)) == kLoopbackIndex;
  return tied || ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, kLoopback.data(),
                              static_cast<socklen_t>(kLoopback.size())) == 0;
}

void see_only_loopback(int fd, int protocol) {
  const int family = int_option(fd, SO_DOMAIN), type = int_option(fd, SO_TYPE);
  if (family == AF_PACKET && type == SOCK_PACKET) {
    sockaddr by_name{AF_PACKET, {}};
    std::copy(kLoopback.begin(), kLoopback.end(), by_name.sa_data);
    ::bind(fd, &by_name, sizeof by_name);
  } else if (family == AF_PACKET) {
    sockaddr_ll by_index{};
    by_index.sll_family = AF_PACKET;
    by_index.sll_protocol = static_cast<std::uint16_t>(protocol);
    by_index.sll_ifindex = static_cast<int>(kLoopbackIndex);
    ::bind(fd, reinterpret_cast<const sockaddr*>(&by_index), sizeof by_index);
  } else if (type == SOCK_RAW && (family == AF_INET || family == AF_INET6)) {
    tie_to_loopback(fd);
  } else {
    return;
  }
  constexpr int kMost = 10'000;  // what came before
  char byte = 0;
  for (int i = 0; i < kMost && ::recv(fd, &byte, sizeof byte, MSG_DONTWAIT) >= 0; ++i) continue;
}

bool send_by_loopback(int fd, const Address& address) {
  const bool broadcast = address.ip == inet(INADDR_BROADCAST, 0).ip;
  if (address.family == AF_INET && broadcast) return tie_to_loopback(fd);
  ip_mreqn by{};
  by.imr_address.s_addr = htonl(INADDR_LOOPBACK);  // whom it comes from
  by.imr_ifindex = kLoopbackIndex;
  const auto index = static_cast<int>(kLoopbackIndex);
  const bool four = ::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by) == 0;
  if (address.family == AF_INET) return four;
  // An IPv4 address inside an IPv6 one may be either: it takes the stronger means.
  if (address.ip[0] != 0xff) return tie_to_loopback(fd);
  return ::setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) == 0;
}

bool has_address_rule(int family) {
  constexpr int kFamilies[] = {AF_UNIX, AF_INET, AF_INET6, AF_VSOCK, AF_RDS, AF_CAN};
  return std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies);
}

Address address_in_header(const SocketEntry& socket, int fd, std::string_view data) {
  constexpr std::size_t kAt4 = 16, kEnd4 = 20, kAt6 = 24, kEnd6 = 40;
  Address inside;
  if (socket.type != SOCK_RAW) return inside;
  const bool four =
      socket.family == AF_INET && data.size() >= kEnd4 && option_is_on(fd, IPPROTO_IP, IP_HDRINCL);
  const bool six =
      socket.family == AF_INET6 && data.size() >= kEnd6 && option_is_on(fd, IPPROTO_IPV6, IPV6_HDRINCL);
  if (!four && !six) return inside;
  inside.family = static_cast<std::uint16_t>(socket.family);
  const std::string_view ip = four ? data.substr(kAt4, kEnd4 - kAt4) : data.substr(kAt6, kEnd6 - kAt6);
  std::copy(ip.begin(), ip.end(), inside.ip.begin());
  return inside;
}

std::string_view option_refusal(int level, int option, std::string& value) {
  const Option asked{level, option};
  if (among(kDevices, asked)) return kDevice;
  if (among(kGroups, asked)) return kGroup;
  if (among(kRoutes, asked)) return kRoute;
  if (is_of_machine(asked)) return kMachine;
  if (among(kMemberships4, asked)) return join4_refusal(value);
  if (among(kMemberships6, asked)) return join6_refusal(value);
  if (asked == Option{IPPROTO_IP, IP_MULTICAST_IF} && value.size() >= sizeof(in_addr))
    return interface_in(value).is_loopback() ? std::string_view() : kDevice;
  if (asked == Option{IPPROTO_IPV6, IPV6_MULTICAST_IF} && value.size() >= sizeof(int))
    return read_at<std::uint32_t>(value, 0) == kLoopbackIndex ? std::string_view() : kDevice;
  return {};
}

}  // namespace sockscope
