#include "calls/here.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace sockscope {
namespace {

constexpr std::string_view kLoopback = "lo";

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

bool any_or_loopback4(std::span<const std::uint8_t> ip) {
  return ip[0] == 127 || all_zero(ip.first(4));
}

bool any_or_loopback6(const std::array<std::uint8_t, 16>& ip) {
  const std::span<const std::uint8_t> all(ip);
  const bool mapped = all_zero(all.first(10)) && ip[10] == 0xff && ip[11] == 0xff;
  if (mapped) return any_or_loopback4(all.subspan(12));
  return all_zero(all.first(15)) && ip[15] <= 1;
}

}  // namespace

bool stays_here(const Address& address) {
  switch (address.family) {
    case AF_UNSPEC:
    case AF_UNIX:
      return true;
    case AF_INET:
      return any_or_loopback4(address.ip);
    case AF_INET6:
      return any_or_loopback6(address.ip);
    default:
      return false;
  }
}

bool is_any(const Address& address) {
  const std::span<const std::uint8_t> all(address.ip);
  if (address.family == AF_INET) return all_zero(all.first(4));
  if (address.family != AF_INET6) return false;
  const bool mapped = all_zero(all.first(10)) && address.ip[10] == 0xff && address.ip[11] == 0xff;
  return mapped ? all_zero(all.subspan(12)) : all_zero(all);
}

void tell_not_here(Caller& caller, Call call, const Address& address) {
  const std::string text = "Sockscope talks only to this machine: " + to_text(address) +
                           " is not on it, so " + std::string(info(call).python) +
                           " was refused (EPERM) before the kernel saw it. A later version will ask for your "
                           "consent to reach other machines; until then use 127.0.0.1.";
  caller.put(event::Notice{"not-here", std::string_view(text)});
}

void keep_on_loopback(Caller& caller, int fd, int family) {
  if (family != AF_INET && family != AF_INET6) return;
  const auto length = static_cast<socklen_t>(kLoopback.size());
  if (::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, kLoopback.data(), length) == 0) return;
  caller.put(
      event::Notice{"reachable",
                    "This kernel does not let Sockscope keep the socket on this machine: other machines may "
                    "reach it. Bind to 127.0.0.1 instead."});
}

}  // namespace sockscope
