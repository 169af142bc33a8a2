// socket(2), accept(2), close(2): what makes and ends a descriptor.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls/execute.h"
#include "calls/tcp_info.h"

namespace sockscope {
namespace {

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

SocketHandle add_accepted(Caller& caller, const SocketEntry& listener, int fd, const Address& peer) {
  Sockets& sockets = caller.room().sockets();
  if (!caller.room().tracing()) return sockets.add(fd, listener.family, listener.type, listener.protocol);
  return sockets.add(fd, listener.family, listener.type, listener.protocol, [&](const SocketEntry& entry) {
    caller.put(opened(entry, listener.id, SocketHow::accept));
    sockaddr_storage local{};
    socklen_t length = sizeof local;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &length) != 0) length = 0;
    caller.put(event::SocketNamed{entry.id, from_sockaddr(local, length), peer});
    tell_state(entry, fd, How::call, caller.lane());
  });
}

}  // namespace

Outcome execute_socket(Run& run) {
  const int family = run.number(0);
  const int asked_type = run.number(1);
  const int protocol = run.number(2);
  const Outcome outcome = of_result(run.caller.on_fd(
      nullptr, SYS_socket, [&](int) { return ::socket(family, asked_type | SOCK_CLOEXEC, protocol); }));
  if (outcome.error != 0) return outcome;
  const int fd = static_cast<int>(outcome.result);
  const int type = asked_type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
  const SocketHandle made =
      run.caller.room().sockets().add(fd, family, type, protocol, [&](const SocketEntry& entry) {
        if (!run.scope.tracing()) return;
        run.caller.put(opened(entry, 0, SocketHow::socket));
        tell_state(entry, fd, How::call, run.caller.lane());
      });
  if ((asked_type & SOCK_NONBLOCK) != 0) made->timeout_ns = 0;
  run.reply.socket = made->id;
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
  // The new socket blocks, whatever the listener's timeout: Linux does not hand O_NONBLOCK on, nor does
  // Python.
  made = add_accepted(caller, *listener, static_cast<int>(outcome.result), reply.address);
  reply.socket = made->id;
  tell_state_of(caller, listener);
  return outcome;
}

Outcome execute_accept(Run& run) {
  SocketHandle made;
  return accept_from(run.scope, run.socket.get(), run.reply, made);
}

Outcome execute_close(Run& run) {
  if (run.socket == nullptr) return {};
  const int fd = run.caller.room().sockets().take(*run.socket);
  if (fd < 0) return {};
  run.caller.room().wait_until_entered(*run.socket, run.caller);
  // Told first: as soon as close(2) is made, the number may be another socket's. Made directly: to the thread
  // sanitizer the C library's close() races with a recv that still sleeps on it. It does, by the learner's
  // wish, and the kernel holds the file for that recv.
  run.caller.put(event::SocketClosed{run.socket->id});
  return of_result(run.caller.on_fd(nullptr, SYS_close, [fd](int) { return ::syscall(SYS_close, fd); }));
}

}  // namespace sockscope
