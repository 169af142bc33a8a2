#include "kernel/observer.h"

#include <sys/socket.h>

#include "calls/tcp_info.h"

namespace sockscope {

Observer::Observer(Sockets& sockets, Inbox& inbox) : sockets_(sockets), inbox_(inbox), lane_(inbox.lane()) {}

Observer::~Observer() {
  inbox_.give_back(lane_);
}

std::size_t Observer::poll() {
  std::size_t put = 0;
  for (const SocketHandle& entry : sockets_.open()) {
    if (entry->type != SOCK_STREAM) continue;
    // A close cannot take the descriptor away meanwhile, nor a call tell a later state before us.
    sockets_.with_fd(*entry, [&](int fd) {
      put += entry->family == AF_UNIX ? tell_queues(*entry, fd, std::nullopt, lane_)
                                      : tell_state(*entry, fd, How::sample, lane_);
    });
  }
  return put;
}

}  // namespace sockscope
