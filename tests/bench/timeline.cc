// The timeline's layout at 10 k, 1 M and 10 M events and four zooms: flat, at most 1 ms. "rects" is how many
// draw records a frame has; "ns_per_event" is what reading an event into the lanes costs, once.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <random>
#include <string>

#include "panes/timeline_layout.h"

namespace sockscope {
namespace {

constexpr std::uint32_t kThreads = 16;

struct Bench {
  std::size_t events = 0;
  Trace trace;
  TimelineIndex index;
  std::vector<TimelineRow> rows;
  double ns_per_event = 0;
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
  return bench;
}

void layout(benchmark::State& state, const Bench& bench, double zoom) {
  const auto span = static_cast<Time>(static_cast<double>(bench.trace.end()) * zoom);
  const Time from = (bench.trace.end() - span) / 2;
  const TimeWindow window{from, from + span, bench.trace.end(), 964, 1};
  std::size_t rects = 0;
  for (auto _ : state) {
    const TimelineLayout laid = timeline_layout(bench.index, bench.rows, 0, bench.rows.size(), window);
    rects = laid.rects();
    benchmark::DoNotOptimize(rects);
  }
  state.counters["rects"] = static_cast<double>(rects);
  state.counters["ns_per_event"] = bench.ns_per_event;
}

}  // namespace
}  // namespace sockscope

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::unique_ptr<sockscope::Bench> bench;  // one size at a time
  for (const std::size_t events : {std::size_t{10'000}, std::size_t{1'000'000}, std::size_t{10'000'000}}) {
    for (const double zoom : {1.0, 0.1, 0.01, 0.001}) {
      const std::string name = fmt::format("timeline/events:{}/zoom:{}", events, zoom);
      benchmark::RegisterBenchmark(name.c_str(), [&bench, events, zoom](benchmark::State& state) {
        if (!bench || bench->events != events) {
          bench.reset();
          bench = sockscope::make(events);
        }
        sockscope::layout(state, *bench, zoom);
      })->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
