#pragma once
// A socket address as a value: what bind(2), connect(2) and getsockname(2) take and give.

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/blob.h"

namespace sockscope {

struct Address {
  std::uint16_t family = AF_UNSPEC;   // AF_UNSPEC: no address
  std::uint16_t port = 0;             // host byte order; AF_VSOCK has vsock_port()
  std::uint32_t scope = 0;            // sin6_scope_id; AF_VSOCK: the CID
  std::array<std::uint8_t, 16> ip{};  // network byte order; AF_INET uses the first four
  Blob path;                          // AF_UNIX; a leading NUL is an abstract name

  bool known() const { return family != AF_UNSPEC; }
  friend bool operator==(const Address&, const Address&) = default;
};

inline bool is_internet(int family) {
  return family == AF_INET || family == AF_INET6;
}

Address inet(std::uint32_t host_order_ip, std::uint16_t port);
Address loopback(std::uint16_t port);  // 127.0.0.1
Address unix_address(std::string_view path);
Address vsock(std::uint32_t cid, std::uint32_t port);
std::uint32_t vsock_port(const Address& address);

// Numeric host only ("127.0.0.1", "::1", "0.0.0.0", "" = any); nothing is looked up. Empty optional: not
// numeric.
std::optional<Address> numeric_address(std::string_view host, std::uint16_t port);

// The kernel's form. `length` 0 is no address.
Address from_sockaddr(const sockaddr_storage& from, socklen_t length);
socklen_t to_sockaddr(const Address& address, sockaddr_storage& out);  // 0 if the family is not known

std::string to_text(const Address& address);  // 127.0.0.1:9999  [::1]:80  vsock:1:1234  path  ""
std::string to_python(
    const Address& address);  // ('127.0.0.1', 9999)  ('::1', 80, 0, 0)  (1, 1234)  '/path'  None
std::string host_of(const Address& address);  // 127.0.0.1
// The inverse of to_text, for recordings and command lines. Empty optional: not an address.
std::optional<Address> parse_address(std::string_view text);

}  // namespace sockscope
