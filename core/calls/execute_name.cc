// bind(2), listen(2), connect(2), shutdown(2), getsockname(2), getpeername(2): addresses and states.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>

#include "calls/birth.h"
#include "calls/execute.h"
#include "calls/tcp_info.h"

namespace sockscope {
namespace {

using NameCall = int (*)(int, sockaddr*, socklen_t*);

int sockname(int fd, sockaddr* name, socklen_t* length) {
  return ::getsockname(fd, name, length);
}
int peername(int fd, sockaddr* name, socklen_t* length) {
  return ::getpeername(fd, name, length);
}

Outcome execute_name(Run& run, long number, NameCall call) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), number, [&](int fd) {
    return call(fd, reinterpret_cast<sockaddr*>(&name), &length);
  }));
  if (outcome.error == 0) run.reply.address = from_sockaddr(name, length);
  return outcome;
}

int socket_error(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

// What Python does after a connect that is on its way: waits until it can write, then asks how it went.
Outcome finish_connect(Run& run, Time deadline) {
  const SocketEntry* socket = run.socket.get();
  const Outcome waited = wait_for(run.caller, socket, POLLOUT, deadline);
  if (waited.error != 0) return waited;
  const int error = run.caller.on_fd(socket, SYS_getsockopt, socket_error);
  return error == 0 || error == EISCONN ? Outcome{} : failed(error);
}

Outcome connect(Run& run) {
  const SocketEntry* socket = run.socket.get();
  sockaddr_storage to{};
  const socklen_t length = to_sockaddr(run.request.address, to);
  const std::int64_t timeout = timeout_of(socket);
  const Time deadline = deadline_of(socket);
  const int result = run.caller.on_fd(socket, SYS_connect, [&](int fd) {
    return ::connect(fd, reinterpret_cast<const sockaddr*>(&to), length);
  });
  if (result == 0) return {};
  const int error = errno;
  if (error == EINTR) {
    // The kernel goes on connecting: a second connect waits for the same handshake.
    if (run.caller.comes_back()) return came_back();
    return timeout == 0 ? failed(error) : finish_connect(run, deadline);
  }
  return error == EINPROGRESS && timeout > 0 ? finish_connect(run, deadline) : failed(error);
}

// What connect was asked, before it is; for whoever observes it meanwhile.
void remember_target(Run& run) {
  if (run.socket == nullptr) return;
  run.caller.room().sockets().with_told(*run.socket,
                                        [&](int) { run.socket->told.target = run.request.address; });
}

// A connect that succeeded or was refused has sent its SYN, also where nobody looked in between.
void tell_syn_sent(Run& run, int error) {
  const bool answered = error == 0 || error == ECONNREFUSED || error == ETIMEDOUT || error == ECONNRESET;
  if (run.socket == nullptr || !run.scope.tracing() || !answered) return;
  const SocketEntry& entry = *run.socket;
  run.caller.room().sockets().with_fd(entry, [&](int) {
    if (entry.told.state != TcpState::CLOSED) return;  // what is not TCP has no state told
    tell_new_state(entry, TcpState::SYN_SENT, How::derived, run.scope.entered(), run.caller.lane());
  });
}

}  // namespace

void tell_state_of(Caller& caller, const SocketEntry* socket) {
  if (socket == nullptr || !caller.room().tracing()) return;
  caller.room().sockets().with_fd(*socket,
                                  [&](int fd) { tell_state(*socket, fd, How::call, caller.lane()); });
}

void tell_if_ended(Caller& caller, const SocketEntry* socket, const Outcome& outcome) {
  const bool ended = outcome.error == 0 ? outcome.result == 0
                                        : outcome.error == ECONNRESET || outcome.error == EPIPE ||
                                              outcome.error == ETIMEDOUT;
  if (ended) tell_state_of(caller, socket);
}

void tell_names_of(Caller& caller, const SocketEntry* socket) {
  if (socket == nullptr || !caller.room().tracing()) return;
  caller.room().sockets().with_fd(*socket, [&](int fd) {
    caller.put(event::SocketNamed{socket->id, name_of_socket(fd), name_of_peer(fd)});
  });
}

Outcome execute_bind(Run& run) {
  const Address& address = run.request.address;
  if (!may_use(run.caller, Call::bind, run.socket.get(), address)) return failed(EPERM);
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(address, name);
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), SYS_bind, [&](int fd) {
    return ::bind(fd, reinterpret_cast<const sockaddr*>(&name), length);
  }));
  if (outcome.error == 0) tell_names_of(run.caller, run.socket.get());
  return outcome;
}

Outcome execute_listen(Run& run) {
  const int backlog = std::max(run.number(0), 0);  // as Python does; C's listen(fd, -1) would mean somaxconn
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), SYS_listen, [&](int fd) {
    if (fd >= 0) {
      const Address bound = name_of_socket(fd);
      if (bound.port == 0)
        keep_on_loopback(run.caller, run.socket.get(), fd,
                         bound.family);  // listen will bind it to any address
    }
    return ::listen(fd, backlog);
  }));
  if (outcome.error != 0) return outcome;
  run.socket->listening = true;
  tell_names_of(run.caller, run.socket.get());
  tell_state_of(run.caller, run.socket.get());
  return outcome;
}

Outcome execute_connect(Run& run) {
  if (!may_use(run.caller, run.request.call, run.socket.get(), run.request.address)) return failed(EPERM);
  remember_target(run);
  const Outcome outcome = connect(run);
  const bool on_its_way = outcome.timed_out || outcome.interrupted || outcome.error == EINPROGRESS;
  if (!on_its_way) tell_syn_sent(run, outcome.error);
  if (outcome.error == 0 || on_its_way) tell_names_of(run.caller, run.socket.get());
  tell_state_of(run.caller, run.socket.get());
  return outcome;
}

// The error is the result; out of time is EAGAIN, as sock_call_ex has it. Only an interrupt is still an
// error.
Outcome execute_connect_ex(Run& run) {
  const Outcome outcome = execute_connect(run);
  if (outcome.error == 0 || outcome.interrupted) return outcome;
  return {outcome.timed_out ? EAGAIN : outcome.error, 0, false, false};
}

Outcome execute_shutdown(Run& run) {
  tell_state_of(run.caller, run.socket.get());  // which of the two sides is first is worth knowing
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), SYS_shutdown,
                                                     [&](int fd) { return ::shutdown(fd, run.number(0)); }));
  if (outcome.error == 0 && run.socket != nullptr && run.scope.tracing()) {
    const SocketEntry& entry = *run.socket;
    run.caller.room().sockets().with_fd(
        entry, [&](int fd) { tell_passed_by_fin(entry, tcp_state_of(fd), now(), run.caller.lane()); });
  }
  tell_state_of(run.caller, run.socket.get());
  return outcome;
}

Outcome execute_getsockname(Run& run) {
  return execute_name(run, SYS_getsockname, sockname);
}
Outcome execute_getpeername(Run& run) {
  return execute_name(run, SYS_getpeername, peername);
}

}  // namespace sockscope
