#pragma once
// The process of a server of model "fork" (fork.cc): the same executable, started with "fork-server" and the
// arguments below. It has one thread, so it may fork: a process for each client.

#include <span>
#include <string>
#include <vector>

#include "server/server.h"

namespace sockscope {

inline constexpr std::string_view kForkServer = "fork-server";
// Its descriptors. Its standard input ends when the server shall end. What it and its clients' processes tell
// (fork_lines.h) goes into the memory (told_ring.h); its standard output, a pipe, wakes the one that listens,
// and ends with the last of them.
inline constexpr int kForkListener = 3, kForkMemory = 4;

// What it is started with, its name included. `tracing`: whether it tells its events.
std::vector<std::string> fork_server_arguments(const ServerOptions& options, ServerId id, bool tracing);

// The process, whole: `arguments` follow "fork-server". Until its listening socket is no good or standard
// input ends, and all its clients' processes have. Dies with the thread that started it. The exit code: 0, or
// 2 for arguments that are not those.
int run_fork_server(std::span<const char* const> arguments);

}  // namespace sockscope
