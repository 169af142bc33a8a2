#pragma once
// The trace as sentences, made once and kept: a few thousand events a frame, so that a long recording does
// not stop the window.

#include <cstdint>
#include <deque>
#include <string>

#include "trace/narrate.h"

namespace sockscope {

struct NarrationLine {
  std::uint64_t seq = 0;
  Time at = 0;
  std::string text;  // with its time
};

struct NarrationLines {
  static constexpr std::size_t kMost = 100'000;  // the oldest go

  // Reads at most `events` more of the trace. A change of trace or language starts anew. True: all is read.
  bool extend(const Trace& trace, std::string_view language, const Translate& tr, std::size_t events);

  std::deque<NarrationLine> lines;
  bool dropped = false;  // there were more
  State before;
  const Trace* of = nullptr;
  Time start = 0;
  std::string language;
};

}  // namespace sockscope
