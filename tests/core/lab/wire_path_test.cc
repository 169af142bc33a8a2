#include "lab/wire_path.h"

#include <gtest/gtest.h>

#include <vector>

#include "trace/clock.h"

namespace sockscope::testing {
namespace {

WireSettings of_delay(Time delay) {
  WireSettings settings;
  settings.delay = delay;
  return settings;
}

TEST(WirePath, AStraightWireDelaysAndIsPassedInTheMiddle) {
  WirePath path(1);
  path.set(of_delay(300 * kMillisecond));
  const auto plan = path.plan(kSecond, 60);
  EXPECT_EQ(plan.due, kSecond + 300 * kMillisecond);
  EXPECT_EQ(plan.middle, kSecond + 150 * kMillisecond);
  EXPECT_FALSE(plan.loss);
  EXPECT_FALSE(plan.twice);
}

TEST(WirePath, TheSameSeedGivesTheSameFates) {
  WireSettings settings = of_delay(kMillisecond);
  settings.loss = 300'000;
  settings.jitter = kMillisecond;
  const auto fates = [&](std::uint64_t direction, std::uint32_t seed) {
    WirePath path(direction);
    settings.seed = seed;
    path.set(settings);
    std::vector<std::pair<bool, Time>> all;
    for (int i = 0; i < 100; ++i) {
      const auto plan = path.plan(i * kSecond, 60);
      all.emplace_back(plan.loss.has_value(), plan.due);
    }
    return all;
  };
  EXPECT_EQ(fates(1, 7), fates(1, 7));
  EXPECT_NE(fates(1, 7), fates(1, 8));
  EXPECT_NE(fates(1, 7), fates(2, 7));  // the two directions of a wire
}

TEST(WirePath, AnotherSettingLeavesTheLossesAsTheyAre) {
  const auto losses = [](const WireSettings& settings) {
    WirePath path(1);
    path.set(settings);
    std::vector<bool> all;
    for (int i = 0; i < 200; ++i) all.push_back(path.plan(i * kSecond, 60).loss.has_value());
    return all;
  };
  WireSettings settings = of_delay(kMillisecond);
  settings.loss = 200'000;
  const auto before = losses(settings);
  settings.jitter = 5 * kMillisecond;
  settings.duplicate = 500'000;
  settings.reorder = 100'000;
  EXPECT_EQ(losses(settings), before);
}

TEST(WirePath, SharesAreAboutWhatIsAsked) {
  WireSettings settings = of_delay(kMillisecond);
  settings.loss = 100'000;
  settings.duplicate = 50'000;
  WirePath path(1);
  path.set(settings);
  int lost = 0, twice = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto plan = path.plan(i * kSecond, 60);
    lost += plan.loss == Loss::lost;
    twice += plan.twice;
  }
  EXPECT_NEAR(lost, 1'000, 150);
  EXPECT_NEAR(twice, 500, 110);
}

TEST(WirePath, WholeLossAndNone) {
  WireSettings settings;
  settings.loss = 1'000'000;
  WirePath path(1);
  path.set(settings);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(path.plan(i, 60).loss, Loss::lost);
  settings.loss = 0;
  path.set(settings);
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(path.plan(i, 60).loss);
}

TEST(WirePath, JitterKeepsTheOrder) {
  WireSettings settings = of_delay(10 * kMillisecond);
  settings.jitter = 50 * kMillisecond;
  WirePath path(1);
  path.set(settings);
  Time before = 0;
  for (Time sent = 0; sent < kSecond; sent += kMillisecond) {
    const auto plan = path.plan(sent, 60);
    EXPECT_GE(plan.due, before);
    EXPECT_GE(plan.due, sent + settings.delay);
    before = plan.due;
  }
}

TEST(WirePath, AReorderedPacketOvertakesAndHoldsNobodyUp) {
  WireSettings settings = of_delay(100 * kMillisecond);
  WirePath path(1);
  path.set(settings);
  const auto first = path.plan(0, 60);
  settings.reorder = 1'000'000;
  path.set(settings);
  const auto second = path.plan(kMillisecond, 60);
  EXPECT_LT(second.due, first.due);
}

TEST(WirePath, ARateTakesTimeForEveryBitAndRunsFull) {
  WireSettings settings;
  settings.rate = 8'000;  // a thousand bytes a second
  WirePath path(1);
  path.set(settings);
  EXPECT_EQ(path.plan(0, 500).due, kSecond / 2);
  EXPECT_EQ(path.plan(0, 500).due, kSecond);
  EXPECT_EQ(path.plan(0, 500).due, 3 * kSecond / 2);
  EXPECT_EQ(path.plan(0, 500).loss, Loss::full);  // a second and a half before it
  EXPECT_FALSE(path.plan(2 * kSecond, 500).loss);
}

}  // namespace
}  // namespace sockscope::testing
