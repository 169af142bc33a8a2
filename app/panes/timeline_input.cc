#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "panes/action_menu.h"
#include "panes/packet_look.h"
#include "panes/timeline_tools.h"
#include "ui/compat.h"

namespace sockscope {
namespace {

constexpr float kClickPixels = 4;  // further is a drag

// Looking elsewhere ends following: else the timeline would jump back.
void pan(View& view, const Scene& scene, const TimeWindow& window, Time by) {
  if (view.follow) put_cursor(view, scene, scene.cursor);
  view.span = window.to - window.from;
  view.from = window.from + by;
}

bool typed(char wanted) {
  const ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  return std::any_of(queue.begin(), queue.end(),
                     [&](ImWchar c) { return c == static_cast<ImWchar>(wanted); });
}

void take_nearer(Time t, Time cursor, bool next, Time& best) {
  if (next && t > cursor) best = best == cursor ? t : std::min(best, t);
  if (!next && t < cursor) best = best == cursor ? t : std::max(best, t);
}

// Moments a lane's spans begin or end, the nearest beyond `cursor` wins in `best`.
void nearest(const Spans& spans, Time cursor, bool next, Time& best) {
  const std::size_t at = spans.at(cursor);
  const std::size_t begin = at == spans.size() ? 0 : at > 0 ? at - 1 : 0;
  const std::size_t end = std::min(spans.size(), at == spans.size() ? 1 : at + 2);
  for (std::size_t i = begin; i < end; ++i) {
    for (const Time t : {spans[i].t0, spans[i].t1}) {
      if (t != kOpen) take_nearer(t, cursor, next, best);
    }
  }
}

// Clicked without dragging, and where; the keyboard's press has no place.
bool mouse_click() {
  const ImGuiIO& io = ImGui::GetIO();
  return ImGui::IsMouseReleased(0) && io.MouseDragMaxDistanceSqr[0] <= kClickPixels * kClickPixels;
}
bool dragged() {
  const ImGuiIO& io = ImGui::GetIO();
  return io.MouseDragMaxDistanceSqr[0] > kClickPixels * kClickPixels;
}

const TimelineBar* bar_at(const TimelineFrame& frame, std::size_t row, float x) {
  const float slack = frame.ui.px(kClickPixels);
  const TimelineBar* best = nullptr;
  float best_off = slack;
  for (const TimelineBar& bar : frame.layout.bars) {
    if (bar.row != row) continue;
    const float off = std::max({0.0f, bar.x0 - x, x - bar.x1});
    if (off < best_off || (off == 0 && bar.tick)) {
      best = &bar;
      best_off = std::max(off, 0.01f);
    }
  }
  return best;
}

const TimelineBand* band_at(const TimelineFrame& frame, std::size_t row, float x) {
  for (const TimelineBand& band : frame.layout.bands) {
    if (band.row == row && x >= band.x0 && x <= band.x1) return &band;
  }
  return nullptr;
}

const TimelineTick* drop_at(const TimelineFrame& frame, std::size_t row, float x) {
  for (const TimelineTick& drop : frame.layout.drops) {
    if (drop.row == row && std::abs(drop.x - x) <= frame.ui.px(6)) return &drop;
  }
  return nullptr;
}

Selection call_selection(const ThreadLane& lane, const Trace& trace, std::size_t span) {
  const std::uint32_t seq = lane.calls[span].seq;
  const auto* entered = std::get_if<event::CallEntered>(&trace[seq].body);
  return {Selection::Kind::call, entered == nullptr ? 0 : entered->call, seq};
}

void pick_thread(TimelineFrame& frame, std::size_t row, bool by_mouse) {
  const ThreadLane& lane = *frame.lanes.index.thread(frame.lanes.rows[row].id);
  const float x = ImGui::GetIO().MousePos.x - frame.plot.min.x;
  Selection& selection = frame.view.selection;
  const TimelineBar* bar = by_mouse && x >= 0 ? bar_at(frame, row, x) : nullptr;
  if (bar != nullptr) {
    selection = call_selection(lane, frame.scene.trace, bar->first + bar->count - 1);
    return;
  }
  const Selection thread{Selection::Kind::thread, lane.id, 0};
  const std::size_t latest = lane.calls.at(frame.scene.cursor);
  // By keyboard the second press goes on to the call it is in, or made last.
  selection = !by_mouse && selection == thread && latest < lane.calls.size()
                  ? call_selection(lane, frame.scene.trace, latest)
                  : thread;
}

// What is folded on purpose unfolds; else the client threads of a server do.
void unfold(View& view, const TimelineRow& row) {
  std::vector<std::uint32_t>& folded = tools_of(view).folded;
  const std::uint32_t number = row.kind == TimelineRow::Kind::folded_host ? kHostFold | row.id : row.id;
  const auto found = std::find(folded.begin(), folded.end(), number);
  if (found != folded.end()) {
    folded.erase(found);
  } else {
    view.unfolded.push_back(row.id);
  }
}

void pick_host(TimelineFrame& frame, std::uint32_t host) {
  for (const HostState& one : frame.scene.end.hosts()) {
    if (one.id != 0 && one.name == frame.lanes.index.hosts()[host].name)
      frame.view.selection = {Selection::Kind::host, one.id, 0};
  }
}

void pick(TimelineFrame& frame, std::size_t row, bool by_mouse) {
  const TimelineRow& its = frame.lanes.rows[row];
  frame.view.focus = Pane::timeline;
  switch (its.kind) {
    case TimelineRow::Kind::thread:
      pick_thread(frame, row, by_mouse);
      break;
    case TimelineRow::Kind::socket:
    case TimelineRow::Kind::queue:
      frame.view.selection = {Selection::Kind::socket, its.id, 0};
      break;
    case TimelineRow::Kind::group:
      if (frame.lanes.index.groups()[its.id].listener != 0) {
        frame.view.selection = {Selection::Kind::server, frame.lanes.index.groups()[its.id].id, 0};
      }
      break;
    case TimelineRow::Kind::folded:
    case TimelineRow::Kind::folded_host:
      unfold(frame.view, its);
      break;
    case TimelineRow::Kind::host:
      pick_host(frame, its.id);
      break;
  }
}

std::string key_of(const TimelineRow& row) {
  constexpr const char* kinds[] = {"group", "thread", "socket", "queue", "folded", "host", "folded-host"};
  return fmt::format("{}-{}", kinds[static_cast<std::size_t>(row.kind)], row.id);
}

void pan_by_mouse(TimelineFrame& frame) {
  if (!ImGui::IsItemActive() || !dragged()) return;
  const float dx = ImGui::GetIO().MouseDelta.x;
  if (dx != 0) pan(frame.view, frame.scene, frame.window, frame.window.from - frame.window.time_of(dx));
}

// The last item is dragged. False: it measures.
bool drag(TimelineFrame& frame, std::optional<std::size_t> row) {
  if (measure_by_mouse(frame, row)) return false;
  pan_by_mouse(frame);
  return true;
}

void pick_on_ground(TimelineFrame& frame) {
  const PacketId packet = packet_at(frame, ImGui::GetIO().MousePos);
  frame.view.selection = packet == 0 ? Selection{} : Selection{Selection::Kind::packet, packet, 0};
}

bool stands_for(const TimelineFrame& frame, const TimelineRow& row, const Selection& what) {
  if (row.kind == TimelineRow::Kind::thread)
    return selected_thread(frame.lanes.index, frame.scene.trace, what) == row.id;
  const bool is_socket = row.kind == TimelineRow::Kind::socket || row.kind == TimelineRow::Kind::queue;
  return is_socket && what == Selection{Selection::Kind::socket, row.id, 0};
}

// Of the last item: what is under the right button, a call of its lane too, is selected and has its menu.
void row_menu(TimelineFrame& frame, std::size_t row) {
  const TimelineRow& its = frame.lanes.rows[row];
  if (its.kind == TimelineRow::Kind::folded || its.kind == TimelineRow::Kind::folded_host) return;
  if (ImGui::IsItemClicked(1)) pick(frame, row, true);
  const Selection& selected = frame.view.selection;
  offer_menu(frame.ui, frame.scene, frame.view, Pane::timeline,
             stands_for(frame, its, selected) ? selected : Selection{});
}

void row_area(TimelineFrame& frame, std::size_t row) {
  const float top = std::max(frame.row_y(row), frame.axis_y);
  const float bottom = std::min(frame.row_y(row) + frame.lanes.rows[row].height, frame.plot.max.y);
  if (bottom <= top + 1) return;
  const std::string key = key_of(frame.lanes.rows[row]);
  if (frame.ui.area(key.c_str(), {frame.labels.min.x - frame.ui.px(8), top}, {frame.plot.max.x, bottom}) &&
      (mouse_click() || !ImGui::IsMouseReleased(0))) {
    pick(frame, row, mouse_click());
  }
  row_menu(frame, row);
  if (!drag(frame, row) || !ImGui::IsItemHovered()) return;
  const float x = ImGui::GetIO().MousePos.x - frame.plot.min.x;
  if (frame.lanes.rows[row].kind == TimelineRow::Kind::thread) {
    if (const TimelineBar* bar = bar_at(frame, row, x)) frame.ui.tooltip(bar_tooltip(frame, *bar));
  } else if (const TimelineTick* drop = drop_at(frame, row, x)) {
    frame.ui.tooltip(drop_tooltip(frame, *drop));
  } else if (const TimelineBand* band = band_at(frame, row, x)) {
    frame.ui.tooltip(band_tooltip(frame, *band));
  }
}

}  // namespace

void zoom_timeline(View& view, const TimeWindow& window, Time at, double factor) {
  const auto span = static_cast<double>(window.to - window.from);
  const double wanted = std::clamp(span * factor, 1e3, 1e15);
  const double left = static_cast<double>(at - window.from) / span;
  view.span = static_cast<Time>(wanted);
  view.from = at - static_cast<Time>(left * wanted);
}

void put_cursor(View& view, const Scene& scene, Time t) {
  view.follow = false;
  view.cursor = std::clamp(t, scene.start, std::max(scene.start, scene.trace.end()));
}

void go_to_time(View& view, const Scene& scene, Time t) {
  put_cursor(view, scene, t);
  if (view.span > 0 && (t < view.from || t > view.from + view.span)) view.from = t - view.span / 2;
}

TimelineTools& tools_of(View& view) {
  if (!view.tools) view.tools = std::make_shared<TimelineTools>();
  return *view.tools;
}

bool leave_tools(View& view) {
  if (!view.tools) return false;
  TimelineTools& tools = *view.tools;
  if (tools.listing) return !(tools.listing = false);
  if (tools.searching) {
    tools.searching = false;
    tools.hit.reset();
    return true;
  }
  if (!tools.measure) return false;
  tools.measure.reset();
  return true;
}

Time neighbour_moment(const TimelineIndex& index, const Trace& trace, const Selection& selection, Time cursor,
                      bool next) {
  Time best = cursor;
  if (selection.kind == Selection::Kind::thread || selection.kind == Selection::Kind::call) {
    const ThreadId id = selected_thread(index, trace, selection);
    if (const ThreadLane* lane = index.thread(id)) nearest(lane->calls, cursor, next, best);
    return best;
  }
  if (selection.kind == Selection::Kind::socket) {
    if (const SocketLane* lane = index.socket(selection.id)) {
      nearest(lane->states, cursor, next, best);
      nearest(lane->queue, cursor, next, best);
    }
    return best;
  }
  if (selection.kind == Selection::Kind::packet) {
    const PacketState* packet = index.state().packets().find(selection.id);
    if (packet == nullptr) return best;
    for (const Time t : {packet->sent, packet->held_at, packet->released_at, packet->ended}) {
      if (t != 0) take_nearer(t, cursor, next, best);
    }
    return best;
  }
  if (selection.kind == Selection::Kind::server) {
    for (const LaneGroup& group : index.groups()) {
      if (group.id != selection.id) continue;
      for (const ThreadId id : group.threads) nearest(index.thread(id)->calls, cursor, next, best);
    }
    return best;
  }
  const std::size_t after = trace.upto(cursor);
  if (next) return after < trace.size() ? std::max(cursor, trace[after].at) : cursor;
  for (std::size_t seq = after; seq > 0; --seq) {
    if (trace[seq - 1].at < cursor) return trace[seq - 1].at;
  }
  return cursor;
}

void timeline_keys(View& view, const Scene& scene, const TimelineIndex& index, TimeWindow window, bool here) {
  if (!here || ImGui::GetIO().KeyCtrl) return;
  const Time page = (window.to - window.from) / 10;
  const bool shown = scene.cursor >= window.from && scene.cursor <= window.to;
  const Time centre = shown ? scene.cursor : (window.from + window.to) / 2;
  if (typed('+') || typed('=')) zoom_timeline(view, window, centre, 0.5);
  if (typed('-')) zoom_timeline(view, window, centre, 2);
  if (ui::plain_pressed(ui::Key::left, true)) pan(view, scene, window, -page);
  if (ui::plain_pressed(ui::Key::right, true)) pan(view, scene, window, page);
  if (ui::plain_pressed(ui::Key::up, true)) view.lane_scroll -= 33;
  if (ui::plain_pressed(ui::Key::down, true)) view.lane_scroll += 33;
  if (ui::plain_pressed(ui::Key::home)) put_cursor(view, scene, scene.start);
  if (ui::plain_pressed(ui::Key::end)) put_cursor(view, scene, scene.trace.end());
  if (ui::plain_pressed(ui::Key::f)) view.span = 0;
  for (const bool next : {false, true}) {
    if (!typed(next ? ']' : '[')) continue;
    go_to_time(view, scene, neighbour_moment(index, scene.trace, view.selection, scene.cursor, next));
  }
  if (typed('m')) measure_at_cursor(view, scene);
  if (typed('b')) toggle_bookmark(view, scene);
  if (typed('B')) next_bookmark(view, scene);
}

void timeline_wheel(TimelineFrame& frame) {
  const ImGuiIO& io = ImGui::GetIO();
  const Rect all{{frame.where.min.x, frame.axis_y - frame.ui.px(24)}, {frame.where.max.x, frame.plot.max.y}};
  if (io.MouseWheel == 0 || !ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(all.min, all.max))
    return;
  if (io.MousePos.x < frame.plot.min.x || io.KeyShift) {
    frame.view.lane_scroll -= io.MouseWheel * 33;
    return;
  }
  const Time at = frame.window.time_of(io.MousePos.x - frame.plot.min.x);
  frame.view.hints.done(Hint::zoom);
  zoom_timeline(frame.view, frame.window, at, std::pow(0.8, static_cast<double>(io.MouseWheel)));
  frame.window.from = frame.view.from;
  frame.window.to = frame.view.from + frame.view.span;
}

void timeline_scrub(TimelineFrame& frame) {
  const float top = frame.axis_y - frame.ui.px(24);
  frame.ui.area("axis", {frame.plot.min.x, top}, {frame.plot.max.x, frame.axis_y});
  if (!ImGui::IsItemActive()) return;
  frame.view.focus = Pane::timeline;
  const float x = std::clamp(ImGui::GetIO().MousePos.x - frame.plot.min.x, 0.0f, frame.plot.width());
  put_cursor(frame.view, frame.scene, frame.window.time_of(x));
}

void timeline_areas(TimelineFrame& frame) {
  for (std::size_t row = frame.first_row; row < frame.end_row; ++row) {
    row_area(frame, row);
    fold_area(frame, row);
  }
  const float rest = frame.end_row == 0
                         ? frame.axis_y
                         : frame.row_y(frame.end_row - 1) + frame.lanes.rows[frame.end_row - 1].height;
  if (rest + 2 < frame.plot.max.y) {
    if (frame.ui.area("ground", {frame.plot.min.x, std::max(rest, frame.axis_y)}, frame.plot.max)) {
      frame.view.focus = Pane::timeline;
      if (mouse_click()) pick_on_ground(frame);
    }
    if (ImGui::IsItemClicked(1)) {
      pick_on_ground(frame);
      open_menu(frame.ui, frame.scene, frame.view, ImGui::GetMousePos());
    }
    if (!drag(frame, std::nullopt) || !ImGui::IsItemHovered()) return;
    const PacketState* packet = frame.scene.end.packets().find(packet_at(frame, ImGui::GetIO().MousePos));
    if (packet != nullptr) frame.ui.tooltip(packet_label(frame.ui, *packet));
  }
}

}  // namespace sockscope
