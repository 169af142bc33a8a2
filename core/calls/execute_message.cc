// sendto(2), recvfrom(2), sendmsg(2), recvmsg(2): the calls that move one message, and say from whom or to
// whom.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "calls/birth.h"
#include "calls/execute.h"
#include "calls/receive_buffer.h"

namespace sockscope {
namespace {

constexpr int kScmPidfd = 4;                     // SCM_PIDFD, of Linux 6.5
constexpr std::int64_t kMostControl = 64 << 10;  // far above what one message can carry

// sendmsg's buffers: the lengths in `text`, one after another in `data`. What `data` does not have is empty.
std::vector<iovec> buffers_of(std::string_view data, std::string_view text) {
  std::vector<iovec> buffers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::size_t length = 0;
    const auto [next, error] = std::from_chars(at, end, length);
    if (error != std::errc{}) break;
    const std::string_view buffer = data.substr(0, length);
    data.remove_prefix(buffer.size());
    buffers.push_back({const_cast<char*>(buffer.data()), buffer.size()});
    at = next != end ? next + 1 : end;
  }
  return buffers;
}

// Closes the descriptors that came with a message: another's descriptor is nothing a play can use.
int close_arrived(msghdr& message) {
  int closed = 0;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
    const bool has_some = one->cmsg_type == SCM_RIGHTS || one->cmsg_type == kScmPidfd;
    if (one->cmsg_level != SOL_SOCKET || !has_some) continue;
    const std::size_t count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(one) + i * sizeof fd, sizeof fd);
      ::close(fd);
      ++closed;
    }
  }
  return closed;
}

void tell_arrived(Caller& caller, int count) {
  if (count == 0) return;
  const std::string text = std::to_string(count) + (count == 1 ? " descriptor" : " descriptors") +
                           " came with the message (SCM_RIGHTS) and was closed: a play cannot use it.";
  caller.put(event::Notice{"descriptors", std::string_view(text)});
}

struct Message {
  sockaddr_storage name{};
  iovec buffer{};
  msghdr header{};
};

// Of a socket that was never bound, the kernel chooses the port when it first sends; others could then send
// to it from anywhere. Returns whether that is so.
bool first_names_itself(Caller& caller, const SocketEntry* socket) {
  if (socket == nullptr) return false;
  if (!is_internet(socket->family)) return false;
  bool unnamed = false;
  caller.room().sockets().with_fd(*socket, [&](int fd) {
    const Address own = name_of_socket(fd);
    unnamed = own.known() && own.port == 0;
    if (unnamed && socket->type != SOCK_STREAM) keep_on_loopback(caller, socket, fd, socket->family);
  });
  return unnamed;
}

// What sendto and sendmsg share around their system call, which is f(fd).
template <typename F>
Outcome send_message(Run& run, long number, F f) {
  const SocketEntry* socket = run.socket.get();
  const Request& request = run.request;
  const bool names_itself = first_names_itself(run.caller, socket);
  if (!may_use(run.caller, request.call, socket, request.address) ||
      !may_send(run.caller, request.call, socket, request.data)) {
    return failed(EPERM);
  }
  const Outcome outcome = call_when_ready(run.caller, socket, POLLOUT, deadline_of(socket), number, f);
  if (names_itself) tell_names_of(run.caller, socket);
  return sent_of(outcome, run.caller, socket, request.data.size());
}

}  // namespace

Outcome execute_sendto(Run& run) {
  const std::string_view data = run.request.data;
  sockaddr_storage to{};
  const socklen_t length = to_sockaddr(run.request.address, to);
  return send_message(run, SYS_sendto, [&](int fd) {
    return ::sendto(fd, data.data(), data.size(), run.number(0), reinterpret_cast<const sockaddr*>(&to),
                    length);
  });
}

Outcome execute_sendmsg(Run& run) {
  Message message;
  std::vector<iovec> buffers = buffers_of(run.request.data, run.request.text);
  if (run.request.address.known()) {
    message.header.msg_name = &message.name;
    message.header.msg_namelen = to_sockaddr(run.request.address, message.name);
  }
  message.header.msg_iov = buffers.data();
  message.header.msg_iovlen = buffers.size();
  return send_message(run, SYS_sendmsg,
                      [&](int fd) { return ::sendmsg(fd, &message.header, run.number(0)); });
}

Outcome execute_recvfrom(Run& run) {
  if (run.request.numbers[0] < 0) return python_refuses(run, Raised::value_error);
  ReceiveBuffer buffer(run.request.numbers[0]);
  sockaddr_storage from{};
  socklen_t length = 0;
  const SocketEntry* socket = run.socket.get();
  const Outcome outcome =
      call_when_ready(run.caller, socket, POLLIN, deadline_of(socket), SYS_recvfrom, [&](int fd) {
        length = sizeof from;
        return ::recvfrom(fd, buffer.data(), buffer.size(), run.number(1), reinterpret_cast<sockaddr*>(&from),
                          &length);
      });
  tell_if_ended(run.caller, socket, outcome);
  run.reply.data = buffer.got(outcome.result);
  if (outcome.error == 0) run.reply.address = from_sockaddr(from, length);  // of a stream: none
  return outcome;
}

Outcome execute_recvmsg(Run& run) {
  const auto& [size, flags, ancillary, unused3, unused4] = run.request.numbers;
  const bool too_much = ancillary < 0 || ancillary > std::numeric_limits<std::int32_t>::max();
  if (size < 0 || too_much) return python_refuses(run, Raised::value_error);
  ReceiveBuffer buffer(size);
  std::vector<char> control(static_cast<std::size_t>(std::min(ancillary, kMostControl)));
  Message message;
  message.buffer = {buffer.data(), buffer.size()};
  const int asked = static_cast<int>(flags);
  const SocketEntry* socket = run.socket.get();
  const Outcome outcome =
      call_when_ready(run.caller, socket, POLLIN, deadline_of(socket), SYS_recvmsg, [&](int fd) {
        message.header = {};
        message.header.msg_name = &message.name;
        message.header.msg_namelen = sizeof message.name;
        message.header.msg_iov = &message.buffer;
        message.header.msg_iovlen = 1;
        message.header.msg_control = control.empty() ? nullptr : control.data();
        message.header.msg_controllen = control.size();
        return ::recvmsg(fd, &message.header, asked | MSG_CMSG_CLOEXEC);
      });
  tell_if_ended(run.caller, socket, outcome);
  if (outcome.error != 0) return outcome;
  run.reply.data = buffer.got(outcome.result);
  run.reply.address = from_sockaddr(message.name, message.header.msg_namelen);
  run.reply.flags = message.header.msg_flags & ~(MSG_CMSG_CLOEXEC & ~asked);
  tell_arrived(run.caller, close_arrived(message.header));
  return outcome;
}

}  // namespace sockscope
