#include "trace/order.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sockscope {
namespace {

using Key = std::pair<Time, std::size_t>;

// What arrives is a few runs that are in order already, one after the other: a lane each, and what was held
// back. Merging neighbours takes as many rounds as it takes to halve their number to one.
void merge_runs(std::vector<Key>& keys) {
  std::vector<std::size_t> begins{0};
  for (std::size_t i = 1; i < keys.size(); ++i)
    if (keys[i] < keys[i - 1]) begins.push_back(i);
  const auto at = [&](std::size_t run) {
    return keys.begin() + static_cast<std::ptrdiff_t>(run < begins.size() ? begins[run] : keys.size());
  };
  while (begins.size() > 1) {
    std::vector<std::size_t> merged;
    for (std::size_t run = 0; run < begins.size(); run += 2) {
      merged.push_back(begins[run]);
      if (run + 1 < begins.size()) std::inplace_merge(at(run), at(run + 1), at(run + 2));
    }
    begins = std::move(merged);
  }
}

}  // namespace

void sort_by_time(std::vector<Event>& events) {
  const auto earlier = [](const Event& a, const Event& b) { return a.at < b.at; };
  if (std::is_sorted(events.begin(), events.end(), earlier)) return;
  // An event is dear to move, so keys are sorted and each event moves once.
  std::vector<Key> keys;
  keys.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) keys.emplace_back(events[i].at, i);
  merge_runs(keys);
  std::vector<Event> sorted;
  sorted.reserve(events.size());
  for (const auto& [at, i] : keys) sorted.push_back(std::move(events[i]));
  events = std::move(sorted);
}

}  // namespace sockscope
