#pragma once
// How long a load's clients waited, from connect() to their last answer: a small histogram with percentiles.
// Pure.

#include <array>
#include <cstdint>

#include "explain/race.h"

namespace sockscope {

struct Waits {
  static constexpr std::size_t kBars = 20;
  std::uint32_t answered = 0;
  std::uint32_t refused = 0;
  std::uint32_t waiting = 0;  // have called connect(), and neither an answer, a refusal nor an end by then
  Time half = 0, most = 0, longest = 0;  // within which half, 9 of 10 and all of the answered were answered
  Time bar = 1;                          // how long a bar stands for: a round number
  std::array<std::uint32_t, kBars> bars{};
  std::uint32_t highest = 0;  // of the bars
};

// Of those who had called connect() by `now`.
Waits waits_of(const RaceLane& lane, Time now);

}  // namespace sockscope
