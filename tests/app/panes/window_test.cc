// The window: where panes stand, what its keys, splitters and bar do, at every size.
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/frame.h"
#include "panes/presenter.h"
#include "panes/window_layout.h"

namespace sockscope {
namespace window_test {

using T = TwoClients;

// ---- places

void expect_sound(const WindowLayout& layout, ImVec2 size) {
  const Rect window{{0, 0}, size};
  std::vector<Rect> boxes{layout.bar};
  if (layout.tabs.width() > 0) boxes.push_back(layout.tabs);
  for (const Pane pane : layout.shown) boxes.push_back(layout.place(pane));
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_TRUE(contains(window, boxes[i])) << i;
    EXPECT_GE(boxes[i].width(), 100) << i;
    EXPECT_GE(boxes[i].height(), 30) << i;
    for (std::size_t j = i + 1; j < boxes.size(); ++j)
      EXPECT_FALSE(overlap(boxes[i], boxes[j])) << i << " " << j;
  }
}

TEST(WindowLayout, AtTheLooksSizeItHasTheLooksMeasures) {
  const WindowLayout layout = window_layout(View{}, {1600, 1000}, 1);
  EXPECT_EQ(layout.place(Pane::stage).max.x, 1119);
  EXPECT_EQ(layout.place(Pane::stage).max.y, 440);
  EXPECT_EQ(layout.place(Pane::lesson).min.x, 1120);
  EXPECT_EQ(layout.place(Pane::lesson).max.y, 402);
  EXPECT_EQ(layout.place(Pane::code).max.y, 574);
  EXPECT_EQ(layout.place(Pane::console).max.y, 1000);
  EXPECT_NEAR(layout.place(Pane::console).min.y, 850, 1);
  EXPECT_EQ(layout.shown.size(), 6u);
  EXPECT_TRUE(layout.tab_panes.empty());
}

TEST(WindowLayout, PanesNeverOverlapWhateverTheSizeAndTheSplitters) {
  for (const ImVec2 size : {ImVec2{640, 480}, ImVec2{800, 600}, ImVec2{899, 700}, ImVec2{1179, 800},
                            ImVec2{1180, 800}, ImVec2{1600, 1000}, ImVec2{3840, 2160}}) {
    for (const float dragged : {-4000.0f, 0.0f, 4000.0f, -0.5f}) {
      View view;
      view.walking = dragged == -0.5f;
      for (const auto which :
           {Splitter::Which::right_width, Splitter::Which::stage_height, Splitter::Which::lesson_height,
            Splitter::Which::code_height, Splitter::Which::console_height}) {
        drag_splitter(view, which, dragged, size, 1);
      }
      SCOPED_TRACE(::testing::Message() << size.x << "x" << size.y << " dragged " << dragged);
      expect_sound(window_layout(view, size, 1), size);
    }
  }
}

TEST(WindowLayout, NarrowWindowsFoldTheRightColumnIntoTabsAndThenEverything) {
  const WindowLayout two = window_layout(View{}, {1100, 800}, 1);
  EXPECT_EQ(two.tab_panes, (std::vector<Pane>{Pane::lesson, Pane::code, Pane::details}));
  EXPECT_GE(two.place(Pane::lesson).width(), 360);
  const WindowLayout one = window_layout(View{}, {800, 600}, 1);
  EXPECT_EQ(one.tab_panes.size(), 4u);
  EXPECT_EQ(one.place(Pane::stage).width(), 800);
  // The same window at twice the size of everything is narrow too.
  EXPECT_FALSE(window_layout(View{}, {1600, 1000}, 2).tab_panes.empty());
}

TEST(WindowLayout, EveryPaneThatMayLieInTheTimelinesPlaceHasIt) {
  const std::pair<bool View::*, Pane> shown[] = {{&View::show_new_socket, Pane::new_socket},
                                                 {&View::show_states, Pane::states},
                                                 {&View::show_ladder, Pane::ladder},
                                                 {&View::show_narration, Pane::narration}};
  for (const ImVec2 size : {ImVec2{800, 600}, ImVec2{1100, 800}, ImVec2{1600, 1000}}) {
    for (const auto& [flag, pane] : shown) {
      View view;
      view.*flag = true;
      const WindowLayout layout = window_layout(view, size, 1);
      EXPECT_GT(layout.place(pane).width(), 100) << static_cast<int>(pane);
      EXPECT_EQ(layout.place(Pane::timeline).width(), 0) << static_cast<int>(pane);
      EXPECT_LT(static_cast<std::size_t>(pane), WindowLayout::kPanes);
    }
  }
}

TEST(WindowLayout, ALessonThatIsWalkedHasTheRoomAndSplittersOfItsOwn) {
  const ImVec2 size{1600, 1000};
  View view;
  view.walking = true;
  const WindowLayout layout = window_layout(view, size, 1);
  EXPECT_GT(layout.place(Pane::lesson).height(), 500);
  EXPECT_GE(layout.place(Pane::details).height(), 160);
  drag_splitter(view, Splitter::Which::lesson_height, -100, size, 1);
  EXPECT_EQ(window_layout(view, size, 1).place(Pane::lesson).max.y, layout.place(Pane::lesson).max.y - 100);
  view.walking = false;
  EXPECT_EQ(window_layout(view, size, 1).place(Pane::lesson).max.y, 402);
  view.walking = true;
  drag_splitter(view, Splitter::Which::lesson_height, std::nullopt, size, 1);
  EXPECT_EQ(window_layout(view, size, 1).place(Pane::lesson).max.y, layout.place(Pane::lesson).max.y);
}

TEST(WindowLayout, ADoubleClickRestoresASplitter) {
  View view;
  drag_splitter(view, Splitter::Which::right_width, -100, {1600, 1000}, 1);
  EXPECT_EQ(view.right_width, 580);
  drag_splitter(view, Splitter::Which::right_width, std::nullopt, {1600, 1000}, 1);
  EXPECT_EQ(view.right_width, 480);
}

// ---- the drawn window

void whole(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  draw_window(ui, scene, view, requests, where.max);
}

struct Window : ::testing::Test {
  testing::PaneScene scene{whole, two_clients_trace(), {1600, 1000}};
  void SetUp() override {
    scene.driver.bare_window = false;
    scene.live = true;
    scene.at(1000);
  }
};

TEST_F(Window, TheBarsButtonsDoWhatTheySay) {
  scene.driver.click("bar/zh");
  EXPECT_EQ(scene.view.language, ui::Language::zh);
  scene.driver.click("bar/en");
  EXPECT_EQ(scene.view.language, ui::Language::en);
  scene.driver.click("bar/theme");
  EXPECT_EQ(scene.view.theme, ui::ThemeName::dark);
  scene.driver.click("bar/size");
  EXPECT_FLOAT_EQ(scene.view.size, 1.5f);
  scene.driver.click("bar/run");
  EXPECT_TRUE(scene.view.follow);
  scene.driver.click("bar/run");
  EXPECT_FALSE(scene.view.follow);
}

// Consent: never by one press, told in the badge, taken back by two presses.
TEST_F(Window, LeavingLoopbackIsAskedForAndTheBadgeSaysIt) {
  scene.reachable = {"192.0.2.7 (eth0)"};
  scene.driver.click("bar/place");
  EXPECT_TRUE(scene.requests.empty());
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("192.0.2.7 (eth0)"));
  scene.driver.key(ui::Key::escape);
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("192.0.2.7 (eth0)"));
  scene.driver.click("bar/place");
  scene.driver.key(ui::Key::enter);  // the keyboard is at the cautious answer
  EXPECT_TRUE(scene.requests.empty());
  EXPECT_FALSE(scene.view.show_consent);
  scene.driver.click("bar/place");
  scene.driver.click("consent/allow");
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_TRUE(std::get<request::Consent>(scene.requests[0]).allowed);
}

