#include "panes/timeline_layout.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "random_events.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using T = TwoClients;
using Kind = TimelineRow::Kind;

struct Laid {
  Trace trace;
  TimelineIndex index;
  std::vector<TimelineRow> rows;
  TimelineLayout layout;
  TimeWindow window;
};

// Two seconds over 1000 px: half a pixel a millisecond.
Laid two_clients_laid(double from_ms, double to_ms, float width) {
  Laid laid{two_clients_trace(), {}, {}, {}, {}};
  laid.index.extend(laid.trace);
  laid.rows = timeline_rows(laid.index, {}, 8, {});
  laid.window = {laid.trace.start() + static_cast<Time>(from_ms * 1e6),
                 laid.trace.start() + static_cast<Time>(to_ms * 1e6), laid.trace.end(), width, 1};
  laid.layout = timeline_layout(laid.index, laid.rows, 0, laid.rows.size(), laid.window);
  return laid;
}

std::size_t row_of(const Laid& laid, Kind kind, std::uint32_t id) {
  const auto found = std::find_if(laid.rows.begin(), laid.rows.end(),
                                  [&](const TimelineRow& row) { return row.kind == kind && row.id == id; });
  return static_cast<std::size_t>(found - laid.rows.begin());
}

const TimelineBar* bar_named(const Laid& laid, ThreadId thread, Call call) {
  const std::size_t row = row_of(laid, Kind::thread, thread);
  for (const TimelineBar& bar : laid.layout.bars) {
    if (bar.row == row && bar.call == call && bar.count == 1) return &bar;
  }
  return nullptr;
}

TEST(TimelineRows, PlayThreadsFirstThenTheServerWithItsQueue) {
  const Laid laid = two_clients_laid(0, 2000, 1000);
  const std::vector<std::pair<Kind, std::uint32_t>> wanted = {{Kind::thread, T::ann},
                                                              {Kind::socket, T::a},
                                                              {Kind::thread, T::bob},
                                                              {Kind::socket, T::b},
                                                              {Kind::group, 0},
                                                              {Kind::thread, T::accept},
                                                              {Kind::socket, T::listener},
                                                              {Kind::socket, T::with_ann},
                                                              {Kind::socket, T::with_bob},
                                                              {Kind::queue, T::listener}};
  ASSERT_EQ(laid.rows.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(laid.rows[i].kind, wanted[i].first) << i;
    EXPECT_EQ(laid.rows[i].id, wanted[i].second) << i;
    if (i > 0) {
      EXPECT_GE(laid.rows[i].y, laid.rows[i - 1].y + laid.rows[i - 1].height) << i;
    }
  }
  EXPECT_TRUE(laid.rows[5].indented);
}

TEST(TimelineRows, AThreadThatCalledNothingHasNone) {
  TraceBuilder b;
  b.thread("main");
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  EXPECT_TRUE(timeline_rows(index, {}, 8, {}).empty());
}

TEST(TimelineRows, MoreThanEightClientThreadsFoldIntoOneRowAndUnfold) {
  TraceBuilder b;
  const ThreadId accept = b.thread("S.accept", ThreadRole::accept, "S");
  b.socket(accept);
  for (int i = 0; i < 9; ++i) b.socket(b.thread("S." + std::to_string(i), ThreadRole::client, "S", accept));
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  const std::vector<TimelineRow> folded = timeline_rows(index, {}, 8, {});
  ASSERT_EQ(folded.size(), 4u);
  EXPECT_EQ(folded[3].kind, Kind::folded);
  EXPECT_EQ(timeline_rows(index, {}, 8, {0}).size(), 1u + 10 * 2);
  EXPECT_EQ(index.groups()[0].alive.back().value, 9u);
}

TEST(TimelineRows, AConnectionNobodyAcceptedStandsByItsListener) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 2);
  b.opened(7, SocketHow::queue, s).state(7, TcpState::not_known, TcpState::ESTABLISHED);
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  const std::vector<TimelineRow> rows = timeline_rows(index, {}, 8, {});
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[2].id, 7u);
  EXPECT_EQ(rows[3].kind, Kind::queue);
  EXPECT_EQ(index.socket(7)->thread, 0u);
}

