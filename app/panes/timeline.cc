#include "panes/timeline.h"

#include <algorithm>

#include "panes/clock_wake.h"
#include "panes/timeline_tools.h"
#include "trace/clock.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr std::size_t kFoldAbove = 8;
constexpr float kLow = 260;
constexpr Time kLongest = 1'000'000'000'000'000;  // eleven days
constexpr Time kShortest = 1'000;                 // 1 µs fills the plot at most
constexpr double kRoomAtTheEnd = 0.14;            // of the plot, for the last labels, when all is shown
constexpr double kMostForetold = 1.6;             // times the trace: how far a deadline may lie and be shown

// On a projector no letter is small, so that rows are further apart.
RowMeasures measures_at(const ui::Ui& ui, bool presenting) {
  RowMeasures m;
  if (presenting) {
    m.group = 28;
    m.thread = 24;
    m.socket = 19;
    m.queue_label = 21;
  }
  for (float* value :
       {&m.group, &m.thread, &m.socket, &m.gap, &m.seat, &m.queue_most, &m.queue_label, &m.folded}) {
    *value *= ui.scale;
  }
  return m;
}

void make_rows(TimelineLanes& lanes, View& view, const ui::Ui& ui, std::optional<ThreadId> only_open) {
  if (lanes.rows_version == lanes.index.lanes_version() && lanes.rows_scale == ui.scale &&
      lanes.rows_presenting == view.presenting.on && lanes.rows_unfolded == view.unfolded &&
      lanes.rows_folded == tools_of(view).folded && lanes.rows_only_open == only_open) {
    return;
  }
  lanes.rows_folded = tools_of(view).folded;
  lanes.rows_only_open = only_open;
  lanes.rows = timeline_rows(lanes.index, measures_at(ui, view.presenting.on), kFoldAbove, view.unfolded,
                             lanes.rows_folded, only_open);
  lanes.rows_version = lanes.index.lanes_version();
  lanes.rows_scale = ui.scale;
  lanes.rows_presenting = view.presenting.on;
  lanes.rows_unfolded = view.unfolded;
}

Time end_of(const Scene& scene) {
  return std::max({scene.trace.end(), scene.live ? scene.now : 0, scene.start + kMillisecond});
}

// All of the trace, with room for the last labels.
TimeWindow whole_window(const Scene& scene, float width, float scale) {
  const Time end = end_of(scene);
  const auto all = static_cast<double>(end - scene.start);
  TimeWindow window;
  window.width = width;
  window.scale = scale;
  window.now = end;
  window.from = scene.start - static_cast<Time>(all * 0.01);
  window.to = end + static_cast<Time>(all * kRoomAtTheEnd);
  // A deadline that is near is worth its room.
  const Time near = scene.start + static_cast<Time>(all * kMostForetold);
  const Time deadline = std::min(last_deadline(scene.state), near);
  window.to = std::max(window.to, std::min(deadline + (deadline - window.from) / 50, near));
  return window;
}

// The part of the trace that is shown. Following moves by a quarter of a page when the end nears the edge.
TimeWindow window_of(View& view, const Scene& scene, const TimeWindow& whole) {
  if (view.span <= 0) return whole;
  TimeWindow window = whole;
  const Time end = window.now;
  view.span = std::max(view.span, kShortest);
  const bool moving = scene.live ? view.follow : scene.playing;
  const Time head = scene.live ? end : scene.cursor;
  if (moving && (head > view.from + view.span / 10 * 9 || head < view.from)) {
    view.from = head - view.span / 4 * 3;
  }
  view.span = std::min(view.span, kLongest);
  view.from = std::clamp(view.from, scene.start - view.span, end);
  window.from = view.from;
  window.to = view.from + view.span;
  return window;
}

void empty_timeline(ui::Ui& ui, Rect where) {
  text_in(ui, where, ui.theme.ink3, ui.fonts.body, ui.tr("It starts with your first call."), Align::centre);
}

void rows_on_screen(TimelineFrame& frame) {
  const std::vector<TimelineRow>& rows = frame.lanes.rows;
  const float from = frame.view.lane_scroll * frame.ui.scale - frame.ui.px(8);
  const auto first = std::partition_point(rows.begin(), rows.end(),
                                          [&](const TimelineRow& row) { return row.y + row.height < from; });
  const auto last = std::partition_point(
      first, rows.end(), [&](const TimelineRow& row) { return row.y <= from + frame.plot.height(); });
  frame.first_row = static_cast<std::size_t>(first - rows.begin());
  frame.end_row = static_cast<std::size_t>(last - rows.begin());
}

void clamp_scroll(TimelineFrame& frame) {
  const float all = rows_height(frame.lanes.rows) + packets_height(frame.scene, frame.ui) + frame.ui.px(16);
  const float most = (all - frame.plot.height()) / frame.ui.scale;
  frame.view.lane_scroll = std::clamp(frame.view.lane_scroll, 0.0f, std::max(0.0f, most));
}

void scroll_mark(const TimelineFrame& frame) {
  const float all = rows_height(frame.lanes.rows) + packets_height(frame.scene, frame.ui) + frame.ui.px(16);
  const float high = frame.plot.height();
  if (all <= high) return;
  const float length = std::max(frame.ui.px(24), high * high / all);
  const float most = (all - high) / frame.ui.scale;
  const float y = frame.plot.min.y + (high - length) * frame.view.lane_scroll / most;
  const float x = frame.where.max.x - frame.ui.px(7);
  frame.list()->AddRectFilled({x, y}, {x + frame.ui.px(4), y + length}, frame.ui.theme.line2, frame.ui.px(2));
}

