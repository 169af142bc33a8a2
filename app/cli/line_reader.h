#pragma once
// Lines of a descriptor, one after another.

#include <optional>
#include <string>

namespace sockscope::cli {

class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}
  int fd() const { return fd_; }
  bool has_line() const { return text_.find('\n') != text_.npos; }
  // Waits for it. Without its end; nothing: there is none any more, or it is longer than 64 KiB.
  std::optional<std::string> line();

 private:
  int fd_;
  std::string text_;
};

}  // namespace sockscope::cli
