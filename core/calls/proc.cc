#include "calls/proc.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace sockscope {

namespace {

std::string_view read_file(const char* path, std::span<char> buffer) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  return got > 0 ? std::string_view(buffer.data(), static_cast<std::size_t>(got)) : std::string_view();
}

long number_in(std::string_view text) {
  if (text.empty()) return kUnreadable;
  long number = kRunning;  // what "running" leaves
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string_view read_task_file(std::int32_t tid, const char* file, std::span<char> buffer) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/self/task/%d/%s", tid, file);
  return read_file(path.data(), buffer);
}

std::string_view read_process_file(std::int32_t pid, const char* file, std::span<char> buffer) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/%s", pid, file);
  return read_file(path.data(), buffer);
}

long sleeping_in(std::int32_t tid) {
  std::array<char, 192> buffer{};
  return number_in(read_task_file(tid, "syscall", buffer));
}

long process_sleeping_in(std::int32_t pid) {
  std::array<char, 192> buffer{};
  return number_in(read_process_file(pid, "syscall", buffer));
}

}  // namespace sockscope
