// send(2) and recv(2) without addresses: the calls that move bytes of a connection.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "calls/execute.h"
#include "calls/receive_buffer.h"

namespace sockscope {

Outcome receive(Caller& caller, const SocketEntry* socket, char* buffer, std::size_t size, int flags) {
  const Outcome outcome = call_when_ready(caller, socket, POLLIN, deadline_of(socket), SYS_recvfrom,
                                          [&](int fd) { return ::recv(fd, buffer, size, flags); });
  tell_if_ended(caller, socket, outcome);
  return outcome;
}

Outcome sent_of(Outcome outcome, Caller& caller, const SocketEntry* socket, std::size_t asked) {
  // A send that was to block until all is in the queue and moved a part says so by its count.
  const bool part = outcome.error == 0 && outcome.result < static_cast<std::int64_t>(asked);
  outcome.interrupted |= part && timeout_of(socket) < 0 && caller.asked_back();
  if (outcome.error != 0) tell_if_ended(caller, socket, outcome);
  return outcome;
}

Outcome send_some(Caller& caller, const SocketEntry* socket, std::string_view data, int flags,
                  Time deadline) {
  if (!may_send(caller, Call::send, socket, data)) return failed(EPERM);
  const Outcome outcome = call_when_ready(caller, socket, POLLOUT, deadline, SYS_sendto, [&](int fd) {
    return ::send(fd, data.data(), data.size(), flags);
  });
  return sent_of(outcome, caller, socket, data.size());
}

Outcome send_inside(Caller& caller, const SocketEntry* socket, std::string_view data, int flags,
                    Time deadline) {
  CallScope scope(caller, Call::send, socket == nullptr ? 0 : socket->id, [&] {
    Args args;
    args.numbers[0] = flags;
    args.data = preview_of(data);
    return args;
  });
  const Outcome sent = send_some(caller, socket, data, flags, deadline);
  scope.returned(sent);
  return sent;
}

Outcome send_all(Caller& caller, const SocketEntry* socket, std::string_view data, int flags) {
  const Time deadline = deadline_of(socket);  // for the whole, as Python has it
  for (bool first = true; first || !data.empty(); first = false) {
    if (!first && deadline >= 0 && now() >= deadline) return ran_out();
    if (!first && caller.asked_back()) return came_back();
    const Outcome sent = send_inside(caller, socket, data, flags, deadline);
    if (sent.error != 0) return sent;
    data.remove_prefix(static_cast<std::size_t>(sent.result));
  }
  return {};
}

Outcome python_refuses(Run& run, Raised raised) {
  run.reply.raised = raised;
  return failed(EINVAL);
}

Outcome execute_send(Run& run) {
  return send_some(run.caller, run.socket.get(), run.request.data, run.number(0),
                   deadline_of(run.socket.get()));
}

Outcome execute_sendall(Run& run) {
  return send_all(run.caller, run.socket.get(), run.request.data, run.number(0));
}

Outcome execute_recv(Run& run) {
  if (run.request.numbers[0] < 0) return python_refuses(run, Raised::value_error);
  if (run.request.numbers[0] == 0) return {};  // Python makes no call then
  ReceiveBuffer buffer(run.request.numbers[0]);
  const Outcome outcome = receive(run.caller, run.socket.get(), buffer.data(), buffer.size(), run.number(1));
  run.reply.data = buffer.got(outcome.result);
  return outcome;
}

Outcome execute_recv_into(Run& run) {
  const auto& [asked, flags, length, unused3, unused4] = run.request.numbers;
  if (asked < 0 || asked > length) return python_refuses(run, Raised::value_error);
  if (length == 0) return {};  // Python makes no call then
  ReceiveBuffer buffer(asked == 0 ? length : asked);
  const Outcome outcome =
      receive(run.caller, run.socket.get(), buffer.data(), buffer.size(), static_cast<int>(flags));
  run.reply.data = buffer.got(outcome.result);
  return outcome;
}

}  // namespace sockscope
