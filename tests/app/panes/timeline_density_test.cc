// The overview's buckets: nothing is lost, and what went wrong is never merged away.
#include "panes/timeline_density.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "panes/timeline_index.h"
#include "trace_builder.h"

namespace sockscope {
namespace timeline_density_test {

std::uint64_t sum(const std::vector<DensityColumn>& columns) {
  std::uint64_t all = 0;
  for (const DensityColumn& column : columns) all += column.count;
  return all;
}
std::size_t bad(const std::vector<DensityColumn>& columns) {
  return static_cast<std::size_t>(std::count_if(
      columns.begin(), columns.end(), [](const DensityColumn& c) { return c.worst == Severity::bad; }));
}

TEST(TimelineDensity, EveryEventIsCountedOnceAtAnyWidth) {
  TimelineDensity density;
  constexpr Time kEnd = 36'000 * kSecond;
  for (Time t = 0; t <= kEnd; t += 7 * kSecond + 13) density.add(1000 + t, Severity::none);
  const auto all = static_cast<std::uint64_t>(kEnd / (7 * kSecond + 13)) + 1;
  for (const std::size_t columns : {1u, 3u, 100u, 321u, 5000u})
    EXPECT_EQ(sum(density.columns(1000, 1000 + kEnd + 1, columns)), all) << columns;
}

TEST(TimelineDensity, OneFailureAmongMillionsIsSeenWhereItIs) {
  TimelineDensity density;
  constexpr Time kEnd = 10'000'000;
  for (Time t = 0; t < kEnd; ++t) density.add(t * 1000, t == 7'654'321 ? Severity::bad : Severity::none);
  for (const std::size_t columns : {10u, 321u}) {
    const auto found = density.columns(0, kEnd * 1000, columns);
    ASSERT_EQ(bad(found), 1u);
    const auto at = std::find_if(found.begin(), found.end(),
                                 [](const DensityColumn& c) { return c.worst == Severity::bad; });
    EXPECT_NEAR(static_cast<double>(at - found.begin()) / static_cast<double>(columns), 0.765, 0.1);
  }
}

TEST(TimelineDensity, ItsBucketsGrowFromMicrosecondsToTenHours) {
  TimelineDensity density;
  EXPECT_TRUE(density.empty());
  density.add(5, Severity::none);
  density.add(6, Severity::notice);
  EXPECT_EQ(density.bucket_width(), 1'000);
  density.add(36'000 * kSecond, Severity::bad);
  EXPECT_LT(density.bucket_width(), 36 * kSecond);
  EXPECT_EQ(density.columns(0, 36'001 * kSecond, 10)[0].worst, Severity::notice);
  EXPECT_EQ(density.columns(0, 36'001 * kSecond, 10)[9].worst, Severity::bad);
  density.add(std::numeric_limits<Time>::max(), Severity::none);
  density.add(std::numeric_limits<Time>::min(), Severity::none);
}

TEST(TimelineDensity, NothingIsShownOfNothing) {
  const TimelineDensity density;
  EXPECT_EQ(sum(density.columns(0, 100, 10)), 0u);
  EXPECT_TRUE(density.columns(0, 100, 0).empty());
  EXPECT_EQ(sum(density.columns(100, 0, 10)), 0u);
}

TEST(TimelineDensity, TheIndexTellsFailedCallsDropsAndUnmetExpectations) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  b.at(150).fail(b.enter(t, Call::connect, s), ECONNREFUSED);
  b.at(350).put(event::Expectation{1, false, "x.play", "t idle", "t blocked"});
  b.at(550).put(event::ListenerSampled{s, 3, 2, 0, 1});
  b.at(1000).line(t, 1, "pass");
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  const auto found = index.density().columns(trace.start(), trace.end() + 1, 10);
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found[i].worst == Severity::bad, i == 1 || i == 3 || i == 5) << i;
}

TEST(TimelineIndex, CountsCallsAndSentBytesBetweenTwoTimes) {
  const Trace trace = two_clients_trace();
  TimelineIndex index;
  index.extend(trace);
  std::uint64_t calls = 0, bytes = 0;
  std::vector<Call> names(1000);
  std::size_t depth = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (const auto* entered = std::get_if<event::CallEntered>(&trace[i].body)) {
      names[entered->call] = entered->name;
      if (entered->name != Call::send || depth == 0) ++calls;
      depth = entered->name == Call::sendall ? 1 : 0;
    }
    const auto* back = std::get_if<event::CallReturned>(&trace[i].body);
    if (back != nullptr && names[back->call] == Call::send) bytes += static_cast<std::uint64_t>(back->result);
  }
  EXPECT_EQ(index.calls_between(trace.start(), trace.end()), calls);
  EXPECT_EQ(index.bytes_between(trace.start(), trace.end()), bytes);
  EXPECT_GT(bytes, 0u);
  EXPECT_EQ(index.calls_between(trace.end() + 1, trace.end() + kSecond), 0u);
  EXPECT_EQ(index.bytes_between(trace.start(), trace.start()), 0u);
}

}  // namespace timeline_density_test
}  // namespace sockscope
