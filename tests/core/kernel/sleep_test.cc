// Where threads sleep.

#include "kernel/sleep.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "calls/proc.h"

namespace sockscope::testing {
namespace {

// A thread in read(2) of an eventfd, let out by wake().
class Reader {
 public:
  Reader() {
    while (tid_ == 0) std::this_thread::yield();
  }
  ~Reader() {
    leaving_ = true;
    wake();
    thread_.join();
    ::close(fd_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  std::int32_t tid() const { return tid_; }
  void wake() { EXPECT_EQ(::eventfd_write(fd_, 1), 0); }

 private:
  void run() {
    tid_ = static_cast<std::int32_t>(::syscall(SYS_gettid));
    while (!leaving_) {
      eventfd_t value = 0;
      static_cast<void>(::eventfd_read(fd_, &value));
    }
  }
  const int fd_ = ::eventfd(0, EFD_CLOEXEC);
  std::atomic<std::int32_t> tid_{0};
  std::atomic<bool> leaving_{false};
  std::thread thread_{[this] { run(); }};
};

bool until_asleep(std::int32_t tid, SleepLook& look) {
  const Time deadline = now() + 20 * kSecond;
  while (now() < deadline) {
    look = look_at(tid);
    if (look.asleep && look.system_call == SYS_read) return true;
  }
  return false;
}

TEST(LookAt, AThreadAsleepShowsItsSystemCall) {
  Reader reader;
  SleepLook first;
  ASSERT_TRUE(until_asleep(reader.tid(), first));
  SleepLook later = look_at(reader.tid());
  while (later.at - first.at < kBetweenLooks) later = look_at(reader.tid());
  EXPECT_TRUE(first.same_sleep(later));
  EXPECT_GT(first.switches, 0u);
}

TEST(LookAt, AThreadThatWokeAndSleptAgainIsNotTheSameSleep) {
  Reader reader;
  SleepLook first;
  ASSERT_TRUE(until_asleep(reader.tid(), first));
  reader.wake();
  const Time deadline = now() + 20 * kSecond;
  bool noticed = false;
  while (!noticed && now() < deadline) noticed = !first.same_sleep(look_at(reader.tid()));
  EXPECT_TRUE(noticed);
  SleepLook second;
  ASSERT_TRUE(until_asleep(reader.tid(), second));
  EXPECT_FALSE(first.same_sleep(second));
}

TEST(LookAt, ARunningThreadIsNotAsleep) {
  std::atomic<std::int32_t> tid{0};
  std::atomic<bool> enough{false};
  std::thread spinning([&] {
    tid = static_cast<std::int32_t>(::syscall(SYS_gettid));
    while (!enough) {
    }
  });
  while (tid == 0) std::this_thread::yield();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(look_at(tid).asleep);
  EXPECT_EQ(sleeping_in(tid), kRunning);
  enough = true;
  spinning.join();
}

TEST(LookAt, AMissingThreadIsNotAsleep) {
  EXPECT_FALSE(look_at(0).asleep);
  EXPECT_FALSE(look_at(-1).asleep);
  EXPECT_EQ(sleeping_in(0), kUnreadable);
}

}  // namespace
}  // namespace sockscope::testing
