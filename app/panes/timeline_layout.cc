#include "panes/timeline_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sockscope {
namespace {

constexpr float kMergePixels = 3;
constexpr Time kLongestStep = Time{1} << 58;

// Past the plot's edges nothing is drawn, and a hatch as long as an hour would cost an hour's lines.
float inside(const TimeWindow& window, Time t) {
  const float beyond = 20 * window.scale;
  return std::clamp(window.x_of(t), -beyond, window.width + beyond);
}

Time grain_of(const TimeWindow& window) {
  const double per_pixel = static_cast<double>(window.to - window.from) / static_cast<double>(window.width);
  return std::max<Time>(1, static_cast<Time>(std::ceil(per_pixel * kMergePixels * window.scale)));
}

void bars_of(const ThreadLane& lane, std::uint32_t row, const TimeWindow& window, TimelineLayout& out) {
  const float least = kMergePixels * window.scale;
  const std::size_t begin = out.bars.size();
  lane.calls.visit(window.from, window.to, grain_of(window), window.now, [&](const SpanRun& run) {
    TimelineBar bar;
    bar.row = row;
    bar.x0 = inside(window, run.t0);
    bar.x1 = inside(window, run.t1);
    bar.first = run.first;
    bar.count = run.count;
    bar.call = static_cast<Call>(run.kind);
    bar.failed = has(run.flags, SpanFlag::failed);
    bar.open = run.count == 1 && lane.calls[run.first].t1 == kOpen;
    const float width = bar.x1 - bar.x0;
    bar.tick = run.count > 1 || (width < 4 * window.scale && run.t0 >= window.from);
    bar.blocked_x = bar.x1;
    if (has(run.flags, SpanFlag::blocked)) {
      // Merged: all of it is drawn as what most of it was.
      const Time since = run.count == 1 ? lane.calls.blocked_since(run.first, window.now)
                         : run.blocked >= (run.t1 - run.t0) / 2 ? run.t0
                                                                : run.t1;
      bar.blocked_x = inside(window, since);
    }
    if (bar.tick) bar.x1 = std::max(bar.x1, bar.x0 + least);
    const float seen = std::min(bar.x1, window.width) - std::max(bar.x0, 0.0f);
    bar.text = bar.tick ? BarText::none : bar_text(seen / window.scale);
    out.bars.push_back(bar);
  });
  for (std::size_t i = begin; i < out.bars.size(); ++i) {
    const float next = i + 1 < out.bars.size() ? out.bars[i + 1].x0 : window.width;
    out.bars[i].room = std::max(0.0f, next - out.bars[i].x1);
  }
  lane.inner.visit(window.from, window.to, grain_of(window), window.now, [&](const SpanRun& run) {
    out.inner.push_back({row, inside(window, run.t0), lane.inner[run.first].seq, run.count, run.kind,
                         has(run.flags, SpanFlag::failed)});
  });
}

void bands_of(const SocketLane& lane, std::uint32_t row, const TimeWindow& window, TimelineLayout& out) {
  const float accepted = lane.from == 0      ? 0
                         : lane.accepted < 0 ? window.width * 2
                                             : inside(window, lane.accepted);
  lane.states.visit(window.from, window.to, grain_of(window), window.now, [&](const SpanRun& run) {
    const float x0 = inside(window, run.t0);
    out.bands.push_back({row, x0, std::max(inside(window, run.t1), x0 + window.scale), accepted, run.first,
                         run.count, static_cast<TcpState>(run.kind),
                         run.first + run.count == lane.states.size(),
                         run.count == 1 && has(run.flags, SpanFlag::derived)});
  });
}

void drops_of(const SocketLane& lane, std::uint32_t row, const TimeWindow& window, TimelineLayout& out) {
  // A cross is drawn 9 px wide.
  lane.drops.visit(window.from, window.to, 3 * grain_of(window), window.now, [&](const SpanRun& run) {
    out.drops.push_back({row, inside(window, run.t0), lane.drops[run.first].seq, run.count, run.kind, true});
  });
}

void failures_of(const Spans& failures, std::uint32_t row, const TimeWindow& window, TimelineLayout& out) {
  failures.visit(window.from, window.to, grain_of(window), window.now, [&](const SpanRun& run) {
    out.failures.push_back({row, inside(window, run.t0), failures[run.first].seq, run.count, run.kind, true});
  });
}

void steps_of(const Spans& spans, std::uint32_t row, const TimeWindow& window, TimelineLayout& out) {
  spans.visit(window.from, window.to, grain_of(window), window.now, [&](const SpanRun& run) {
    out.steps.push_back(
        {row, inside(window, run.t0), inside(window, run.t1), run.high, has(run.flags, SpanFlag::full)});
  });
}

}  // namespace

