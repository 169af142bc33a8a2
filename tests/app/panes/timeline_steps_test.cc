// Going through a trace: by moments of what is selected, by call and packet, by search from anywhere in the
// window; and everything at random.
#include <gtest/gtest.h>

#include <random>

#include "panes/keys.h"
#include "random_events.h"
#include "timeline_pane.h"

namespace sockscope {
namespace timeline_steps_test {

using Pane = testing::TimelinePaneScene;
using testing::PaneScene;
using T = TwoClients;

TEST(TimelineMoments, APacketHasThoseOfItsWayAndAServerThoseOfItsThreads) {
  TraceBuilder b;
  b.thread("main");
  b.put(event::HostStarted{1, 0, -1, "a", {}, {}}).put(event::HostStarted{2, 0, -1, "b", {}, {}});
  b.at(100).put(event::PacketSent{1, 1, 2, 0, 60, b.now() + 300 * kMillisecond, {}});
  b.at(200).put(event::PacketHeld{1});
  b.at(300).put(event::PacketReleased{1, b.now() + 100 * kMillisecond});
  b.at(400).put(event::PacketArrived{1});
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  std::vector<Time> moments;
  const Selection packet{Selection::Kind::packet, 1, 0};
  for (Time t = trace.start();;) {
    const Time next = neighbour_moment(index, trace, packet, t, true);
    if (next == t) break;
    moments.push_back((next - trace.start()) / kMillisecond);
    EXPECT_EQ(neighbour_moment(index, trace, packet, next + 1, false), next);
    t = next;
  }
  EXPECT_EQ(moments, (std::vector<Time>{100, 200, 300, 400}));

  const Trace clients = two_clients_trace();
  TimelineIndex lanes;
  lanes.extend(clients);
  const Selection server{Selection::Kind::server, T::server, 0},
      thread{Selection::Kind::thread, T::accept, 0};
  for (const double ms : {0.0, 500.0, 1200.0, 1999.0}) {
    const Time t = clients.start() + static_cast<Time>(ms * 1e6);
    EXPECT_EQ(neighbour_moment(lanes, clients, server, t, true),
              neighbour_moment(lanes, clients, thread, t, true));
  }
}

// ---- everything at random

TEST(TimelineTools, AnythingDoneInAnyOrderWithAnyTraceDoesNoHarm) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    Trace trace;
    for (Event& event : RandomEvents(seed).make(1500, 5 * kSecond)) trace.append(std::move(event), false);
    Pane pane{std::move(trace), {static_cast<float>(400 + 150 * seed), static_cast<float>(120 + 80 * seed)}};
    const auto any = [&](float most) { return static_cast<float>(random() % static_cast<unsigned>(most)); };
    const char* const typed[] = {"m", "b",    "B",      "[",   "]",   "+",  "-",
                                 "/", "recv", " > 1ms", "SYN", "'x'", "#3", "9999"};
    const ui::Key keys[] = {ui::Key::enter, ui::Key::left, ui::Key::right, ui::Key::up,
                            ui::Key::home,  ui::Key::end,  ui::Key::f,     ui::Key::tab};
    for (int step = 0; step < 150; ++step) {
      const ImVec2 size = ImGui::GetIO().DisplaySize;
      const ImVec2 at{any(size.x), any(size.y)}, to{any(size.x), any(size.y)};
      switch (random() % 7) {
        case 0:
          pane.driver.type(typed[random() % std::size(typed)]);
          break;
        case 1:
          pane.driver.key(keys[random() % std::size(keys)], false, random() % 2 == 0);
          break;
        case 2:
          pane.driver.click_at(at);
          break;
        case 3:
          ui::feed_modifiers(false, random() % 2 == 0);
          pane.driver.drag(at, to, 3);
          ui::feed_modifiers(false, false);
          break;
        case 4:
          pane.driver.move_mouse(at);
          pane.driver.wheel(random() % 2 == 0 ? 3.0f : -2.0f);
          break;
        case 5:
          if (random() % 2 == 0) leave_tools(pane.view);
          if (random() % 3 == 0) pane.tools().searching = true;
          pane.view.focus = sockscope::Pane::timeline;
          break;
        default:
          pane.tools().text = typed[random() % std::size(typed)];
          pane.open = [&](const Scene& scene, View& view) {
            step_call(scene, view, random() % 2 == 0 ? 1 : -1);
            step_packet(scene, view, random() % 2 == 0 ? 1 : -1);
            go_to_hit(view, scene, random() % 2 == 0);
          };
          pane.driver.frame(2);
      }
      ASSERT_GE(pane.view.cursor, pane.trace().start());
      ASSERT_LE(pane.view.cursor, pane.trace().end());
      ASSERT_GE(pane.view.span, 0);
    }
  }
}

