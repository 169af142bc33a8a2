// An arrow drawn on the Stage from a socket to a listening one is the line connect().
#include <gtest/gtest.h>

#include "pane_scene.h"

namespace sockscope {
namespace stage_drag_test {

using T = TwoClients;

struct StageDrag : ::testing::Test {
  testing::PaneScene scene{draw_stage, while_bob_waits(), {1119, 440}};
  void SetUp() override {
    scene.live = true;
    scene.at(T::bob_waits);
  }
  ImVec2 middle(const std::string& key) {
    const ui::Item item = scene.driver.need("stage/" + key);
    return {(item.min.x + item.max.x) / 2, (item.min.y + item.max.y) / 2};
  }
};

TEST_F(StageDrag, FromASocketToAListenerTypesConnectOnItsThread) {
  scene.driver.drag(middle("socket-2"), middle("socket-1"));
  ASSERT_EQ(scene.requests.size(), 1u);
  const auto& line = std::get<request::RunLine>(scene.requests.front());
  EXPECT_EQ(line.thread, "ann");
  EXPECT_EQ(line.text, "a.connect(('127.0.0.1', 9999))");
}

TEST_F(StageDrag, OverTheListenerItSaysWhatWillBeTyped) {
  scene.driver.move_mouse(middle("socket-2"));
  scene.driver.frame(2);
  scene.driver.mouse_button(true);
  scene.driver.frame();
  scene.driver.move_mouse({5, 5});
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("connect → 127.0.0.1:9999"));
  scene.driver.move_mouse(middle("socket-1"));
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("connect → 127.0.0.1:9999"));
  scene.driver.mouse_button(false);
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("connect → 127.0.0.1:9999"));
}

TEST_F(StageDrag, DroppedElsewhereItDoesNothing) {
  scene.driver.drag(middle("socket-2"), {5, 5});
  scene.driver.drag(middle("socket-2"), middle("socket-4"));
  EXPECT_TRUE(scene.requests.empty());
}

TEST_F(StageDrag, ARecordingIsOnlyLookedAt) {
  scene.live = false;
  scene.driver.drag(middle("socket-2"), middle("socket-1"));
  EXPECT_TRUE(scene.requests.empty());
}

}  // namespace stage_drag_test
}  // namespace sockscope
