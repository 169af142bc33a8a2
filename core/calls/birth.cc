#include "calls/birth.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include "calls/tcp_info.h"

namespace sockscope {
namespace {

using AskName = int (*)(int, sockaddr*, socklen_t*);

Address asked_name(AskName ask, int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  if (ask(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return {};
  return from_sockaddr(name, length);
}

int own_name(int fd, sockaddr* name, socklen_t* length) {
  return ::getsockname(fd, name, length);
}
int name_of_peer(int fd, sockaddr* name, socklen_t* length) {
  return ::getpeername(fd, name, length);
}

std::uint64_t cookie_of(int fd) {
  std::uint64_t cookie = 0;
  socklen_t length = sizeof cookie;
  return ::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0 ? cookie : 0;
}

event::SocketOpened opened(const SocketEntry& entry, SocketId from, SocketHow how) {
  event::SocketOpened body;
  body.socket = entry.id;
  body.from = from;
  body.fd = entry.fd.load();
  body.family = entry.family;
  body.type = entry.type;
  body.protocol = entry.protocol;
  body.how = how;
  body.cookie = cookie_of(body.fd);
  body.host = "localhost";
  return body;
}

void tell_names(Caller& caller, const SocketEntry& entry, const Address& peer) {
  caller.put(event::SocketNamed{entry.id, asked_name(own_name, entry.fd), peer});
}

}  // namespace

void tell_born(Caller& caller, const SocketEntry& entry, SocketId from, SocketHow how) {
  if (!caller.room().tracing()) return;
  caller.put(opened(entry, from, how));
  const bool has_names = how != SocketHow::socket;
  if (has_names) tell_names(caller, entry, asked_name(name_of_peer, entry.fd));
  tell_state(entry, entry.fd, How::call, caller.lane());
}

void tell_accepted(Caller& caller, const SocketEntry& entry, SocketId listener, const Address& peer) {
  if (!caller.room().tracing()) return;
  caller.put(opened(entry, listener, SocketHow::accept));
  tell_names(caller, entry, peer);
  tell_state(entry, entry.fd, How::call, caller.lane());
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
                      SocketHow how) {
  const std::int64_t timeout = first_timeout(caller.room(), fd, asked_type);
  SocketHandle made =
      caller.room().sockets().add(fd, family, asked_type & ~kTypeFlags, protocol,
                                  [&](const SocketEntry& entry) { tell_born(caller, entry, from, how); });
  made->timeout_ns = timeout;
  return made;
}

}  // namespace sockscope
