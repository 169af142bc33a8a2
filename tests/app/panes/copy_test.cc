// Each pane as text on the clipboard.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pane_scene.h"
#include "panes/copy_text.h"
#include "panes/frame.h"

namespace sockscope {
namespace copy_test {

using T = TwoClients;

void whole_window(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  draw_window(ui, scene, view, requests, where.max);
}

class Copy : public ::testing::Test {
 protected:
  Copy() {
    scene.driver.bare_window = false;
    scene.view.detail = Detail::full;
    scene.at(1000);
  }
  std::string copied(Pane pane) {
    ImGui::SetClipboardText("before");
    scene.view.focus = pane;
    scene.driver.frame(2);
    scene.driver.key(ui::Key::c, true, true);
    return ImGui::GetClipboardText();
  }
  static void expect_has(const std::string& text, const std::vector<std::string>& words) {
    for (const std::string& word : words)
      EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  }
  testing::PaneScene scene{whole_window, two_clients_trace(), {1600, 1000}};
};

TEST_F(Copy, TheStageSaysWhoIsThere) {
  expect_has(copied(Pane::stage), {"At ", "thread ", "LISTEN", "127.0.0.1:", "in the accept queue"});
}

TEST_F(Copy, TheTimelineIsTheSentencesOfWhatIsInSight) {
  const std::string all = copied(Pane::timeline);
  expect_has(all, {"connect", "accept"});
  EXPECT_EQ(all, copied(Pane::timeline));
  scene.view.from = scene.trace().end() + kSecond;
  scene.view.span = kSecond;
  scene.driver.frame();
  EXPECT_LT(copied(Pane::timeline).size(), all.size());
}

TEST_F(Copy, TheConsoleIsItsLog) {
  const std::string text = copied(Pane::console);
  EXPECT_NE(text, "before");
  expect_has(text, {">>>", "connect"});
}

TEST_F(Copy, TheCodeIsTheProgram) {
  expect_has(copied(Pane::code), {"connect("});
}

TEST_F(Copy, TheSentencesAreThoseUpToTheCursor) {
  scene.view.show_narration = true;
  const std::string late = copied(Pane::narration);
  expect_has(late, {"connect"});
  scene.at(1);
  EXPECT_LT(copied(Pane::narration).size(), late.size());
}

TEST_F(Copy, WhatIsOnlyDrawnIsCopiedAsLines) {
  scene.view.selection = {Selection::Kind::socket, T::listener, 0};
  expect_has(copied(Pane::details), {"LISTEN", "Details"});
  scene.lesson_markdown = "# Who waits\n\nThe third is not answered.\n";
  scene.lesson_id = "11-backlog";
  scene.driver.frame(2);
  expect_has(copied(Pane::lesson), {"Who waits", "The third is not answered."});
}

TEST_F(Copy, EveryPaneGivesSomething) {
  for (const Pane pane : {Pane::new_socket, Pane::narration, Pane::states, Pane::ladder}) {
    scene.view.show_new_socket = pane == Pane::new_socket;
    scene.view.show_narration = pane == Pane::narration;
    scene.view.show_states = pane == Pane::states;
    scene.view.show_ladder = pane == Pane::ladder;
    const std::string text = copied(pane);
    EXPECT_NE(text, "before") << key_of(pane);
    EXPECT_GT(text.size(), 20u) << key_of(pane);
  }
}

TEST_F(Copy, WithShiftThePromptIsNotInterrupted) {
  scene.live = true;
  scene.requests.clear();
  copied(Pane::console);
  EXPECT_TRUE(scene.requests.empty());
}

TEST_F(Copy, ItIsSaidAndTheWordsGoAwayByThemselves) {
  copied(Pane::stage);
  EXPECT_TRUE(scene.driver.shows("Copied as text: Stage"));
  EXPECT_GT(scene.driver.wake_in, 0) << "nothing else would draw the frame without them";
  scene.driver.frame(60 * 5);
  EXPECT_FALSE(scene.driver.shows("Copied as text"));
  EXPECT_TRUE(scene.view.passing.text.empty());
  scene.notice = "Saved r.jsonl";
  copied(Pane::console);
  EXPECT_TRUE(scene.driver.shows("Copied as text: Console"));
  EXPECT_TRUE(scene.driver.shows("Saved r.jsonl"));
}

TEST_F(Copy, InChineseToo) {
  scene.driver.language = ui::Language::zh;
  expect_has(copied(Pane::stage), {"线程", "全连接队列"});
}

TEST(CopyLines, AreReadFromTheTopAndFromTheLeft) {
  const auto at = [](const char* text, float x, float y) {
    return ui::DrawnText{text, {x, y}, {x + 10, y + 12}, {}, {}};
  };
  EXPECT_EQ(text_of_drawn({at("b", 50, 1), at("c", 0, 20), at("a", 0, 0), at("", 5, 0)}), "a  b\nc\n");
  EXPECT_EQ(text_of_drawn({}), "");
}

}  // namespace copy_test
}  // namespace sockscope
