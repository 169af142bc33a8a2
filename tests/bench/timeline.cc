// The timeline at 10 k, 1 M and 10 M events and five zooms, from all of it to 1 µs: flat, at most 1 ms.
// layout: where everything goes; "rects" is how many draw records that is, "of_most" their share of lanes ×
// width / 3; "ns_per_event" is what reading an event into the lanes costs, once.
// pane: a whole frame of the drawn pane, ImGui's part included, and how many triangles it has.
// search: every event looked at once; "ns_per_event" again, and how long a frame of it may take.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <random>
#include <string>

#include "driver.h"
#include "panes/timeline_tools.h"

namespace sockscope {
namespace {

constexpr std::uint32_t kThreads = 16;

struct Bench {
  std::size_t events = 0;
  Trace trace;
  TimelineIndex index;
  std::vector<TimelineRow> rows;
  double ns_per_event = 0;
  State end;
  View view;
  Requests requests;
};

// Sixteen threads, each with a socket whose state changes now and then; calls of very different lengths.
Trace busy_trace(std::size_t events) {
  Trace trace;
  std::mt19937_64 random(1);
  for (ThreadId t = 1; t <= kThreads; ++t) {
    trace.append({0, event::ThreadStarted{t, 0, 0, ThreadRole::play, "worker", "localhost", {}}}, false);
    trace.append({0, event::SocketOpened{t, 0, 3, 2, 1, 0, SocketHow::socket, t, "localhost"}}, false);
  }
  std::vector<CallId> inside(kThreads + 1, 0);
  CallId call = 0;
  Time at = 0;
  while (trace.size() < events) {
    at += static_cast<Time>(random() % 2000);
    const auto t = static_cast<ThreadId>(1 + random() % kThreads);
    if (inside[t] == 0) {
      inside[t] = ++call;
      trace.append({at, event::CallEntered{call, t, t, Call::recv, {}}}, false);
      continue;
    }
    if (random() % 8 == 0) trace.append({at, event::CallBlocked{inside[t], t, at - 500}}, false);
    event::CallReturned back;
    back.call = inside[t];
    back.thread = t;
    back.error = random() % 1000 == 0 ? 104 : 0;
    inside[t] = 0;
    trace.append({at, std::move(back)}, false);
    if (random() % 16 != 0) continue;
    const bool open = random() % 2 == 0;
    trace.append({at, event::StateChanged{t, TcpState::not_known,
                                          open ? TcpState::ESTABLISHED : TcpState::CLOSE_WAIT, How::sample}},
                 false);
  }
  return trace;
}

// Made once for each size; the largest is a gigabyte.
std::unique_ptr<Bench> make(std::size_t events) {
  auto bench = std::make_unique<Bench>();
  bench->events = events;
  bench->trace = busy_trace(events);
  const auto from = std::chrono::steady_clock::now();
  bench->index.extend(bench->trace);
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - from;
  bench->ns_per_event = took.count() / static_cast<double>(events);
  bench->rows = timeline_rows(bench->index, {}, 8, {});
  for (std::size_t seq = 0; seq < bench->trace.size(); ++seq) bench->end.apply(bench->trace[seq], seq);
  bench->view.follow = false;
  bench->view.cursor = bench->trace.end();
  return bench;
}

Scene scene_of(const Bench& bench) {
  return Scene{.trace = bench.trace,
               .state = bench.end,
               .end = bench.end,
               .cursor_seq = bench.trace.size(),
               .cursor = bench.trace.end(),
               .start = bench.trace.start(),
               .now = bench.trace.end(),
               .file = {},
               .lessons = {},
               .lesson_id = {},
               .lesson_markdown = {},
               .walk = {},
               .waiting = {},
               .console_error = {},
               .notice = {}};
}

TimeWindow window_at(const Bench& bench, double zoom) {
  const auto span = std::max<Time>(1'000, static_cast<Time>(static_cast<double>(bench.trace.end()) * zoom));
  const Time from = (bench.trace.end() - span) / 2;
  return {from, from + span, bench.trace.end(), 964, 1};
}

void layout(benchmark::State& state, const Bench& bench, double zoom) {
  const TimeWindow window = window_at(bench, zoom);
  std::size_t rects = 0;
  for (auto _ : state) {
    const TimelineLayout laid = timeline_layout(bench.index, bench.rows, 0, bench.rows.size(), window);
    rects = laid.rects();
    benchmark::DoNotOptimize(rects);
  }
  state.counters["rects"] = static_cast<double>(rects);
  state.counters["of_most"] = static_cast<double>(rects) / (static_cast<double>(bench.rows.size()) *
                                                            static_cast<double>(window.width) / 3);
  state.counters["ns_per_event"] = bench.ns_per_event;
}

void pane(benchmark::State& state, Bench& bench, double zoom) {
  const ImVec2 size{1120, 900};
  const Scene scene = scene_of(bench);
  const TimeWindow window = window_at(bench, zoom);
  bench.view.from = window.from;
  bench.view.span = zoom == 1 ? 0 : window.to - window.from;
  testing::Driver driver(
      [&](ui::Ui& ui) {
        draw_timeline(ui, scene, bench.view, bench.requests, {{0, 0}, size});
      },
      size);
  driver.record.on = false;
  driver.frame(3);  // the first reads the trace
  for (auto _ : state) driver.frame();
  state.counters["triangles"] = static_cast<double>(ImGui::GetDrawData()->TotalIdxCount / 3);
}

void search(benchmark::State& state, const Bench& bench, const char* text) {
  constexpr std::size_t kFrame = 50'000;  // as the pane asks for
  std::size_t hits = 0, frames = 0;
  for (auto _ : state) {
    TimelineSearch search;
    search.ask(text);
    ++frames;
    while (search.advance(bench.trace, bench.index, bench.trace.end(), kFrame)) ++frames;
    hits = search.hits().size();
  }
  state.counters["hits"] = static_cast<double>(hits);
  state.counters["per_frame"] = benchmark::Counter(static_cast<double>(frames),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace
}  // namespace sockscope

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::unique_ptr<sockscope::Bench> bench;  // one size at a time
  for (const std::size_t events : {std::size_t{10'000}, std::size_t{1'000'000}, std::size_t{10'000'000}}) {
    const auto add = [&](const std::string& name, auto run) {
      benchmark::RegisterBenchmark(fmt::format("{}/events:{}", name, events).c_str(),
                                   [&bench, events, run](benchmark::State& state) {
                                     if (!bench || bench->events != events) {
                                       bench.reset();
                                       bench = sockscope::make(events);
                                     }
                                     run(state, *bench);
                                   })
          ->Unit(benchmark::kMillisecond);
    };
    for (const double zoom : {1.0, 0.1, 0.01, 0.001, 0.0}) {
      add(fmt::format("layout/zoom:{}", zoom), [zoom](benchmark::State& state, const sockscope::Bench& on) {
        sockscope::layout(state, on, zoom);
      });
      add(fmt::format("pane/zoom:{}", zoom),
          [zoom](benchmark::State& state, sockscope::Bench& on) { sockscope::pane(state, on, zoom); });
    }
    for (const char* text : {"ECONNRESET", "recv > 100us", "nothing"}) {
      add(fmt::format("search/{}", text), [text](benchmark::State& state, const sockscope::Bench& on) {
        sockscope::search(state, on, text);
      });
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
