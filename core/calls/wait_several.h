#pragma once
// What select, poll and epoll_wait share: how long they wait, what a signal does to it, and what they tell.
// Of this room only.

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "calls/execute.h"

namespace sockscope {

inline constexpr Time kForEver = 100LL * 365 * 24 * 3600 * kSecond;

inline Time ends_after(std::int64_t nanoseconds) {
  return nanoseconds < 0 ? -1 : now() + std::min<Time>(nanoseconds, kForEver);
}

inline Time left_until(Time deadline) {
  return std::max<Time>(deadline - now(), 0);
}

// Milliseconds for poll(2) and epoll_wait(2), rounded up as Python does; −1 for ever.
inline int milliseconds_to(Time deadline) {
  if (deadline < 0) return -1;
  const Time rounded = (left_until(deadline) + kMillisecond - 1) / kMillisecond;
  return static_cast<int>(std::min<Time>(rounded, std::numeric_limits<int>::max()));
}

// "id:events id:events", as ResultKind::events has it.
inline std::string events_text(const std::vector<Reply::Ready>& ready) {
  std::string text;
  for (const Reply::Ready& one : ready) {
    text += (text.empty() ? "" : " ") + std::to_string(one.socket) + ':' +
            std::to_string(static_cast<std::uint32_t>(one.which));
  }
  return text;
}

// Python's loop around a wait (PEP 475): again after a signal nobody meant for us, with what is left of the
// time. `wait(deadline)` makes the call.
template <typename Wait>
Outcome wait_several(Caller& caller, Time deadline, Wait wait) {
  for (;;) {
    const std::int64_t ready = wait(deadline);
    const bool again = ready < 0 && errno == EINTR;
    if (ready < 0 && !again) return failed(errno);
    if (again && caller.comes_back()) return came_back();
    if (ready > 0 || (deadline >= 0 && now() >= deadline))
      return {std::max<std::int64_t>(ready, 0), 0, false, false};
  }
}

}  // namespace sockscope
