#pragma once
// What a thread costs. Of this room only.

#include <cstdint>

#include "trace/clock.h"

namespace sockscope {

struct ThreadCost {
  std::uint64_t memory = 0;     // bytes of its stack in RAM, mincore(2)
  std::uint64_t switches = 0;   // voluntary context switches, getrusage(2)
  std::uint64_t preempted = 0;  // involuntary ones
  Time processor = 0;           // CPU time
};

// Until now; what cannot be known is 0.
ThreadCost cost_of_this_thread();
// Of a process of one thread, by /proc: its memory is what no other process shares.
ThreadCost cost_of_process(int pid);

}  // namespace sockscope
