#pragma once
#include <ctime>

#include "trace/event.h"

namespace sockscope {

inline constexpr Time kMicrosecond = 1'000;
inline constexpr Time kMillisecond = 1'000'000;
inline constexpr Time kSecond = 1'000'000'000;

// How far behind now a live trace commits, so that what the kernel stamps late still sorts in.
inline constexpr Time kCommitHold = 5 * kMillisecond;

// CLOCK_MONOTONIC, common to all threads and processes of this machine. Any thread.
inline Time now() {
  timespec ts{};
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return Time{ts.tv_sec} * kSecond + ts.tv_nsec;
}

}  // namespace sockscope
