// The timeline pane: what it shows at a cursor, and what the mouse and the keyboard do.
#include "panes/timeline.h"

#include <gtest/gtest.h>

#include "pane_scene.h"

namespace sockscope {
namespace {

using testing::PaneScene;
using T = TwoClients;

const ImVec2 kTimelineSize{1120, 410};

struct TimelinePane : PaneScene {
  explicit TimelinePane(Trace trace = two_clients_trace(), ImVec2 size = kTimelineSize)
      : PaneScene(&draw_timeline, std::move(trace), size) {
    driver.frame(3);
  }
  // Where a time is on the screen when the whole trace is shown.
  float x_of(double milliseconds) {
    const double all = static_cast<double>(trace().end() - trace().start());
    const auto axis = driver.need("timeline/axis");
    const double part = (milliseconds * 1e6 + all * 0.01) / (all * 1.15);
    return axis.min.x + (axis.max.x - axis.min.x) * static_cast<float>(part);
  }
  ImVec2 on(const std::string& row, double milliseconds) {
    const auto item = driver.need(row);
    return {x_of(milliseconds), (item.min.y + item.max.y) / 2};
  }
};

TEST(TimelinePane, EmptyItSaysHowItStarts) {
  TimelinePane pane{Trace()};
  EXPECT_TRUE(pane.driver.shows("It starts with your first call."));
  EXPECT_FALSE(pane.driver.find("timeline/axis"));
}

TEST(TimelinePane, NamesItsLanesServersAndLastStates) {
  TimelinePane pane;
  for (const char* text : {"ann", "bob", "S.accept", "iterative server at 127.0.0.1:9999", "accept queue",
                           "limit 6 = backlog 5 + 1", "CLOSE_WAIT", "LISTEN", "2.000 s"}) {
    EXPECT_TRUE(pane.driver.shows(text)) << text;
  }
}

TEST(TimelinePane, AUnixListenerThatNothingSamplesHasTheSeatsItAskedFor) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  const SocketId s = b.of(AF_UNIX, SOCK_STREAM).socket(main, "s");
  b.ret(b.enter(main, Call::listen, s, TraceBuilder::numbers(5)));
  b.state(s, TcpState::not_known, TcpState::LISTEN, How::call);
  TimelinePane pane{b.trace()};
  EXPECT_TRUE(pane.driver.shows("limit 6 = backlog 5 + 1"));
  EXPECT_TRUE(pane.driver.shows("0 of 6 seats"));
}

TEST(TimelinePane, ACallInWhichTheCursorStandsShowsOnlyWhatIsSoThere) {
  TimelinePane pane;
  pane.at(1000);
  EXPECT_TRUE(pane.driver.shows("in recv"));  // no room for more left of the cursor
  EXPECT_FALSE(pane.driver.shows("recv → b'HELLO'"));
  EXPECT_TRUE(pane.driver.shows("1.000 s"));
  EXPECT_TRUE(pane.driver.shows("1 of 6 seats"));
  pane.at(1400);
  EXPECT_TRUE(pane.driver.shows("recv, blocked 570 ms"));
  EXPECT_FALSE(pane.driver.shows("recv → b'HELLO'"));
  pane.at(1900);
  EXPECT_TRUE(pane.driver.shows("recv → b'HELLO', 850 ms"));
  EXPECT_TRUE(pane.driver.shows("0 of 6 seats"));
}

TEST(TimelinePane, AClickOnABarSelectsItsCall) {
  TimelinePane pane;
  pane.driver.click_at(pane.on("timeline/thread-4", 1200));
  ASSERT_EQ(pane.view.selection.kind, Selection::Kind::call);
  const auto& entered = std::get<event::CallEntered>(pane.trace()[pane.view.selection.seq].body);
  EXPECT_EQ(entered.name, Call::recv);
  EXPECT_EQ(entered.thread, T::bob);
  EXPECT_EQ(entered.call, pane.view.selection.id);
  EXPECT_EQ(pane.view.focus, Pane::timeline);
}

TEST(TimelinePane, AClickOnATickThreePixelsWideSelectsIt) {
  TimelinePane pane;
  pane.driver.click_at(pane.on("timeline/thread-4", 700));
  ASSERT_EQ(pane.view.selection.kind, Selection::Kind::call);
  EXPECT_EQ(std::get<event::CallEntered>(pane.trace()[pane.view.selection.seq].body).name, Call::sendall);
}

TEST(TimelinePane, AClickOnANameSelectsTheThreadOnABandTheSocketOnAServerTheServer) {
  TimelinePane pane;
  pane.driver.click("timeline/thread-3", 0.02f);
  EXPECT_EQ(pane.view.selection, (Selection{Selection::Kind::thread, T::ann, 0}));
  pane.driver.click("timeline/socket-4");
  EXPECT_EQ(pane.view.selection, (Selection{Selection::Kind::socket, T::b, 0}));
  pane.driver.click("timeline/group-0");
  EXPECT_EQ(pane.view.selection, (Selection{Selection::Kind::server, T::server, 0}));
  pane.driver.click("timeline/ground");
  EXPECT_EQ(pane.view.selection.kind, Selection::Kind::none);
}

TEST(TimelinePane, TheKeyboardSelectsAThreadAndThenItsCall) {
  TimelinePane pane;
  pane.at(1000);
  pane.driver.tab_to("timeline/thread-4");
  pane.driver.key(ui::Key::space);
  EXPECT_EQ(pane.view.selection, (Selection{Selection::Kind::thread, T::bob, 0}));
  pane.driver.key(ui::Key::enter);
  ASSERT_EQ(pane.view.selection.kind, Selection::Kind::call);
  EXPECT_EQ(std::get<event::CallEntered>(pane.trace()[pane.view.selection.seq].body).name, Call::recv);
}

TEST(TimelinePane, EveryLaneIsReachedByTab) {
  TimelinePane pane;
  for (const char* path : {"timeline/thread-3", "timeline/socket-2", "timeline/thread-4", "timeline/group-0",
                           "timeline/thread-2", "timeline/socket-1", "timeline/queue-1"}) {
    EXPECT_NO_THROW(pane.driver.tab_to(path)) << path;
  }
}

TEST(TimelinePane, PressingTheAxisPutsTheCursorThereAndDraggingTakesItAlong) {
  TimelinePane pane;
  pane.view.follow = true;
  const auto axis = pane.driver.need("timeline/axis");
  const float y = (axis.min.y + axis.max.y) / 2;
  pane.driver.click_at({pane.x_of(500), y});
  EXPECT_FALSE(pane.view.follow);
  EXPECT_NEAR(static_cast<double>(pane.view.cursor - pane.ms(0)) / 1e6, 500, 3);
  pane.driver.drag({pane.x_of(500), y}, {pane.x_of(1500), y});
  EXPECT_NEAR(static_cast<double>(pane.view.cursor - pane.ms(0)) / 1e6, 1500, 3);
  pane.driver.drag({pane.x_of(500), y}, {3000, y});
  EXPECT_EQ(pane.view.cursor, pane.trace().end());
}

TEST(TimelinePane, TheWheelZoomsAroundThePointer) {
  TimelinePane pane;
  const ImVec2 at = pane.on("timeline/thread-4", 700);
  pane.driver.move_mouse(at);
  pane.driver.frame(2);
  for (int i = 0; i < 10; ++i) pane.driver.wheel(1);
  const Time all = pane.trace().end() - pane.trace().start();
  EXPECT_LT(pane.view.span, all / 5);
  const auto axis = pane.driver.need("timeline/axis");
  const double part = static_cast<double>((at.x - axis.min.x) / (axis.max.x - axis.min.x));
  const double under =
      static_cast<double>(pane.view.from - pane.ms(0)) + part * static_cast<double>(pane.view.span);
  EXPECT_NEAR(under / 1e6, 700, 3);
}

TEST(TimelinePane, ZoomNeitherVanishesNorOverflows) {
  TimelinePane pane;
  pane.driver.move_mouse(pane.on("timeline/thread-4", 700));
  pane.driver.frame(2);
  for (int i = 0; i < 150; ++i) pane.driver.wheel(1);
  EXPECT_GE(pane.view.span, 1000);
  for (int i = 0; i < 400; ++i) pane.driver.wheel(-1);
  EXPECT_LE(pane.view.span, Time{1'000'000'000'000'000});
  EXPECT_GT(pane.view.span, 0);
}

TEST(TimelinePane, DraggingALanePansAndSelectsNothing) {
  TimelinePane pane;
  const ImVec2 from = pane.on("timeline/thread-4", 1200);
  pane.driver.drag(from, {from.x - 200, from.y});
  EXPECT_EQ(pane.view.selection.kind, Selection::Kind::none);
  EXPECT_GT(pane.view.from, pane.ms(0));
  EXPECT_GT(pane.view.span, 0);
}

TEST(TimelinePane, KeysZoomPanFitAndGoToTheEnds) {
  TimelinePane pane;
  pane.view.focus = Pane::timeline;
  pane.at(1000);
  pane.driver.type("+");
  const Time half = pane.view.span;
  EXPECT_GT(half, 0);
  EXPECT_LT(half, 1200 * kMillisecond);
  pane.driver.type("+");
  EXPECT_NEAR(static_cast<double>(pane.view.span), static_cast<double>(half) / 2, 2);
  pane.driver.type("-");
  EXPECT_NEAR(static_cast<double>(pane.view.span), static_cast<double>(half), 4);
  const Time from = pane.view.from;
  pane.driver.key(ui::Key::right);
  EXPECT_EQ(pane.view.from, from + pane.view.span / 10);
  pane.driver.key(ui::Key::left);
  pane.driver.key(ui::Key::home);
  EXPECT_EQ(pane.view.cursor, pane.trace().start());
  pane.driver.key(ui::Key::end);
  EXPECT_EQ(pane.view.cursor, pane.trace().end());
  pane.driver.key(ui::Key::f);
  EXPECT_EQ(pane.view.span, 0);
}

TEST(TimelinePane, KeysDoNothingWhileAnotherPaneHasThem) {
  TimelinePane pane;
  pane.view.focus = Pane::console;
  pane.driver.type("+]");
  EXPECT_EQ(pane.view.span, 0);
  EXPECT_EQ(pane.view.cursor, pane.trace().end());
}

TEST(TimelinePane, BracketsGoToTheNextAndPreviousMomentOfTheSelection) {
  TimelinePane pane;
  pane.view.focus = Pane::timeline;
  pane.view.selection = {Selection::Kind::socket, T::b, 0};
  pane.at(650);
  pane.driver.type("]");
  EXPECT_NEAR(static_cast<double>(pane.view.cursor - pane.ms(0)) / 1e6, 1650.2, 0.3);  // CLOSE_WAIT
  pane.driver.type("[");
  EXPECT_NEAR(static_cast<double>(pane.view.cursor - pane.ms(0)) / 1e6, 620.2, 0.3);  // ESTABLISHED
  pane.view.selection = {Selection::Kind::thread, T::bob, 0};
  pane.at(900);
  pane.driver.type("[");
  EXPECT_NEAR(static_cast<double>(pane.view.cursor - pane.ms(0)) / 1e6, 800, 0.1);  // recv entered
}

TEST(TimelinePane, MomentsEndAtTheLanesEnds) {
  const Trace trace = two_clients_trace();
  TimelineIndex index;
  index.extend(trace);
  for (const Selection selection :
       {Selection{}, Selection{Selection::Kind::thread, T::bob, 0},
        Selection{Selection::Kind::socket, T::b, 0}, Selection{Selection::Kind::thread, 99, 0},
        Selection{Selection::Kind::call, 1, 1u << 30}}) {
    EXPECT_EQ(neighbour_moment(index, trace, selection, trace.end() + kSecond, true), trace.end() + kSecond);
    EXPECT_EQ(neighbour_moment(index, trace, selection, trace.start() - kSecond, false),
              trace.start() - kSecond);
    Time cursor = trace.start();
    int steps = 0;
    for (; steps < 1000; ++steps) {
      const Time next = neighbour_moment(index, trace, selection, cursor, true);
      if (next == cursor) break;
      EXPECT_GT(next, cursor);
      cursor = next;
    }
    EXPECT_LT(steps, 1000);
  }
}

TEST(TimelinePane, FollowingKeepsTheEndInSightAndPanningEndsIt) {
  TimelinePane pane;
  pane.live = true;
  pane.view.follow = true;
  pane.view.span = 500 * kMillisecond;
  pane.view.from = pane.trace().start();
  pane.now = pane.trace().end() + 3 * kSecond;
  pane.driver.frame(2);
  EXPECT_GT(pane.view.from, pane.trace().end());
  EXPECT_GT(pane.view.from + pane.view.span, pane.now);
  const Time from = pane.view.from;
  pane.now += 10 * kMillisecond;  // still within the page: it does not move
  pane.driver.frame(2);
  EXPECT_EQ(pane.view.from, from);
  const ImVec2 at = {600, pane.driver.need("timeline/thread-4").min.y + 8};
  pane.driver.drag(at, {at.x + 300, at.y});
  EXPECT_FALSE(pane.view.follow);
  EXPECT_LT(pane.view.from, from);
  pane.driver.click("timeline/follow");
  EXPECT_TRUE(pane.view.follow);
}

TEST(TimelinePane, ABlockedThreadAsksForFramesLessAndLessOften) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  const CallId call = b.enter(t, Call::accept, s);
  b.at(60).blocked(t, call);
  TimelinePane pane{b.trace()};
  pane.live = true;
  pane.view.follow = true;
  float before = 0;
  for (const double seconds : {1.0, 20.0, 3600.0}) {
    pane.now = pane.ms(seconds * 1000);
    pane.driver.frame(3);
    EXPECT_GT(pane.driver.wake_in, before) << seconds;
    before = pane.driver.wake_in;
  }
  EXPECT_FLOAT_EQ(before, 60);
  EXPECT_TRUE(pane.driver.shows("accept, blocked"));
}

TEST(TimelinePane, AFailedCallShowsItsErrnoAtEveryWidth) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  b.at(100);
  b.fail(b.enter(t, Call::connect, s, TraceBuilder::to(loopback(9))), ECONNREFUSED);
  b.at(1000).thread("later");
  TimelinePane pane{b.trace()};
  EXPECT_TRUE(pane.driver.shows("ECONNREFUSED"));
  pane.view.from = pane.ms(100);
  pane.view.span = 12'000;
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.shows("connect × ECONNREFUSED, 10 µs"));
}

