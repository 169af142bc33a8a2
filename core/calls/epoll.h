#pragma once
// epoll(7), traced: a list of sockets that the kernel keeps, so that a wait need not name them. For the
// server models; a play has select and poll.

#include <cstdint>

#include "calls/calls.h"
#include "net/descriptor.h"

namespace sockscope {

class Epoll {
 public:
  // epoll_create1(2). errno if there is none: every other call then fails with EBADF.
  static int create(Caller& caller, Epoll& made);

  // epoll_ctl(2): EPOLL_CTL_ADD, _MOD, _DEL. 0 or errno. A socket that is closed leaves the list by itself:
  // say forget() then.
  int control(Caller& caller, int operation, const SocketHandle& socket, std::uint32_t events);
  void forget() { --registered_; }
  // epoll_wait(2): at most kAtOnceReady, each with its events in `which`. Below 0: for ever. An EINTR that
  // nobody asked for is waited out (PEP 475).
  Reply wait(Caller& caller, std::int64_t milliseconds);

 private:
  static constexpr int kAtOnceReady = 256;
  Descriptor fd_;
  std::int64_t registered_ = 0;
};

}  // namespace sockscope
