// send(2) and recv(2): the calls that move bytes.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>

#include "calls/execute.h"

namespace sockscope {

Outcome receive(Caller& caller, const SocketEntry* socket, char* buffer, std::size_t size, int flags) {
  return call_when_ready(caller, socket, POLLIN, deadline_of(socket), SYS_recvfrom,
                         [&](int fd) { return ::recv(fd, buffer, size, flags); });
}

Outcome send_some(Caller& caller, const SocketEntry* socket, std::string_view data, int flags,
                  Time deadline) {
  Outcome outcome = call_when_ready(caller, socket, POLLOUT, deadline, SYS_sendto,
                                    [&](int fd) { return ::send(fd, data.data(), data.size(), flags); });
  // A send that was to block until all is in the queue and moved a part says so by its count.
  const bool part = outcome.error == 0 && outcome.result < static_cast<std::int64_t>(data.size());
  outcome.interrupted |= part && timeout_of(socket) < 0 && caller.asked_back();
  return outcome;
}

Outcome send_all(Caller& caller, const SocketEntry* socket, std::string_view data, int flags) {
  const Time deadline = deadline_of(socket);  // for the whole, as Python has it
  for (bool first = true; first || !data.empty(); first = false) {
    if (!first && deadline >= 0 && now() >= deadline) return ran_out();
    if (!first && caller.asked_back()) return came_back();
    CallScope scope(caller, Call::send, socket == nullptr ? 0 : socket->id, [&] {
      Args args;
      args.numbers[0] = flags;
      args.data = preview_of(data);
      return args;
    });
    const Outcome sent = send_some(caller, socket, data, flags, deadline);
    scope.returned(sent);
    if (sent.error != 0) return sent;
    data.remove_prefix(static_cast<std::size_t>(sent.result));
  }
  return {};
}

Outcome execute_send(Run& run) {
  return send_some(run.caller, run.socket.get(), run.request.data, run.number(0),
                   deadline_of(run.socket.get()));
}

Outcome execute_sendall(Run& run) {
  return send_all(run.caller, run.socket.get(), run.request.data, run.number(0));
}

Outcome execute_recv(Run& run) {
  if (run.request.numbers[0] < 0) return failed(EINVAL);  // Python's ValueError, before any system call
  const auto size = static_cast<std::size_t>(std::min(run.request.numbers[0], kMostReceived));
  std::string& data = run.reply.data;
  data.resize(size);
  const Outcome outcome = receive(run.caller, run.socket.get(), data.data(), size, run.number(1));
  // MSG_TRUNC makes recv say more than it gave.
  const auto got = static_cast<std::size_t>(std::max<std::int64_t>(outcome.result, 0));
  data.resize(std::min(got, size));
  data.shrink_to_fit();
  return outcome;
}

}  // namespace sockscope
