#include "calls/here.h"

#include <linux/vm_sockets.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "calls/loopback_only.h"
#include "calls/unix_names.h"

namespace sockscope {
namespace {

constexpr std::string_view kAnotherMachine =
    " is not on it. In the window, the badge that says localhost asks for your consent to reach other "
    "machines; until then use 127.0.0.1.";

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

bool is_mapped(const std::array<std::uint8_t, 16>& ip) {
  return all_zero(std::span(ip).first(10)) && ip[10] == 0xff && ip[11] == 0xff;
}

Reach reach4(std::span<const std::uint8_t> ip) {
  const bool broadcast = std::all_of(ip.begin(), ip.begin() + 4, [](std::uint8_t b) { return b == 255; });
  if (broadcast || (ip[0] >= 224 && ip[0] < 240)) return Reach::every;
  return ip[0] == 127 || all_zero(ip.first(4)) ? Reach::here : Reach::elsewhere;
}

Reach reach6(const Address& address) {
  const std::span<const std::uint8_t> all(address.ip);
  if (is_mapped(address.ip)) return reach4(all.subspan(12));
  if (address.ip[0] == 0xff) {
    return address.scope == 0 || address.scope == kLoopbackIndex ? Reach::every : Reach::elsewhere;
  }
  return all_zero(all.first(15)) && address.ip[15] <= 1 ? Reach::here : Reach::elsewhere;
}

void tell_refused(Caller& caller, Call call, const std::string& why) {
  const std::string text = "Sockscope talks only to this machine: " + std::string(info(call).python) +
                           " was refused (EPERM) before the kernel saw it. " + why;
  caller.put(event::Notice{"not-here", std::string_view(text)});
}

void tell_reachable(Caller& caller) {
  caller.put(
      event::Notice{"reachable",
                    "This kernel does not let Sockscope keep the socket on this machine: other machines may "
                    "reach it. Bind to 127.0.0.1 instead."});
}

bool binds(Call call) {
  return call == Call::bind || call == Call::create_server;
}

// Runs f(fd) on the open socket; true if there is none: the call itself then says EBADF.
template <typename F>
bool on_open(Caller& caller, const SocketEntry* socket, F f) {
  bool result = true;
  if (socket != nullptr) caller.room().sockets().with_fd(*socket, [&](int fd) { result = f(fd); });
  return result;
}

bool may_use_vsock(Caller& caller, Call call, const Address& address) {
  if (address.scope == VMADDR_CID_LOCAL) return true;
  if (binds(call) && address.scope == VMADDR_CID_ANY) {
    caller.put(event::Notice{"reachable",
                             "The virtual machine's host may reach the socket. Bind to CID 1 instead."});
    return true;
  }
  tell_refused(caller, call, "CID " + std::to_string(address.scope) + " is not this machine: use CID 1.");
  return false;
}

bool may_use_unix(Caller& caller, Call call, const Address& address) {
  const std::string why = unix_refusal(caller, !binds(call), address.path);
  if (!why.empty()) tell_refused(caller, call, why);
  return why.empty();
}

bool may_use_every(Caller& caller, Call call, const SocketEntry* socket, const Address& address) {
  if (on_open(caller, socket, [&](int fd) { return send_by_loopback(fd, address); })) return true;
  tell_refused(caller, call,
               to_text(address) +
                   " is for every machine nearby, and this kernel does not let Sockscope keep it here.");
  return false;
}

}  // namespace

Reach reach_of(const Address& address) {
  switch (address.family) {
    case AF_UNSPEC:
    case AF_UNIX:
      return Reach::here;
    case AF_INET:
      return reach4(address.ip);
    case AF_INET6:
      return reach6(address);
    case AF_VSOCK:
      return address.scope == VMADDR_CID_LOCAL ? Reach::here : Reach::elsewhere;
    default:
      return Reach::elsewhere;
  }
}

bool stays_here(const Address& address) {
  return reach_of(address) == Reach::here;
}

bool is_any(const Address& address) {
  const std::span<const std::uint8_t> all(address.ip);
  if (address.family == AF_INET) return all_zero(all.first(4));
  if (address.family != AF_INET6) return false;
  return is_mapped(address.ip) ? all_zero(all.subspan(12)) : all_zero(all);
}

bool is_on_a_host(const Caller& caller, const SocketEntry* socket) {
  return socket == nullptr ? !caller.host().empty() : !socket->host.empty();
}

bool is_free(Caller& caller, const SocketEntry* socket) {
  return caller.room().elsewhere_allowed() || is_on_a_host(caller, socket);
}

bool may_use(Caller& caller, Call call, const SocketEntry* socket, const Address& address) {
  if (address.family == AF_UNIX) return may_use_unix(caller, call, address);
  if (address.family == AF_VSOCK) return may_use_vsock(caller, call, address);
  if (is_free(caller, socket)) return true;
  const Reach reach = reach_of(address);
  if (reach == Reach::elsewhere) {
    tell_not_here(caller, call, address);
    return false;
  }
  if (reach == Reach::every && !binds(call)) return may_use_every(caller, call, socket, address);
  if (binds(call) && (reach == Reach::every || is_any(address))) {
    on_open(caller, socket, [&](int fd) {
      keep_on_loopback(caller, socket, fd, address.family);
      return true;
    });
  }
  return true;
}

bool may_send(Caller& caller, Call call, const SocketEntry* socket, std::string_view data) {
  if (socket == nullptr || is_free(caller, socket)) return true;
  // SOCK_PACKET is AF_PACKET under the name of AF_INET, packet(7).
  if (!has_address_rule(socket->family) || socket->type == SOCK_PACKET) {
    tell_refused(caller, call, "A socket of this family may reach what it likes.");
    return false;
  }
  if (socket->type != SOCK_RAW) return true;
  Address inside;
  on_open(caller, socket, [&](int fd) {
    inside = address_in_header(*socket, fd, data);
    return true;
  });
  return may_use(caller, call, socket, inside);
}

bool may_set(Caller& caller, const SocketEntry* socket, int level, int option, std::string& value) {
  if (is_free(caller, socket)) return true;
  const std::string_view why = option_refusal(level, option, value);
  if (!why.empty()) tell_refused(caller, Call::setsockopt, std::string(why));
  return why.empty();
}

void tell_not_here(Caller& caller, Call call, const Address& address) {
  const std::string text = to_text(address);
  tell_refused(caller, call,
               (text.empty() ? std::string("The address") : text) + std::string(kAnotherMachine));
}

void keep_on_loopback(Caller& caller, const SocketEntry* socket, int fd, int family) {
  if (is_free(caller, socket)) return;
  if ((family == AF_INET || family == AF_INET6) && !tie_to_loopback(fd)) tell_reachable(caller);
}

}  // namespace sockscope
