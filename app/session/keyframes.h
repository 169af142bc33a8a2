#pragma once
// States along a trace, so that any point of it is folded from near. Bounded: when they hold too many bytes,
// every other one is let go and the next ones are kept twice as far apart.

#include <cstddef>
#include <vector>

#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

class Keyframes {
 public:
  static constexpr std::size_t kLeastApart = 50'000;  // events
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;
  explicit Keyframes(std::size_t least_apart = kLeastApart, std::size_t most_bytes = kMostBytes)
      : apart_(least_apart), most_bytes_(most_bytes) {}

  // Applies to `state` what `trace` has since, keeping keyframes on the way.
  void fold(const Trace& trace, State& state);
  // Applies at most `events` of it. Returns whether there is more.
  bool fold(const Trace& trace, State& state, std::size_t events);
  // The state after the first `seq` events of `trace` (all of them if there are fewer). Valid until the next
  // call.
  const State& at(const Trace& trace, std::size_t seq);

  std::size_t kept() const { return kept_.size(); }
  // About what they hold that the latest does not: at most most_bytes, but for the time of keeping one.
  std::size_t bytes() const { return bytes_; }

 private:
  void keep(const State& state);
  void thin_out();

  std::size_t apart_, most_bytes_;
  std::vector<State> kept_;  // in order of next()
  std::size_t bytes_ = 0;
  State cursor_;
};

}  // namespace sockscope
