#include "net/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

#include "net/catalogue.h"

namespace sockscope {
namespace {

std::string ip_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.family, address.ip.data(), text, sizeof text);
  return text;
}

std::optional<std::uint16_t> port_number(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return port;
}

constexpr std::string_view kVsock = "vsock:";

std::optional<std::uint32_t> number32(std::string_view digits) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<Address> parse_vsock(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto cid = number32(text.substr(0, colon));
  const auto port = number32(text.substr(colon + 1));
  return cid && port ? std::optional(vsock(*cid, *port)) : std::nullopt;
}

// A path as text: an abstract name's leading NUL is "@", as ss(8) and netstat show it; "./" before a
// relative one keeps a real '@' apart.
std::string path_text(std::string_view path) {
  if (path.empty()) return "unix:";
  if (path.front() == '\0') return "@" + std::string(path.substr(1));
  if (path.front() == '/') return std::string(path);
  return "./" + std::string(path);
}

}  // namespace

Address inet(std::uint32_t host_order_ip, std::uint16_t port) {
  Address address;
  address.family = AF_INET;
  address.port = port;
  const std::uint32_t network = htonl(host_order_ip);
  std::memcpy(address.ip.data(), &network, sizeof network);
  return address;
}

Address loopback(std::uint16_t port) {
  return inet(INADDR_LOOPBACK, port);
}

Address unix_address(std::string_view path) {
  Address address;
  address.family = AF_UNIX;
  address.path = path;
  return address;
}

Address vsock(std::uint32_t cid, std::uint32_t port) {
  Address address;
  address.family = AF_VSOCK;
  address.scope = cid;
  std::memcpy(address.ip.data(), &port, sizeof port);
  return address;
}

std::uint32_t vsock_port(const Address& address) {
  std::uint32_t port = 0;
  std::memcpy(&port, address.ip.data(), sizeof port);
  return port;
}

std::optional<Address> numeric_address(std::string_view host, std::uint16_t port) {
  if (host.empty()) return inet(INADDR_ANY, port);
  Address address;
  address.port = port;
  const std::string name(host);
  if (name.size() != std::strlen(name.c_str())) return std::nullopt;
  if (inet_pton(AF_INET, name.c_str(), address.ip.data()) == 1) {
    address.family = AF_INET;
    return address;
  }
  if (inet_pton(AF_INET6, name.c_str(), address.ip.data()) == 1) {
    address.family = AF_INET6;
    return address;
  }
  return std::nullopt;
}

Address from_sockaddr(const sockaddr_storage& from, socklen_t length) {
  Address address;
  if (length < sizeof(sa_family_t)) return address;
  address.family = from.ss_family;
  if (from.ss_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in in{};
    std::memcpy(&in, &from, sizeof in);
    address.port = ntohs(in.sin_port);
    std::memcpy(address.ip.data(), &in.sin_addr, sizeof in.sin_addr);
  } else if (from.ss_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in{};
    std::memcpy(&in, &from, sizeof in);
    address.port = ntohs(in.sin6_port);
    address.scope = in.sin6_scope_id;
    std::memcpy(address.ip.data(), &in.sin6_addr, sizeof in.sin6_addr);
  } else if (from.ss_family == AF_VSOCK && length >= sizeof(sockaddr_vm)) {
    sockaddr_vm vm{};
    std::memcpy(&vm, &from, sizeof vm);
    address = vsock(vm.svm_cid, vm.svm_port);
  } else if (from.ss_family == AF_UNIX) {
    sockaddr_un un{};
    std::memcpy(&un, &from, std::min<std::size_t>(sizeof un, length));
    const std::size_t size =
        length > offsetof(sockaddr_un, sun_path) ? length - offsetof(sockaddr_un, sun_path) : 0;
    std::string_view path(un.sun_path, std::min(size, sizeof un.sun_path));
    if (!path.empty() && path.front() != '\0') path = path.substr(0, path.find('\0'));
    address.path = Blob(path);
  }
  return address;
}

