#include "trace/order.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sockscope {

void sort_by_time(std::vector<Event>& events) {
  const auto earlier = [](const Event& a, const Event& b) { return a.at < b.at; };
  if (std::is_sorted(events.begin(), events.end(), earlier)) return;
  // An event is dear to move, so keys are sorted and each event moves once.
  std::vector<std::pair<Time, std::size_t>> keys;
  keys.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) keys.emplace_back(events[i].at, i);
  std::sort(keys.begin(), keys.end());
  std::vector<Event> sorted;
  sorted.reserve(events.size());
  for (const auto& [at, i] : keys) sorted.push_back(std::move(events[i]));
  events = std::move(sorted);
}

}  // namespace sockscope
