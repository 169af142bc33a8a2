#include "calls/proc.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace sockscope {

std::string_view read_task_file(std::int32_t tid, const char* file, std::span<char> buffer) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/self/task/%d/%s", tid, file);
  const int fd = ::open(path.data(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  return got > 0 ? std::string_view(buffer.data(), static_cast<std::size_t>(got)) : std::string_view();
}

long sleeping_in(std::int32_t tid) {
  std::array<char, 192> buffer{};
  const std::string_view text = read_task_file(tid, "syscall", buffer);
  if (text.empty()) return kUnreadable;
  long number = kRunning;  // what "running" leaves
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace sockscope
