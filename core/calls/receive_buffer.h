#pragma once
// Room for what one recv may give. Of this room only.

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "calls/calls.h"

namespace sockscope {

// Zeroed, and of much room only what the kernel fills takes memory (malloc(3) maps it fresh).
class ReceiveBuffer {
 public:
  // `asked` is not below 0.
  explicit ReceiveBuffer(std::int64_t asked)
      : size_(static_cast<std::size_t>(std::min(asked, kMostReceived))),
        bytes_(static_cast<char*>(std::calloc(std::max<std::size_t>(size_, 1), 1))) {
    if (!bytes_) throw std::bad_alloc();
  }
  char* data() { return bytes_.get(); }
  std::size_t size() const { return size_; }
  // What a call that returned `result` left in it: MSG_TRUNC makes it say more than it gave.
  std::string got(std::int64_t result) const {
    return {bytes_.get(), std::min(static_cast<std::size_t>(std::max<std::int64_t>(result, 0)), size_)};
  }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }  // NOLINT(cppcoreguidelines-no-malloc)
  };
  std::size_t size_;
  std::unique_ptr<char, Free> bytes_;
};

}  // namespace sockscope
