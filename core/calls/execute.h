#pragma once
// What the calls share while they run. Of this room only.

#include <sys/syscall.h>

#include <cerrno>
#include <ctime>

#include "calls/calls.h"
#include "calls/scope.h"

namespace sockscope {

// One call being made. `socket` is nullptr if there is none of that id.
struct Run {
  CallScope& scope;
  Caller& caller;
  const Request& request;
  SocketHandle socket;
  Reply& reply;

  int number(std::size_t slot) const { return static_cast<int>(request.numbers[slot]); }
};

// One function a call: makes it, fills reply's data, address and socket, and says how it came out.
Outcome execute_socket(Run& run);
Outcome execute_accept(Run& run);
Outcome execute_close(Run& run);
Outcome execute_bind(Run& run);
Outcome execute_listen(Run& run);
Outcome execute_connect(Run& run);
Outcome execute_getsockname(Run& run);
Outcome execute_getpeername(Run& run);
Outcome execute_shutdown(Run& run);
Outcome execute_send(Run& run);
Outcome execute_sendall(Run& run);
Outcome execute_recv(Run& run);
Outcome execute_recv_into(Run& run);
Outcome execute_recvfrom(Run& run);
Outcome execute_recvmsg(Run& run);
Outcome execute_sendto(Run& run);
Outcome execute_sendmsg(Run& run);
Outcome execute_sendfile(Run& run);
Outcome execute_getsockopt(Run& run);
Outcome execute_setsockopt(Run& run);
Outcome execute_settimeout(Run& run);
Outcome execute_setblocking(Run& run);

Outcome execute_socketpair(Run& run);
Outcome execute_fromfd(Run& run);
Outcome execute_dup(Run& run);
Outcome execute_detach(Run& run);
Outcome execute_fileno(Run& run);
Outcome execute_gettimeout(Run& run);
Outcome execute_getblocking(Run& run);
Outcome execute_getdefaulttimeout(Run& run);
Outcome execute_setdefaulttimeout(Run& run);
Outcome execute_connect_ex(Run& run);
Outcome execute_getaddrinfo(Run& run);
Outcome execute_gethostbyname(Run& run);
Outcome execute_create_connection(Run& run);
Outcome execute_create_server(Run& run);
Outcome execute_select(Run& run);
Outcome execute_poll(Run& run);

// socket(fileno=number).
Outcome adopt_descriptor(Run& run, int number);

// What execute_* of these calls and the short spellings share.
Outcome accept_from(CallScope& scope, const SocketEntry* listener, Reply& reply, SocketHandle& made);
Outcome receive(Caller& caller, const SocketEntry* socket, char* buffer, std::size_t size, int flags);
Outcome send_some(Caller& caller, const SocketEntry* socket, std::string_view data, int flags, Time deadline);
Outcome send_all(Caller& caller, const SocketEntry* socket, std::string_view data, int flags);
// A send that is part of another call, traced inside it.
Outcome send_inside(Caller& caller, const SocketEntry* socket, std::string_view data, int flags,
                    Time deadline);
// What came of sending `asked` bytes: fewer, because it was asked to come back, is an interruption too.
Outcome sent_of(Outcome outcome, Caller& caller, const SocketEntry* socket, std::size_t asked);
// What Python finds wrong itself.
Outcome python_refuses(Run& run, Raised raised);

inline Outcome failed(int error) {
  return {-1, error, false, false};
}
inline Outcome came_back() {
  return {-1, EINTR, false, true};
}
inline Outcome ran_out() {
  return {-1, ETIMEDOUT, true, false};
}
inline Outcome of_result(std::int64_t result) {
  return result < 0 ? failed(errno) : Outcome{result, 0, false, false};
}

// The system call that poll(2) makes.
#ifdef SYS_poll
inline constexpr long kPollCall = SYS_poll;
#else
inline constexpr long kPollCall = SYS_ppoll;
#endif

// What a call's text and its answer keep of a result that is text: whole up to this.
inline constexpr std::size_t kMostText = 16 << 10;

inline std::int64_t timeout_of(const SocketEntry* socket) {
  return socket == nullptr ? -1 : socket->timeout_ns.load();
}
// Gives the room's failure look its chance: for bind, listen, connect, connect_ex, sendto and sendmsg that
// failed for a reason the address may explain. perform() does it; an inner call that fails before its
// returned() does it itself. Leaves errno as it was.
void look_at_failure(CallScope& scope, Call call, const SocketEntry* socket, const Address& asked, int error);

// When a call that begins now runs out of time; −1 never.
Time deadline_of(const SocketEntry* socket);

// poll(2) for `events` until `deadline` (−1: for ever), as Python does before a call with a timeout. Outcome
// with error 0: it is ready (or closed meanwhile: the call itself then says EBADF).
Outcome wait_for(Caller& caller, const SocketEntry* socket, short events, Time deadline);

// Python's sock_call_impl: with a deadline waits first; retries EINTR unless asked back. `f(fd)` is the call.
template <typename F>
Outcome call_when_ready(Caller& caller, const SocketEntry* socket, short events, Time deadline, long number,
                        F f) {
  for (;;) {
    if (deadline >= 0) {
      if (const Outcome waited = wait_for(caller, socket, events, deadline); waited.error != 0) return waited;
    }
    const std::int64_t result = caller.on_fd(socket, number, f);
    if (result >= 0) return {result, 0, false, false};
    const int error = errno;
    if (error == EINTR) {
      if (caller.comes_back()) return came_back();
      continue;
    }
    const bool not_yet = error == EAGAIN || error == EWOULDBLOCK;
    if (deadline >= 0 && not_yet) continue;  // somebody else was quicker
    return failed(error);
  }
}

// Puts StateChanged, SocketNamed… for what a call changed. Nothing when not tracing.
void tell_state_of(Caller& caller, const SocketEntry* socket);
void tell_names_of(Caller& caller, const SocketEntry* socket);
// After a send or a receive: only one that met the end of the connection, or of the peer's bytes, has changed
// a state.
void tell_if_ended(Caller& caller, const SocketEntry* socket, const Outcome& outcome);

}  // namespace sockscope
