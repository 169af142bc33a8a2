#pragma once
// The traced system calls: the one place that calls socket(2)…close(2). Each puts CallEntered before and
// CallReturned after, keeps Python's meaning of timeouts (poll(2), as Python does), and gives back what the
// kernel answered. Nothing is prevented: a wrong call runs and fails.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "calls/caller.h"
#include "net/catalogue.h"

namespace sockscope {

struct Request {
  Call call = Call::none;
  SocketId socket = 0;
  std::array<std::int64_t, 3> numbers{};
  Address address;
  std::string_view data;  // all of it, alive during the call
};

struct Reply {
  std::int64_t result = 0;
  int error = 0;           // errno; 0: it succeeded
  bool timed_out = false;  // the socket's timeout ran out: Python's TimeoutError without an errno
  bool interrupted = false;
  std::string data;     // recv
  Address address;      // accept, getsockname, getpeername
  SocketId socket = 0;  // socket, accept: what was made
  bool ok() const { return error == 0; }
};

// Runs on the caller's thread and may block. The address rule of DESIGN (loopback, private directory) is kept
// here: an address that leaves this machine is EPERM with a Notice.
Reply perform(Caller& caller, const Request& request);

// The same calls for server models and loads, spelled short. `data` is read into `buffer`, not copied.
Reply call_accept(Caller& caller, SocketHandle& listener, SocketHandle& made);
std::int64_t call_recv(Caller& caller, SocketHandle& socket, char* buffer, std::size_t size, int flags,
                       int& error);
std::int64_t call_sendall(Caller& caller, SocketHandle& socket, std::string_view data, int& error);

// Whether a final address may be used: loopback, 0.0.0.0/:: (they answer on loopback only to us), AF_UNIX.
bool stays_here(const Address& address);

}  // namespace sockscope
