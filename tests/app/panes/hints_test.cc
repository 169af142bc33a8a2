// One-line hints: which, for how long, how often, and never where nobody sits.
#include <gtest/gtest.h>

#include "pane_scene.h"

namespace sockscope {
namespace hints_test {

using T = TwoClients;

struct HintTest : ::testing::Test {
  testing::PaneScene scene{draw_stage, while_bob_waits(), {1119, 440}};
  void SetUp() override {
    scene.live = true;
    scene.view.hints.here = true;
    scene.at(T::bob_waits);
  }
  // What is said `clock` seconds in, as the pane would ask.
  HintTurn turn(double clock) {
    HintTurn out;
    scene.open = [&](const Scene& seen, View& view) { out = turn_hint(seen, view, view.hints, clock); };
    scene.driver.frame();
    return out;
  }
  std::uint8_t left(Hint hint) const { return scene.view.hints.left[static_cast<std::size_t>(hint)]; }
};

TEST_F(HintTest, ComesAfterAQuietWhileAndGoesByItself) {
  scene.view.hints = {};
  scene.view.hints.here = true;
  scene.view.hints.since = 1'000;
  EXPECT_FALSE(turn(1'001).hint);
  EXPECT_GT(turn(1'001).next, 5);
  EXPECT_EQ(turn(1'020).hint, Hint::right_click);
  EXPECT_EQ(turn(1'030).hint, Hint::right_click);
  EXPECT_EQ(left(Hint::right_click), Hints::kTimes);
  EXPECT_FALSE(turn(1'050).hint);
  EXPECT_EQ(left(Hint::right_click), Hints::kTimes - 1);
}

TEST_F(HintTest, WhatWasDoneOrSaidOftenEnoughIsNotSaidAgain) {
  double clock = 10'000;
  for (int i = 0; i < Hints::kTimes; ++i) {
    EXPECT_EQ(turn(clock += 100).hint, Hint::right_click) << i;
    EXPECT_FALSE(turn(clock += 100).hint) << i;
  }
  EXPECT_EQ(left(Hint::right_click), 0);
  EXPECT_NE(turn(clock += 100).hint, Hint::right_click);
  scene.view.hints.left.fill(0);
  EXPECT_FALSE(turn(clock += 100).hint);
  EXPECT_LT(turn(clock += 100).next, 0);  // nothing more: no frame is due
}

TEST_F(HintTest, TheDoneThingEndsItAtOnce) {
  EXPECT_EQ(turn(10'000).hint, Hint::right_click);
  scene.driver.hover("stage/socket-2");
  scene.driver.mouse_button(true, 1);
  scene.driver.frame();
  scene.driver.mouse_button(false, 1);
  scene.driver.frame();
  EXPECT_EQ(left(Hint::right_click), 0);
  EXPECT_NE(turn(10'001).hint, Hint::right_click);
}

TEST_F(HintTest, NoneInAPictureOnTheProjectorOrWhereTheyAreOff) {
  scene.view.hints.off = true;
  EXPECT_FALSE(turn(10'000).hint);
  scene.view.hints.off = false;
  scene.view.presenting.on = true;
  EXPECT_FALSE(turn(20'000).hint);
  scene.view.presenting.on = false;
  scene.view.hints.here = false;
  EXPECT_FALSE(turn(30'000).hint);
  scene.view.hints.here = true;
  EXPECT_TRUE(turn(40'000).hint);
}

TEST_F(HintTest, StandsAtTheFootOfTheStage) {
  scene.view.hints.now = Hint::right_click;
  scene.view.hints.since = ImGui::GetTime();
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Right-click anything here"));
  EXPECT_GT(scene.driver.wake_in, 0);
}

}  // namespace hints_test
}  // namespace sockscope
