#include "calls/probe.h"

#include <linux/can.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace sockscope {
namespace {

constexpr int kTypes[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_RDM};
constexpr int kOtherFamilies[] = {AF_UNIX, AF_VSOCK, AF_CAN, AF_RDS, AF_TIPC, AF_PACKET, AF_NETLINK};

// The protocols worth trying beside 0, the type's own.
struct Further {
  int family, type, protocol;
};
constexpr Further kFurther[] = {{AF_INET, SOCK_STREAM, IPPROTO_TCP},
                                {AF_INET, SOCK_STREAM, IPPROTO_SCTP},
                                {AF_INET, SOCK_DGRAM, IPPROTO_UDP},
                                {AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
                                {AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
                                {AF_INET, SOCK_RAW, IPPROTO_ICMP},
                                {AF_INET, SOCK_RAW, IPPROTO_TCP},
                                {AF_INET, SOCK_RAW, IPPROTO_UDP},
                                {AF_INET, SOCK_RAW, IPPROTO_RAW},
                                {AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP},
                                {AF_INET6, SOCK_STREAM, IPPROTO_TCP},
                                {AF_INET6, SOCK_STREAM, IPPROTO_SCTP},
                                {AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
                                {AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6},
                                {AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE},
                                {AF_INET6, SOCK_RAW, IPPROTO_ICMPV6},
                                {AF_INET6, SOCK_RAW, IPPROTO_RAW},
                                {AF_INET6, SOCK_SEQPACKET, IPPROTO_SCTP},
                                {AF_CAN, SOCK_RAW, CAN_RAW},
                                {AF_CAN, SOCK_DGRAM, CAN_BCM},
                                {AF_NETLINK, SOCK_DGRAM, NETLINK_USERSOCK},
                                {AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK}};

GridCell tried(int family, int type, int protocol) {
  const int fd = ::socket(family, type | SOCK_CLOEXEC, protocol);
  const int error = fd < 0 ? errno : 0;
  if (fd >= 0) ::close(fd);
  return {family, type, protocol, error};
}

// A family that the kernel does not know is asked for once: each question may make it look for a module.
void try_cell(Grid& grid, int family, int type, int protocol) {
  const bool unknown = !grid.empty() && grid.back().family == family && grid.back().error == EAFNOSUPPORT;
  grid.push_back(unknown ? GridCell{family, type, protocol, EAFNOSUPPORT} : tried(family, type, protocol));
}

void try_family(Grid& grid, int family) {
  for (const int type : kTypes) {
    try_cell(grid, family, type, 0);
    for (const Further& further : kFurther) {
      if (further.family == family && further.type == type) try_cell(grid, family, type, further.protocol);
    }
  }
}

}  // namespace

Grid probe_grid() {
  Grid grid;
  try_family(grid, AF_INET);
  try_family(grid, AF_INET6);
  for (const int family : kOtherFamilies) try_family(grid, family);
  return grid;
}

}  // namespace sockscope
