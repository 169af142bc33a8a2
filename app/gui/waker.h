#pragma once
// Wakes the window's loop when the session's descriptor becomes readable, at most 30 times a second.

#include <atomic>
#include <functional>
#include <thread>

namespace sockscope {

class Waker {
 public:
  // `wake` is called on a thread of its own, and not again before taken() was called.
  Waker(int fd, std::function<void()> wake);
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  // The owner looked at what came: the next readable moment wakes it again.
  void taken() { woken_.store(false, std::memory_order_release); }

 private:
  void run(int fd);
  std::function<void()> wake_;
  std::atomic<bool> woken_{false};
  int stop_;  // an eventfd
  std::thread thread_;
};

}  // namespace sockscope
