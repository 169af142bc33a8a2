#pragma once
// What the window writes by itself, and where.

#include <string>

#include <tl/expected.hpp>

#include "trace/trace.h"

namespace sockscope {

// XDG_STATE_HOME/sockscope (~/.local/state/sockscope), made if need be, for this user only. Error: one line.
tl::expected<std::string, std::string> state_folder();
// Where this run's recording goes; the last run's is kept beside it as previous.jsonl. Error: one line.
tl::expected<std::string, std::string> fresh_recording_path();

// The lines of a trace as a play, in the order they began: what was typed, clicked and played.
std::string play_text(const Trace& trace);
// Writes that play under state_folder()/plays, named by the clock. The path; error: one line.
tl::expected<std::string, std::string> save_play(const Trace& trace);

}  // namespace sockscope
