#pragma once
// A child process of ours: posix_spawn(3) with no signal blocked or ignored, in a process group of its own (a
// terminal's Ctrl-C is ours to answer), and with no descriptor but the standard ones and those it is given.

#include <sys/types.h>

#include <string>
#include <vector>

namespace sockscope {

struct ChildDescriptor {
  int ours, its;  // our descriptor, and its number in the child
};

// `arguments`: the name first. Sets `pid` and returns 0, or returns the errno of what failed. Any thread.
int spawn_child(const std::string& program, std::vector<std::string> arguments,
                std::vector<std::string> environment, const std::vector<ChildDescriptor>& descriptors,
                pid_t& pid);
// As above, with our own environment.
int spawn_child(const std::string& program, std::vector<std::string> arguments,
                const std::vector<ChildDescriptor>& descriptors, pid_t& pid);

}  // namespace sockscope
