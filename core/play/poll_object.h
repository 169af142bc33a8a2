#pragma once
// What select.poll() gives: descriptors and the events wanted of them, in the order they were registered. Any
// thread. Pure: only poll() makes a call, and that is not here.

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "trace/event.h"

namespace sockscope::play {

class PollObject {
 public:
  struct Entry {
    int fd = -1;
    std::uint16_t events = 0;
    SocketId socket = 0;  // whose descriptor it was then; 0: of none made here
  };

  // Adds a descriptor, or changes what is wanted of it.
  void add(const Entry& entry) {
    std::lock_guard lock(mutex_);
    if (Entry* known = find(entry.fd))
      *known = entry;
    else
      entries_.push_back(entry);
  }
  bool modify(int fd, std::uint16_t events) {  // false: it is not registered
    std::lock_guard lock(mutex_);
    Entry* known = find(fd);
    if (known != nullptr) known->events = events;
    return known != nullptr;
  }
  bool remove(int fd) {  // false: it is not registered
    std::lock_guard lock(mutex_);
    return std::erase_if(entries_, [fd](const Entry& e) { return e.fd == fd; }) > 0;
  }
  std::vector<Entry> entries() const {
    std::lock_guard lock(mutex_);
    return entries_;
  }
  // One poll() at a time, as in Python. False: another thread is in it.
  bool begin() {
    std::lock_guard lock(mutex_);
    return !std::exchange(polling_, true);
  }
  void end() {
    std::lock_guard lock(mutex_);
    polling_ = false;
  }

 private:
  Entry* find(int fd) {
    const auto at =
        std::find_if(entries_.begin(), entries_.end(), [fd](const Entry& e) { return e.fd == fd; });
    return at == entries_.end() ? nullptr : &*at;
  }
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  bool polling_ = false;
};

}  // namespace sockscope::play
