// getsockopt(2), setsockopt(2), and Python's settimeout and setblocking (O_NONBLOCK, ioctl(2) FIONBIO).

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>

#include "calls/execute.h"

namespace sockscope {
namespace {

constexpr std::int64_t kMostOption = 1024;  // Python's limit

// As Python does: a socket with a timeout does not block in the kernel, it is polled.
Outcome set_timeout(Run& run, std::int64_t timeout_ns) {
  const Outcome outcome = of_result(run.caller.on_fd(run.socket.get(), SYS_ioctl, [&](int fd) {
    int on = timeout_ns >= 0 ? 1 : 0;
    return ::ioctl(fd, FIONBIO, &on);
  }));
  if (outcome.error == 0) run.socket->timeout_ns = timeout_ns;
  return outcome;
}

Outcome get_option(Run& run, void* value, socklen_t& length) {
  return of_result(run.caller.on_fd(run.socket.get(), SYS_getsockopt, [&](int fd) {
    return ::getsockopt(fd, run.number(0), run.number(1), value, &length);
  }));
}

// The numbers of AF_VSOCK's options have 64 bits, all others an int's.
template <typename Number>
Outcome number_option(Run& run) {
  Number value = 0;
  socklen_t length = sizeof value;
  Outcome outcome = get_option(run, &value, length);
  if (outcome.error == 0) outcome.result = static_cast<std::int64_t>(value);
  return outcome;
}

// setsockopt(level, option, None, optlen)
bool is_none(const Run& run) {
  return run.number(3) == 2;
}

std::string option_value(const Run& run) {
  constexpr std::size_t kIsBytes = 3;
  // The kernel takes a null pointer as a zero, some options of IPv6 do.
  if (is_none(run)) return std::string(static_cast<std::size_t>(std::clamp(run.number(4), 0, 64)), '\0');
  if (run.request.numbers[kIsBytes] != 0) return std::string(run.request.data);
  const bool wide = run.socket != nullptr && run.socket->family == AF_VSOCK;
  const std::int64_t number = run.request.numbers[2];
  const int narrow = static_cast<int>(number);
  return wide ? std::string(reinterpret_cast<const char*>(&number), sizeof number)
              : std::string(reinterpret_cast<const char*>(&narrow), sizeof narrow);
}

}  // namespace

Outcome execute_getsockopt(Run& run) {
  const std::int64_t asked = run.request.numbers[2];
  if (asked < 0 || asked > kMostOption) return python_refuses(run, Raised::os_error);
  if (asked == 0) {
    const bool wide = run.socket != nullptr && run.socket->family == AF_VSOCK;
    return wide ? number_option<std::uint64_t>(run) : number_option<int>(run);
  }
  std::string bytes(static_cast<std::size_t>(asked), '\0');
  auto length = static_cast<socklen_t>(asked);
  Outcome outcome = get_option(run, bytes.data(), length);
  if (outcome.error != 0) return outcome;
  bytes.resize(length);
  outcome.result = length;
  run.reply.data = std::move(bytes);
  return outcome;
}

Outcome execute_setsockopt(Run& run) {
  std::string value = option_value(run);
  if (!may_set(run.caller, run.socket.get(), run.number(0), run.number(1), value)) return failed(EPERM);
  const bool none = is_none(run);
  const auto length = static_cast<socklen_t>(none ? run.number(4) : static_cast<int>(value.size()));
  return of_result(run.caller.on_fd(run.socket.get(), SYS_setsockopt, [&](int fd) {
    return ::setsockopt(fd, run.number(0), run.number(1), none ? nullptr : value.data(), length);
  }));
}

Outcome execute_settimeout(Run& run) {
  return set_timeout(run, run.request.numbers[0]);
}
Outcome execute_setblocking(Run& run) {
  return set_timeout(run, run.request.numbers[0] != 0 ? -1 : 0);
}

}  // namespace sockscope
