// Search, measuring, bookmarks, the overview and folding in the drawn timeline, by mouse and by keyboard.
#include "panes/timeline_tools.h"

#include <gtest/gtest.h>

#include "kernel_trace.h"
#include "timeline_pane.h"

namespace sockscope {
namespace timeline_tools_test {

using Pane = testing::TimelinePaneScene;
using T = TwoClients;
using End = TimelineTools::Measure::End;

// ---- search

TEST(TimelineFind, EnterGoesFromHitToHitSelectsItAndCounts) {
  Pane pane;
  pane.at(0);
  pane.search("connect");
  EXPECT_TRUE(pane.driver.shows("2 found"));
  pane.driver.key(ui::Key::enter);
  EXPECT_TRUE(pane.driver.shows("1 of 2"));
  ASSERT_EQ(pane.view.selection.kind, Selection::Kind::call);
  const Time first = pane.view.cursor;
  pane.driver.key(ui::Key::enter);
  EXPECT_TRUE(pane.driver.shows("2 of 2"));
  EXPECT_GT(pane.view.cursor, first);
  pane.driver.key(ui::Key::enter, false, true);
  EXPECT_EQ(pane.view.cursor, first);
  pane.driver.key(ui::Key::up);
  EXPECT_TRUE(pane.driver.shows("2 of 2")) << "round the end";
  EXPECT_EQ(std::get<event::CallEntered>(pane.trace()[pane.view.selection.seq].body).name, Call::connect);
}

TEST(TimelineFind, TheFieldKeepsTheCaretAndItsButtonsDoTheSame) {
  Pane pane;
  pane.at(0);
  pane.search("bob recv");
  pane.driver.key(ui::Key::enter);
  pane.driver.type(" > 100ms");
  EXPECT_EQ(pane.tools().text, "bob recv > 100ms");
  EXPECT_TRUE(pane.driver.shows("1 found"));
  pane.driver.click("timeline/hit-next");
  EXPECT_TRUE(pane.driver.shows("1 of 1"));
  pane.driver.click("timeline/hit-before");
  EXPECT_TRUE(pane.driver.shows("1 of 1"));
  pane.driver.click("timeline/find-close");
  EXPECT_FALSE(pane.tools().searching);
  EXPECT_FALSE(pane.driver.find("timeline/find"));
}

TEST(TimelineFind, WithoutAHitItSaysSoAndALengthWantsAUnit) {
  Pane pane;
  pane.search("EPIPE");
  EXPECT_TRUE(pane.driver.shows("No call, socket or packet has this."));
  pane.driver.click("timeline/find-close");
  pane.search("recv > 100");
  EXPECT_TRUE(pane.driver.shows("A length has a unit: recv > 100ms"));
}

TEST(TimelineFind, AHitElsewhereComesIntoSight) {
  TraceBuilder b;
  for (int i = 0; i < 60; ++i) b.socket(b.thread("t" + std::to_string(i)));
  b.at(5000).fail(b.enter(60, Call::connect, 60), ECONNREFUSED);
  Pane pane{b.trace()};
  pane.view.from = pane.trace().start();
  pane.view.span = 10 * kMillisecond;
  pane.at(0);
  ASSERT_FALSE(pane.driver.find("timeline/thread-60"));
  pane.search("ECONNREFUSED");
  pane.driver.key(ui::Key::enter);
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.find("timeline/thread-60"));
  EXPECT_LT(pane.view.from, pane.view.cursor);
  EXPECT_GT(pane.view.from + pane.view.span, pane.view.cursor);
}

TEST(TimelineFind, AHitInAFoldedServerUnfoldsIt) {
  TraceBuilder b;
  const ThreadId accept = b.thread("S.accept", ThreadRole::accept, "S");
  b.socket(accept);
  for (int i = 0; i < 12; ++i) {
    const ThreadId t = b.thread("S." + std::to_string(i + 1), ThreadRole::client, "S", accept);
    const SocketId s = b.socket(t);
    if (i == 7) b.fail(b.enter(t, Call::recv, s), ECONNRESET);
  }
  Pane pane{b.trace()};
  pane.at(0);
  ASSERT_FALSE(pane.driver.find("timeline/thread-9"));
  pane.search("ECONNRESET");
  pane.driver.key(ui::Key::enter);
  pane.driver.frame(3);
  EXPECT_TRUE(pane.driver.find("timeline/thread-9"));
}

// ---- measuring

TEST(TimelineMeasure, MAtTheCursorAndMAgainMeasureWhatLiesBetween) {
  Pane pane;
  pane.at(600);
  pane.driver.type("m");
  pane.at(1000);
  EXPECT_TRUE(pane.driver.shows("400 ms")) << "it goes with the cursor";
  pane.driver.type("m");
  pane.at(1500);
  EXPECT_TRUE(pane.driver.shows("400 ms · calls: 4 · sent: 6 B"));
  pane.driver.type("m");
  EXPECT_EQ(pane.tools().measure->end, End::with_cursor) << "a third begins anew";
  EXPECT_TRUE(leave_tools(pane.view));
  EXPECT_FALSE(pane.tools().measure);
  EXPECT_FALSE(leave_tools(pane.view));
}

TEST(TimelineMeasure, ShiftAndDragMeasuresFromABarsEndAndNeitherPansNorSelects) {
  Pane pane;
  const auto lane = pane.driver.need("timeline/thread-4");
  const float y = lane.min.y + 8;
  // bob's recv begins at 800 ms and ends at 1650.2 ms.
  const ImVec2 from{pane.x_of(800) + 3, y}, to{pane.x_of(1650.2) - 4, y};
  pane.driver.move_mouse(from);
  pane.driver.frame(2);
  ui::feed_modifiers(false, true);
  pane.driver.drag(from, to);
  ui::feed_modifiers(false, false);
  pane.driver.frame(2);
  ASSERT_TRUE(pane.tools().measure);
  EXPECT_EQ(pane.tools().measure->end, End::put);
  EXPECT_NEAR(static_cast<double>(pane.tools().measure->to - pane.tools().measure->from) / 1e6, 850.2, 0.15);
  EXPECT_EQ(pane.view.span, 0);
  EXPECT_EQ(pane.view.selection.kind, Selection::Kind::none);
  EXPECT_TRUE(pane.driver.shows("850 ms"));
}

// ---- zoom

TEST(TimelineZoom, FromTenHoursToAMicrosecondAroundThePointer) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  b.at(36e6).fail(b.enter(t, Call::connect, s), ECONNREFUSED);
  Pane pane{b.trace()};
  const auto axis = pane.driver.need("timeline/axis");
  const float x = axis.min.x + (axis.max.x - axis.min.x) * 0.4f;
  pane.driver.move_mouse({x, axis.max.y + 60});
  pane.driver.frame(2);
  const auto under = [&] {
    const double part = static_cast<double>((x - axis.min.x) / (axis.max.x - axis.min.x));
    return pane.view.from + static_cast<Time>(part * static_cast<double>(pane.view.span));
  };
  pane.driver.wheel(1);
  Time before = under();
  int turns = 0;
  for (; pane.view.span > 1'000 && turns < 300; ++turns) {
    const double per_pixel =
        static_cast<double>(pane.view.span) / static_cast<double>(axis.max.x - axis.min.x);
    pane.driver.wheel(1);
    EXPECT_NEAR(static_cast<double>(under()), static_cast<double>(before), per_pixel + 2) << turns;
    before = under();
  }
  EXPECT_EQ(pane.view.span, 1'000) << "1 µs fills the plot";
  EXPECT_TRUE(pane.driver.shows("1.0 µs shown") || pane.driver.shows("1 µs shown"));
  for (int i = 0; i < 300; ++i) pane.driver.wheel(-1);
  EXPECT_GE(pane.view.span, 36'000 * kSecond);
}

// ---- bookmarks

TEST(TimelineBookmarks, BMarksTheCursorNamesItAndShiftBGoesRound) {
  Pane pane;
  pane.at(1700);
  pane.driver.type("b");
  pane.at(700.3);
  pane.driver.type("b");
  ASSERT_EQ(pane.tools().bookmarks.size(), 2u);
  EXPECT_LT(pane.tools().bookmarks[0].at, pane.tools().bookmarks[1].at);
  pane.at(0);
  pane.driver.type("B");
  EXPECT_NEAR(pane.cursor_ms(), 700.3, 0.01);
  pane.driver.type("B");
  EXPECT_NEAR(pane.cursor_ms(), 1700, 0.01);
  pane.driver.type("B");
  EXPECT_NEAR(pane.cursor_ms(), 700.3, 0.01);
  pane.driver.click("timeline/bookmarks");
  EXPECT_TRUE(pane.driver.shows("bob: sendall(b'hello\\n')"));
  pane.driver.click("timeline/listed-1");
  EXPECT_NEAR(pane.cursor_ms(), 1700, 0.01);
  pane.driver.type("b");
  EXPECT_EQ(pane.tools().bookmarks.size(), 1u) << "again takes it away";
  pane.driver.click("timeline/bookmark-0");
  EXPECT_NEAR(pane.cursor_ms(), 700.3, 0.01);
}

TEST(TimelineBookmarks, BeforeTheFirstCallNothingHasAName) {
  TraceBuilder b;
  const ThreadId t = b.thread("ann");
  b.at(100);
  b.socket(t, "s");
  Pane pane{b.trace()};
  pane.at(0);
  pane.driver.type("b");
  pane.driver.click("timeline/bookmarks");
  EXPECT_TRUE(pane.driver.shows("before the first call"));
}

TEST(TimelineBookmarks, AFailedCallIsTheName) {
  TraceBuilder b;
  const ThreadId t = b.thread("ann");
  const SocketId s = b.socket(t, "s");
  b.at(100).fail(b.enter(t, Call::connect, s, TraceBuilder::to(loopback(9))), ECONNREFUSED);
  Pane pane{b.trace()};
  pane.driver.type("b");
  pane.driver.click("timeline/bookmarks");
  EXPECT_TRUE(pane.driver.shows("ann: connect × ECONNREFUSED"));
}

// ---- overview

TEST(TimelineOverview, ItsFrameIsDraggedAndResizedAndAPressElsewhereGoesThere) {
  Pane pane;
  pane.view.from = pane.ms(500);
  pane.view.span = 500 * kMillisecond;
  pane.driver.frame(2);
  const auto item = pane.driver.need("timeline/overview");
  const float left = item.min.x + 4, wide = item.max.x - item.min.x - 8, y = (item.min.y + item.max.y) / 2;
  const auto at = [&](double milliseconds) {
    const double all = static_cast<double>(pane.trace().end() - pane.trace().start());
    return ImVec2{left + wide * static_cast<float>((milliseconds * 1e6 + all * 0.01) / (all * 1.15)), y};
  };
  const auto ms_of = [&](Time t) { return static_cast<double>(t - pane.trace().start()) / 1e6; };
  pane.driver.drag(at(750), at(1250));
  EXPECT_NEAR(ms_of(pane.view.from), 1000, 5);
  EXPECT_EQ(pane.view.span, 500 * kMillisecond);
  pane.driver.drag(at(1500), at(1700));
  EXPECT_NEAR(ms_of(pane.view.from), 1000, 5);
  EXPECT_NEAR(static_cast<double>(pane.view.span) / 1e6, 700, 10);
  pane.driver.drag(at(1000), at(1200));
  EXPECT_NEAR(ms_of(pane.view.from), 1200, 10);
  EXPECT_NEAR(static_cast<double>(pane.view.span) / 1e6, 500, 10);
  pane.driver.click_at(at(300));
  EXPECT_NEAR(ms_of(pane.view.from) + static_cast<double>(pane.view.span) / 2e6, 300, 10);
}

TEST(TimelineOverview, TheEndsOfTheFrameNeverCross) {
  Pane pane;
  pane.view.from = pane.ms(500);
  pane.view.span = 500 * kMillisecond;
  pane.driver.frame(2);
  const auto item = pane.driver.need("timeline/overview");
  const float y = (item.min.y + item.max.y) / 2, wide = item.max.x - item.min.x - 8;
  const double all = static_cast<double>(pane.trace().end() - pane.trace().start());
  const float end = item.min.x + 4 + wide * static_cast<float>((1000e6 + all * 0.01) / (all * 1.15));
  pane.driver.drag({end, y}, {item.min.x, y});
  EXPECT_GE(pane.view.span, 1000);
  EXPECT_EQ(pane.view.from, pane.ms(500));
}

// ---- folding

Trace two_hosts() {
  TraceBuilder b;
  b.thread("main");
  b.put(event::ThreadStarted{2, 0, 0, ThreadRole::play, "ann", "a", {}});
  b.put(event::ThreadStarted{3, 0, 0, ThreadRole::play, "server", "b", {}});
  b.put(event::ThreadStarted{4, 0, 0, ThreadRole::play, "bob", "a", {}});
  for (const ThreadId t : {2u, 3u, 4u}) {
    b.at(100.0 * t);
    b.ret(b.enter(t, Call::getaddrinfo, 0));
  }
  b.fail(b.enter(4, Call::connect, 0), ECONNREFUSED);
  return b.trace();
}

TEST(TimelineFolds, LanesStandByTheirHostAndAHostFolds) {
  Pane pane{two_hosts()};
  std::vector<std::pair<TimelineRow::Kind, std::uint32_t>> rows;
  for (const TimelineRow& row : pane.view.timeline->rows) rows.emplace_back(row.kind, row.id);
  using Kind = TimelineRow::Kind;
  EXPECT_EQ(rows,
            (std::vector<std::pair<Kind, std::uint32_t>>{
                {Kind::host, 1}, {Kind::thread, 2}, {Kind::thread, 4}, {Kind::host, 2}, {Kind::thread, 3}}))
      << "localhost has made no call";
  EXPECT_TRUE(pane.driver.shows("ann"));
  pane.driver.click("timeline/fold-host-1");
  EXPECT_FALSE(pane.driver.find("timeline/thread-2"));
  EXPECT_TRUE(pane.driver.find("timeline/thread-3"));
  EXPECT_TRUE(pane.driver.shows("2 threads"));
  pane.driver.click("timeline/folded-host-1");
  EXPECT_TRUE(pane.driver.find("timeline/thread-2"));
}

TEST(TimelineFolds, WhatFailedIsStillToldOfAFoldedHost) {
  const Trace trace = two_hosts();
  TimelineIndex index;
  index.extend(trace);
  const auto rows = timeline_rows(index, {}, 8, {}, {kHostFold | 1});
  const TimelineLayout layout =
      timeline_layout(index, rows, 0, rows.size(), {trace.start(), trace.end(), trace.end(), 900, 1});
  ASSERT_EQ(layout.failures.size(), 1u);
  EXPECT_EQ(rows[layout.failures[0].row].kind, TimelineRow::Kind::folded_host);
}

TEST(TimelineFolds, AServerFoldsAndUnfoldsByKeyboard) {
  Pane pane;
  pane.driver.tab_to("timeline/fold-group-0");
  pane.driver.key(ui::Key::enter);
  EXPECT_FALSE(pane.driver.find("timeline/thread-2"));
  EXPECT_TRUE(pane.driver.find("timeline/folded-0"));
  pane.driver.tab_to("timeline/fold-group-0");
  pane.driver.key(ui::Key::enter);
  EXPECT_TRUE(pane.driver.find("timeline/thread-2"));
}

TEST(TimelineFolds, InALowPaneOnlyTheSelectedThreadShowsItsSockets) {
  Pane pane{two_clients_trace(), {1120, 240}};
  EXPECT_TRUE(pane.driver.find("timeline/thread-3"));
  EXPECT_TRUE(pane.driver.find("timeline/thread-4"));
  EXPECT_TRUE(pane.driver.find("timeline/queue-1"));
  for (const char* path : {"timeline/socket-1", "timeline/socket-2", "timeline/socket-4"})
    EXPECT_FALSE(pane.driver.find(path)) << path;
  pane.driver.click("timeline/thread-4", 0.02f);
  EXPECT_TRUE(pane.driver.find("timeline/socket-4"));
  EXPECT_FALSE(pane.driver.find("timeline/socket-2"));
  pane.view.selection = {Selection::Kind::socket, T::a, 0};
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.find("timeline/socket-2"));
  EXPECT_FALSE(pane.driver.find("timeline/socket-4"));
}

TEST(TimelineFolds, TheNextMomentOfTheSelectionHasAButton) {
  Pane pane;
  pane.view.selection = {Selection::Kind::socket, T::b, 0};
  pane.at(650);
  pane.driver.click("timeline/moment-next");
  EXPECT_NEAR(pane.cursor_ms(), 1650.2, 0.3);
  pane.driver.click("timeline/moment-before");
  EXPECT_NEAR(pane.cursor_ms(), 620.2, 0.3);
}

}  // namespace timeline_tools_test
}  // namespace sockscope
