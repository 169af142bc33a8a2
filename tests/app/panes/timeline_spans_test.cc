#include "panes/timeline_spans.h"

#include <gtest/gtest.h>

#include <vector>

namespace sockscope {
namespace {

std::vector<SpanRun> runs_of(const Spans& spans, Time from, Time to, Time grain, Time now) {
  std::vector<SpanRun> runs;
  spans.visit(from, to, grain, now, [&](const SpanRun& run) { runs.push_back(run); });
  return runs;
}

// n calls of 6 ns, one every 10 ns; call `failed` fails.
Spans many(std::size_t n, std::size_t failed) {
  Spans spans;
  for (std::size_t i = 0; i < n; ++i) {
    const Time t = static_cast<Time>(i) * 10;
    spans.open(t, static_cast<std::uint32_t>(i), 1);
    spans.close(t + 6, 0, i == failed ? SpanFlag::failed : SpanFlag::none);
  }
  return spans;
}

TEST(Spans, EachIsGivenAloneWhenThereIsRoom) {
  const std::vector<SpanRun> runs = runs_of(many(20, 99), 0, 200, 1, 200);
  ASSERT_EQ(runs.size(), 20u);
  EXPECT_EQ(runs[7].t0, 70);
  EXPECT_EQ(runs[7].t1, 76);
  EXPECT_EQ(runs[7].first, 7u);
  EXPECT_EQ(runs[7].count, 1u);
}

TEST(Spans, OnlyWhatIsInTheWindowIsGiven) {
  const std::vector<SpanRun> runs = runs_of(many(1000, 9999), 500, 530, 1, 10'000);
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs.front().first, 50u);
  EXPECT_EQ(runs.back().first, 53u);
}

TEST(Spans, MergedRunsAreNoMoreThanThePixelsAndCoverEverySpan) {
  for (const std::size_t n : {1u, 8u, 9u, 64u, 65u, 513u, 100'000u}) {
    const Spans spans = many(n, n);
    const Time end = static_cast<Time>(n) * 10;
    const Time grain = end / 100 + 1;
    const std::vector<SpanRun> runs = runs_of(spans, 0, end, grain, end);
    EXPECT_LE(runs.size(), static_cast<std::size_t>(end / grain) + 2) << n;
    std::size_t covered = 0;
    for (const SpanRun& run : runs) {
      EXPECT_EQ(run.first, covered) << n;
      covered += run.count;
    }
    EXPECT_EQ(covered, n);
  }
}

TEST(Spans, OneFailureAmongAHundredThousandIsNotMergedAway) {
  for (const std::size_t failed : {0u, 31'337u, 99'999u}) {
    const std::vector<SpanRun> runs = runs_of(many(100'000, failed), 0, 1'000'000, 10'000, 1'000'000);
    std::size_t with_failure = 0;
    for (const SpanRun& run : runs) {
      if (!has(run.flags, SpanFlag::failed)) continue;
      ++with_failure;
      EXPECT_LE(run.first, failed);
      EXPECT_GT(run.first + run.count, failed);
    }
    EXPECT_EQ(with_failure, 1u);
  }
}

TEST(Spans, AWideSpanBesideNarrowOnesStaysItself) {
  Spans spans;
  for (Time t : {0, 2, 4}) {
    spans.open(t, 0, 1);
    spans.close(t + 1);
  }
  spans.open(6, 3, 2);
  spans.close(1000);
  const std::vector<SpanRun> runs = runs_of(spans, 0, 2000, 20, 2000);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].count, 3u);
  EXPECT_EQ(runs[1].count, 1u);
  EXPECT_EQ(runs[1].kind, 2);
}

TEST(Spans, AnOpenSpanReachesNowAndIsFoundBehindManyOthers) {
  Spans spans = many(5000, 9999);
  spans.open(60'000, 5000, 3);
  spans.block(60'500);
  const std::vector<SpanRun> runs = runs_of(spans, 59'000, 90'000, 100, 80'000);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].t0, 60'000);
  EXPECT_EQ(runs[0].t1, 80'000);
  EXPECT_EQ(runs[0].blocked, 19'500);
  EXPECT_EQ(spans.blocked_since(5000, 80'000), 60'500);
  spans.close(61'000);
  EXPECT_TRUE(runs_of(spans, 62'000, 90'000, 100, 80'000).empty());
}

TEST(Spans, BlockedTimeOfMergedCallsIsTheirSum) {
  Spans spans;
  for (Time t = 0; t < 1000; t += 10) {
    spans.open(t, 0, 1);
    spans.block(t + 3);
    spans.close(t + 10);
  }
  const std::vector<SpanRun> runs = runs_of(spans, 0, 1000, 1000, 1000);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].count, 100u);
  EXPECT_EQ(runs[0].blocked, 700);
}

TEST(Spans, ALateSpanIsPlacedWhereTheOneBeforeEnds) {
  Spans spans;
  spans.open(100, 0, 1);
  spans.close(200);
  spans.open(150, 1, 1);
  spans.close(120);
  EXPECT_EQ(spans[1].t0, 200);
  EXPECT_EQ(spans[1].t1, 200);
}

TEST(Spans, ASecondOpenSpanEndsTheFirst) {
  Spans spans;
  spans.open(100, 0, 1);
  spans.open(150, 1, 1);
  EXPECT_EQ(spans[0].t1, 150);
  EXPECT_TRUE(spans.is_open());
}

TEST(Spans, BlockedAfterItsEndDoesNotMakeTimeNegative) {
  Spans spans;
  spans.open(100, 0, 1);
  spans.close(200);
  spans.block(500);
  for (Time t = 0; t < 20; ++t) spans.point(300 + t, 0, 1);
  const std::vector<SpanRun> runs = runs_of(spans, 0, 1000, 1000, 1000);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].blocked, 0);
}

TEST(Spans, IsFoundByTimeAndByTheEventThatBeganIt) {
  const Spans spans = many(100, 999);
  EXPECT_EQ(spans.at(-1), spans.size());
  EXPECT_EQ(spans.at(0), 0u);
  EXPECT_EQ(spans.at(505), 50u);
  EXPECT_EQ(spans.at(99'999), 99u);
  EXPECT_EQ(spans.find(42), 42u);
  EXPECT_EQ(spans.find(100), spans.size());
  EXPECT_EQ(spans.before(0), spans.size());
  EXPECT_EQ(Spans().at(5), 0u);
}

}  // namespace
}  // namespace sockscope
