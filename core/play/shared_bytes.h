#pragma once
// What a bytearray holds: one object for all the names it has. Any thread.

#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace sockscope::play {

class SharedBytes {
 public:
  explicit SharedBytes(std::string data) : size_(data.size()), data_(std::move(data)) {}
  std::size_t size() const { return size_; }  // it never changes: a play has no append
  std::string read() const {
    std::lock_guard lock(mutex_);
    return data_;
  }
  // The first bytes become these; what would not fit is left out.
  void overwrite(std::string_view bytes) {
    std::lock_guard lock(mutex_);
    std::copy_n(bytes.begin(), std::min(bytes.size(), size_), data_.begin());
  }

 private:
  const std::size_t size_;
  mutable std::mutex mutex_;
  std::string data_;
};

}  // namespace sockscope::play
