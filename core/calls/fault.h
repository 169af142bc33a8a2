#pragma once
// Faults for tests. Built with -DSOCKSCOPE_FAULTS=ON (the asan preset) every system call made through
// Caller::on_fd and Caller::on_several asks its room first; one that the plan names fails with its errno and
// does not reach the kernel, but for close(2), which closes and then fails. Otherwise none of this is
// compiled.
//
//   room.faults().fail(3, ENOMEM);        // the third system call from now on, of any thread
//   room.faults().fail(1, EMFILE, SYS_socket);  // the first socket(2) from now on
//   …
//   room.faults().asked()                 // how many were made since: fail(k, …) for k up to this tries each

#ifdef SOCKSCOPE_FAULTS

#include <cerrno>
#include <cstdint>
#include <mutex>

namespace sockscope {

class Faults {  // any thread
 public:
  // One call fails, the k-th from now (from 1) of those of this number (−1: any), once. Replaces the plan.
  void fail(std::uint64_t k, int error, long number = -1) {
    std::lock_guard lock(mutex_);
    asked_ = 0;
    at_ = k;
    error_ = error;
    number_ = number;
    failed_ = -1;
  }
  void none() { fail(0, 0); }
  std::uint64_t asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }
  // The number (SYS_…) of the one that was made to fail; −1: none yet.
  long failed() const {
    std::lock_guard lock(mutex_);
    return failed_;
  }
  // Whether the system call (SYS_…) that is to be made now fails: errno is then set.
  bool fault(long number) {
    std::lock_guard lock(mutex_);
    if (number_ >= 0 && number != number_) return false;
    if (++asked_ != at_) return false;
    failed_ = number;
    errno = error_;
    return true;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t asked_ = 0, at_ = 0;
  int error_ = 0;
  long number_ = -1, failed_ = -1;
};

}  // namespace sockscope

#endif