TEST(TimelineLayout, ABlockedRecvIsABarOfItsTrueLengthBlockedFromTheFirstLook) {
  const Laid laid = two_clients_laid(0, 2000, 1000);
  const TimelineBar* recv = bar_named(laid, T::bob, Call::recv);
  ASSERT_NE(recv, nullptr);
  EXPECT_NEAR(recv->x0, 400, 0.1);
  EXPECT_NEAR(recv->x1, 825.1, 0.1);
  EXPECT_NEAR(recv->blocked_x, 415, 0.1);
  EXPECT_FALSE(recv->open);
  EXPECT_FALSE(recv->failed);
  EXPECT_EQ(recv->text, BarText::all);
}

TEST(TimelineLayout, CallsTooCloseToTellApartBecomeOneBarOfThreePixels) {
  const Laid laid = two_clients_laid(0, 2000, 1000);
  const std::size_t row = row_of(laid, Kind::thread, T::accept);
  const auto first = std::find_if(laid.layout.bars.begin(), laid.layout.bars.end(),
                                  [&](const TimelineBar& bar) { return bar.row == row; });
  ASSERT_NE(first, laid.layout.bars.end());
  EXPECT_EQ(first->count, 3u);  // socket, bind, listen
  EXPECT_FLOAT_EQ(first->x1 - first->x0, 3);
  EXPECT_TRUE(first->tick);
  EXPECT_EQ(first->text, BarText::none);
}

TEST(TimelineLayout, ZoomedInTheyAreApart) {
  const Laid laid = two_clients_laid(0, 0.4, 1000);
  for (const Call call : {Call::socket, Call::bind, Call::listen}) {
    EXPECT_NE(bar_named(laid, T::accept, call), nullptr) << static_cast<int>(call);
  }
}

TEST(TimelineLayout, TheInterruptedAcceptIsFailed) {
  const Laid laid = two_clients_laid(1640, 1910, 1000);
  const std::size_t row = row_of(laid, Kind::thread, T::accept);
  const auto failed = std::find_if(
      laid.layout.bars.begin(), laid.layout.bars.end(),
      [&](const TimelineBar& bar) { return bar.row == row && bar.failed && bar.call == Call::accept; });
  ASSERT_NE(failed, laid.layout.bars.end());
  EXPECT_NEAR(failed->x1, 963, 1);
}

TEST(TimelineLayout, BandsFollowTheStatesAndTheLastIsNamed) {
  const Laid laid = two_clients_laid(0, 2000, 1000);
  const std::size_t row = row_of(laid, Kind::socket, T::b);
  std::vector<TimelineBand> bands;
  for (const TimelineBand& band : laid.layout.bands) {
    if (band.row == row) bands.push_back(band);
  }
  ASSERT_GE(bands.size(), 2u);
  const TimelineBand& last = bands[bands.size() - 1];
  const TimelineBand& before = bands[bands.size() - 2];
  EXPECT_EQ(before.state, TcpState::ESTABLISHED);
  EXPECT_NEAR(before.x0, 310, 1);
  EXPECT_NEAR(before.x1, 825, 1);
  EXPECT_EQ(last.state, TcpState::CLOSE_WAIT);
  EXPECT_TRUE(last.last);
  EXPECT_FALSE(before.last);
  EXPECT_NEAR(last.x1, 950, 1);  // closed at 1.9 s; nothing observed it since
}

TEST(TimelineLayout, TheAcceptQueueStepsUpWhileBobWaits) {
  const Laid laid = two_clients_laid(0, 2000, 1000);
  std::vector<std::uint32_t> values;
  for (const TimelineStep& step : laid.layout.steps) values.push_back(step.value);
  ASSERT_EQ(values, (std::vector<std::uint32_t>{0, 1, 0}));
  EXPECT_NEAR(laid.layout.steps[1].x0, 310, 1);
  EXPECT_NEAR(laid.layout.steps[1].x1, 825, 1);
  EXPECT_FALSE(laid.layout.steps[1].full);
  EXPECT_EQ(seats_of(*laid.index.socket(T::listener)), 6u);
}

TEST(TimelineLayout, MoreThanTheLimitIsFull) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 2);
  b.at(500).listener(s, 2, 2);
  b.at(1000).listener(s, 3, 2);
  b.at(2000).listener(s, 3, 2);
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  const auto rows = timeline_rows(index, {}, 8, {});
  const TimelineLayout layout =
      timeline_layout(index, rows, 0, rows.size(), {trace.start(), trace.end(), trace.end(), 1000, 1});
  ASSERT_EQ(layout.steps.size(), 3u);
  EXPECT_FALSE(layout.steps[1].full);
  EXPECT_TRUE(layout.steps[2].full);
  EXPECT_EQ(seats_of(*index.socket(s)), 3u);
}

