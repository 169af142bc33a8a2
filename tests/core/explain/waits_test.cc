#include "explain/waits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace sockscope {
namespace {

RaceLane lane_of(std::initializer_list<Time> waits) {
  RaceLane lane;
  for (const Time wait : waits) lane.runners.push_back({.connects = 100, .answered = 100 + wait});
  return lane;
}

TEST(Waits, PercentilesAreOfThoseWhoWereAnswered) {
  RaceLane lane = lane_of({10, 20, 30, 40, 50, 60, 70, 80, 90, 1000});
  const Waits all = waits_of(lane, 10'000);
  EXPECT_EQ(all.answered, 10u);
  EXPECT_EQ(all.half, 50);
  EXPECT_EQ(all.most, 90);
  EXPECT_EQ(all.longest, 1000);
  EXPECT_EQ(waits_of(lane_of({7}), 10'000).half, 7);
}

TEST(Waits, OnlyWhatHasHappenedByThenCounts) {
  RaceLane lane = lane_of({10, 20, 30});
  lane.runners.push_back({.connects = 100, .answered = -1, .refused = 105});
  lane.runners.push_back({.connects = 100, .answered = -1, .ended = 108});
  lane.runners.push_back({.connects = 500});
  EXPECT_EQ(waits_of(lane, 99).waiting, 0u);
  EXPECT_EQ(waits_of(lane, 100).waiting, 5u);
  const Waits then = waits_of(lane, 120);
  EXPECT_EQ(then.answered, 2u);
  EXPECT_EQ(then.refused, 1u);
  EXPECT_EQ(then.waiting, 1u);
  EXPECT_EQ(then.longest, 20);
}

TEST(Waits, EveryAnswerIsInABarOfARoundLength) {
  for (const Time longest :
       {Time{0}, Time{1}, Time{19}, Time{20}, Time{100}, Time{999}, 3 * kSecond, 400 * kSecond}) {
    const Waits waits = waits_of(lane_of({0, longest / 3, longest}), 1000 * kSecond);
    EXPECT_EQ(std::accumulate(waits.bars.begin(), waits.bars.end(), 0u), 3u) << longest;
    EXPECT_LT(longest, waits.bar * static_cast<Time>(Waits::kBars));
    Time digits = waits.bar;
    while (digits % 10 == 0) digits /= 10;
    EXPECT_THAT(digits, ::testing::AnyOf(1, 2, 5)) << longest;
    EXPECT_GE(waits.highest, 1u);
  }
}

TEST(Waits, NobodyWaitedWhereNobodyCame) {
  const Waits none = waits_of(RaceLane{}, 5);
  EXPECT_EQ(none.answered + none.waiting + none.refused + none.highest, 0u);
}

}  // namespace
}  // namespace sockscope
