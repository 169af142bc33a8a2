// The menu of a thing on the Stage or in the Timeline: by mouse and by keys, live and in a recording.
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/action_menu.h"
#include "panes/keys.h"

namespace sockscope {
namespace action_menu_test {

using T = TwoClients;

void draw_all(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  draw_window(ui, scene, view, requests, where.max);
}

struct ActionMenuTest : ::testing::Test {
  testing::PaneScene scene{draw_all, while_bob_waits(), {1600, 1000}};
  void SetUp() override {
    scene.live = true;
    scene.driver.bare_window = false;
    scene.at(T::bob_waits);
    scene.view.follow = true;
    scene.driver.frame(2);
  }
  void right_click(const std::string& path) {
    scene.driver.hover(path);
    scene.driver.mouse_button(true, 1);
    scene.driver.frame();
    scene.driver.mouse_button(false, 1);
    scene.driver.frame(2);
  }
  bool open() const { return scene.view.open_menu.menu != nullptr; }
  const MenuRow& row(const std::string& key) const {
    for (const MenuRow& one : scene.view.open_menu.menu->rows)
      if (one.key == key) return one;
    throw std::runtime_error("no row " + key);
  }
  std::string only_line() const {
    if (scene.requests.size() != 1) return "requests: " + std::to_string(scene.requests.size());
    const auto& line = std::get<request::RunLine>(scene.requests.front());
    return line.thread + ">>> " + line.text;
  }
};

TEST_F(ActionMenuTest, OfAServersListenerMakesClients) {
  right_click("stage/socket-1");
  ASSERT_TRUE(open());
  EXPECT_EQ(row("start-client").line,
            "client>>> c = socket(AF_INET, SOCK_STREAM)\nclient>>> c.connect(S.server_address)");
  scene.driver.click("menu/stop");
  EXPECT_EQ(only_line(), "main>>> %stop S");
}

// ann's own listener "s", and "a", which is not connected.
Trace own_listener() {
  TraceBuilder b;
  const ThreadId ann = b.thread("ann");
  const SocketId s = b.socket(ann, "s");
  b.bind(ann, s, loopback(9999), loopback(9999));
  b.listen(ann, s, 2);
  b.socket(ann, "a");
  return b.trace();
}

TEST_F(ActionMenuTest, OfAListenerRunsItsCallsAndMakesClients) {
  scene.replace_trace(own_listener());
  scene.driver.frame(2);
  right_click("stage/socket-1");
  ASSERT_TRUE(open());
  EXPECT_EQ(row("here-a").line, "ann>>> a.connect(s.getsockname())");
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::socket, 1, 0}));
  EXPECT_TRUE(scene.driver.shows("LISTEN"));
  EXPECT_EQ(row("accept").part, MenuRow::Part::works);
  EXPECT_EQ(row("send").part, MenuRow::Part::fails);
  EXPECT_EQ(row("start-client").line,
            "client>>> c = socket(AF_INET, SOCK_STREAM)\nclient>>> c.connect(s.getsockname())");
  scene.driver.click("menu/start-client");
  EXPECT_FALSE(open());
  ASSERT_EQ(scene.requests.size(), 2u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[1]).text, "c.connect(s.getsockname())");
}

TEST_F(ActionMenuTest, WhatWouldFailSaysSoAndRunsAllTheSame) {
  scene.replace_trace(own_listener());
  scene.driver.frame(2);
  right_click("stage/socket-1");
  EXPECT_EQ(row("recv").advice.error, ENOTCONN);
  EXPECT_TRUE(scene.driver.shows("It fails with ENOTCONN: try it."));
  scene.driver.click("menu/recv");
  EXPECT_NE(only_line().find("s.recv(1024)"), std::string::npos) << only_line();
}

TEST_F(ActionMenuTest, WhatHasAChoiceOpensItsForm) {
  right_click("stage/socket-2");
  scene.driver.click("menu/shutdown");
  EXPECT_TRUE(scene.requests.empty());
  EXPECT_TRUE(scene.view.show_new_socket);
  EXPECT_EQ(scene.view.draft.call, Call::shutdown);
  EXPECT_EQ(scene.view.draft.socket, 2u);
}

TEST_F(ActionMenuTest, AMomentBehindTheEndSaysThatWhatIsRunHappensNow) {
  scene.view.follow = false;
  scene.driver.frame(2);
  right_click("stage/socket-2");
  EXPECT_EQ(scene.view.open_menu.menu->note, "What is run happens now, not at the cursor.");
}

