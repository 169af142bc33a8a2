#pragma once
// The child process of a load (load_process.cc): the same executable, started with "load-child" and the
// arguments below.

#include <span>
#include <string>
#include <vector>

#include "server/server.h"

namespace sockscope {

inline constexpr std::string_view kLoadChild = "load-child";

// What the child is started with, its name included. `tracing`: whether it tells its events.
std::vector<std::string> load_child_arguments(const LoadOptions& options, bool tracing);

// The child, whole: `arguments` follow "load-child". Single-threaded; tells on standard output until its
// clients have finished or standard input ends. The exit code: 0, or 2 for arguments that are not those.
int run_load_child(std::span<const char* const> arguments);

}  // namespace sockscope
