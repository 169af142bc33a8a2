#pragma once
// A process that can have no further descriptor.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace sockscope {

inline int lowest_free_descriptor() {
  const int next = fcntl(0, F_DUPFD_CLOEXEC, 0);
  close(next);
  return next;
}

// Of another process.
inline int lowest_free_descriptor(pid_t process) {
  int lowest = 0;
  const std::string of = "/proc/" + std::to_string(process) + "/fd/";
  while (std::filesystem::is_symlink(of + std::to_string(lowest))) ++lowest;
  return lowest;
}

// None from `limit` on, until it goes; what is open stays open. Of this process, or of `process`.
class FewDescriptors {
 public:
  explicit FewDescriptors(int limit = lowest_free_descriptor(), pid_t process = 0) : process_(process) {
    prlimit(process_, RLIMIT_NOFILE, nullptr, &before_);
    const rlimit few{static_cast<rlim_t>(limit), before_.rlim_max};
    EXPECT_EQ(prlimit(process_, RLIMIT_NOFILE, &few, nullptr), 0);
  }
  ~FewDescriptors() { prlimit(process_, RLIMIT_NOFILE, &before_, nullptr); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  const pid_t process_;
  rlimit before_{};
};

}  // namespace sockscope