TEST_F(ActionMenuTest, OfARecordingOnlyLooks) {
  scene.live = false;
  scene.driver.frame(2);
  right_click("stage/socket-2");
  ASSERT_TRUE(open());
  EXPECT_TRUE(scene.driver.shows("nothing can be called"));
  for (const MenuRow& each : scene.view.open_menu.menu->rows) EXPECT_EQ(each.part, MenuRow::Part::looks);
  scene.driver.click("menu/copy");
  EXPECT_TRUE(scene.requests.empty());
  EXPECT_EQ(std::string(ImGui::GetClipboardText()).find("a:"), 0u) << ImGui::GetClipboardText();
}

TEST_F(ActionMenuTest, ABlockedThreadIsInterrupted) {
  const State state = fold(scene.trace());
  ThreadId blocked = 0;
  for (const ThreadState& thread : state.threads())
    if (!thread.calls.empty() && thread.role == ThreadRole::play) blocked = thread.id;
  ASSERT_NE(blocked, 0u);
  right_click("stage/thread-" + std::to_string(blocked));
  scene.driver.click("menu/interrupt");
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::Interrupt>(scene.requests.front()).thread, blocked);
}

TEST_F(ActionMenuTest, BesideEverythingBeginsSomethingNew) {
  const ui::Item listener = scene.driver.need("stage/socket-1");
  scene.view.selection = {Selection::Kind::socket, 1, 0};
  scene.driver.move_mouse({listener.max.x - 4, 410});
  scene.driver.frame(2);
  scene.driver.mouse_button(true, 1);
  scene.driver.frame();
  scene.driver.mouse_button(false, 1);
  scene.driver.frame(2);
  ASSERT_TRUE(open());
  EXPECT_EQ(scene.view.selection, Selection{});
  EXPECT_EQ(row("start-client").part, MenuRow::Part::works);
  EXPECT_EQ(row("new-socket").part, MenuRow::Part::looks);
}

TEST_F(ActionMenuTest, ByKeysAlone) {
  scene.view.selection = {Selection::Kind::socket, 2, 0};
  scene.view.focus = Pane::stage;
  scene.driver.key(ui::Key::f10, false, true);
  ASSERT_TRUE(open());
  EXPECT_EQ(scene.driver.ring.at(), "menu/" + scene.view.open_menu.menu->rows.front().key);
  scene.driver.key(ui::Key::up);
  EXPECT_EQ(scene.driver.ring.at(), "menu/copy");
  scene.driver.key(ui::Key::down);
  scene.driver.key(ui::Key::tab);
  EXPECT_EQ(scene.driver.ring.at(), "menu/" + scene.view.open_menu.menu->rows[1].key);
  scene.driver.key(ui::Key::escape);
  EXPECT_FALSE(open());
  EXPECT_EQ(scene.view.focus, Pane::stage);
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::socket, 2, 0}));
  scene.driver.key(ui::Key::menu);
  scene.driver.key(ui::Key::end);
  scene.driver.key(ui::Key::enter);
  EXPECT_FALSE(open());
  EXPECT_EQ(scene.view.passing.text.find("Copied as text: a:"), 0u) << scene.view.passing.text;
}

TEST_F(ActionMenuTest, TheKeyWorksWithNothingSelectedAndFromTheConsole) {
  scene.view.selection = {};
  scene.driver.click("console/prompt");
  scene.driver.key(ui::Key::f10, false, true);
  ASSERT_TRUE(open());
  EXPECT_EQ(scene.view.open_menu.menu->title, "Something new");
  scene.driver.key(ui::Key::escape);
  EXPECT_FALSE(open());
  EXPECT_EQ(scene.view.focus, Pane::console);
}

TEST_F(ActionMenuTest, APressBesideItClosesItAndDoesNothingElse) {
  right_click("stage/socket-2");
  const Selection before = scene.view.selection;
  scene.driver.click_at({1500, 300});
  EXPECT_FALSE(open());
  EXPECT_EQ(scene.view.selection, before);
  EXPECT_TRUE(scene.requests.empty());
}

TEST_F(ActionMenuTest, OfALaneAndACallOfTheTimeline) {
  right_click("timeline/thread-2");
  ASSERT_TRUE(open());
  const Selection::Kind kind = scene.view.selection.kind;
  EXPECT_TRUE(kind == Selection::Kind::thread || kind == Selection::Kind::call);
  scene.driver.key(ui::Key::escape);
  scene.view.focus = Pane::timeline;
  scene.driver.key(ui::Key::menu);
  ASSERT_TRUE(open());
  EXPECT_EQ(scene.view.selection.kind, kind);
}

}  // namespace action_menu_test
}  // namespace sockscope
