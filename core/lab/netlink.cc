#include "lab/netlink.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include <cerrno>

namespace sockscope {
namespace {

constexpr std::uint8_t kOperUp = 6;  // IF_OPER_UP of <linux/if.h>, which does not go with <net/if.h>

std::size_t ip_length(const Address& address) {
  return address.family == AF_INET6 ? 16 : 4;
}

void put_ip(nlmsghdr* message, std::uint16_t attribute, const Address& address) {
  mnl_attr_put(message, attribute, ip_length(address), address.ip.data());
}

}  // namespace

void Rtnetlink::Close::operator()(mnl_socket* socket) const {
  mnl_socket_close(socket);
}

Rtnetlink::Rtnetlink(mnl_socket* socket)
    : socket_(socket), buffer_(static_cast<std::size_t>(MNL_SOCKET_BUFFER_SIZE)) {}

tl::expected<Rtnetlink, int> Rtnetlink::open() {
  mnl_socket* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == nullptr) return tl::unexpected(errno);
  Rtnetlink opened(socket);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0) return tl::unexpected(errno);
  return opened;
}

nlmsghdr* Rtnetlink::begin(std::uint16_t type, std::uint16_t flags) {
  nlmsghdr* message = mnl_nlmsg_put_header(buffer_.data());
  message->nlmsg_type = type;
  message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
  message->nlmsg_seq = ++sequence_;
  return message;
}

int Rtnetlink::ask(nlmsghdr* message) {
  return look_up(message, nullptr, nullptr);
}

tl::expected<bool, int> Rtnetlink::operates(unsigned interface) {
  nlmsghdr* message = begin(RTM_GETLINK, 0);
  message->nlmsg_flags = NLM_F_REQUEST;  // the link itself is the answer
  auto* of = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg)));
  of->ifi_index = static_cast<int>(interface);
  bool up = false;
  const auto read = [](const nlmsghdr* link, void* told) {
    const auto look = [](const nlattr* attribute, void* is_up) {
      if (mnl_attr_get_type(attribute) == IFLA_OPERSTATE)
        *static_cast<bool*>(is_up) = mnl_attr_get_u8(attribute) == kOperUp;
      return MNL_CB_OK;
    };
    return mnl_attr_parse(link, sizeof(ifinfomsg), look, told);
  };
  if (const int error = look_up(message, read, &up); error != 0) return tl::unexpected(error);
  return up;
}

tl::expected<bool, int> Rtnetlink::is_local(const Address& address) {
  nlmsghdr* message = begin(RTM_GETROUTE, 0);
  message->nlmsg_flags = NLM_F_REQUEST;  // the route itself is the answer
  auto* of = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
  of->rtm_family = static_cast<unsigned char>(address.family);
  of->rtm_dst_len = static_cast<unsigned char>(8 * ip_length(address));
  put_ip(message, RTA_DST, address);
  bool local = false;
  const auto read = [](const nlmsghdr* route, void* told) {
    const auto* found = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(route));
    *static_cast<bool*>(told) = found->rtm_type == RTN_LOCAL;
    return MNL_CB_OK;
  };
  const int error = look_up(message, read, &local);
  if (error != 0 && error != ENETUNREACH && error != EHOSTUNREACH) return tl::unexpected(error);
  return local;
}

int Rtnetlink::look_up(nlmsghdr* message, int (*read)(const nlmsghdr*, void*), void* told) {
  if (mnl_socket_sendto(socket_.get(), message, message->nlmsg_len) < 0) return errno;
  const auto length = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
  if (length < 0) return errno;
  if (mnl_cb_run(buffer_.data(), static_cast<std::size_t>(length), sequence_,
                 mnl_socket_get_portid(socket_.get()), read, told) < 0)
    return errno;
  return 0;
}

