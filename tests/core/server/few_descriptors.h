#pragma once
// A process that can have no further descriptor.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace sockscope {

inline int lowest_free_descriptor() {
  const int next = fcntl(0, F_DUPFD_CLOEXEC, 0);
  close(next);
  return next;
}

// None from `limit` on, until it goes; what is open stays open.
class FewDescriptors {
 public:
  explicit FewDescriptors(int limit = lowest_free_descriptor()) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{static_cast<rlim_t>(limit), before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace sockscope