TEST(TimelineLayout, ExpectationsAreMarks) {
  const Laid laid = two_clients_laid(0, 2000, 1000);
  ASSERT_EQ(laid.layout.marks.size(), 1u);
  EXPECT_FALSE(laid.layout.marks[0].failed);
}

TEST(TimelineLayout, ACallWithoutReturnReachesNow) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  b.at(100).enter(t, Call::accept, s);
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  const auto rows = timeline_rows(index, {}, 8, {});
  const Time now = trace.start() + 1000 * kMillisecond;
  const TimelineLayout layout =
      timeline_layout(index, rows, 0, rows.size(), {trace.start(), now, now, 1000, 1});
  EXPECT_TRUE(layout.bars.back().open);
  EXPECT_NEAR(layout.bars.back().x0, 100, 0.1);
  EXPECT_NEAR(layout.bars.back().x1, 1000, 0.1);
}

TEST(TimelineLayout, TheSendsInsideASendallAreTicksInItsBar) {
  const Laid laid = two_clients_laid(699, 701, 1000);
  ASSERT_NE(bar_named(laid, T::bob, Call::sendall), nullptr);
  ASSERT_EQ(laid.layout.inner.size(), 1u);
  EXPECT_EQ(static_cast<Call>(laid.layout.inner[0].kind), Call::send);
}

TEST(TimelineLayout, TextByZoom) {
  EXPECT_EQ(bar_text(47), BarText::none);
  EXPECT_EQ(bar_text(48), BarText::name);
  EXPECT_EQ(bar_text(120), BarText::result);
  EXPECT_EQ(bar_text(240), BarText::all);
}

TEST(TimelineIndex, FoldsOnlyWhatIsNewAndComesToTheSame) {
  const std::vector<Event> events = two_clients_builder().events();
  Trace trace;
  TimelineIndex step_by_step;
  for (const Event& event : events) {
    trace.append(event, false);
    step_by_step.extend(trace);
    EXPECT_EQ(step_by_step.folded(), trace.size());
  }
  TimelineIndex at_once;
  at_once.extend(trace);
  ASSERT_EQ(step_by_step.threads().size(), at_once.threads().size());
  for (std::size_t i = 0; i < at_once.threads().size(); ++i) {
    EXPECT_EQ(step_by_step.threads()[i].calls.size(), at_once.threads()[i].calls.size());
    EXPECT_EQ(step_by_step.threads()[i].sockets, at_once.threads()[i].sockets);
  }
  ASSERT_EQ(step_by_step.sockets().size(), at_once.sockets().size());
}

TEST(TimelineIndex, AnotherTraceStartsAnew) {
  const Trace one = two_clients_trace();
  TraceBuilder b;
  b.thread("alone");
  const Trace two = b.trace();
  TimelineIndex index;
  index.extend(one);
  const std::uint64_t version = index.lanes_version();
  index.extend(two);
  EXPECT_EQ(index.threads().size(), 1u);
  EXPECT_NE(index.lanes_version(), version);
}

TEST(TimelineIndex, AThreadModelsClientSocketMovesToTheThreadThatServesIt) {
  TraceBuilder b;
  const ThreadId accept = b.thread("S.accept", ThreadRole::accept, "S");
  const SocketId listener = b.socket(accept);
  const CallId call = b.enter(accept, Call::accept, listener);
  const SocketId conn = b.accepted(call, listener, loopback(9999), loopback(40001));
  const ThreadId worker = b.thread("S.1", ThreadRole::client, "S", accept);
  b.put(event::ClientStarted{1, worker, conn, loopback(40001)});
  const Trace trace = b.trace();
  TimelineIndex index;
  index.extend(trace);
  EXPECT_EQ(index.thread(worker)->sockets, std::vector<SocketId>{conn});
  EXPECT_EQ(index.thread(accept)->sockets, std::vector<SocketId>{listener});
  EXPECT_GE(index.socket(conn)->accepted, 0);
}

