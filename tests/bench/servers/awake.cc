#include "servers/awake.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>

namespace sockscope::bench {
namespace {

void turn_until(const std::stop_token& ended) {
  while (!ended.stop_requested()) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }
}

}  // namespace

Awake::Awake() {
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
    threads_.emplace_back([](const std::stop_token& ended) {
      const sched_param none{};
      if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &none) == 0) turn_until(ended);
    });
}

}  // namespace sockscope::bench
