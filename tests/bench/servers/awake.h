#pragma once
// Keeps every processor from going idle as long as it lives: on a virtual machine waking one costs as much as
// a hundred messages, and would be all that a single client measures. Its threads run only when nothing else
// wants to (SCHED_IDLE, sched(7)); where that is refused they do nothing.

#include <stop_token>
#include <thread>
#include <vector>

namespace sockscope::bench {

class Awake {
 public:
  Awake();

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace sockscope::bench