socklen_t to_sockaddr(const Address& address, sockaddr_storage& out) {
  out = {};
  out.ss_family = address.family;
  if (address.family == AF_INET) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    std::memcpy(&in.sin_addr, address.ip.data(), sizeof in.sin_addr);
    std::memcpy(&out, &in, sizeof in);
    return sizeof in;
  }
  if (address.family == AF_INET6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(address.port);
    in.sin6_scope_id = address.scope;
    std::memcpy(&in.sin6_addr, address.ip.data(), sizeof in.sin6_addr);
    std::memcpy(&out, &in, sizeof in);
    return sizeof in;
  }
  if (address.family == AF_VSOCK) {
    sockaddr_vm vm{};
    vm.svm_family = AF_VSOCK;
    vm.svm_cid = address.scope;
    vm.svm_port = vsock_port(address);
    std::memcpy(&out, &vm, sizeof vm);
    return sizeof vm;
  }
  if (address.family != AF_UNIX) return 0;
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  const std::string_view path = address.path;
  if (path.size() > sizeof un.sun_path) return 0;
  path.copy(un.sun_path, sizeof un.sun_path);  // an empty one may point nowhere
  std::memcpy(&out, &un, sizeof un);
  // A file's path ends with a NUL where there is room; an abstract name is exactly its bytes (unix(7)).
  const bool file = !path.empty() && path.front() != '\0' && path.size() < sizeof un.sun_path;
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (file ? 1 : 0));
}

std::string to_text(const Address& address) {
  switch (address.family) {
    case AF_INET:
      return fmt::format("{}:{}", ip_text(address), address.port);
    case AF_INET6:
      return address.scope == 0 ? fmt::format("[{}]:{}", ip_text(address), address.port)
                                : fmt::format("[{}%{}]:{}", ip_text(address), address.scope, address.port);
    case AF_UNIX:
      return path_text(address.path);
    case AF_VSOCK:
      return fmt::format("{}{}:{}", kVsock, address.scope, vsock_port(address));
    default:
      return {};
  }
}

std::string to_python(const Address& address) {
  switch (address.family) {
    case AF_INET:
      return fmt::format("('{}', {})", ip_text(address), address.port);
    case AF_INET6:
      return fmt::format("('{}', {}, 0, {})", ip_text(address), address.port, address.scope);
    case AF_VSOCK:
      return fmt::format("({}, {})", address.scope, vsock_port(address));
    case AF_UNIX: {
      const std::string_view path = address.path;
      return !path.empty() && path.front() == '\0' ? python_bytes(path) : python_string(path);
    }
    default:
      return "None";
  }
}

std::string host_of(const Address& address) {
  return address.family == AF_INET || address.family == AF_INET6 ? ip_text(address) : to_text(address);
}

std::optional<Address> parse_address(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Address unix_address;
  unix_address.family = AF_UNIX;
  if (text == "unix:") return unix_address;
  if (text.front() == '@') {
    unix_address.path = Blob(std::string(1, '\0') + std::string(text.substr(1)));
    return unix_address;
  }
  if (text.front() == '/' || text.starts_with("./")) {
    unix_address.path = Blob(text.front() == '/' ? text : text.substr(2));
    return unix_address;
  }
  if (text.starts_with(kVsock)) return parse_vsock(text.substr(kVsock.size()));
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = port_number(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  if (!port || host.empty()) return std::nullopt;
  if (host.front() != '[') return host.find(':') == host.npos ? numeric_address(host, *port) : std::nullopt;
  if (host.back() != ']') return std::nullopt;
  host = host.substr(1, host.size() - 2);
  std::uint32_t scope = 0;
  if (const auto percent = host.find('%'); percent != host.npos) {
    const auto digits = host.substr(percent + 1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), scope).ptr !=
        digits.data() + digits.size())
      return std::nullopt;
    host = host.substr(0, percent);
  }
  auto address = host.empty() ? std::nullopt : numeric_address(host, *port);
  if (address) address->scope = scope;
  return address;
}

}  // namespace sockscope
