#pragma once
// The child process of a load (load_process.cc): the same executable, started with "load-child" and the
// arguments below.

#include <span>
#include <string>
#include <vector>

#include "server/server.h"

namespace sockscope {

inline constexpr std::string_view kLoadChild = "load-child";
// Descriptors it is started with when its clients are on a host: that host's namespaces.
inline constexpr int kLoadUserNamespace = 3, kLoadNetNamespace = 4;

// What the child is started with, its name included. `tracing`: whether it tells its events.
std::vector<std::string> load_child_arguments(const LoadOptions& options, bool tracing);

// The child, whole: `arguments` follow "load-child". Single-threaded; tells on standard output until its
// clients have finished or standard input ends. The exit code: 0, 2 for arguments that are not those, or 3
// when the host cannot be entered.
int run_load_child(std::span<const char* const> arguments);

}  // namespace sockscope
