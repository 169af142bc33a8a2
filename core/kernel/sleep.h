#pragma once
// Where a thread of this process sleeps, from /proc/self/task/TID (proc(5)). One look is no proof that it is
// blocked: just after a wake-up a thread still looks asleep. Two looks at least kBetweenLooks apart, asleep
// in the same system call with voluntary_ctxt_switches unchanged, are.

#include <cstdint>
#include <string>

#include "trace/clock.h"

namespace sockscope {

inline constexpr Time kBetweenLooks = 20 * kMillisecond;

struct SleepLook {
  bool asleep = false;         // it sleeps inside a system call
  long system_call = -1;       // SYS_…
  std::uint64_t switches = 0;  // voluntary_ctxt_switches
  Time at = 0;                 // just before looking
  bool same_sleep(const SleepLook& later) const {
    return asleep && later.asleep && system_call == later.system_call && switches == later.switches;
  }
};

// tid of this process. A thread that is gone is not asleep. Costs some microseconds.
SleepLook look_at(std::int32_t tid);

// The same of another process that has one thread: by /proc/PID/syscall, and where that is not permitted by
// its state alone, system_call −1.
SleepLook look_at_process(std::int32_t pid);
std::string process_sleeps_in(std::int32_t pid);

// The kernel's function a thread of this process sleeps in ("inet_csk_accept"); empty: it runs, or the kernel
// does not say.
std::string sleeps_in(std::int32_t tid);

}  // namespace sockscope