int Rtnetlink::add_veth(const End& here, const End& there, int namespace_fd) {
  nlmsghdr* message = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
  const auto put_end = [&](const End& end) {
    mnl_attr_put_strz(message, IFLA_IFNAME, end.name.c_str());
    mnl_attr_put(message, IFLA_ADDRESS, end.mac.size(), end.mac.data());
    mnl_attr_put_u32(message, IFLA_MTU, kMtu);
  };
  put_end(here);
  nlattr* info = mnl_attr_nest_start(message, IFLA_LINKINFO);
  mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
  nlattr* data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
  nlattr* peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
  put_end(there);
  mnl_attr_put_u32(message, IFLA_NET_NS_FD, static_cast<std::uint32_t>(namespace_fd));
  mnl_attr_nest_end(message, peer);
  mnl_attr_nest_end(message, data);
  mnl_attr_nest_end(message, info);
  return ask(message);
}

int Rtnetlink::remove_link(const std::string& name) {
  nlmsghdr* message = begin(RTM_DELLINK, 0);
  mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
  mnl_attr_put_strz(message, IFLA_IFNAME, name.c_str());
  return ask(message);
}

int Rtnetlink::no_own_addresses(unsigned interface) {
  nlmsghdr* message = begin(RTM_NEWLINK, 0);
  auto* link = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg)));
  link->ifi_index = static_cast<int>(interface);
  nlattr* families = mnl_attr_nest_start(message, IFLA_AF_SPEC);
  nlattr* inet6 = mnl_attr_nest_start(message, AF_INET6);
  mnl_attr_put_u8(message, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  mnl_attr_nest_end(message, inet6);
  mnl_attr_nest_end(message, families);
  return ask(message);
}

int Rtnetlink::set_flags(unsigned interface, unsigned set, unsigned clear) {
  nlmsghdr* message = begin(RTM_NEWLINK, 0);
  auto* link = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg)));
  link->ifi_index = static_cast<int>(interface);
  link->ifi_flags = set;
  link->ifi_change = set | clear;
  return ask(message);
}

int Rtnetlink::add_address(unsigned interface, const Address& address, unsigned prefix) {
  nlmsghdr* message = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  auto* header = static_cast<ifaddrmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ifaddrmsg)));
  header->ifa_family = static_cast<std::uint8_t>(address.family);
  header->ifa_prefixlen = static_cast<std::uint8_t>(prefix);
  header->ifa_flags = address.family == AF_INET6 ? IFA_F_NODAD : 0;
  header->ifa_scope = RT_SCOPE_UNIVERSE;
  header->ifa_index = interface;
  put_ip(message, IFA_LOCAL, address);
  put_ip(message, IFA_ADDRESS, address);
  return ask(message);
}

int Rtnetlink::add_route(unsigned interface, const Address& to) {
  nlmsghdr* message = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
  auto* route = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
  route->rtm_family = static_cast<std::uint8_t>(to.family);
  route->rtm_dst_len = static_cast<std::uint8_t>(ip_length(to) * 8);
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_STATIC;
  route->rtm_scope = to.family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  route->rtm_type = RTN_UNICAST;
  put_ip(message, RTA_DST, to);
  mnl_attr_put_u32(message, RTA_OIF, interface);
  return ask(message);
}

int Rtnetlink::neighbour(std::uint16_t type, unsigned interface, const Address& address, const Mac* mac) {
  nlmsghdr* message =
      begin(type, type == RTM_NEWNEIGH ? static_cast<std::uint16_t>(NLM_F_CREATE | NLM_F_REPLACE) : 0);
  auto* header = static_cast<ndmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ndmsg)));
  header->ndm_family = static_cast<std::uint8_t>(address.family);
  header->ndm_ifindex = static_cast<int>(interface);
  header->ndm_state = NUD_PERMANENT;
  put_ip(message, NDA_DST, address);
  if (mac != nullptr) mnl_attr_put(message, NDA_LLADDR, mac->size(), mac->data());
  return ask(message);
}

int Rtnetlink::add_neighbour(unsigned interface, const Address& address, const Mac& mac) {
  return neighbour(RTM_NEWNEIGH, interface, address, &mac);
}

int Rtnetlink::remove_neighbour(unsigned interface, const Address& address) {
  return neighbour(RTM_DELNEIGH, interface, address, nullptr);
}

}  // namespace sockscope
