#pragma once
// The traced system calls: the one place that calls socket(2)…close(2). Each puts CallEntered before and
// CallReturned after, keeps Python's meaning of timeouts (poll(2), as Python does), and gives back what the
// kernel answered. Nothing is prevented: a wrong call runs and fails.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "calls/caller.h"
#include "calls/here.h"
#include "net/catalogue.h"

namespace sockscope {

struct Request {
  Call call = Call::none;
  SocketId socket = 0;
  Numbers numbers{};
  Address address;
  std::string_view data{};  // all of it, alive during the call
  std::string text{};       // as ParamKind says
  int file = -1;            // sendfile: the open file's descriptor
};

// Which exception an error is in Python. What Python finds wrong before any system call has no errno there:
// `error` is then EINVAL, for the trace.
enum class Raised : std::uint8_t { by_errno, value_error, os_error };

struct Reply {
  std::int64_t result = 0;  // −1: it failed
  int error = 0;            // errno; 0: it succeeded; below 0: getaddrinfo's EAI code
  bool timed_out =
      false;  // the socket's timeout ran out: Python's TimeoutError without an errno (error: ETIMEDOUT)
  bool interrupted = false;  // it was asked to come back: EINTR, or a send that had moved a part
  Raised raised = Raised::by_errno;
  std::string data;     // as ResultKind says; recv_into: what goes to the beginning of the buffer
  Address address;      // accept, getsockname, getpeername, recvfrom
  SocketId socket = 0;  // socket, accept: what was made
  SocketId also = 0;    // socketpair: the second
  int flags = 0;        // recvmsg: msg_flags
  struct Row {          // getaddrinfo
    int family = 0, type = 0, protocol = 0;
    std::string canonical;
    Address address;
  };
  std::vector<Row> rows;
  // select, poll: which sockets, and for select in which list (0, 1, 2), for poll with which events.
  struct Ready {
    SocketId socket = 0;
    int which = 0;
  };
  std::vector<Ready> ready;
  bool ok() const { return error == 0; }
};

// The most that one recv takes: a receive queue is never near it, and a learner's recv(10 ** 12) costs no
// memory.
inline constexpr std::int64_t kMostReceived = 16 << 20;

// Runs on the caller's thread and may block. The address rule (calls/here.h) is kept here: an address that
// leaves this machine is EPERM with a Notice. A socket that was closed is EBADF, as the kernel says it of −1;
// only close() of it succeeds again, as Python has it. An EINTR that nobody asked for is retried (PEP 475).
Reply perform(Caller& caller, const Request& request);

// The same calls for server models and loads, spelled short. `data` is read into `buffer`, not copied. The
// number of bytes, or −1 and `error`.
Reply call_accept(Caller& caller, SocketHandle& listener, SocketHandle& made);
std::int64_t call_recv(Caller& caller, SocketHandle& socket, char* buffer, std::size_t size, int flags,
                       int& error);
std::int64_t call_send(Caller& caller, SocketHandle& socket, std::string_view data, int& error);
// Every byte, or −1: what went is then not known.
std::int64_t call_sendall(Caller& caller, SocketHandle& socket, std::string_view data, int& error);

}  // namespace sockscope
