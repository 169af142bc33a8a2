#include "session/keyframes.h"

#include <algorithm>

namespace sockscope {
namespace {

// What a copy of `state` costs, in events folded.
std::size_t cost_of(const State& state) {
  return 20 * (state.sockets().size() + state.threads().size() + state.names().size());
}

}  // namespace

void Keyframes::fold(const Trace& trace, State& state) {
  while (state.next() < trace.size()) {
    state.apply(trace[state.next()], state.next());
    if (state.next() % kLeastApart != 0) continue;
    const std::size_t last = kept_.empty() ? 0 : kept_.back().next();
    if (state.next() - last >= std::max(kLeastApart, cost_of(state))) kept_.push_back(state);
  }
}

const State& Keyframes::at(const Trace& trace, std::size_t seq) {
  seq = std::min(seq, trace.size());
  const auto after =
      std::upper_bound(kept_.begin(), kept_.end(), seq,
                       [](std::size_t wanted, const State& state) { return wanted < state.next(); });
  const State* nearest = after == kept_.begin() ? nullptr : &*(after - 1);
  const bool cursor_serves =
      cursor_.next() <= seq && (nearest == nullptr || cursor_.next() >= nearest->next());
  if (!cursor_serves) cursor_ = nearest == nullptr ? State() : *nearest;
  while (cursor_.next() < seq) cursor_.apply(trace[cursor_.next()], cursor_.next());
  return cursor_;
}

}  // namespace sockscope
