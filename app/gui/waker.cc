#include "gui/waker.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <system_error>

namespace sockscope {
namespace {

constexpr int kBetweenWakes = 33;  // ms

}  // namespace

Waker::Waker(int fd, std::function<void()> wake) : wake_(std::move(wake)), stop_(eventfd(0, EFD_CLOEXEC)) {
  if (stop_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this, fd] { run(fd); });
}

Waker::~Waker() {
  const std::uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(stop_, &one, sizeof one);
  thread_.join();
  close(stop_);
}

void Waker::run(int fd) {
  sigset_t all;
  sigfillset(&all);  // signals are the main thread's
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  for (;;) {
    pollfd fds[2] = {{stop_, POLLIN, 0}, {fd, POLLIN, 0}};
    poll(fds, 2, -1);
    if (fds[0].revents != 0) return;
    if ((fds[1].revents & POLLNVAL) != 0) return;
    if (fds[1].revents != 0 && !woken_.exchange(true, std::memory_order_acq_rel)) wake_();
    // The descriptor stays readable until the owner has looked; so not at once again.
    if (poll(fds, 1, kBetweenWakes) > 0) return;
  }
}

}  // namespace sockscope
