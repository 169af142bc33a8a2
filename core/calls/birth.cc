#include "calls/birth.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include "calls/tcp_info.h"

namespace sockscope {

Address name_of_socket(int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return {};
  return from_sockaddr(name, length);
}

Address name_of_peer(int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return {};
  return from_sockaddr(name, length);
}

event::SocketOpened opening_of(const SocketEntry& entry, SocketId from, SocketHow how) {
  event::SocketOpened body;
  body.socket = entry.id;
  body.from = from;
  body.fd = entry.fd.load();
  body.family = entry.family;
  body.type = entry.type;
  body.protocol = entry.protocol;
  body.how = how;
  body.cookie = entry.cookie;
  body.host = entry.host.empty() ? std::string_view("localhost") : std::string_view(entry.host);
  return body;
}

namespace {

void tell_names(Caller& caller, const SocketEntry& entry, const Address& peer) {
  caller.put(event::SocketNamed{entry.id, name_of_socket(entry.fd), peer});
}

}  // namespace

void tell_born(Caller& caller, const SocketEntry& entry, SocketId from, SocketHow how) {
  if (!caller.room().tracing()) return;
  caller.put(opening_of(entry, from, how));
  const bool has_names = how != SocketHow::socket;
  if (has_names) tell_names(caller, entry, name_of_peer(entry.fd));
  tell_state(entry, entry.fd, How::call, caller.lane());
}

void tell_accepted(Caller& caller, const SocketEntry& entry, SocketId listener, const Address& peer) {
  if (!caller.room().tracing()) return;
  caller.put(opening_of(entry, listener, SocketHow::accept));
  tell_names(caller, entry, peer);
  const auto facts = tcp_facts_of(entry.fd);
  if (!facts) return;
  // Not seen while it waited; it has been through its handshake all the same.
  if (entry.told.state == TcpState::not_known) {
    tell_new_state(entry, TcpState::SYN_RECV, How::derived, now(), caller.lane());
  }
  tell_new_state(entry, facts->state, How::call, now(), caller.lane());
}

std::int64_t first_timeout(CallRoom& room, int fd, int asked_type) {
  if ((asked_type & SOCK_NONBLOCK) != 0) return 0;
  const std::int64_t timeout = room.default_timeout_ns();
  if (timeout < 0) return -1;
  int on = 1;
  ::ioctl(fd, FIONBIO, &on);
  return timeout;
}

SocketHandle add_born(Caller& caller, int fd, int family, int asked_type, int protocol, SocketId from,
                      SocketHow how, const std::string& host) {
  const std::int64_t timeout = first_timeout(caller.room(), fd, asked_type);
  SocketHandle made = caller.room().sockets().add(
      fd, family, asked_type & ~kTypeFlags, protocol,
      [&](const SocketEntry& entry) { tell_born(caller, entry, from, how); }, host);
  made->timeout_ns = timeout;
  return made;
}

}  // namespace sockscope
