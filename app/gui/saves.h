#pragma once
// What the window writes of a run.

#include <functional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "trace/trace.h"

namespace sockscope {

// Where this run's recording goes; the last run's is kept beside it as previous.jsonl. Error: one line.
tl::expected<std::string, std::string> fresh_recording_path();

// Told while a window is open and taken away when it is closed: who finds it when opening was killed before.
// True: it was found. Nothing is told where nothing can be saved.
bool mark_open();
void mark_closed();

// The lines that began in the first `end` events, as lines of a play, in their order: what was typed, clicked
// and played.
std::vector<std::string> play_lines(const Trace& trace, std::size_t end);
// The same one by one, and in between each end of a line with its thread's name.
using PlayLineBegan = std::function<void(const std::string& line)>;
using PlayLineEnded = std::function<void(const std::string& thread, const event::LineEnded& ended)>;
void each_play_line(const Trace& trace, std::size_t end, const PlayLineBegan& on_line,
                    const PlayLineEnded& on_end);
// All of them as a play's text.
std::string play_text(const Trace& trace);

}  // namespace sockscope
