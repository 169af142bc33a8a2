#pragma once
// getaddrinfo(3) without a network: numbers, the hosts of this run, /etc/hosts, /etc/services.

#include <optional>
#include <string>
#include <string_view>

#include "calls/calls.h"
#include "calls/hosts.h"

namespace sockscope {

struct Lookup {
  std::optional<std::string> host;     // nothing: None
  std::optional<std::string> service;  // a name or digits; nothing: None
  int family = 0, type = 0, protocol = 0, flags = 0;
};
// Request::text and numbers as Call::getaddrinfo has them.
Lookup lookup_of(std::string_view text, const Numbers& numbers);
// The rows in libc's order. 0, or an EAI code below 0; errno for EAI_SYSTEM.
int look_up(const Lookup& wanted, const Hosts& hosts, std::vector<Reply::Row>& rows);
// As Python prints the list; whole rows up to `most` bytes, then "…".
std::string python_rows(const std::vector<Reply::Row>& rows, std::size_t most);

}  // namespace sockscope
