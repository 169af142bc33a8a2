// What the timeline shows of the kernel's own word: how a state is known, states after close, drops, timers.
#include <gtest/gtest.h>

#include <algorithm>

#include "kernel_trace.h"
#include "pane_scene.h"
#include "panes/timeline.h"

namespace sockscope {
namespace timeline_kernel_test {

using testing::PaneScene;
using Q = FullQueue;
using Kind = TimelineRow::Kind;

struct Laid {
  explicit Laid(Trace made) : trace(std::move(made)) {
    index.extend(trace);
    rows = timeline_rows(index, {}, 8, {});
    layout = timeline_layout(index, rows, 0, rows.size(), {trace.start(), trace.end(), trace.end(), 1000, 1});
  }
  std::vector<TimelineBand> bands(SocketId id) const {
    std::vector<TimelineBand> out;
    for (const TimelineBand& band : layout.bands) {
      if (rows[band.row].id == id) out.push_back(band);
    }
    return out;
  }
  Trace trace;
  TimelineIndex index;
  std::vector<TimelineRow> rows;
  TimelineLayout layout;
};

struct Shown : PaneScene {
  explicit Shown(Trace trace, ImVec2 size = {1120, 410}) : PaneScene(draw_timeline, std::move(trace), size) {
    driver.frame(3);
  }
};

TEST(TimelineBands, AStateThatWasWorkedOutIsTold) {
  const Laid laid(full_queue_trace());
  const auto bands = laid.bands(Q::a);
  const auto wait1 = std::find_if(bands.begin(), bands.end(),
                                  [](const TimelineBand& b) { return b.state == TcpState::FIN_WAIT1; });
  ASSERT_NE(wait1, bands.end());
  EXPECT_TRUE(wait1->derived);
  EXPECT_FALSE(bands.back().derived) << "FIN_WAIT2 was sampled";
  EXPECT_FALSE(bands.front().derived);
}

TEST(TimelineBands, TheSameStateSeenAfterItWasWorkedOutIsABandOfItsOwn) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId c = b.socket(t, "c");
  b.at(100).state(c, TcpState::ESTABLISHED, TcpState::FIN_WAIT2, How::derived);
  b.at(200).state(c, TcpState::FIN_WAIT2, TcpState::FIN_WAIT2, How::sample);
  b.at(300).line(t, 1, "pass");
  const auto bands = Laid(b.trace()).bands(c);
  ASSERT_EQ(bands.size(), 3u);
  EXPECT_TRUE(bands[1].derived);
  EXPECT_FALSE(bands[2].derived);
}

TEST(TimelineBands, ItsTooltipSaysHowTheStateIsKnown) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId c = b.socket(t, "c");
  b.at(10).state(c, TcpState::ESTABLISHED, TcpState::FIN_WAIT2, How::derived);
  b.at(1000).line(t, 1, "pass");
  Shown timeline(b.trace());
  const auto row = timeline.driver.need("timeline/socket-1");
  timeline.driver.move_mouse({(row.min.x + row.max.x) / 2, row.min.y + 6});
  timeline.driver.frame(40);
  EXPECT_TRUE(timeline.driver.shows("How it is known: derived"));
}

TEST(TimelineBands, TimeWaitGoesOnPastTheDescriptorsEnd) {
  TraceBuilder b = many_past_builder(1);
  b.after(500).line(1, 1, "pass");
  const Laid laid(b.trace());
  const TimelineBand last = laid.bands(2).back();
  EXPECT_EQ(last.state, TcpState::TIME_WAIT);
  EXPECT_GT(last.x1, 990) << "until now";
}

TEST(TimelineBands, AForeignConnectionInTheQueueHasALaneNamedByItsPort) {
  Shown timeline(full_queue_trace());
  EXPECT_TRUE(timeline.driver.find("timeline/socket-7"));
  EXPECT_TRUE(timeline.driver.shows(":54321"));
}

TEST(TimelineDrops, StandOnTheQueuesRowWhereTheyGrew) {
  TraceBuilder b = full_queue_builder();
  b.at(3000).put(event::ListenerSampled{Q::s, 3, 2, 0, 4});
  b.at(4000).put(event::ListenerSampled{Q::s, 3, 2, 0, 6});
  b.at(5000).line(Q::server, 1, "pass");
  const Laid laid(b.trace());
  ASSERT_EQ(laid.layout.drops.size(), 2u) << "the sample between saw no more";
  for (const TimelineTick& drop : laid.layout.drops) EXPECT_EQ(laid.rows[drop.row].kind, Kind::queue);
  EXPECT_NEAR(laid.layout.drops[0].x, 500, 1);
  EXPECT_NEAR(laid.layout.drops[1].x, 800, 1);
}

TEST(TimelineDrops, ThousandsCostNoMoreThanThePixels) {
  TraceBuilder b = full_queue_builder();
  for (std::uint32_t i = 0; i < 10'000; ++i) b.after(1).put(event::ListenerSampled{Q::s, 3, 2, 0, 5 + i});
  EXPECT_LT(Laid(b.trace()).layout.drops.size(), 150u);
}

TEST(TimelineForetold, ASynsTimerIsDottedAsFarAsItGoes) {
  Shown timeline(full_queue_trace());
  EXPECT_TRUE(timeline.driver.shows("SYN again in 1.00 s"));
  EXPECT_EQ(last_deadline(fold(timeline.trace())), timeline.ms(3700));
  timeline.at(400);
  EXPECT_FALSE(timeline.driver.shows("SYN again")) << "not so there";
}

TEST(TimelineForetold, AProbeOfAShutWindowIsWorthItsRoom) {
  TraceBuilder b = shut_window_builder();
  const Time ends = b.now() + kSecond;
  b.put(event::TimerSampled{ShutWindow::c, Timer::probe, 0, ends});
  EXPECT_EQ(last_deadline(fold(b.trace())), ends);
}

TEST(TimelineForetold, TimeWaitsMinuteDoesNotBlowUpThePlot) {
  Shown timeline(many_past_builder(1).trace(), {1600, 410});
  EXPECT_EQ(last_deadline(fold(timeline.trace())), -1);
  EXPECT_TRUE(timeline.driver.shows("60 s")) << "as far as the plot goes";
}

TEST(TimelineRows, ThousandsThatWaitAreListedNoFurtherThanTheFirst) {
  TraceBuilder b;
  const ThreadId t = b.thread("server");
  const SocketId s = b.socket(t, "s");
  b.bind(t, s, loopback(4000), loopback(4000)).listen(t, s, 4096);
  for (SocketId id = 2; id < 4099; ++id) queued(b, id, s, 4000, static_cast<std::uint16_t>(10'000 + id));
  b.listener(s, 4097, 4096);
  const Laid laid(b.trace());
  const auto sockets = std::count_if(laid.rows.begin(), laid.rows.end(),
                                     [](const TimelineRow& row) { return row.kind == Kind::socket; });
  EXPECT_EQ(sockets, 1 + static_cast<std::ptrdiff_t>(kMostSockets));
}

}  // namespace timeline_kernel_test
}  // namespace sockscope
