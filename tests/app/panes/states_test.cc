// The state diagram, drawn: places, words, keys.
#include <gtest/gtest.h>
#include <time.h>

#include "pane_scene.h"
#include "panes/states_paint.h"

namespace sockscope {
namespace states_test {

using enum TcpState;
using testing::PaneScene;
using T = TwoClients;

// ---- places

const ImVec2 kSizes[] = {{1119, 410}, {1600, 900}, {560, 400}, {1119, 320},
                         {800, 600},  {950, 420},  {768, 290}, {3840, 2160}};

// Everything the diagram puts somewhere, at the size of a pane and in a language.
void expect_apart(ui::Ui& ui, ImVec2 pane) {
  const Rect where = rect(ui.px(16), ui.px(84), pane.x - ui.px(32), pane.y - ui.px(98));
  const auto look = diagram_look(ui, {where.width(), where.height()});
  ASSERT_TRUE(look);
  const StateDiagram diagram = state_diagram(where, look->box, look->upright);
  std::vector<Rect> things(diagram.boxes.begin(), diagram.boxes.end());
  for (std::size_t i = 0; i < kStateEdges && look->label_lines > 0; ++i) {
    const PlacedLabel label = place_label(ui, *look, diagram, i);
    things.push_back(label.place);
    EXPECT_FALSE(label.lines.empty()) << i;
  }
  for (std::size_t i = 0; i < things.size(); ++i) {
    EXPECT_TRUE(contains(where, things[i])) << i;
    for (std::size_t j = i + 1; j < things.size(); ++j)
      EXPECT_FALSE(overlap(things[i], things[j])) << i << " " << j;
  }
}

TEST(StatesLayout, NoBoxAndNoLabelLiesOnAnotherAtAnySize) {
  for (const ImVec2 pane : kSizes) {
    for (const float scale : {1.0f, 2.0f}) {
      if (pane.x / scale < 500 || pane.y / scale < 280) continue;
      for (const ui::Language language : {ui::Language::en, ui::Language::zh}) {
        SCOPED_TRACE(::testing::Message()
                     << pane.x << "x" << pane.y << " scale " << scale << " " << ui::code_of(language));
        testing::Driver driver([&](ui::Ui& ui) { expect_apart(ui, pane); }, pane);
        driver.scale = scale;
        driver.language = language;
        driver.frame();
      }
    }
  }
}

TEST(StatesLayout, EachWayBeginsAndEndsAtTheBoxesOfItsStates) {
  for (const bool upright : {false, true}) {
    const StateDiagram diagram = state_diagram(rect(0, 0, 1100, 900), {100, 30}, upright);
    for (std::size_t i = 0; i < kStateEdges; ++i) {
      const StateEdge& edge = state_edges()[i];
      const bool ends = edge.from == TIME_WAIT || edge.from == LAST_ACK;
      const Rect from = diagram.boxes[box_of(edge.from, false)], to = diagram.boxes[box_of(edge.to, ends)];
      const ImVec2 a = diagram.ways[i].a, b = diagram.ways[i].b;
      EXPECT_TRUE(contains(from, {a, a})) << i;
      EXPECT_TRUE(contains(to, {b, b})) << i;
      // Between, it touches no box.
      for (int k = 1; k < 20; ++k) {
        const ImVec2 on = diagram.ways[i].at(static_cast<float>(k) / 20);
        for (const Rect& box : diagram.boxes)
          EXPECT_FALSE(contains(shrink(box, 2), {on, on})) << i << " " << k;
      }
    }
  }
}

TEST(StatesLayout, ASmallPaneGivesUpTheLabelsFirstAndThenTheFigure) {
  testing::Driver driver([](ui::Ui& ui) {
    const auto wide = diagram_look(ui, {1087, 314}), small = diagram_look(ui, {528, 300});
    ASSERT_TRUE(wide);
    ASSERT_TRUE(small);
    EXPECT_GT(wide->label_lines, 0);
    EXPECT_EQ(small->label_lines, 0);
    EXPECT_TRUE(small->upright);
    EXPECT_FALSE(diagram_look(ui, {200, 100}));
  });
  driver.frame();
}

// ---- words

TEST(StatesPane, NamesBothEndsAndWhatMovedLast) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.at(1640);
  EXPECT_TRUE(scene.driver.shows("a: CLOSE_WAIT"));
  EXPECT_TRUE(scene.driver.shows("of the connection that moved last"));
  EXPECT_TRUE(scene.driver.shows("a went from ESTABLISHED to CLOSE_WAIT: FIN arrived."));
  EXPECT_TRUE(scene.driver.shows("closed first."));
  EXPECT_TRUE(scene.driver.find("states/token-" + std::to_string(T::a)));
  EXPECT_TRUE(scene.driver.find("states/token-" + std::to_string(T::with_ann)));
}

TEST(StatesPane, AClientNobodyHasAcceptedSaysSo) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.view.selection = {Selection::Kind::socket, T::b, 0};
  scene.at(T::bob_waits);
  EXPECT_TRUE(scene.driver.shows("b: ESTABLISHED"));
  EXPECT_TRUE(scene.driver.shows("S's accept queue: not accepted yet"));
  EXPECT_TRUE(scene.driver.shows("of what is selected"));
  scene.at(T::bob_answered);
  EXPECT_FALSE(scene.driver.shows("not accepted yet"));
}

