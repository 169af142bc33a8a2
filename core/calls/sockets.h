#pragma once
// The table of our sockets: id → descriptor. One owner per descriptor, everything CLOEXEC, no monitoring dup.
// Any thread.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "trace/event.h"

namespace sockscope {

struct SocketEntry {
  SocketId id = 0;
  int family = 0, type = 0, protocol = 0;
  std::atomic<int> fd{-1};  // −1 from the moment close is called: the kernel then answers EBADF
  std::atomic<std::int64_t> timeout_ns{-1};  // settimeout, as Python keeps it: −1 blocks, 0 does not
  std::atomic<bool> listening{false};
};
using SocketHandle = std::shared_ptr<SocketEntry>;

class Sockets {
 public:
  SocketHandle add(int fd, int family, int type, int protocol);  // takes the descriptor
  SocketHandle find(SocketId id) const;                          // nullptr: never made
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

 private:
  mutable std::mutex mutex_;    // entries_
  mutable std::mutex closing_;  // held while a descriptor is looked at from outside, and to take one
  std::vector<SocketHandle> entries_;
};

}  // namespace sockscope
