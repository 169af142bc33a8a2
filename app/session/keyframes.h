#pragma once
// States along a trace, so that any point of it is folded from near. Few: the next one is kept when it costs
// little beside the events since the last.

#include <vector>

#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

class Keyframes {
 public:
  static constexpr std::size_t kLeastApart = 50'000;  // events

  // Applies to `state` what `trace` has since, keeping keyframes on the way.
  void fold(const Trace& trace, State& state);
  // The state after the first `seq` events of `trace` (all of them if there are fewer). Valid until the next
  // call.
  const State& at(const Trace& trace, std::size_t seq);

 private:
  std::vector<State> kept_;  // in order of next()
  State cursor_;
};

}  // namespace sockscope
