#pragma once
// The table of our sockets: id → descriptor. One owner per descriptor, everything CLOEXEC, no monitoring dup.
// Any thread.

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace sockscope {

struct SocketEntry {
  SocketId id = 0;
  int family = 0, type = 0, protocol = 0;
  std::atomic<int> fd{-1};  // −1 from the moment close is called: the kernel then answers EBADF
  std::atomic<std::int64_t> timeout_ns{-1};  // settimeout, as Python keeps it: −1 blocks, 0 does not
  std::atomic<bool> listening{false};
  // What the trace was last told, so that a call and a sample never tell the same change twice or in the
  // wrong order. Touched only inside Sockets::with_fd and add.
  struct Told {
    TcpState state = TcpState::not_known;
    event::ListenerSampled listener;
    event::QueuesSampled queues;
  };
  mutable Told told;
};
using SocketHandle = std::shared_ptr<SocketEntry>;

class Sockets {
 public:
  // Takes the descriptor. `announce(entry)` puts the events of its birth before anything can look at it from
  // outside; it must not block.
  template <typename F>
  SocketHandle add(int fd, int family, int type, int protocol, F announce) {
    std::lock_guard lock(closing_);
    SocketHandle made = enter(fd, family, type, protocol);
    announce(std::as_const(*made));
    return made;
  }
  SocketHandle add(int fd, int family, int type, int protocol) {
    return add(fd, family, type, protocol, [](const SocketEntry&) {});
  }
  // nullptr: never made, or closed before the last kClosedKept that were closed.
  SocketHandle find(SocketId id) const;
  // The open ones, in order of id.
  std::vector<SocketHandle> open() const;
  // Runs f(fd) while no close can take the descriptor away; false if it is closed. f must not block.
  template <typename F>
  bool with_fd(const SocketEntry& entry, F f) const {
    std::lock_guard lock(closing_);
    const int fd = entry.fd.load();
    if (fd < 0) return false;
    f(fd);
    return true;
  }
  // Takes the descriptor out of the table; −1 if it is closed. The caller closes it.
  int take(SocketEntry& entry);
  // Closes what is left. No thread may be in a call.
  ~Sockets();
  Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  static constexpr std::size_t kClosedKept = 4096;  // a server may run for days

 private:
  SocketHandle enter(int fd, int family, int type, int protocol);
  mutable std::mutex mutex_;    // entries_, closed_, last_
  mutable std::mutex closing_;  // held while a descriptor is looked at from outside, and to take one
  std::map<SocketId, SocketHandle> entries_;
  std::deque<SocketId> closed_;  // oldest first
  SocketId last_ = 0;
};

}  // namespace sockscope
