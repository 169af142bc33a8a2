#pragma once
// Prints a trace as sentences while it grows: play --narrate and narrate are this same object.

#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope::cli {

class Narrator {
 public:
  // Says what `trace` has since the last time; one trace for a narrator's life.
  void follow(const Trace& trace);

 private:
  State state_;
};

}  // namespace sockscope::cli
