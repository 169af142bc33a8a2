#pragma once
// Where everything of the timeline goes, in pixels of its plot: pure, exact and testable. The pane only
// paints what this gives. Cost follows the pixels and the lanes on screen, not the events.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "panes/timeline_index.h"

namespace sockscope {

// One line of the timeline, top to bottom.
struct TimelineRow {
  enum class Kind : std::uint8_t {
    group,
    thread,
    socket,
    queue,
    folded,  // a server's client threads, or all of it
    host,
    folded_host
  } kind = Kind::thread;
  std::uint32_t id = 0;  // thread or socket; group, folded: index in groups(); hosts: in hosts()
  float y = 0, height = 0;
  bool indented = false;  // belongs to a server's group
  bool whole = false;     // folded: who accepts has no lane of its own either
};

struct RowMeasures {  // at scale 1; callers scale them
  float group = 24, thread = 19, socket = 13, gap = 1, seat = 13.5f, queue_most = 42, queue_label = 17,
        folded = 33;
};

// A thread shows this many sockets, the newest; a listening socket this many connections nobody accepted.
inline constexpr std::size_t kMostSockets = 12;

// What is folded away is named by a number: a server's index, or a host's with this bit.
inline constexpr std::uint32_t kHostFold = 0x8000'0000;

// Rows of all lanes, host by host: threads that are nobody's, then each server with its listening socket's
// queue, its threads and their sockets. Lanes of a server with more than `fold_above` client threads become
// one row, unless its index is in `unfolded`; a server or host in `folded` is one row under its name. Where
// there is one host it is not named. A thread that has called nothing and holds nothing has no row. With
// `only_open` no other thread's sockets have rows, but for accept queues.
std::vector<TimelineRow> timeline_rows(const TimelineIndex& index, const RowMeasures& measures,
                                       std::size_t fold_above, const std::vector<std::uint32_t>& unfolded,
                                       const std::vector<std::uint32_t>& folded = {},
                                       std::optional<ThreadId> only_open = std::nullopt);
inline float rows_height(const std::vector<TimelineRow>& rows) {
  return rows.empty() ? 0 : rows.back().y + rows.back().height;
}

// Places in an accept queue: the limit and the one more the kernel gives, or what was seen.
std::uint64_t seats_of(const SocketLane& listener);

// How much a bar says of itself: LOOK §7, text by zoom.
enum class BarText : std::uint8_t { none, name, result, all };
BarText bar_text(float width);

struct TimelineBar {  // a call, or several
  std::uint32_t row = 0;
  float x0 = 0, x1 = 0;
  float blocked_x = 0;                 // blocked from here on; x1 if it was not
  float room = 0;                      // free to its right, for a text that does not fit inside
  std::uint32_t first = 0, count = 0;  // in the lane's calls
  Call call = Call::none;
  bool failed = false, open = false;
  bool tick = false;  // narrower than 4 px, or merged: 3 px wide
  BarText text = BarText::none;
};
struct TimelineBand {  // a socket's state
  std::uint32_t row = 0;
  float x0 = 0, x1 = 0;
  float accepted_x = 0;  // before it nobody had accepted the connection
  std::uint32_t first = 0, count = 0;
  TcpState state = TcpState::not_known;
  bool last = false;     // named at its right end
  bool derived = false;  // one span, worked out and not seen
};
struct TimelineStep {  // how many wait in an accept queue, or how many threads live
  std::uint32_t row = 0;
  float x0 = 0, x1 = 0;
  std::uint32_t value = 0;  // the greatest of it
  bool full = false;
};
struct TimelineTick {     // an inner call, an expectation, a notice, drops, failures on a folded row
  std::uint32_t row = 0;  // not of expectations and notices
  float x = 0;
  std::uint32_t seq = 0, count = 0;
  std::uint8_t kind = 0;
  bool failed = false;
};

struct TimelineLayout {
  std::vector<TimelineBar> bars;
  std::vector<TimelineBand> bands;
  std::vector<TimelineStep> steps;
  std::vector<TimelineTick> inner, marks, drops, failures;
  std::size_t rects() const {
    return bars.size() + bands.size() + steps.size() + inner.size() + marks.size() + drops.size() +
           failures.size();
  }
};

struct TimeWindow {
  Time from = 0, to = 1;  // shown
  Time now = 0;           // where open calls and states end
  float width = 1;        // pixels of the plot
  float scale = 1;        // 3 px are 3 × scale
  float x_of(Time t) const {
    return static_cast<float>(static_cast<double>(t - from) / static_cast<double>(to - from) *
                              static_cast<double>(width));
  }
  Time time_of(float x) const {
    return from + static_cast<Time>(static_cast<double>(x) / static_cast<double>(width) *
                                    static_cast<double>(to - from));
  }
};

// Draw records of rows [first, end).
TimelineLayout timeline_layout(const TimelineIndex& index, const std::vector<TimelineRow>& rows,
                               std::size_t first, std::size_t end, const TimeWindow& window);

// The axis: one unit, marks a round number apart.
struct AxisUnit {
  Time unit = 1;          // nanoseconds
  std::string_view name;  // "s"
  int digits = 0;         // after the point, at the marks
};
struct AxisMark {
  Time at = 0;  // since the trace's start
  std::string label;
};
struct Axis {
  AxisUnit unit;
  std::vector<AxisMark> marks;
};
// `from`, `to` are since the trace's start; labels stand at least `pitch` pixels apart.
Axis timeline_axis(Time from, Time to, float width, float pitch);
// A time as the cursor's flag says it: the axis' unit, and the digits a pixel is worth.
std::string axis_time(const AxisUnit& unit, Time at, Time per_pixel);

}  // namespace sockscope