std::uint64_t seats_of(const SocketLane& listener) {
  return std::max(std::uint64_t{listener.limit} + 1, std::uint64_t{listener.longest});
}

BarText bar_text(float width) {
  if (width < 48) return BarText::none;
  if (width < 120) return BarText::name;
  return width < 240 ? BarText::result : BarText::all;
}

TimelineLayout timeline_layout(const TimelineIndex& index, const std::vector<TimelineRow>& rows,
                               std::size_t first, std::size_t end, const TimeWindow& window) {
  TimelineLayout out;
  for (std::size_t i = first; i < std::min(end, rows.size()); ++i) {
    const auto row = static_cast<std::uint32_t>(i);
    const std::uint32_t id = rows[i].id;
    switch (rows[i].kind) {
      case TimelineRow::Kind::thread:
        if (const ThreadLane* lane = index.thread(id)) bars_of(*lane, row, window, out);
        break;
      case TimelineRow::Kind::socket:
        if (const SocketLane* lane = index.socket(id)) {
          bands_of(*lane, row, window, out);
          if (!lane->listened) drops_of(*lane, row, window, out);
        }
        break;
      case TimelineRow::Kind::queue:
        if (const SocketLane* lane = index.socket(id)) {
          steps_of(lane->queue, row, window, out);
          drops_of(*lane, row, window, out);
        }
        break;
      case TimelineRow::Kind::folded:
      case TimelineRow::Kind::folded_host: {
        const auto& groups = rows[i].kind == TimelineRow::Kind::folded ? index.groups() : index.hosts();
        if (id >= groups.size()) break;
        steps_of(groups[id].alive, row, window, out);
        failures_of(groups[id].failures, row, window, out);
        if (rows[i].whole) failures_of(groups[id].accept_failures, row, window, out);
        break;
      }
      case TimelineRow::Kind::group:
      case TimelineRow::Kind::host:
        break;
    }
  }
  const Spans& marks = index.marks();
  // A mark is drawn 8 px wide.
  marks.visit(window.from, window.to, 3 * grain_of(window), window.now, [&](const SpanRun& run) {
    out.marks.push_back({0, inside(window, run.t0), marks[run.first].seq, run.count, run.kind,
                         has(run.flags, SpanFlag::failed)});
  });
  return out;
}

Axis timeline_axis(Time from, Time to, float width, float pitch) {
  const Time span = std::max<Time>(1, to - from);
  const double wanted = static_cast<double>(span) * static_cast<double>(pitch) / static_cast<double>(width);
  Time step = 1;
  for (int i = 1; static_cast<double>(step) < wanted && step <= kLongestStep; ++i) {
    step = i % 3 == 2 ? step / 2 * 5 : step * 2;  // 1, 2, 5, 10, …
  }
  Axis axis;
  if (span >= 2'000'000'000) {
    axis.unit = {1'000'000'000, "s", 0};
  } else if (span >= 2'000'000) {
    axis.unit = {1'000'000, "ms", 0};
  } else {
    axis.unit = {1'000, "µs", 0};
  }
  for (Time part = axis.unit.unit; part > step && axis.unit.digits < 3; part /= 10) ++axis.unit.digits;
  Time at = from / step * step;
  if (at < from) at += step;
  for (; at <= to; at += step) {
    const double value = static_cast<double>(at) / static_cast<double>(axis.unit.unit);
    axis.marks.push_back({at, fmt::format("{:.{}f} {}", value, axis.unit.digits, axis.unit.name)});
  }
  return axis;
}

std::string axis_time(const AxisUnit& unit, Time at, Time per_pixel) {
  int digits = unit.unit == 1'000'000'000 ? 3 : 0;
  Time part = unit.unit;
  for (int i = 0; i < digits; ++i) part /= 10;
  for (; digits < 3 && part > per_pixel; part /= 10) ++digits;
  return fmt::format("{:.{}f} {}", static_cast<double>(at) / static_cast<double>(unit.unit), digits,
                     unit.name);
}

}  // namespace sockscope
