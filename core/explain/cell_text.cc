#include "explain/cell_text.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace sockscope {
namespace {

bool internet(const GridCell& cell) {
  return cell.family == AF_INET || cell.family == AF_INET6;
}

bool pings(const GridCell& cell) {
  return cell.type == SOCK_DGRAM && internet(cell) &&
         (cell.protocol == IPPROTO_ICMP || cell.protocol == IPPROTO_ICMPV6);
}

bool is_sctp(const GridCell& cell) {
  return internet(cell) &&
         (cell.protocol == IPPROTO_SCTP || (cell.type == SOCK_SEQPACKET && cell.protocol == 0));
}

std::string family_name(const GridCell& cell) {
  return constant_name("AF", cell.family);
}

template <typename... Values>
std::string filled(const std::string& pattern, const Values&... values) {
  return fmt::format(fmt::runtime(pattern), values...);
}

// What a working cell of the internet's families is.
std::string internet_works(const GridCell& cell, const Translate& tr) {
  if (pings(cell))
    return tr("It sends pings without a privilege: your group is in net.ipv4.ping_group_range.");
  if (is_sctp(cell)) return tr("This kernel has SCTP: messages in order, over several streams.");
  if (cell.type == SOCK_STREAM) return tr("TCP: bytes in order, and nothing keeps messages apart.");
  if (cell.type == SOCK_DGRAM && cell.protocol == IPPROTO_UDPLITE)
    return tr("UDP-Lite: datagrams of which only a part is checked for damage.");
  if (cell.type == SOCK_DGRAM) return tr("UDP: datagrams. Each may be lost, come twice or out of order.");
  return tr("The packets themselves, with a header of your own if you like. You may: you have CAP_NET_RAW.");
}

std::string unix_works(const GridCell& cell, const Translate& tr) {
  if (cell.type == SOCK_RAW)
    return tr(
        "It works, but not as it says: AF_UNIX has no raw sockets, and the kernel makes it SOCK_DGRAM.");
  if (cell.type == SOCK_SEQPACKET)
    return tr("A connection that keeps messages apart. It is said to be abandoned; here it works.");
  if (cell.type == SOCK_DGRAM) return tr("Datagrams within this machine: none is lost, none changes places.");
  return tr("Bytes in order within this machine; the address is a path or a name.");
}

std::string works(const GridCell& cell, const Translate& tr) {
  if (internet(cell)) return internet_works(cell, tr);
  switch (cell.family) {
    case AF_UNIX:
      return unix_works(cell, tr);
    case AF_NETLINK:
      return tr("Messages between programs and the kernel: routes, sockets, devices.");
    case AF_VSOCK:
      return tr("Between a virtual machine and its host. Here it reaches this machine alone (CID 1).");
    case AF_CAN:
      return tr("The bus of a car. Without such a device there is nobody to talk to.");
    case AF_PACKET:
      return tr("Whole frames of the network card. You may: you have CAP_NET_RAW.");
    default:
      return tr("socket() gave a descriptor.");
  }
}

// ESOCKTNOSUPPORT: the family has no such type.
std::string no_type(const GridCell& cell, const Translate& tr) {
  if (is_sctp(cell))
    return tr("Of the internet's protocols only SCTP has this type, and this kernel has no SCTP.");
  if (cell.type == SOCK_RDM)
    return tr(
        "This family has no reliable datagrams without order. The type lives on in AF_TIPC and AF_RDS.");
  return filled(tr("This family has no sockets of type {0}."), constant_name("SOCK", cell.type));
}

// EPROTONOSUPPORT: it has the type, but not this protocol.
std::string no_protocol(const GridCell& cell, const Translate& tr) {
  if (is_sctp(cell)) return tr("This kernel has no SCTP: it is not built in, and no module of it is loaded.");
  if (cell.protocol == IPPROTO_UDPLITE) return tr("This kernel has no UDP-Lite.");
  if (internet(cell) && cell.type == SOCK_RAW && cell.protocol == 0)
    return tr("A raw socket must say which protocol's packets it wants. 0 is none.");
  return filled(tr("{0} has no protocol {1} for the type {2}."), family_name(cell),
                cell_protocol(cell.family, cell.protocol), constant_name("SOCK", cell.type));
}

std::string refused(const GridCell& cell, const Translate& tr) {
  switch (cell.error) {
    case EAFNOSUPPORT:
      return filled(tr("This kernel has no {0}: it is not built in, and no module of it is loaded."),
                    family_name(cell));
    case ESOCKTNOSUPPORT:
      return no_type(cell, tr);
    case EPROTONOSUPPORT:
      return no_protocol(cell, tr);
    case EPROTOTYPE:
      return filled(tr("The protocol {0} exists, but not with the type {1}."),
                    cell_protocol(cell.family, cell.protocol), constant_name("SOCK", cell.type));
    case EINVAL:
      return tr("One of the three numbers cannot be.");
    case ENODEV:
      return filled(tr("The kernel knows {0}, but this machine has no device for it."), family_name(cell));
    case EMFILE:
    case ENFILE:
      return tr("There was no descriptor left to try it with. Close a few sockets and look again.");
    default:
      return filled(tr("The kernel says: {0}."), std::string(errno_text(cell.error)));
  }
}

std::string privilege_for(const GridCell& cell, const Translate& tr) {
  if (pings(cell)) return tr("Your group is not in net.ipv4.ping_group_range, so pings are not for you.");
  if (cell.family == AF_PACKET)
    return tr("It sees every frame of the network card, so it needs CAP_NET_RAW.");
  if (cell.type == SOCK_RAW)
    return tr("A raw socket sees and forges any program's packets, so it needs CAP_NET_RAW.");
  return tr("The kernel gives it only to who may administer the network.");
}

std::string allowed_where(const GridCell& cell, const Translate& tr) {
  if (pings(cell))
    return tr(
        "As root, for everybody: sysctl -w net.ipv4.ping_group_range=\"0 2147483647\". Or in a host of the "
        "lab.");
  return tr("As root, or in a host of the lab.");
}

}  // namespace

CellText cell_text(const GridCell& cell, const Translate& tr) {
  switch (verdict_of(cell)) {
    case CellVerdict::works:
      return {tr("works"), works(cell, tr), {}};
    case CellVerdict::needs_privilege:
      return {tr("needs a privilege"), privilege_for(cell, tr), allowed_where(cell, tr)};
    case CellVerdict::refused:
      break;
  }
  return {tr("refused"), refused(cell, tr), {}};
}

std::string cell_protocol(int family, int protocol) {
  if (protocol == 0) return "0";
  if (family == AF_CAN) return constant_name("CAN", protocol);
  if (family == AF_NETLINK) return protocol == 2 ? "USERSOCK" : std::to_string(protocol);
  if (family != AF_INET && family != AF_INET6) return std::to_string(protocol);
  constexpr std::string_view kPrefix = "IPPROTO_";
  const std::string name = constant_name("IPPROTO", protocol);
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

}  // namespace sockscope