TEST(TimelinePane, AFailureIsNotShownBeforeTheCursorHasPassedIt) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  const CallId call = b.at(100).enter(t, Call::connect, s, TraceBuilder::to(loopback(9)));
  b.at(200).blocked(t, call).at(1000).fail(call, ETIMEDOUT);
  b.thread("later");
  TimelinePane pane{b.trace()};
  pane.at(500);
  EXPECT_FALSE(pane.driver.shows("ETIMEDOUT"));
  EXPECT_TRUE(pane.driver.shows("connect, blocked 320 ms"));
  pane.at(1001);
  EXPECT_TRUE(pane.driver.shows("connect × ETIMEDOUT, 900 ms"));
}

TEST(TimelinePane, ManyLanesScrollByKeysAndWheelAndStayWithinTheirEnds) {
  TraceBuilder b;
  for (int i = 0; i < 60; ++i) b.socket(b.thread("t" + std::to_string(i)));
  TimelinePane pane{b.trace()};
  EXPECT_TRUE(pane.driver.find("timeline/thread-1"));
  EXPECT_FALSE(pane.driver.find("timeline/thread-60"));
  pane.driver.move_mouse({30, 200});
  pane.driver.frame(2);
  for (int i = 0; i < 200; ++i) pane.driver.wheel(-1);
  EXPECT_TRUE(pane.driver.find("timeline/thread-60"));
  EXPECT_FALSE(pane.driver.find("timeline/thread-1"));
  pane.view.focus = Pane::timeline;
  pane.driver.key(ui::Key::up);
  const float scrolled = pane.view.lane_scroll;
  for (int i = 0; i < 200; ++i) pane.driver.wheel(1);
  EXPECT_FLOAT_EQ(pane.view.lane_scroll, 0);
  EXPECT_GT(scrolled, 0);
}