TEST(StatesPane, ScrubbedBackTheTokensStandWhereTheyStood) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.view.selection = {Selection::Kind::socket, T::a, 0};
  scene.at(1400);
  EXPECT_TRUE(scene.driver.shows("a: ESTABLISHED"));
  const auto token = scene.driver.need("states/token-2"), box = scene.driver.need("states/state-ESTABLISHED");
  EXPECT_TRUE(contains({box.min, box.max}, {token.min, token.max}));
  scene.at(1640);
  const auto moved = scene.driver.need("states/token-2"), wait = scene.driver.need("states/state-CLOSE_WAIT");
  EXPECT_TRUE(contains({wait.min, wait.max}, {moved.min, moved.max}));
}

TEST(StatesPane, AfterCloseTheStateIsNotKnownAndTheLastOneIsSaid) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.view.selection = {Selection::Kind::socket, T::a, 0};
  scene.at(2000);
  EXPECT_TRUE(scene.driver.shows("a: not known since close(), last CLOSE_WAIT"));
}

TEST(StatesPane, AListenersTokenSitsInListen) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.view.selection = {Selection::Kind::socket, T::listener, 0};
  scene.at(T::bob_waits);
  const auto token = scene.driver.need("states/token-1"), box = scene.driver.need("states/state-LISTEN");
  EXPECT_TRUE(contains({box.min, box.max}, {token.min, token.max}));
  EXPECT_TRUE(scene.driver.shows("S: LISTEN"));
}

// One client, ESTABLISHED, made by `more`.
Trace one_client(const std::function<void(TraceBuilder&, ThreadId, SocketId)>& more) {
  TraceBuilder b;
  const ThreadId thread = b.thread("client");
  const SocketId c = b.socket(thread, "c");
  b.connect(thread, c, loopback(9), loopback(40000));
  more(b, thread, c);
  return b.trace();
}

TEST(StatesPane, TimeWaitCountsDownWhileLive) {
  const Trace trace = one_client([](TraceBuilder& b, ThreadId thread, SocketId c) {
    b.close(thread, c).state(c, ESTABLISHED, TIME_WAIT);
    b.put(event::TimerSampled{c, Timer::time_wait, 0, b.now() + 60 * kSecond});
  });
  PaneScene scene(draw_states, one_client([](TraceBuilder& b, ThreadId thread, SocketId c) {
                    b.close(thread, c).state(c, ESTABLISHED, TIME_WAIT);
                    b.put(event::TimerSampled{c, Timer::time_wait, 0, b.now() + 60 * kSecond});
                  }),
                  {1119, 410});
  scene.live = scene.view.follow = true;
  scene.now = trace.end() + 2'500'000'000;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("c: TIME_WAIT, 58 s left"));
  EXPECT_GE(scene.driver.wake_in, 0);
  EXPECT_LE(scene.driver.wake_in, 1);
  EXPECT_TRUE(scene.driver.shows("Passed too fast to be seen: FIN_WAIT1, FIN_WAIT2."));
  scene.now = trace.end() + 61 * kSecond;
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows(" s left"));
}