TEST(TimelineIndex, EventsOfEveryKindWithRandomFieldsLayOutWithinTheirBounds) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Trace trace;
    for (Event& event : RandomEvents(seed).make(2000, 5 * kSecond)) trace.append(std::move(event), false);
    TimelineIndex index;
    index.extend(trace);
    const auto rows = timeline_rows(index, {}, 8, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    const TimeWindow window{trace.start() - kSecond, trace.end() + kSecond, trace.end(), 900, 1};
    const TimelineLayout layout = timeline_layout(index, rows, 0, rows.size(), window);
    EXPECT_LE(layout.rects(), (2 * rows.size() + 1) * (900 / 3 + 2)) << seed;
    for (const TimelineBar& bar : layout.bars) {
      EXPECT_LE(bar.x0, bar.x1);
      EXPECT_GE(bar.x0, -30);
      EXPECT_LE(bar.x1, 930);
    }
  }
}

TEST(TimelineLayout, AMillionEventsGiveNoMoreRectanglesThanPixelsAtAnyZoom) {
  constexpr std::size_t kThreads = 16, kCalls = 500'000 / kThreads;
  Trace trace;
  for (ThreadId t = 1; t <= kThreads; ++t) {
    trace.append({0, event::ThreadStarted{t, 0, 0, ThreadRole::play, "t", "localhost", {}}}, false);
  }
  CallId call = 0;
  for (std::size_t i = 0; i < kCalls; ++i) {
    for (ThreadId t = 1; t <= kThreads; ++t) {
      const Time at = static_cast<Time>(i * kThreads + t) * 1000;
      trace.append({at, event::CallEntered{++call, t, 0, Call::recv, {}}}, false);
      event::CallReturned back;
      back.call = call;
      back.thread = t;
      back.error = i == kCalls / 2 ? ECONNRESET : 0;
      trace.append({at + 700, std::move(back)}, false);
    }
  }
  TimelineIndex index;
  index.extend(trace);
  const auto rows = timeline_rows(index, {}, 8, {});
  ASSERT_EQ(rows.size(), kThreads);
  constexpr float kWidth = 960;
  for (const double zoom : {1.0, 0.1, 0.01, 0.001}) {
    const auto span = static_cast<Time>(static_cast<double>(trace.end()) * zoom);
    const Time middle = trace.end() / 2;
    const TimeWindow window{middle - span / 2, middle + span / 2, trace.end(), kWidth, 1};
    const TimelineLayout layout = timeline_layout(index, rows, 0, rows.size(), window);
    EXPECT_LE(layout.rects(), kThreads * (static_cast<std::size_t>(kWidth) / 3 + 2)) << zoom;
    EXPECT_GE(layout.rects(), kThreads * 10) << zoom;
    const auto failed = std::count_if(layout.bars.begin(), layout.bars.end(),
                                      [](const TimelineBar& bar) { return bar.failed; });
    EXPECT_EQ(failed, static_cast<std::ptrdiff_t>(kThreads)) << zoom;
  }
}

TEST(TimelineAxis, OneUnitAndRoundSteps) {
  const Axis axis = timeline_axis(0, 2 * kSecond, 1000, 90);
  EXPECT_EQ(axis.unit.name, "s");
  ASSERT_GE(axis.marks.size(), 3u);
  EXPECT_EQ(axis.marks[0].label, "0.0 s");
  EXPECT_EQ(axis.marks[1].at, 200 * kMillisecond);
  EXPECT_EQ(axis.marks[1].label, "0.2 s");
}

TEST(TimelineAxis, MillisecondsThenMicroseconds) {
  EXPECT_EQ(timeline_axis(0, kSecond, 1000, 90).marks[1].label, "100 ms");
  EXPECT_EQ(timeline_axis(0, kMillisecond, 1000, 90).marks[1].label, "100 µs");
}

TEST(TimelineAxis, LabelsStandAPitchApartAtEverySpan) {
  for (Time span = 1000; span < Time{1} << 60; span *= 7) {
    const Axis axis = timeline_axis(-span / 3, span - span / 3, 800, 90);
    EXPECT_LE(axis.marks.size(), 800u / 90 + 1) << span;
    EXPECT_GE(axis.marks.size(), 2u) << span;
  }
}

TEST(TimelineAxis, TheFlagSaysTheDigitsAPixelIsWorth) {
  EXPECT_EQ(axis_time({kSecond, "s", 0}, 6420 * kMillisecond, kMillisecond), "6.420 s");
  EXPECT_EQ(axis_time({kMillisecond, "ms", 0}, 262 * kMillisecond, kMillisecond), "262 ms");
  EXPECT_EQ(axis_time({kMillisecond, "ms", 0}, 262'340'000, 10'000), "262.34 ms");
}

}  // namespace
}  // namespace sockscope
