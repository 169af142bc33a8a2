#pragma once
#include <ctime>

#include "trace/clock.h"

namespace sockscope {

// What the calling thread has had of the processor: a budget of it is not spent while others run.
inline Time processor_time() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return Time{spent.tv_sec} * kSecond + spent.tv_nsec;
}

}  // namespace sockscope
