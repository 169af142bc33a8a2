// socket(2), accept(2): what makes a descriptor.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <limits>

#include "calls/birth.h"
#include "calls/execute.h"
#include "calls/loopback_only.h"
#include "calls/tcp_info.h"

namespace sockscope {

Outcome execute_socket(Run& run) {
  if (run.request.numbers[3] > std::numeric_limits<int>::max()) return failed(EBADF);
  if (run.number(3) >= 0) return adopt_descriptor(run, run.number(3));
  // −1 is Python's "not given".
  const int family = run.number(0) == -1 ? AF_INET : run.number(0);
  const int type = run.number(1) == -1 ? SOCK_STREAM : run.number(1);
  const int protocol = run.number(2) == -1 ? 0 : run.number(2);
  const std::string& host = run.caller.host();
  const Outcome outcome = of_result(run.caller.on_fd(nullptr, SYS_socket, [&](int) {
    if (host.empty()) return ::socket(family, type | SOCK_CLOEXEC, protocol);
    const int made = run.caller.room().hosts().make_socket(host, family, type, protocol);
    if (made < 0) errno = -made;
    return made < 0 ? -1 : made;
  }));
  if (outcome.error != 0) return outcome;
  const int fd = static_cast<int>(outcome.result);
  const bool alone = !host.empty();  // a host's network reaches no other machine
  if (!alone &&
      (family == AF_PACKET || (type & ~kTypeFlags) == SOCK_RAW || (type & ~kTypeFlags) == SOCK_PACKET))
    see_only_loopback(fd, protocol);
  run.reply.socket = add_born(run.caller, fd, family, type, protocol, 0, SocketHow::socket, host)->id;
  return outcome;
}

Outcome accept_from(CallScope& scope, const SocketEntry* listener, Reply& reply, SocketHandle& made) {
  Caller& caller = scope.caller();
  sockaddr_storage from{};
  socklen_t length = 0;
  const Outcome outcome =
      call_when_ready(caller, listener, POLLIN, deadline_of(listener), SYS_accept4, [&](int fd) {
        length = sizeof from;
        return ::accept4(fd, reinterpret_cast<sockaddr*>(&from), &length, SOCK_CLOEXEC);
      });
  if (outcome.error != 0) return outcome;
  reply.address = from_sockaddr(from, length);
  // The new socket has the default timeout, whatever the listener's: Linux does not hand O_NONBLOCK on, nor
  // does Python its timeout.
  const int fd = static_cast<int>(outcome.result);
  const std::int64_t timeout = first_timeout(caller.room(), fd, 0);
  made = caller.room().sockets().add(
      fd, listener->family, listener->type, listener->protocol,
      [&](const SocketEntry& entry) { tell_accepted(caller, entry, listener->id, reply.address); },
      listener->host);
  made->timeout_ns = timeout;
  reply.socket = made->id;
  tell_state_of(caller, listener);
  return outcome;
}

Outcome execute_accept(Run& run) {
  SocketHandle made;
  return accept_from(run.scope, run.socket.get(), run.reply, made);
}

}  // namespace sockscope