TEST_F(Window, ARunThatMayLeaveHasABadgeThatNamesTheAddressAndCanBeTakenBack) {
  Trace trace = two_clients_trace();
  const auto tell = [&](std::string_view code, std::string_view text) {
    trace.append({trace.end(), event::Notice{code, text}}, false);
  };
  tell("leaves-here", "You allowed this run. Sockets can be reached at 192.0.2.7 (eth0), 192.0.2.8 (eth1).");
  scene.replace_trace(std::move(trace));
  scene.view.follow = true;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("open to 192.0.2.7"));
  scene.driver.click("bar/place");
  scene.driver.click("consent/stay");
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_FALSE(std::get<request::Consent>(scene.requests[0]).allowed);
  scene.view.follow = false;
  scene.at(0);
  EXPECT_FALSE(scene.driver.shows("open to 192.0.2.7"));
}

TEST_F(Window, BackAndStepMoveTheCursorToTheNextThingThatHappened) {
  const Time before = scene.view.cursor;
  scene.driver.click("bar/back");
  EXPECT_LT(scene.view.cursor, before);
  scene.driver.click("bar/step");
  EXPECT_GT(scene.view.cursor, before);
  for (int i = 0; i < 300; ++i) scene.driver.click("bar/back");
  EXPECT_EQ(scene.view.cursor, scene.trace().start());
}

