#pragma once
// What it takes to have a child process and to hear of it: its pipes, its environment, the thread that reads,
// how it ended. Of this room only.

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "calls/caller.h"
#include "net/descriptor.h"

namespace sockscope {

struct Pipe {
  Descriptor in, out;  // in: what is read from
};
std::optional<Pipe> make_pipe();  // pipe2(2), CLOEXEC; nullopt and errno

// Ours, but with the engine's private directory for temporary files: what a killed child leaves is removed
// with it.
std::vector<std::string> environment_of(const CallRoom& room);

// Begins `thread` with every signal blocked: signals are for other threads. 0 or errno.
int start_without_signals(std::thread& thread, std::function<void()> body);

// Until the child has ended; it is not collected yet, so its number is still its own. waitid(2).
void wait_until_ended(pid_t pid);

// Of waitpid(2)'s status: "was killed by signal 9 (SIGKILL)", "ended with exit status 3"; empty: it ended as
// it should.
std::string how_it_died(int status);

}  // namespace sockscope
