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

// "17 (name) S …": the name may hold anything.
bool asleep_in(std::string_view stat) {
  const auto name = stat.rfind(") ");
  return name != std::string_view::npos && stat.substr(name + 2, 1) == "S";
}

std::string place_in(std::string_view wchan) {
  return wchan == "0" ? std::string() : std::string(wchan);
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

SleepLook look_at_process(std::int32_t pid) {
  SleepLook look;
  look.at = now();
  std::array<char, 4096> buffer;
  look.system_call = process_sleeping_in(pid);
  look.asleep = look.system_call >= 0;
  if (look.system_call == kUnreadable) {
    look.system_call = -1;
    look.asleep = asleep_in(read_process_file(pid, "stat", buffer));
  }
  if (look.asleep) look.switches = switches_in(read_process_file(pid, "status", buffer));
  return look;
}

std::string sleeps_in(std::int32_t tid) {
  std::array<char, 128> buffer;
  return place_in(read_task_file(tid, "wchan", buffer));
}

std::string process_sleeps_in(std::int32_t pid) {
  std::array<char, 128> buffer;
  return place_in(read_process_file(pid, "wchan", buffer));
}

}  // namespace sockscope
