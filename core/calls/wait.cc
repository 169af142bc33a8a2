#include <poll.h>
#include <sys/syscall.h>

#include <algorithm>

#include "calls/wait_several.h"

namespace sockscope {

Time deadline_of(const SocketEntry* socket) {
  const std::int64_t timeout = timeout_of(socket);
  return timeout > 0 ? now() + std::min<Time>(timeout, kForEver) : -1;
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
    if (caller.comes_back()) return came_back();
  }
}

}  // namespace sockscope