void paint(TimelineFrame& frame) {
  const Axis axis = timeline_axis(frame.window.from - frame.scene.start, frame.window.to - frame.scene.start,
                                  frame.window.width, frame.ui.px(90));
  paint_axis(frame, axis);
  timeline_scrub(frame);
  ImGui::PushClipRect({frame.where.min.x, frame.axis_y}, {frame.where.max.x, frame.plot.max.y}, true);
  paint_ground(frame, axis);
  paint_selection(frame, true);
  ImGui::PushClipRect(frame.plot.min, frame.plot.max, true);
  paint_shapes(frame);
  paint_packets(frame);
  paint_veil(frame);
  paint_words(frame);
  paint_deadlines(frame);
  paint_measure(frame);
  ImGui::PopClipRect();
  paint_labels(frame);
  paint_packet_labels(frame);
  paint_selection(frame, false);
  scroll_mark(frame);
  timeline_areas(frame);  // after the packets: where each is drawn is known then
  ImGui::PopClipRect();
  paint_marks(frame);
  paint_hits(frame);
  paint_bookmarks(frame);
  paint_cursor(frame, axis);
  draw_bookmark_list(frame);
}

}  // namespace

TimelineLanes& lanes_of(View& view, const Scene& scene) {
  if (!view.timeline) view.timeline = std::make_shared<TimelineLanes>();
  view.timeline->index.extend(scene.trace);
  return *view.timeline;
}

ThreadId selected_thread(const TimelineIndex& index, const Trace& trace, const Selection& selection) {
  if (selection.kind == Selection::Kind::thread) return selection.id;
  if (selection.kind == Selection::Kind::socket) {
    const SocketLane* socket = index.socket(selection.id);
    if (socket == nullptr) return 0;
    const SocketLane* listener = index.socket(socket->from);
    return socket->thread == 0 && listener != nullptr ? listener->thread : socket->thread;
  }
  if (selection.kind != Selection::Kind::call || selection.seq >= trace.size()) return 0;
  const auto* entered = std::get_if<event::CallEntered>(&trace[selection.seq].body);
  return entered == nullptr ? 0 : entered->thread;
}

void wake_for_blocked(ui::Ui& ui, const Scene& scene, const View& view) {
  Time shortest = -1;
  for (const ThreadState& thread : scene.state.threads()) {
    if (!thread.blocked) continue;
    const Time lasted = scene.cursor - thread.blocked_since;
    shortest = shortest < 0 ? lasted : std::min(shortest, lasted);
  }
  if (shortest >= 0) wake_for_clock(ui, scene, view, shortest);
}

void draw_timeline(ui::Ui& ui, const Scene& scene, View& view, Requests&, Rect where) {
  TimelineLanes& lanes = lanes_of(view, scene);
  // In a low pane calls come first: sockets have lanes with the selected thread only.
  std::optional<ThreadId> only_open;
  if (where.max.y - where.min.y < ui.px(kLow))
    only_open = selected_thread(lanes.index, scene.trace, view.selection);
  make_rows(lanes, view, ui, only_open);
  const bool empty = lanes.rows.empty();
  const bool searching = tools_of(view).searching && !empty;
  const std::string shown =
      empty || searching || view.span <= 0 ? "" : ui.say("{0} shown", ui::duration_text(view.span));
  const Rect inside = pane_frame(ui, view, Pane::timeline, ui.tr("Timeline"), shown, where);
  wake_for_blocked(ui, scene, view);
  if (empty) {
    empty_timeline(ui, inside);
    return;
  }
  const ui::Scope scope(ui, "timeline");
  search_on(ui, view, scene, lanes.index);
  draw_timeline_header(ui, view, scene, lanes.index, where);

  const bool narrow = inside.width() < ui.px(700);
  const float left = inside.min.x + ui.px(16), plot_x = left + ui.px(narrow ? 84 : 124);
  const float axis_y = inside.min.y + ui.px(24);
  const float width = std::max(ui.px(40), inside.max.x - ui.px(15) - plot_x);
  // In a very low pane the lanes come first.
  const bool room = inside.height() >= ui.px(120);
  const float bottom = inside.max.y - (room ? overview_height(ui) : 0);
  const TimeWindow whole = whole_window(scene, width, ui.scale);
  TimeWindow window = window_of(view, scene, whole);
  timeline_keys(view, scene, lanes.index, window, view.focus == Pane::timeline && !ui::typing());
  window = window_of(view, scene, whole);

  TimelineFrame frame{ui,
                      scene,
                      view,
                      lanes,
                      inside,
                      {{left, axis_y}, {plot_x - ui.px(12), bottom}},
                      {{plot_x, axis_y}, {plot_x + width, bottom}},
                      axis_y,
                      window,
                      0,
                      {},
                      0,
                      0};
  timeline_wheel(frame);
  reveal_selected(frame);
  clamp_scroll(frame);
  frame.cursor_x = std::clamp(frame.window.x_of(scene.cursor), -1e6f, 1e6f);
  rows_on_screen(frame);
  frame.layout = timeline_layout(lanes.index, lanes.rows, frame.first_row, frame.end_row, frame.window);
  paint(frame);
  if (room) paint_overview(frame, whole, {{inside.min.x, bottom}, inside.max});
}

}  // namespace sockscope
