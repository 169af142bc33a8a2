// The projector: what stands on it, and its keys.
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/frame.h"
#include "panes/presenter.h"

namespace sockscope {
namespace presenter_test {

using T = TwoClients;

void whole(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  draw_window(ui, scene, view, requests, where.max);
}

struct Projector : ::testing::Test {
  testing::PaneScene scene{whole, two_clients_trace(), {1600, 1000}};
  void SetUp() override {
    scene.driver.bare_window = false;
    scene.live = true;
    scene.at(1000);
  }
};

TEST_F(Projector, F11ShowsTheLastCallTheStageAndOnePane) {
  scene.at(T::bob_waits);
  scene.driver.key(ui::Key::f11);
  EXPECT_TRUE(scene.view.presenting.on);
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.find("console/prompt"));
  EXPECT_FALSE(scene.driver.find("stage/new-socket")) << "nothing is done by click from 10 m away";
  EXPECT_TRUE(scene.driver.shows("bob>>>"));
  EXPECT_TRUE(scene.driver.shows("Timeline"));
  scene.driver.key(ui::Key::n);
  scene.driver.frame();
  EXPECT_FALSE(scene.driver.shows("Timeline"));
  EXPECT_TRUE(scene.driver.shows("Lesson"));
  scene.driver.key(ui::Key::escape);
  EXPECT_FALSE(scene.view.presenting.on);
  EXPECT_TRUE(scene.driver.find("console/prompt"));
}

TEST_F(Projector, TheAnswerIsHiddenTheScreenDarkAndHandsAreCounted) {
  scene.at(T::bob_answered);
  scene.driver.key(ui::Key::n1);
  EXPECT_EQ(scene.view.presenting.hands[0], 0) << "digits are nothing elsewhere";
  scene.driver.key(ui::Key::f11);
  for (int i = 0; i < 3; ++i) scene.driver.key(ui::Key::n2);
  scene.driver.key(ui::Key::n2, false, true);
  EXPECT_EQ(scene.view.presenting.hands, (std::array<int, 8>{0, 2, 0, 0}));
  scene.driver.key(ui::Key::n0);
  EXPECT_EQ(scene.view.presenting.hands, (std::array<int, 8>{}));
  scene.driver.key(ui::Key::p);
  scene.driver.frame();
  EXPECT_TRUE(scene.view.presenting.hides_answer);
  EXPECT_TRUE(scene.driver.shows("?"));
  scene.driver.key(ui::Key::b);
  EXPECT_TRUE(scene.view.presenting.blank);
  scene.driver.key(ui::Key::escape);
  EXPECT_FALSE(scene.view.presenting.blank);
  EXPECT_TRUE(scene.view.presenting.on) << "Escape undoes one thing";
  EXPECT_EQ(scene.view.presenting.key, "Esc");
}

TEST_F(Projector, TheLessonThatIsWalkedStandsBesideTheStage) {
  scene.lesson_id = "11-backlog";
  scene.walk.emplace();
  scene.walk->step_title = "One client outside";
  scene.walk->done = {false, false};
  scene.view.walking = true;
  scene.driver.key(ui::Key::f11);
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("One client outside"));
  EXPECT_TRUE(scene.driver.shows("Stage"));
  EXPECT_TRUE(scene.driver.find("lesson/next"));
  EXPECT_FALSE(scene.driver.shows("Timeline"));
  scene.driver.key(ui::Key::n);
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Timeline"));
  EXPECT_TRUE(scene.driver.find("lesson/next"));
}

TEST(Presenting, IsTwiceAsLargeInAWindow1600WideAndFollowsTheWidth) {
  View view;
  EXPECT_EQ(scale_of(view, 1600, 1.5f), 1.5f);
  toggle_presenting(view);
  EXPECT_EQ(scale_of(view, 1600, 1.5f), 2.0f);
  EXPECT_EQ(scale_of(view, 3840, 1), 4.8f);
  view.size = 3;
  EXPECT_EQ(scale_of(view, 1600, 1), 2.5f);
  EXPECT_GE(kLeastLetterPresenting * presenting_scale(1600), 28);
}

}  // namespace presenter_test
}  // namespace sockscope
