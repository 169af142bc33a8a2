#include "trace/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sockscope {
namespace {

std::vector<Event> at_times(const std::vector<Time>& times) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < times.size(); ++i)
    events.push_back({times[i], event::ThreadEnded{static_cast<ThreadId>(i)}});
  return events;
}

void expect_as_stable_sort(const std::vector<Time>& times) {
  std::vector<Event> ours = at_times(times), theirs = at_times(times);
  sort_by_time(ours);
  std::stable_sort(theirs.begin(), theirs.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  EXPECT_EQ(ours, theirs);
}

TEST(Order, EqualTimesKeepTheirOrder) {
  expect_as_stable_sort({});
  expect_as_stable_sort({5});
  expect_as_stable_sort({5, 5, 5});
  expect_as_stable_sort({5, 4, 3, 2, 1});
  expect_as_stable_sort({1, 3, 5, 1, 3, 5, 2});
}

TEST(Order, AnyNumberOfRunsOfAnyLength) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Time> times(random() % 100);
    for (Time& time : times) time = static_cast<Time>(random() % 20);
    for (std::size_t begin = 0; begin < times.size();) {
      const std::size_t end = std::min(times.size(), begin + 1 + random() % 30);
      std::sort(times.begin() + static_cast<std::ptrdiff_t>(begin),
                times.begin() + static_cast<std::ptrdiff_t>(end));
      begin = end;
    }
    expect_as_stable_sort(times);
  }
}

}  // namespace
}  // namespace sockscope
