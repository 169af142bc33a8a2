#include <poll.h>
#include <sys/syscall.h>

#include <algorithm>
#include <limits>

#include "calls/execute.h"

namespace sockscope {
namespace {

constexpr Time kFarAway = 100LL * 365 * 24 * 3600 * kSecond;

// Milliseconds for poll(2), rounded up as Python does; −1 for ever.
int milliseconds_to(Time deadline) {
  if (deadline < 0) return -1;
  const Time left = std::max<Time>(deadline - now(), 0);
  const Time rounded = (left + kMillisecond - 1) / kMillisecond;
  return static_cast<int>(std::min<Time>(rounded, std::numeric_limits<int>::max()));
}

}  // namespace

Time deadline_of(const SocketEntry* socket) {
  const std::int64_t timeout = timeout_of(socket);
  return timeout > 0 ? now() + std::min<Time>(timeout, kFarAway) : -1;
}

Outcome wait_for(Caller& caller, const SocketEntry* socket, short events, Time deadline) {
  for (;;) {
    const std::int64_t ready = caller.on_fd(socket, kPollCall, [&](int fd) {
      if (fd < 0) return 1;  // the call that follows says EBADF
      pollfd one{fd, events, 0};
      return ::poll(&one, 1, milliseconds_to(deadline));
    });
    if (ready > 0) return {};
    if (ready == 0) {
      if (deadline >= 0 && now() >= deadline) return ran_out();
      continue;
    }
    if (errno != EINTR) return failed(errno);
    if (caller.asked_back()) return came_back();
  }
}

}  // namespace sockscope
