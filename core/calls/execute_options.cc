// setsockopt(2), and Python's settimeout and setblocking (O_NONBLOCK, ioctl(2) FIONBIO).

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "calls/execute.h"

namespace sockscope {
namespace {

// As Python does: a socket with a timeout does not block in the kernel, it is polled.
Outcome set_timeout(Run& run, std::int64_t timeout_ns) {
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), SYS_ioctl, [&](int fd) {
    int on = timeout_ns >= 0 ? 1 : 0;
    return ::ioctl(fd, FIONBIO, &on);
  }));
  if (outcome.error == 0) run.socket->timeout_ns = timeout_ns;
  return outcome;
}

bool chooses_device(int level, int option) {
  return level == SOL_SOCKET && (option == SO_BINDTODEVICE || option == SO_BINDTOIFINDEX);
}

}  // namespace

Outcome execute_setsockopt(Run& run) {
  if (chooses_device(run.number(0), run.number(1))) {  // it would undo keep_on_loopback
    run.caller.put(
        event::Notice{"not-here",
                      "Sockscope talks only to this machine and chooses the network device itself: "
                      "setsockopt was refused (EPERM) before the kernel saw it."});
    return failed(EPERM);
  }
  return of_result(run.caller.on_fd(run.socket.get(), SYS_setsockopt, [&](int fd) {
    const int value = run.number(2);
    return ::setsockopt(fd, run.number(0), run.number(1), &value, sizeof value);
  }));
}

Outcome execute_settimeout(Run& run) {
  return set_timeout(run, run.request.numbers[0]);
}
Outcome execute_setblocking(Run& run) {
  return set_timeout(run, run.request.numbers[0] != 0 ? -1 : 0);
}

}  // namespace sockscope
