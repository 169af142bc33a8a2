#pragma once
#include <ctime>

#include "trace/event.h"

namespace sockscope {

inline constexpr Time kMicrosecond = 1'000;
inline constexpr Time kMillisecond = 1'000'000;
inline constexpr Time kSecond = 1'000'000'000;

// CLOCK_MONOTONIC, common to all threads and processes of this machine. Any thread.
inline Time now() {
  timespec ts{};
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return Time{ts.tv_sec} * kSecond + ts.tv_nsec;
}

}  // namespace sockscope