TEST(StatesPane, ADerivedStateSaysSo) {
  PaneScene scene(draw_states, one_client([](TraceBuilder& b, ThreadId thread, SocketId c) {
                    b.close(thread, c).state(c, ESTABLISHED, FIN_WAIT1, How::derived);
                  }),
                  {1119, 410});
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("c: FIN_WAIT1 (derived)"));
  EXPECT_TRUE(scene.driver.shows("Nobody saw this"));
  EXPECT_TRUE(scene.driver.shows("close() by thread client"));
}

TEST(StatesPane, AResetIsTold) {
  PaneScene scene(draw_states, one_client([](TraceBuilder& b, ThreadId thread, SocketId c) {
                    const CallId call = b.enter(thread, Call::recv, c);
                    b.state(c, ESTABLISHED, CLOSED, How::call).fail(call, ECONNRESET);
                  }),
                  {1119, 410});
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("c went from ESTABLISHED to CLOSED: RST arrived, ECONNRESET."));
}

TEST(StatesPane, AQueuedConnectionIsAnEndThatIsNotAcceptedYet) {
  PaneScene scene(
      draw_states, one_client([](TraceBuilder& b, ThreadId, SocketId) {
        b.put(event::SocketOpened{2, 0, -1, AF_INET, SOCK_STREAM, 0, SocketHow::queue, 7, "localhost"});
        b.named(2, loopback(9), loopback(40000));
        b.state(2, TcpState::not_known, ESTABLISHED);
      }),
      {1119, 410});
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("socket #2: ESTABLISHED, not accepted yet"));
}

TEST(StatesPane, WhatHasNoStatesSaysSo) {
  TraceBuilder b;
  const ThreadId thread = b.thread("main");
  const SocketId u = b.of(AF_INET, SOCK_DGRAM).socket(thread, "u");
  PaneScene scene(draw_states, b.trace(), {1119, 410});
  scene.view.selection = {Selection::Kind::socket, u, 0};
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("u (AF_INET DGRAM) has no connection states."));
  scene.view.selection = {};
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("No TCP socket has moved yet."));
}

// ---- hands

TEST(StatesPane, AClickOnATokenSelectsItsSocket) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.at(1640);
  scene.driver.click("states/token-" + std::to_string(T::with_ann));
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::socket, T::with_ann, 0}));
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("of what is selected"));
  EXPECT_TRUE(scene.driver.shows("a: CLOSE_WAIT"));  // the other end stays
}

TEST(StatesPane, AStatesNameTellsWhatItMeansAndWhereItLeads) {
  PaneScene scene(draw_states, two_clients_trace(), {1119, 410});
  scene.driver.frame(2);
  scene.driver.click("states/state-CLOSE_WAIT", 0.5f, 0.2f);
  scene.driver.frame(40);
  EXPECT_TRUE(scene.driver.shows("it has not called close() yet"));
  EXPECT_TRUE(scene.driver.shows("→ LAST_ACK: CLOSE / snd FIN · close()"));
}

TEST(StatesPane, DrawsAtEverySizeThemeAndLanguage) {
  for (const ImVec2 size : {ImVec2{1119, 410}, ImVec2{1600, 900}, ImVec2{560, 400}, ImVec2{300, 120},
                            ImVec2{60, 40}, ImVec2{1, 1}}) {
    for (const ui::ThemeName theme : {ui::ThemeName::light, ui::ThemeName::dark, ui::ThemeName::contrast}) {
      PaneScene scene(draw_states, two_clients_trace(), size);
      scene.driver.theme = theme;
      scene.driver.language = ui::Language::zh;
      scene.at(1640);
      EXPECT_EQ(scene.driver.find("states/state-SYN_SENT").has_value(), size.x > 500) << size.x;
    }
  }
}

