// A frame of the window, and of the panes alone, when one listening socket has had 14,000 connections: 10,000
// accepted and closed, 4,000 in TIME_WAIT, 4,097 waiting; and when 1,000 packets are on a wire after 20,000
// that have arrived. At most 16 ms.
#include <benchmark/benchmark.h>

#include <memory>

#include "driver.h"
#include "kernel_trace.h"
#include "panes/panes.h"

namespace sockscope {
namespace {

constexpr std::size_t kGone = 10'000, kPast = 4'000;
constexpr SocketId kWaiting = 4'097;

Trace crowded_trace() {
  TraceBuilder b = many_past_builder(kGone + kPast);
  const SocketId s = 1;
  for (SocketId i = 0; i < kGone; ++i) b.state(2 + 2 * i, TcpState::TIME_WAIT, TcpState::CLOSED);
  for (SocketId i = 0; i < kWaiting; ++i) {
    const auto port = static_cast<std::uint16_t>(40'000 + i);
    queued(b, 2 * static_cast<SocketId>(kGone + kPast + 1) + 2 + i, s, 7000, port);
  }
  return b.listener(s, kWaiting, kWaiting - 1).trace();
}

Trace busy_wire() {
  constexpr PacketId kArrived = 20'000, kOnTheWay = 1'000;
  TraceBuilder b;
  Trace trace = b.trace();
  std::vector<Event> events;
  Time at = trace.end() + 1;
  const auto put = [&](Body body) { events.push_back({at, std::move(body)}); };
  put(event::HostStarted{1, 1, 1, "A", inet(0x0a000001, 0), {}});
  put(event::HostStarted{2, 1, 2, "B", inet(0x0a000002, 0), {}});
  for (const auto& [from, to] : {std::pair{1u, 2u}, std::pair{2u, 1u}})
    put(event::WireChanged{.from = from, .to = to, .delay = 300 * kMillisecond});
  for (PacketId packet = 1; packet <= kArrived + kOnTheWay; ++packet) {
    at += 200'000;
    put(event::PacketSent{packet, 1 + packet % 2, 2 - packet % 2, 0, 60, at + 300 * kMillisecond, {}});
    if (packet <= kArrived) put(event::PacketArrived{packet});
  }
  trace.commit(std::move(events));
  return trace;
}

struct Crowd {
  explicit Crowd(Trace its = crowded_trace()) : trace(std::move(its)) { view.first_run = false; }
  Trace trace;
  State state = fold(trace);
  View view;
  Requests requests;

  Scene scene() const {
    return {.trace = trace,
            .state = state,
            .end = state,
            .cursor_seq = trace.size(),
            .cursor = trace.end(),
            .start = trace.start(),
            .now = trace.end(),
            .live = false,
            .recording = false,
            .playing = false,
            .file = {},
            .lessons = {},
            .lesson_id = {},
            .lesson_markdown = {},
            .walk = {},
            .waiting = {},
            .console_error = {},
            .notice = {},
            .grid = nullptr,
            .c_code = {}};
  }
};

Crowd& crowd() {
  static Crowd made;
  return made;
}

using DrawPane = void (*)(ui::Ui&, const Scene&, View&, Requests&, Rect);

void draws(benchmark::State& bench, DrawPane pane, Selection selection, Crowd& c = crowd()) {
  c.view.selection = selection;
  const Scene scene = c.scene();
  const ImVec2 size{1600, 1000};
  testing::Driver driver(
      [&](ui::Ui& ui) {
        if (pane == nullptr) {
          draw_window(ui, scene, c.view, c.requests, size);
        } else {
          pane(ui, scene, c.view, c.requests, {{0, 0}, size});
        }
      },
      size);
  driver.bare_window = pane != nullptr;
  driver.record.on = false;
  driver.frame(3);
  for (auto _ : bench) driver.frame();
}

void whole_window(benchmark::State& bench) {
  draws(bench, nullptr, {});
}
void stage_pane(benchmark::State& bench) {
  draws(bench, draw_stage, {});
}
void timeline_pane(benchmark::State& bench) {
  draws(bench, draw_timeline, {});
}
void listeners_details(benchmark::State& bench) {
  draws(bench, draw_details, {Selection::Kind::socket, 1, 0});
}
void a_sockets_details(benchmark::State& bench) {
  draws(bench, draw_details, {Selection::Kind::socket, 2 * (kGone + kPast + 1) + 100, 0});
}
void console_pane(benchmark::State& bench) {
  draws(bench, draw_console, {});
}
void code_pane(benchmark::State& bench) {
  draws(bench, draw_code, {});
}

void window_with_a_busy_wire(benchmark::State& bench) {
  Crowd wire(busy_wire());
  draws(bench, nullptr, {}, wire);
}

BENCHMARK(window_with_a_busy_wire)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_window)->Unit(benchmark::kMillisecond);
BENCHMARK(stage_pane)->Unit(benchmark::kMillisecond);
BENCHMARK(timeline_pane)->Unit(benchmark::kMillisecond);
BENCHMARK(listeners_details)->Unit(benchmark::kMillisecond);
BENCHMARK(a_sockets_details)->Unit(benchmark::kMillisecond);
BENCHMARK(console_pane)->Unit(benchmark::kMillisecond);
BENCHMARK(code_pane)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sockscope

BENCHMARK_MAIN();