TEST_F(Window, InAReplayTheButtonRunsIt) {
  scene.live = false;
  scene.driver.click("bar/run");
  scene.driver.key(ui::Key::f5);
  ASSERT_EQ(scene.requests.size(), 2u);
  EXPECT_TRUE(std::get<request::ReplayRun>(scene.requests[0]).run);
}

TEST_F(Window, F6GoesRoundThePanesAndBack) {
  scene.view.focus = Pane::console;
  scene.driver.key(ui::Key::f6);
  EXPECT_EQ(scene.view.focus, Pane::stage);
  scene.driver.key(ui::Key::f6);
  EXPECT_EQ(scene.view.focus, Pane::timeline);
  scene.driver.key(ui::Key::f6, false, true);
  scene.driver.key(ui::Key::f6, false, true);
  EXPECT_EQ(scene.view.focus, Pane::console);
  EXPECT_EQ(scene.driver.ring.at(), "console/prompt");
}

TEST_F(Window, F11FillsTheWindowWithThePaneAndEscapeGivesItBack) {
  scene.view.focus = Pane::stage;
  scene.driver.key(ui::Key::f11, false, true);
  EXPECT_EQ(scene.view.maximised, Pane::stage);
  EXPECT_FALSE(scene.driver.find("console/prompt"));
  scene.driver.key(ui::Key::escape);
  EXPECT_EQ(scene.view.maximised, Pane::none);
  EXPECT_TRUE(scene.driver.find("console/prompt"));
  scene.driver.click("stage/maximise");
  EXPECT_EQ(scene.view.maximised, Pane::stage);
  scene.driver.click("stage/maximise");
  EXPECT_EQ(scene.view.maximised, Pane::none);
}

TEST_F(Window, F2LeavesStageLessonAndConsoleAndTheStageWithoutNumbers) {
  scene.at(T::bob_waits);
  EXPECT_TRUE(scene.driver.shows("Timeline"));
  scene.driver.key(ui::Key::f2);
  scene.driver.frame(2);
  for (const char* gone : {"Timeline", "Code", "Details", " fd "})
    EXPECT_FALSE(scene.driver.shows(gone)) << gone;
  for (const char* there : {"Stage", "Lesson", "Console"}) EXPECT_TRUE(scene.driver.shows(there)) << there;
  scene.driver.key(ui::Key::d, true);
  scene.driver.frame();
  EXPECT_TRUE(scene.driver.find("states/state-LISTEN")) << "what is asked for is shown all the same";
  scene.driver.click("bar/detail");
  scene.driver.key(ui::Key::d, true);
  scene.driver.frame();
  EXPECT_TRUE(scene.driver.shows("Timeline"));
}

TEST_F(Window, F1ListsTheKeysAndCloses) {
  scene.driver.key(ui::Key::f1);
  EXPECT_TRUE(scene.driver.shows("the next pane"));
  scene.driver.click("keys/close");
  EXPECT_FALSE(scene.view.show_keys);
}

TEST_F(Window, CtrlKeys) {
  scene.driver.key(ui::Key::n, true);
  EXPECT_TRUE(scene.view.show_new_socket);
  EXPECT_TRUE(scene.driver.find("new-socket/make"));
  scene.driver.key(ui::Key::escape);
  EXPECT_FALSE(scene.view.show_new_socket);
  scene.driver.key(ui::Key::plus, true);
  EXPECT_FLOAT_EQ(scene.view.size, 1.25f);
  scene.driver.key(ui::Key::n0, true);
  EXPECT_FLOAT_EQ(scene.view.size, 1);
  scene.driver.key(ui::Key::t, true);
  EXPECT_EQ(scene.view.theme, ui::ThemeName::dark);
  scene.driver.key(ui::Key::l, true);
  EXPECT_EQ(scene.driver.ring.at(), "console/prompt");
  scene.driver.key(ui::Key::q, true);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<request::Quit>(scene.requests[0]));
}

TEST_F(Window, ASplitterCanBeDragged) {
  scene.driver.drag({1119.5f, 300}, {1019.5f, 300});
  EXPECT_NEAR(scene.view.right_width, 580, 12);
}

TEST_F(Window, ANoticeIsShown) {
  scene.notice = "Saved r.jsonl";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Saved r.jsonl"));
}

