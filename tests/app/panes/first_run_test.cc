#include <gtest/gtest.h>

#include "pane_scene.h"

namespace sockscope {
namespace first_run_test {

struct FirstRun : ::testing::Test {
  testing::PaneScene scene{draw_first_run, Trace{}, {1600, 955}};
  void SetUp() override {
    scene.lessons = {{"01-hello", "Hello", {}}, {"02-five-steps", "Five steps", {}}};
    scene.view.first_run = true;
    scene.driver.frame(2);
  }
  template <typename T>
  T only() {
    EXPECT_EQ(scene.requests.size(), 1u);
    EXPECT_FALSE(scene.view.first_run);
    return scene.requests.size() == 1 ? std::get<T>(scene.requests[0]) : T{};
  }
};

TEST_F(FirstRun, TheFirstCardOpensTheFirstLesson) {
  scene.driver.click("first-run/lesson");
  EXPECT_EQ(only<request::OpenLesson>().id, "01-hello");
}

TEST_F(FirstRun, TheSecondCardStartsTheTutorialsServerOneClientAtATime) {
  scene.driver.click("first-run/tutorial");
  EXPECT_EQ(only<request::StartTutorialServer>().model, "iterative");
}

TEST_F(FirstRun, TheThirdCardOpensTheForm) {
  scene.driver.click("first-run/socket");
  EXPECT_TRUE(scene.requests.empty());
  EXPECT_TRUE(scene.view.show_new_socket);
  EXPECT_FALSE(scene.view.first_run);
}

TEST_F(FirstRun, APortThatRestsIsCountedDownInWholeSeconds) {
  scene.driver.frame(2);
  EXPECT_LT(scene.driver.wake_in, 0);
  scene.held_port = HeldPort{9999, 42'300 * kMillisecond, {}};
  scene.lessons.push_back({"06-restart", "Who closed first?", {}, {}});
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Port 9999 rests in TIME_WAIT and is free in 43 s."));
  EXPECT_NEAR(scene.driver.wake_in, 0.3, 0.01);  // when it is 42 s
  scene.driver.click("first-run/why-held");
  EXPECT_EQ(only<request::OpenLesson>().id, "06-restart");
}

TEST_F(FirstRun, AProgramThatHasThePortIsNamedAndNothingTicks) {
  scene.held_port = HeldPort{9999, 0, "python3 (pid 123)"};
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("python3 (pid 123) has port 9999"));
  EXPECT_LT(scene.driver.wake_in, 0);
}

TEST(FirstRunInASmallWindow, ButtonsStandBesideTheTitlesThatLeaveNoRoomBelow) {
  testing::PaneScene scene{draw_first_run, Trace{}, {640, 436}};
  scene.view.first_run = true;
  scene.driver.frame(2);
  for (const char* key : {"first-run/lesson", "first-run/tutorial", "first-run/socket"}) {
    const auto button = scene.driver.find(key);
    ASSERT_TRUE(button) << key;
    EXPECT_GT(button->min.x, 320) << key;
  }
}

TEST_F(FirstRun, Key1) {
  scene.driver.key(ui::Key::n1);
  EXPECT_EQ(only<request::OpenLesson>().id, "01-hello");
}
TEST_F(FirstRun, Key2) {
  scene.driver.key(ui::Key::n2);
  only<request::StartTutorialServer>();
}
TEST_F(FirstRun, Key3) {
  scene.driver.key(ui::Key::n3);
  EXPECT_TRUE(scene.view.show_new_socket);
}

TEST_F(FirstRun, TheLinksWorkByKeyboard) {
  scene.driver.tab_to("first-run/language");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(scene.view.language, ui::Language::zh);
  scene.driver.tab_to("first-run/all-lessons");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(only<request::OpenLesson>().id, "");
}

TEST_F(FirstRun, StraightToThePrompt) {
  scene.driver.click("first-run/prompt");
  EXPECT_FALSE(scene.view.first_run);
  EXPECT_TRUE(scene.view.focus_prompt);
  EXPECT_TRUE(scene.requests.empty());
}

TEST_F(FirstRun, SaysWhatThisMachinePermits) {
  EXPECT_TRUE(scene.driver.shows("This machine permits"));
}

}  // namespace first_run_test
}  // namespace sockscope
