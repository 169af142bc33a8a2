// fcntl(2) F_DUPFD, socketpair(2), detach and socket(fileno=…): several descriptors of a socket, several
// sockets of a descriptor. And Python's timeouts, which are no system calls.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <string>

#include "calls/birth.h"
#include "calls/execute.h"
#include "calls/loopback_only.h"

namespace sockscope {
namespace {

int option_of(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : 0;
}

// What the learner says a descriptor is, as Python believes it; but what may_send() looks at stays the truth.
void see_through(int fd, int& family, int& type) {
  const int real = option_of(fd, SO_DOMAIN);
  if (!has_address_rule(real)) family = real;
  if (option_of(fd, SO_TYPE) != SOCK_RAW) return;
  family = real;
  type = SOCK_RAW | (type & SOCK_NONBLOCK);
}

// A number that is no socket of the learner's is never touched: it may be the window's connection or a file.
Outcome refused_number(Run& run, int number) {
  if (::fcntl(number, F_GETFD) < 0) return failed(EBADF);
  const std::string text =
      "Descriptor " + std::to_string(number) + " is one of Sockscope's own and no socket made here, so " +
      std::string(info(run.request.call).python) +
      " was refused (EPERM) before the kernel saw it. In a program of your own it would be "
      "taken.";
  run.caller.put(event::Notice{"not-yours", std::string_view(text)});
  return failed(EPERM);
}

int copy_of(int fd) {
  return ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

}  // namespace

Outcome adopt_descriptor(Run& run, int number) {
  const int asked_type = run.number(1);
  bool listens = false;
  std::int64_t timeout = -1;
  const auto describe = [&](SocketId) {  // while no close can take the number away
    listens = option_of(number, SO_ACCEPTCONN) != 0;
    timeout = first_timeout(run.caller.room(), number, asked_type == -1 ? 0 : asked_type);
    int family = run.number(0) == -1 ? option_of(number, SO_DOMAIN) : run.number(0);
    int type = asked_type == -1 ? option_of(number, SO_TYPE) : asked_type;
    see_through(number, family, type);
    type &= ~kTypeFlags;
    return Sockets::Kind{family, type, run.number(2) == -1 ? option_of(number, SO_PROTOCOL) : run.number(2)};
  };
  const SocketHandle made = run.caller.room().sockets().adopt(
      number, describe,
      [&](const SocketEntry& entry, SocketId of) { tell_born(run.caller, entry, of, SocketHow::adopted); });
  if (made == nullptr) return refused_number(run, number);
  made->listening = listens;
  made->timeout_ns = timeout;
  run.reply.socket = made->id;
  return {number, 0, false, false};
}

namespace {

std::string host_of_socket(const Run& run, SocketId of) {
  const SocketHandle owner = run.caller.room().sockets().find(of);
  return owner == nullptr ? std::string() : owner->host;
}

}  // namespace

Outcome execute_fromfd(Run& run) {
  SocketId of = 0;
  int copy = -1;
  int error = 0;
  const bool ours = run.caller.room().sockets().with_number(run.number(0), [&](SocketId owner) {
    of = owner;
    copy = run.caller.on_fd(nullptr, SYS_fcntl, [&](int) { return copy_of(run.number(0)); });
    error = errno;
  });
  if (!ours) return refused_number(run, run.number(0));
  if (copy < 0) return failed(error);
  int family = run.number(1);
  int type = run.number(2);
  see_through(copy, family, type);
  const SocketHandle made =
      add_born(run.caller, copy, family, type, run.number(3), of, SocketHow::dup, host_of_socket(run, of));
  run.reply.socket = made->id;
  return {copy, 0, false, false};
}

Outcome execute_dup(Run& run) {
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), SYS_fcntl, copy_of));
  if (outcome.error != 0) return outcome;
  const int fd = static_cast<int>(outcome.result);
  const SocketEntry& of = *run.socket;
  // O_NONBLOCK is the file's, so the copy has it already.
  const SocketHandle made = run.caller.room().sockets().add(
      fd, of.family, of.type, of.protocol,
      [&](const SocketEntry& entry) { tell_born(run.caller, entry, of.id, SocketHow::dup); }, of.host);
  made->timeout_ns = of.timeout_ns.load();
  made->listening = of.listening.load();
  run.reply.socket = made->id;
  return outcome;
}

Outcome execute_socketpair(Run& run) {
  const int family = run.number(0);
  const int type = run.number(1);
  const int protocol = run.number(2);
  std::array<int, 2> pair{};
  const Outcome outcome = of_result(run.caller.on_fd(nullptr, SYS_socketpair, [&](int) {
    return ::socketpair(family, type | SOCK_CLOEXEC, protocol, pair.data());
  }));
  if (outcome.error != 0) return outcome;
  run.reply.socket =
      add_born(run.caller, pair[0], family, type, protocol, 0, SocketHow::pair, run.caller.host())->id;
  run.reply.also = add_born(run.caller, pair[1], family, type, protocol, run.reply.socket, SocketHow::pair,
                            run.caller.host())
                       ->id;
  return outcome;
}

Outcome execute_detach(Run& run) {
  if (run.socket == nullptr) return {-1, 0, false, false};
  const int fd = run.caller.room().sockets().detach(*run.socket);
  const int number = run.socket->number.exchange(-1);
  if (fd < 0) return {number, 0, false, false};
  // Whoever closes the descriptor later no longer knows this socket.
  run.caller.room().wait_until_entered(std::array{run.socket}, run.caller);
  run.caller.put(event::SocketClosed{run.socket->id});
  return {fd, 0, false, false};
}

Outcome execute_fileno(Run& run) {
  return {run.socket == nullptr ? -1 : run.socket->number.load(), 0, false, false};
}

Outcome execute_gettimeout(Run& run) {
  return {timeout_of(run.socket.get()), 0, false, false};
}
Outcome execute_getblocking(Run& run) {
  return {timeout_of(run.socket.get()) == 0 ? 0 : 1, 0, false, false};
}
Outcome execute_getdefaulttimeout(Run& run) {
  return {run.caller.room().default_timeout_ns(), 0, false, false};
}
Outcome execute_setdefaulttimeout(Run& run) {
  run.caller.room().default_timeout_ns() = std::max<std::int64_t>(run.request.numbers[0], -1);
  return {};
}

}  // namespace sockscope
