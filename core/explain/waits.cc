#include "explain/waits.h"

#include <algorithm>
#include <vector>

namespace sockscope {
namespace {

// The least of 1, 2, 5, 10, 20, 50 … ns of which kBars are more than `longest`.
Time bar_for(Time longest) {
  const Time least = longest / static_cast<Time>(Waits::kBars) + 1;
  Time unit = 1;
  while (unit * 10 <= least) unit *= 10;
  for (const Time times : {1, 2, 5})
    if (unit * times >= least) return unit * times;
  return unit * 10;
}

// The smallest of which at least `share` hundredths are no greater; `sorted` is not empty.
Time within(const std::vector<Time>& sorted, std::size_t share) {
  return sorted[(sorted.size() * share + 99) / 100 - 1];
}

}  // namespace

Waits waits_of(const RaceLane& lane, Time now) {
  Waits made;
  std::vector<Time> times;
  for (const RaceRunner& one : lane.runners) {
    if (one.connects > now) continue;
    if (one.answered >= 0 && one.answered <= now)
      times.push_back(one.answered - one.connects);
    else if (one.refused >= 0 && one.refused <= now)
      ++made.refused;
    else if (one.ended < 0 || one.ended > now)
      ++made.waiting;
  }
  made.answered = static_cast<std::uint32_t>(times.size());
  if (times.empty()) return made;
  std::sort(times.begin(), times.end());
  made.half = within(times, 50);
  made.most = within(times, 90);
  made.longest = times.back();
  made.bar = bar_for(made.longest);
  for (const Time time : times) ++made.bars[static_cast<std::size_t>(time / made.bar)];
  made.highest = *std::max_element(made.bars.begin(), made.bars.end());
  return made;
}

}  // namespace sockscope
