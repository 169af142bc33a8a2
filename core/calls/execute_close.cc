// close(2), and what becomes of the connection: no descriptor reaches it any more, but the kernel may keep
// it.

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <optional>

#include "calls/birth.h"
#include "calls/execute.h"
#include "calls/tcp_info.h"

namespace sockscope {
namespace {

// A socket with TCP's states, just before it is closed.
struct Leaving {
  LeftBehind left;
  TcpState state = TcpState::not_known;
  bool resets = false;  // close sends RST: unread bytes, or SO_LINGER with no time (tcp_close)
};

bool close_resets(int fd) {
  int unread = 0;
  if (::ioctl(fd, FIONREAD, &unread) == 0 && unread > 0) return true;
  linger how{};
  socklen_t length = sizeof how;
  return ::getsockopt(fd, SOL_SOCKET, SO_LINGER, &how, &length) == 0 && how.l_onoff != 0 && how.l_linger == 0;
}

std::optional<Leaving> about_to_leave(Run& run, const Sockets::Taken& taken) {
  if (taken.fd < 0 || !run.caller.room().tracing() || taken.entries.empty()) return std::nullopt;
  const TcpState state = tcp_state_of(taken.fd);
  if (state == TcpState::not_known) return std::nullopt;
  if (run.socket->elsewhere) return std::nullopt;  // its connection goes on there
  if (run.caller.room().sockets().reached(taken.entries.front()->cookie)) return std::nullopt;  // by a dup
  Leaving leaving;
  leaving.left.entry = taken.entries.front();
  leaving.left.local = name_of_socket(taken.fd);
  leaving.left.peer = name_of_peer(taken.fd);
  leaving.state = state;
  leaving.resets = state != TcpState::LISTEN && close_resets(taken.fd);
  const SocketEntry& entry = *leaving.left.entry;
  run.caller.room().sockets().with_told(entry, [&](int) {
    if (!leaving.left.peer.known()) leaving.left.peer = entry.told.target;
    tell_new_state(entry, state, How::call, now(), run.caller.lane());
  });
  return leaving;
}

// A connection that we finish first goes through TIME_WAIT: where the kernel finds none it may be on its way
// there, between two places.
bool may_be_between(const Leaving& leaving) {
  return !leaving.resets && (leaving.state == TcpState::ESTABLISHED || leaving.state == TcpState::FIN_WAIT1 ||
                             leaving.state == TcpState::FIN_WAIT2 || leaving.state == TcpState::CLOSING);
}

void tell_what_became(Run& run, const Leaving& leaving) {
  CallRoom& room = run.caller.room();
  if (!room.closed_look()) return;
  const TcpState state = room.closed_look()(leaving.left);
  if (state == TcpState::not_known) return;
  if (state == TcpState::CLOSED && may_be_between(leaving)) return room.sockets().leave(leaving.left);
  const SocketEntry& entry = *leaving.left.entry;
  room.sockets().with_told(entry, [&](int) {
    if (!leaving.resets) tell_passed_by_fin(entry, state, run.caller.moment(), run.caller.lane());
    // Told even where it is as before: for the trace state, queues and timer ended with the descriptor.
    entry.told.queues = {};
    entry.told.timer = {};
    run.caller.put(event::StateChanged{entry.id, entry.told.state, state, How::call});
    entry.told.state = state;
  });
  if (state != TcpState::CLOSED) room.sockets().leave(leaving.left);
}

}  // namespace

Outcome execute_close(Run& run) {
  if (run.socket == nullptr) return {};
  const Sockets::Taken taken = run.caller.room().sockets().take(*run.socket);
  const int number = run.socket->number.exchange(-1);
  if (taken.fd < 0 && number < 0) return {};  // closed before: Python makes no call then
  run.caller.room().wait_until_entered(taken.entries, run.caller);
  const auto leaving = about_to_leave(run, taken);
  // Told first: as soon as close(2) is made, the number may be another socket's. Made directly: to the thread
  // sanitizer the C library's close() races with a recv that still sleeps on it. It does, by the learner's
  // wish, and the kernel holds the file for that recv. Closed by another entry of the same descriptor:
  // close(−1).
  for (const SocketHandle& closed : taken.entries) run.caller.put(event::SocketClosed{closed->id});
  const Outcome outcome =
      of_result(run.caller.on_fd(nullptr, SYS_close, [&](int) { return ::syscall(SYS_close, taken.fd); }));
  if (leaving) tell_what_became(run, *leaving);
  return outcome;
}

}  // namespace sockscope
