#pragma once
// A run up to a moment as a play that does it again, and what of it no play can do.

#include <cstddef>
#include <string>

#include "play/play.h"
#include "trace/state.h"
#include "trace/trace.h"
#include "ui/language.h"

namespace sockscope {

struct RunAgain {
  Play play;             // empty: no line began before that moment
  std::string left_out;  // what cannot be run again, in plain words; empty: nothing was left out
};

// `then` is the state after the first `end` events.
RunAgain run_again(const Trace& trace, std::size_t end, const State& then, const ui::Translator& tr);

}  // namespace sockscope