TEST_F(Window, ANoticeGoesWhenPressedAndTheNextOneIsShown) {
  scene.notice = "Saved r.jsonl";
  scene.driver.click("notice");
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("Saved r.jsonl"));
  scene.notice = "Port 9999 is in use";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Port 9999 is in use"));
}

TEST_F(Window, ANoticeCoversNoButtonOfTheStage) {
  scene.notice = "Saved r.jsonl";
  scene.driver.frame(2);
  scene.driver.click("stage/new-socket");
  EXPECT_TRUE(scene.view.show_new_socket);
}

TEST_F(Window, TheFirstScreenHidesEverythingElse) {
  scene.view.first_run = true;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.find("first-run/lesson"));
  EXPECT_FALSE(scene.driver.find("console/prompt"));
  EXPECT_FALSE(scene.driver.find("stage/start-client"));
}

// What can be pressed lies inside the window, and inside the pane it belongs to.
void expect_inside(const testing::PaneScene& scene, ImVec2 size, float scale) {
  const WindowLayout layout = window_layout(scene.view, size, scale);
  for (const auto& [path, item] : scene.driver.record.items) {
    if (item.frame != scene.driver.record.frame || !item.visible) continue;
    const std::string pane = path.substr(0, path.find('/'));
    Rect outer{{0, 0}, size};
    for (const Pane shown : layout.shown) {
      if (key_of(shown) == pane) outer = layout.place(shown);
    }
    // Lists scroll: what is partly outside there is cut by its own window.
    const bool scrolls =
        pane == "lesson" || pane == "details" || pane == "code" || pane == "narration" || pane == "timeline";
    if (scrolls) continue;
    EXPECT_GE(item.min.x, outer.min.x - 5) << path;
    EXPECT_LE(item.max.x, outer.max.x + 5) << path;
    EXPECT_GE(item.min.y, outer.min.y - 5) << path;
    EXPECT_LE(item.max.y, outer.max.y + 5) << path;
  }
}

TEST(WindowSizes, EverythingThatCanBePressedStaysInsideItsPane) {
  for (const ImVec2 size : {ImVec2{800, 600}, ImVec2{1100, 760}, ImVec2{1600, 1000}, ImVec2{3840, 2160}}) {
    for (const float scale : {1.0f, 2.0f}) {
      if (size.x / scale < 780) continue;  // half of 800 × 600 is no window anybody works in
      for (const ui::Language language : {ui::Language::en, ui::Language::zh}) {
        for (const bool first : {false, true}) {
          SCOPED_TRACE(::testing::Message() << size.x << "x" << size.y << " scale " << scale << " "
                                            << ui::code_of(language) << (first ? " first run" : ""));
          testing::PaneScene scene(whole, two_clients_trace(), size);
          scene.driver.bare_window = false;
          scene.driver.scale = scale;
          scene.driver.language = scene.view.language = language;
          scene.view.first_run = first;
          scene.view.selection = {Selection::Kind::socket, TwoClients::b, 0};
          scene.at(1000);
          expect_inside(scene, size, scale);
        }
      }
    }
  }
}

TEST(WindowSizes, ASizeThatIsNoneDrawsNothingAndDoesNotFail) {
  for (const ImVec2 size : {ImVec2{1, 1}, ImVec2{40, 30}, ImVec2{300, 120}}) {
    testing::PaneScene scene(whole, two_clients_trace(), size);
    scene.driver.bare_window = false;
    scene.at(1000);
  }
}

TEST(WindowSizes, EachPaneCanBeDrawnAlone) {
  for (const Pane pane : {Pane::stage, Pane::timeline, Pane::lesson, Pane::code, Pane::details, Pane::console,
                          Pane::new_socket, Pane::narration, Pane::states}) {
    const Trace trace = two_clients_trace();
    const State end = fold(trace);
    View view;
    Requests requests;
    testing::Driver driver([&](ui::Ui& ui) {
      const Scene scene{.trace = trace,
                        .state = end,
                        .end = end,
                        .cursor_seq = trace.size(),
                        .cursor = trace.end(),
                        .start = trace.start(),
                        .now = trace.end(),
                        .file = {},
                        .lessons = {},
                        .lesson_id = {},
                        .lesson_markdown = {},
                        .walk = {},
                        .waiting = {},
                        .console_error = {},
                        .notice = {}};
      draw_alone(ui, scene, view, requests, pane, {900, 500});
    });
    driver.bare_window = false;
    driver.frame(3);
    EXPECT_TRUE(driver.find(std::string(key_of(pane)) + "/maximise")) << key_of(pane);
  }
}

}  // namespace window_test
}  // namespace sockscope