// ---- steps

struct Whole : PaneScene {
  Whole() : PaneScene(&whole, two_clients_trace(), {1600, 1000}) {
    driver.bare_window = false;
    driver.frame(3);
  }
  static void whole(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
    draw_window(ui, scene, view, requests, where.max);
  }
};

TEST(TimelineSteps, AltShiftAndArrowsGoFromCallToCall) {
  Whole window;
  window.at(600);
  window.driver.key(ui::Key::right, false, true, true);
  ASSERT_EQ(window.view.selection.kind, Selection::Kind::call);
  const std::uint64_t first = window.view.selection.seq;
  EXPECT_EQ(window.view.cursor, window.trace()[first].at);
  window.driver.key(ui::Key::right, false, true, true);
  EXPECT_GT(window.view.selection.seq, first);
  window.driver.key(ui::Key::left, false, true, true);
  EXPECT_EQ(window.view.selection.seq, first);
  for (int i = 0; i < 200; ++i) window.driver.key(ui::Key::right, false, true, true);
  EXPECT_EQ(window.view.cursor, window.trace().end());
}

TEST(TimelineSteps, SlashCtrlFAndF3OpenTheSearchFromAnywhereEscEndsIt) {
  Whole window;
  window.view.focus = sockscope::Pane::stage;
  window.driver.type("/");
  EXPECT_TRUE(window.driver.find("timeline/find"));
  window.driver.frame(3);
  EXPECT_EQ(window.driver.need("timeline/find").value, "") << "the slash is not part of it";
  window.driver.type("bob");
  EXPECT_EQ(window.driver.need("timeline/find").value, "bob");
  window.driver.key(ui::Key::f3);
  EXPECT_TRUE(window.driver.shows("1 of "));
  window.driver.key(ui::Key::escape);
  EXPECT_FALSE(window.driver.find("timeline/find"));
  window.view.show_states = true;
  window.driver.frame(2);
  window.driver.key(ui::Key::f, true);
  window.driver.frame(2);
  EXPECT_TRUE(window.driver.find("timeline/find")) << "the timeline comes back";
}

TEST(TimelineSteps, TheSearchComesIntoSightWhereTheTimelineIsBehindATab) {
  for (const float scale : {1.0f, 2.0f}) {
    Whole window;
    window.driver.scale = scale;
    window.view.right_tab = sockscope::Pane::details;
    window.view.focus = sockscope::Pane::stage;
    window.driver.frame(2);
    window.driver.type("/");
    EXPECT_TRUE(window.driver.find("timeline/find")) << scale;
    EXPECT_EQ(window.view.right_tab, scale == 1 ? sockscope::Pane::details : sockscope::Pane::timeline);
    window.driver.frame(2);
    window.driver.type("bob");
    EXPECT_EQ(window.driver.need("timeline/find").value, "bob") << scale;
  }
}

TEST(TimelineSteps, AReplayRunsAtTheSpeedThatIsShown) {
  Whole window;
  window.driver.frame(2);
  EXPECT_TRUE(window.driver.shows("1×"));
  window.view.focus = sockscope::Pane::stage;
  window.driver.type("<");
  EXPECT_DOUBLE_EQ(window.view.replay_speed, 0.5);
  window.driver.click("bar/faster");
  window.driver.click("bar/faster");
  EXPECT_TRUE(window.driver.shows("2×"));
  for (int i = 0; i < 20; ++i) change_speed(window.view, 1);
  EXPECT_DOUBLE_EQ(window.view.replay_speed, 100);
  for (int i = 0; i < 20; ++i) change_speed(window.view, -1);
  EXPECT_DOUBLE_EQ(window.view.replay_speed, 0.01);
  window.driver.click("bar/speed");
  EXPECT_DOUBLE_EQ(window.view.replay_speed, 1);
  window.live = true;
  window.driver.frame(2);
  EXPECT_FALSE(window.driver.find("bar/speed"));
}

}  // namespace timeline_steps_test
}  // namespace sockscope
