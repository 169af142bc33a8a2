#include "panes/new_socket_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sockscope {

namespace form {

constexpr std::array kFamilies = {SocketChoice{"AF_INET", "IPv4"}, SocketChoice{"AF_INET6", "IPv6"},
                                  SocketChoice{"AF_UNIX", "this machine"}};
constexpr std::array kTypes = {SocketChoice{"SOCK_STREAM", "bytes in order"},
                               SocketChoice{"SOCK_DGRAM", "datagrams"},
                               SocketChoice{"SOCK_RAW", "no transport"}, SocketChoice{"SOCK_RDM", "no order"},
                               SocketChoice{"SOCK_SEQPACKET", "records in order"}};
constexpr std::array kProtocols = {SocketChoice{"0", "the default"}, SocketChoice{"IPPROTO_TCP", "6"},
                                   SocketChoice{"IPPROTO_UDP", "17"}, SocketChoice{"IPPROTO_ICMP", "1"}};

std::string_view name_at(std::span<const SocketChoice> choices, int at) {
  const int last = static_cast<int>(choices.size()) - 1;
  return choices[static_cast<std::size_t>(std::clamp(at, 0, last))].name;
}

}  // namespace form

std::span<const SocketChoice> families() {
  return form::kFamilies;
}
std::span<const SocketChoice> types() {
  return form::kTypes;
}
std::span<const SocketChoice> protocols() {
  return form::kProtocols;
}

std::string socket_line(const View& view) {
  const std::string_view family = form::name_at(families(), view.family),
                         type = form::name_at(types(), view.type);
  if (view.protocol == 0) return fmt::format("{} = socket({}, {})", view.variable, family, type);
  return fmt::format("{} = socket({}, {}, {})", view.variable, family, type,
                     form::name_at(protocols(), view.protocol));
}

}  // namespace sockscope
