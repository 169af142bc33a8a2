#include "calls/reachable.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <memory>

namespace sockscope {

std::string to_text(const ReachableAddress& one) {
  return one.address + " (" + one.interface + ")";
}

std::vector<ReachableAddress> reachable_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, ::freeifaddrs);
  std::vector<ReachableAddress> found;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0 || (one->ifa_flags & IFF_LOOPBACK) != 0)
      continue;
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const socklen_t length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ifa_addr, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    std::string address = text.data();
    found.push_back({address.substr(0, address.find('%')), one->ifa_name});
  }
  std::stable_sort(found.begin(), found.end(), [](const ReachableAddress& a, const ReachableAddress& b) {
    const auto six = [](const ReachableAddress& r) { return r.address.find(':') != std::string::npos; };
    return !six(a) && six(b);
  });
  return found;
}

}  // namespace sockscope
