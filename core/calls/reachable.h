#pragma once
// Where other machines could reach this one: what the learner is told before consenting to leave loopback.

#include <string>
#include <vector>

namespace sockscope {

struct ReachableAddress {
  std::string address;    // numeric; a link-local one without its scope
  std::string interface;  // "eth0"
  friend bool operator==(const ReachableAddress&, const ReachableAddress&) = default;
};

std::string to_text(const ReachableAddress& one);  // "192.0.2.7 (eth0)"

// The IPv4 and IPv6 addresses of the interfaces that are up, without loopback's, as getifaddrs(3) gives them;
// IPv4 first. Empty: there are none, or the kernel does not tell. Of the calling thread's network.
std::vector<ReachableAddress> reachable_addresses();

}  // namespace sockscope
