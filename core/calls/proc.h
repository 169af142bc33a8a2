#pragma once
// Reading /proc/self/task/TID (proc(5)): what the kernel says of one thread of this process. Any thread.

#include <cstdint>
#include <span>
#include <string_view>

namespace sockscope {

// The beginning of /proc/self/task/TID/FILE, as much as fits `buffer`. Empty: no such thread, or it cannot be
// read.
std::string_view read_task_file(std::int32_t tid, const char* file, std::span<char> buffer);

// The same of /proc/PID/FILE, of any process.
std::string_view read_process_file(std::int32_t pid, const char* file, std::span<char> buffer);

// The number of the system call the thread sleeps in. −1: it sleeps elsewhere (a page fault); kRunning: it
// runs or could run; kUnreadable: the thread is gone or /proc is not there.
inline constexpr long kRunning = -2;
inline constexpr long kUnreadable = -3;
long sleeping_in(std::int32_t tid);
// The same of the first thread of another process. kUnreadable also where it is not permitted.
long process_sleeping_in(std::int32_t pid);

}  // namespace sockscope
