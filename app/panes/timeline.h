#pragma once
// What the timeline pane keeps from frame to frame, and what its files share within one frame.

#include <optional>
#include <string>
#include <vector>

#include "panes/frame.h"
#include "panes/panes.h"
#include "panes/timeline_layout.h"

namespace sockscope {

// The trace, read once into lanes. Held by View; code and details read it too.
struct TimelineLanes {
  TimelineIndex index;
  std::vector<TimelineRow> rows;
  std::uint64_t rows_version = 0;  // of the index, when the rows were made
  float rows_scale = 0;
  bool rows_presenting = false;
  std::vector<std::uint32_t> rows_unfolded, rows_folded;
  std::optional<ThreadId> rows_only_open;
  float drag_from = -1;  // the lane under the pointer is dragged: the pointer's x of the last frame
};
// In whose lane the selection is: of a socket its thread's, of a call the one that made it. 0: in none.
ThreadId selected_thread(const TimelineIndex& index, const Trace& trace, const Selection& selection);
// Brought up to the end of the scene's trace.
TimelineLanes& lanes_of(View& view, const Scene& scene);

// A blocked thread's time grows: asks for the next frame, by the clock of who was blocked last.
void wake_for_blocked(ui::Ui& ui, const Scene& scene, const View& view);

// One frame of the timeline.
struct TimelineFrame {
  ui::Ui& ui;
  const Scene& scene;
  View& view;
  TimelineLanes& lanes;
  Rect where;    // all of it, below the pane's header
  Rect labels;   // left of the rows
  Rect plot;     // the rows
  float axis_y;  // where the axis ends and the rows begin
  TimeWindow window;
  float cursor_x;  // in the window's pixels; may lie outside
  TimelineLayout layout;
  std::size_t first_row, end_row;  // on screen
  struct Arrow {
    PacketId packet = 0;
    ImVec2 begin, end;
  };
  std::vector<Arrow> arrows{};  // that were painted

  ImDrawList* list() const { return ImGui::GetWindowDrawList(); }
  float row_y(std::size_t row) const {
    return axis_y + ui.px(4) + lanes.rows[row].y - view.lane_scroll * ui.scale;
  }
  float x(float in_plot) const { return plot.min.x + in_plot; }
  bool past(float in_plot) const { return in_plot > cursor_x + 0.5f; }
};

// The cursor stands inside the bar's call: what came of it is not so yet.
inline bool undecided(const TimelineFrame& frame, const TimelineBar& bar) {
  return bar.count == 1 && bar.x0 <= frame.cursor_x && frame.past(bar.x1);
}
inline bool failed(const TimelineFrame& frame, const TimelineBar& bar) {
  return bar.failed && !undecided(frame, bar);
}

// timeline_input.cc: what the person does. timeline_keys() and timeline_wheel() before the frame is laid out,
// the others while it is painted.
void timeline_keys(View& view, const Scene& scene, const TimelineIndex& index, TimeWindow window,
                   bool typed_here);
void timeline_scrub(TimelineFrame& frame);  // the axis: press and drag to move the cursor
void timeline_areas(TimelineFrame& frame);
void timeline_wheel(TimelineFrame& frame);
// The cursor's next or previous moment at which something of the selection changes; `now` if there is none.
Time neighbour_moment(const TimelineIndex& index, const Trace& trace, const Selection& selection, Time cursor,
                      bool next);
// Shows `factor` times as much, with `at` where it is on the screen.
void zoom_timeline(View& view, const TimeWindow& window, Time at, double factor);
// Puts the cursor at `t`, within the trace, and stops following.
void put_cursor(View& view, const Scene& scene, Time t);

// timeline_paint.cc: shapes; what is past the cursor is veiled after them.
void paint_ground(TimelineFrame& frame, const Axis& axis);
void paint_shapes(TimelineFrame& frame);
void paint_veil(TimelineFrame& frame);
void paint_selection(TimelineFrame& frame,
                     bool ground);  // the ground under the shapes, the outline over them
void paint_cursor(TimelineFrame& frame, const Axis& axis);

// timeline_deadlines.cc: foretold, so dotted: when the calls that run at the cursor run out of time, and what
// the kernel's timers will do.
void paint_deadlines(TimelineFrame& frame);
// The latest of them that is worth room in the plot; −1: none.
Time last_deadline(const State& state);

// timeline_packets.cc: under the lanes, a strip for each wire and for each host that talks to itself.
float packets_height(const Scene& scene, const ui::Ui& ui);  // in pixels; 0: there are none
void paint_packets(TimelineFrame& frame);
void paint_packet_labels(TimelineFrame& frame);
PacketId packet_at(const TimelineFrame& frame, ImVec2 at);  // whose arrow is near; 0: none

// timeline_text.cc: labels left of the lanes, words on and beside the bars, the axis.
void paint_labels(TimelineFrame& frame);
void paint_words(TimelineFrame& frame);
void paint_axis(TimelineFrame& frame, const Axis& axis);
void paint_marks(TimelineFrame& frame);
// The socket of a band that has no TCP states: UDP, AF_UNIX… nullptr: it has.
const SocketState* without_states(const TimelineFrame& frame, const TimelineBand& band);
// What a bar's tooltip says.
std::string bar_tooltip(const TimelineFrame& frame, const TimelineBar& bar);
std::string band_tooltip(const TimelineFrame& frame, const TimelineBand& band);
std::string drop_tooltip(const TimelineFrame& frame, const TimelineTick& drop);

}  // namespace sockscope
