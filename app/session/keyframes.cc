#include "session/keyframes.h"

#include <algorithm>

namespace sockscope {

void Keyframes::fold(const Trace& trace, State& state) {
  fold(trace, state, trace.size());
}

bool Keyframes::fold(const Trace& trace, State& state, std::size_t events) {
  const std::size_t end = std::min<std::size_t>(trace.size(), state.next() + events);
  while (state.next() < end) {
    state.apply(trace[state.next()], state.next());
    if (state.next() % apart_ == 0) keep(state);
  }
  return end < trace.size();
}

void Keyframes::keep(const State& state) {
  if (!kept_.empty()) bytes_ += kept_.back().bytes_beside(state);
  kept_.push_back(state);
  while (bytes_ > most_bytes_ && !kept_.empty()) thin_out();
}

void Keyframes::thin_out() {
  apart_ *= 2;
  std::erase_if(kept_, [this](const State& state) { return state.next() % apart_ != 0; });
  bytes_ = 0;
  for (std::size_t i = 1; i < kept_.size(); ++i) bytes_ += kept_[i - 1].bytes_beside(kept_[i]);
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
