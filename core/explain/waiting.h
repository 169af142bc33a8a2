#pragma once
// Blocking made plain: what a blocked call waits for, which call would free it, and who waits for whom. Pure.

#include <optional>
#include <string>
#include <vector>

#include "trace/narrate.h"
#include "trace/state.h"

namespace sockscope {

struct WaitsFor {
  std::string what;      // "bytes or FIN from 127.0.0.1:40312"
  std::string freed_by;  // "send, shutdown or close on client's c"; empty: nothing of ours can
  Time since = 0;
  Time deadline = -1;  // −1: none
};
// Nothing: the thread is in no call, or not proved blocked.
std::optional<WaitsFor> waits_for(const State& state, ThreadId thread, const Translate& tr);

// The threads that wait for each other in a circle, each for the next; empty: there is none. Only what the
// state proves: both ends ours, nothing on its way, no deadline, nobody else at work on those sockets.
std::vector<ThreadId> deadlock(const State& state);
// "server waits for client, and client waits for server: a deadlock. …"; empty: there is none.
std::string deadlock_text(const State& state, const Translate& tr);

}  // namespace sockscope