void whole_window(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  draw_window(ui, scene, view, requests, where.max);
}

TEST(StatesWindow, CtrlDPutsItInTheTimelinesPlaceAndEscapeGivesThatBack) {
  PaneScene scene(whole_window, two_clients_trace(), {1600, 1000});
  scene.driver.bare_window = false;
  scene.at(1640);
  EXPECT_FALSE(scene.driver.find("states/state-LISTEN"));
  scene.driver.key(ui::Key::d, true);
  EXPECT_TRUE(scene.driver.find("states/state-LISTEN"));
  EXPECT_FALSE(scene.driver.find("timeline/states"));
  EXPECT_EQ(scene.view.focus, Pane::states);
  scene.driver.key(ui::Key::f11, false, true);
  EXPECT_EQ(scene.view.maximised, Pane::states);
  scene.driver.key(ui::Key::escape);
  scene.driver.key(ui::Key::escape);
  EXPECT_TRUE(scene.driver.find("timeline/states"));
  scene.driver.click("timeline/states");
  EXPECT_TRUE(scene.driver.find("states/state-LISTEN"));
  scene.driver.click("states/timeline");
  EXPECT_TRUE(scene.driver.find("timeline/states"));
  scene.driver.key(ui::Key::f1);
  EXPECT_TRUE(scene.driver.shows("the state diagram, in the timeline's place"));
}

TEST(StatesWindow, TheFigureIsThereInALowWindowToo) {
  for (const ImVec2 size : {ImVec2{1280, 800}, ImVec2{1366, 768}, ImVec2{1600, 1000}, ImVec2{1920, 1080}}) {
    PaneScene scene(whole_window, two_clients_trace(), size);
    scene.driver.bare_window = false;
    scene.view.show_states = true;
    scene.at(1640);
    EXPECT_TRUE(scene.driver.find("states/state-LISTEN")) << size.x;
    EXPECT_TRUE(scene.driver.shows("FIN arrived")) << size.x;
  }
}

TEST(StatesWindow, TheSentencesAndTheDiagramTakeTurns) {
  PaneScene scene(whole_window, two_clients_trace(), {1600, 1000});
  scene.driver.bare_window = false;
  scene.at(1640);
  scene.driver.key(ui::Key::d, true);
  scene.driver.click("console/sentences");
  EXPECT_TRUE(scene.driver.find("narration/copy"));
  scene.driver.key(ui::Key::d, true);
  EXPECT_TRUE(scene.driver.find("states/state-LISTEN"));
}

// What this thread has used of a processor: others at work do not count.
double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

// A frame looks at two sockets and at what is new, however long the trace and however many the sockets.
TEST(StatesPane, AFrameCostsTheSameWithManySocketsAndEvents) {
  TraceBuilder b;
  const ThreadId thread = b.thread("main");
  for (int i = 0; i < 2'000; ++i) {
    const SocketId c = b.socket(thread);
    b.connect(thread, c, loopback(9), loopback(static_cast<std::uint16_t>(10'000 + i)));
  }
  const Trace trace = b.trace();
  StatesWalk walk;
  walk.extend(trace);
  const double began = cpu_seconds();
  std::size_t steps = 0;
  for (int frame = 0; frame < 10'000; ++frame) {
    walk.extend(trace);
    steps += walk.steps(walk.latest(trace.size()), trace.size()).size();
  }
  const double took = cpu_seconds() - began;
  EXPECT_EQ(steps, 10'000u);
  EXPECT_LT(took, 1);  // reading 14,000 events in each frame would take far longer
}

}  // namespace states_test
}  // namespace sockscope
