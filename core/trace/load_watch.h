#pragma once
// How far a load has come, and a way to stop it: the only things two threads share of it.

#include <atomic>
#include <cstddef>
#include <string>

#include "trace/recording.h"

namespace sockscope {

struct LoadWatch {
  std::atomic<std::size_t> bytes{0};  // of the file, read so far
  std::atomic<bool> stop{false};      // ask it to end; it does within a few thousand events
};

// load_recording, watched. Stopped: an error, whose message is nobody's to read.
tl::expected<Trace, FileError> load_recording(const std::string& path, LoadWatch& watch);

}  // namespace sockscope
