#include "kernel/sleep.h"

#include <array>
#include <charconv>
#include <string_view>

#include "calls/proc.h"

namespace sockscope {
namespace {

constexpr std::string_view kSwitches = "\nvoluntary_ctxt_switches:\t";

std::uint64_t switches_in(std::string_view status) {
  const auto found = status.find(kSwitches);
  if (found == std::string_view::npos) return 0;
  const char* first = status.data() + found + kSwitches.size();
  std::uint64_t count = 0;
  std::from_chars(first, status.data() + status.size(), count);
  return count;
}

}  // namespace

SleepLook look_at(std::int32_t tid) {
  SleepLook look;
  look.at = now();
  // Whether it sleeps first, the count after it: a thread that wakes in between shows a higher count.
  look.system_call = sleeping_in(tid);
  look.asleep = look.system_call >= 0;
  if (!look.asleep) return look;
  std::array<char, 4096> buffer;
  look.switches = switches_in(read_task_file(tid, "status", buffer));
  return look;
}

std::string sleeps_in(std::int32_t tid) {
  std::array<char, 128> buffer;
  const std::string_view where = read_task_file(tid, "wchan", buffer);
  return where == "0" ? std::string() : std::string(where);
}

}  // namespace sockscope