TEST(TimelinePane, ClientThreadsFoldIntoOneLaneThatAPressUnfolds) {
  TraceBuilder b;
  const ThreadId accept = b.thread("S.accept", ThreadRole::accept, "S");
  b.socket(accept);
  for (int i = 0; i < 12; ++i) {
    const ThreadId t = b.thread("S." + std::to_string(i + 1), ThreadRole::client, "S", accept);
    const SocketId s = b.socket(t);
    const CallId call = b.enter(t, Call::recv, s);
    if (i < 3) b.blocked(t, call, 0);
  }
  TimelinePane pane{b.trace()};
  EXPECT_TRUE(pane.driver.shows("12 threads"));
  EXPECT_TRUE(pane.driver.shows("3 blocked"));
  EXPECT_FALSE(pane.driver.find("timeline/thread-5"));
  pane.driver.click("timeline/folded-0");
  EXPECT_TRUE(pane.driver.find("timeline/thread-5"));
}

TEST(TimelinePane, DrawsAtEverySizeThemeScaleAndLanguage) {
  for (const ImVec2 size : {ImVec2{320, 120}, ImVec2{640, 260}, ImVec2{1120, 410}, ImVec2{3200, 1400}}) {
    for (const ui::ThemeName theme : {ui::ThemeName::light, ui::ThemeName::dark, ui::ThemeName::contrast}) {
      TimelinePane pane(two_clients_trace(), size);
      pane.driver.theme = theme;
      pane.driver.language = theme == ui::ThemeName::dark ? ui::Language::zh : ui::Language::en;
      pane.driver.scale = theme == ui::ThemeName::contrast ? 2 : 1;
      for (const double cursor : {0.0, 700.0, 2000.0}) pane.at(cursor);
      EXPECT_TRUE(pane.driver.find("timeline/axis"));
    }
  }
}

TEST(TimelinePane, AReplacedTraceIsReadAnew) {
  TimelinePane pane;
  TraceBuilder b;
  b.socket(b.thread("alone"));
  pane.replace_trace(b.trace());
  pane.view.cursor = pane.trace().end();
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.shows("alone"));
  EXPECT_FALSE(pane.driver.shows("S.accept"));
}

}  // namespace
}  // namespace sockscope
