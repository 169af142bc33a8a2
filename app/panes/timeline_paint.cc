#include <algorithm>
#include <unordered_map>

#include "panes/timeline_tools.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr float kPast = 0.38f;  // of what is past the cursor is left
constexpr float kBarHeight = 17, kBandHeight = 8;

bool warns(const TimelineFrame& frame, const TimelineBar& bar) {
  const Selection& selection = frame.view.selection;
  const TimelineRow& row = frame.lanes.rows[bar.row];
  if (selection.kind == Selection::Kind::thread) return selection.id == row.id;
  const ThreadLane* lane = frame.lanes.index.thread(row.id);
  return selection.kind == Selection::Kind::call && bar.count == 1 &&
         lane->calls[bar.first].seq == selection.seq;
}

void paint_bar(TimelineFrame& frame, const TimelineBar& bar) {
  const ui::Theme& theme = frame.ui.theme;
  ImDrawList* list = frame.list();
  const float y0 = frame.row_y(bar.row) + frame.ui.px(1), y1 = y0 + frame.ui.px(kBarHeight);
  const float x0 = frame.x(bar.x0), x1 = frame.x(bar.x1), blocked = frame.x(std::max(bar.blocked_x, bar.x0));
  if (bar.tick) {
    const bool mostly_blocked = bar.count > 1 && bar.blocked_x <= bar.x0;
    list->AddRectFilled({x0, y0}, {x1, y1},
                        failed(frame, bar) ? theme.bad.fill
                        : mostly_blocked   ? theme.hatch
                                           : theme.busy);
    return;
  }
  const float edge = frame.ui.px(3);
  if (failed(frame, bar)) {
    list->AddRectFilled({x0, y0}, {x1, y1}, theme.bad.tint);
  } else {
    list->AddRectFilled({x0, y0}, {x1, y1}, theme.busy_tint);
  }
  if (blocked < x1) ui::hatch(list, frame.ui, {blocked, y0}, {x1, y1}, warns(frame, bar));
  if (blocked > x0 + edge || blocked >= x1) {
    list->AddRectFilled({x0, y0}, {x0 + edge, y1}, failed(frame, bar) ? theme.bad.fill : theme.busy);
  }
  if (failed(frame, bar)) list->AddRectFilled({x1 - edge, y0}, {x1, y1}, theme.bad.fill);
}

void paint_band(TimelineFrame& frame, const TimelineBand& band) {
  const ui::Theme& theme = frame.ui.theme;
  ImDrawList* list = frame.list();
  const float y0 = frame.row_y(band.row) + frame.ui.px(2), y1 = y0 + frame.ui.px(kBandHeight);
  const float x0 = frame.x(band.x0), x1 = frame.x(band.x1);
  if (band.state == TcpState::not_known && without_states(frame, band) != nullptr) {
    list->AddRectFilled({x0, (y0 + y1) / 2 - frame.ui.px(1)}, {x1, (y0 + y1) / 2 + frame.ui.px(1)},
                        theme.ink3);
    return;
  }
  if (band.state == TcpState::not_known) {
    ui::dashed_rect(list, {x0, y0}, {x1, y1}, theme.line2, theme.hairline, frame.ui.px(3), frame.ui.px(3));
    return;
  }
  const ImU32 fill = theme.state_fill[static_cast<std::size_t>(band.state)];
  if (band.derived) {  // nobody has seen it
    ui::dashed_rect(list, {x0, y0 + frame.ui.px(0.75f)}, {x1, y1 - frame.ui.px(0.75f)}, fill,
                    frame.ui.px(1.5f), frame.ui.px(4), frame.ui.px(3));
    return;
  }
  // A connection nobody has accepted sits on its bench: half as high.
  const float accepted = frame.x(band.accepted_x);
  const float middle = std::clamp(accepted, x0, x1);
  if (middle > x0) list->AddRectFilled({x0, (y0 + y1) / 2}, {middle, y1}, fill);
  if (middle < x1) list->AddRectFilled({middle, y0}, {x1, y1}, fill);
}

// Where a socket's descriptor was closed: nothing of ours reaches it from there on.
void paint_closed(TimelineFrame& frame) {
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow& row = frame.lanes.rows[i];
    if (row.kind != TimelineRow::Kind::socket) continue;
    const SocketLane* lane = frame.lanes.index.socket(row.id);
    const float x = lane->closed < 0 ? -1 : frame.window.x_of(lane->closed);
    if (x < 0 || x > frame.plot.width()) continue;
    const float y = frame.row_y(i) + frame.ui.px(1);
    frame.list()->AddRectFilled({frame.x(x), y},
                                {frame.x(x) + frame.ui.px(2), y + frame.ui.px(kBandHeight + 2)},
                                frame.ui.theme.ink2);
  }
}

float level(const TimelineFrame& frame, const TimelineRow& row, std::size_t index, std::uint64_t value) {
  const bool queue = row.kind == TimelineRow::Kind::queue;
  const auto& groups =
      row.kind == TimelineRow::Kind::folded_host ? frame.lanes.index.hosts() : frame.lanes.index.groups();
  const std::uint64_t top = queue ? seats_of(*frame.lanes.index.socket(row.id))
                                  : std::max<std::size_t>(1, groups[row.id].threads.size());
  const float base = frame.row_y(index) + row.height - frame.ui.px(3);
  const float high = row.height - frame.ui.px(queue ? 17 : 6);
  return base - high * static_cast<float>(std::min(value, top)) / static_cast<float>(top);
}

void paint_steps(TimelineFrame& frame) {
  const ui::Theme& theme = frame.ui.theme;
  ImDrawList* list = frame.list();
  const TimelineStep* before = nullptr;
  for (const TimelineStep& step : frame.layout.steps) {
    const TimelineRow& row = frame.lanes.rows[step.row];
    const bool queue = row.kind == TimelineRow::Kind::queue;
    const ImU32 line = queue ? theme.accent.fill : theme.busy;
    const float y = level(frame, row, step.row, step.value), base = level(frame, row, step.row, 0);
    const float x0 = frame.x(step.x0), x1 = frame.x(step.x1);
    if (step.value > 0) {
      list->AddRectFilled({x0, y}, {x1, base},
                          step.full && queue ? theme.bad.tint
                          : queue            ? theme.accent.tint
                                             : theme.busy_tint);
    }
    if (before != nullptr && before->row == step.row) {
      const float from = level(frame, row, step.row, before->value);
      list->AddRectFilled({x0 - frame.ui.px(1), std::min(from, y) - frame.ui.px(1)},
                          {x0 + frame.ui.px(1), std::max(from, y) + frame.ui.px(1)}, line);
    }
    list->AddRectFilled({x0, y - frame.ui.px(1)}, {x1, y + frame.ui.px(1)}, line);
    before = &step;
  }
}

// On the row whose queue had no room.
void paint_drops(TimelineFrame& frame) {
  for (const TimelineTick& drop : frame.layout.drops) {
    const TimelineRow& row = frame.lanes.rows[drop.row];
    const bool queue = row.kind == TimelineRow::Kind::queue;
    const float y = queue ? level(frame, row, drop.row, seats_of(*frame.lanes.index.socket(row.id)))
                          : frame.row_y(drop.row) + frame.ui.px(2 + kBandHeight / 2);
    const ImVec2 at{frame.x(drop.x), y};
    frame.list()->AddCircleFilled(at, frame.ui.px(6), frame.ui.theme.pane);
    ui::cross(frame.list(), at, frame.ui.px(4.5f), frame.ui.theme.bad.fill, frame.ui.px(1.8f));
  }
}

void paint_limits(TimelineFrame& frame) {
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow& row = frame.lanes.rows[i];
    if (row.kind != TimelineRow::Kind::queue) continue;
    const SocketLane* lane = frame.lanes.index.socket(row.id);
    if (lane->queue.empty()) continue;
    const float y = level(frame, row, i, std::uint64_t{lane->limit} + 1);
    const float x0 = frame.x(std::max(0.0f, frame.window.x_of(lane->queue[0].t0)));
    const Time end = lane->queue.is_open() ? frame.window.now : lane->queue.back().t1;
    const float x1 = frame.x(std::min(frame.plot.width(), frame.window.x_of(end)));
    ui::dashed_line(frame.list(), {x0, y}, {x1, y}, frame.ui.theme.bad.fill, frame.ui.px(1.5f),
                    frame.ui.px(6), frame.ui.px(4));
  }
}

// From the parent's bar down to a dot where the thread begins; a cap where it ends.
void paint_lives(TimelineFrame& frame) {
  const ui::Theme& theme = frame.ui.theme;
  ImDrawList* list = frame.list();
  std::unordered_map<ThreadId, std::size_t> row_of;
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow& row = frame.lanes.rows[i];
    if (row.kind != TimelineRow::Kind::thread) continue;
    row_of.emplace(row.id, i);
    const ThreadLane* lane = frame.lanes.index.thread(row.id);
    const float middle = frame.row_y(i) + frame.ui.px(1 + kBarHeight / 2);
    const auto parent = row_of.find(lane->parent);
    const float x = frame.x(std::clamp(frame.window.x_of(lane->started), -50.0f, frame.plot.width() + 50));
    if (parent != row_of.end() && lane->role == ThreadRole::client) {
      const float from = frame.row_y(parent->second) + frame.ui.px(1 + kBarHeight);
      list->AddRectFilled({x - frame.ui.px(0.75f), from}, {x + frame.ui.px(0.75f), middle}, theme.ink3);
      list->AddCircleFilled({x, middle}, frame.ui.px(4.5f), theme.ink2);
    }
    if (lane->ended < 0) continue;
    const float end = frame.x(std::clamp(frame.window.x_of(lane->ended), -50.0f, frame.plot.width() + 50));
    list->AddRectFilled({end, middle - frame.ui.px(kBarHeight / 2)},
                        {end + frame.ui.px(4), middle + frame.ui.px(kBarHeight / 2)}, theme.ink2);
  }
}

}  // namespace

void paint_ground(TimelineFrame& frame, const Axis& axis) {
  const ui::Theme& theme = frame.ui.theme;
  ImDrawList* list = frame.list();
  const float end = frame.x(std::clamp(frame.window.x_of(frame.window.now), 0.0f, frame.plot.width()));
  list->AddRectFilled({end, frame.axis_y}, {frame.where.max.x, frame.where.max.y}, theme.paper);
  // In high contrast every line is as bright as text; these lie behind everything.
  const float grid = theme.name == ui::ThemeName::contrast ? 0.35f : 1;
  for (const AxisMark& mark : axis.marks) {
    const float x = frame.x(frame.window.x_of(mark.at + frame.scene.start));
    list->AddRectFilled({x, frame.axis_y}, {x + frame.ui.px(1), frame.plot.max.y}, faded(theme.line, grid));
  }
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow::Kind kind = frame.lanes.rows[i].kind;
    if (kind != TimelineRow::Kind::group && kind != TimelineRow::Kind::host) continue;
    const float y = frame.row_y(i);
    list->AddRectFilled({frame.where.min.x, y}, {frame.where.max.x, y + theme.hairline}, theme.line);
  }
}

void paint_shapes(TimelineFrame& frame) {
  const ui::Theme& theme = frame.ui.theme;
  for (const TimelineBand& band : frame.layout.bands) paint_band(frame, band);
  // Ticks last: one may begin within three pixels of the bar that follows it.
  for (const bool ticks : {false, true}) {
    for (const TimelineBar& bar : frame.layout.bars) {
      if (bar.tick == ticks) paint_bar(frame, bar);
    }
  }
  for (const TimelineTick& tick : frame.layout.inner) {
    const float y = frame.row_y(tick.row), x = frame.x(tick.x);
    frame.list()->AddRectFilled({x, y + frame.ui.px(12)}, {x + frame.ui.px(1.5f), y + frame.ui.px(18)},
                                tick.failed ? theme.bad.fill : theme.ink3);
  }
  paint_closed(frame);
  paint_steps(frame);
  paint_limits(frame);
  paint_failures(frame);
  paint_drops(frame);
  paint_lives(frame);
}

void paint_veil(TimelineFrame& frame) {
  const float end = std::min(frame.window.x_of(frame.window.now), frame.plot.width());
  const float from = std::max(frame.cursor_x, 0.0f);
  if (from >= end - 1) return;
  frame.list()->AddRectFilled({frame.x(from), frame.axis_y},
                              {frame.x(end) + frame.ui.px(4), frame.plot.max.y},
                              faded(frame.ui.theme.pane, 1 - kPast));
}

void paint_selection(TimelineFrame& frame, bool ground) {
  const Selection& selection = frame.view.selection;
  const std::vector<TimelineRow>& rows = frame.lanes.rows;
  const auto outline = [&](std::size_t from, std::size_t to) {
    const Rect box{{frame.where.min.x + frame.ui.px(5), frame.row_y(from) - frame.ui.px(2)},
                   {frame.where.max.x - frame.ui.px(9), frame.row_y(to) + rows[to].height + frame.ui.px(1)}};
    if (ground) {
      frame.list()->AddRectFilled(box.min, box.max, faded(frame.ui.theme.accent.tint, 0.5f), frame.ui.px(4));
      return;
    }
    frame.list()->AddRect(box.min, box.max, frame.ui.theme.accent.fill, frame.ui.px(4), 0, frame.ui.px(2));
  };
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow::Kind kind = rows[i].kind;
    if (selection.kind == Selection::Kind::thread && kind == TimelineRow::Kind::thread &&
        rows[i].id == selection.id) {
      std::size_t last = i;
      while (last + 1 < rows.size() && rows[last + 1].kind == TimelineRow::Kind::socket) ++last;
      outline(i, last);
    }
    if (selection.kind == Selection::Kind::socket && kind == TimelineRow::Kind::socket &&
        rows[i].id == selection.id) {
      outline(i, i);
    }
    if (selection.kind == Selection::Kind::server && kind == TimelineRow::Kind::group &&
        frame.lanes.index.groups()[rows[i].id].id == selection.id) {
      outline(i, i);
    }
    const HostState* host =
        selection.kind == Selection::Kind::host ? frame.scene.end.host(selection.id) : nullptr;
    if (host != nullptr && kind == TimelineRow::Kind::host &&
        frame.lanes.index.hosts()[rows[i].id].name == host->name) {
      outline(i, i);
    }
  }
  if (ground || selection.kind != Selection::Kind::call) return;
  for (const TimelineBar& bar : frame.layout.bars) {
    const ThreadLane* lane = frame.lanes.index.thread(rows[bar.row].id);
    const std::uint32_t first = lane->calls[bar.first].seq, last = lane->calls[bar.first + bar.count - 1].seq;
    if (selection.seq < first || selection.seq > last) continue;
    const float y = frame.row_y(bar.row) + frame.ui.px(1), off = frame.ui.px(3);
    frame.list()->AddRect(
        {frame.x(std::max(bar.x0, 0.0f)) - off, y - off},
        {frame.x(std::min(bar.x1, frame.plot.width())) + off, y + frame.ui.px(kBarHeight) + off},
        frame.ui.theme.accent.fill, frame.ui.px(2), 0, frame.ui.px(2));
  }
}

void paint_cursor(TimelineFrame& frame, const Axis& axis) {
  if (frame.cursor_x < 0 || frame.cursor_x > frame.plot.width()) return;
  const ui::Theme& theme = frame.ui.theme;
  ImDrawList* list = frame.list();
  const float x = frame.x(frame.cursor_x), half = frame.ui.px(1);
  const Time per_pixel = static_cast<Time>(static_cast<double>(frame.window.to - frame.window.from) /
                                           static_cast<double>(frame.window.width));
  const std::string flag = axis_time(axis.unit, frame.scene.cursor - frame.scene.start, per_pixel);
  const ImVec2 size = frame.ui.measure(frame.ui.fonts.mono_small, flag);
  const float wide = size.x + frame.ui.px(12);
  const float left =
      std::clamp(x - wide / 2, frame.plot.min.x - frame.ui.px(8), frame.where.max.x - wide - frame.ui.px(4));
  list->AddRectFilled({x - half, frame.axis_y - frame.ui.px(3)}, {x + half, frame.plot.max.y},
                      theme.accent.fill);
  list->AddRectFilled({left, frame.axis_y - frame.ui.px(21)}, {left + wide, frame.axis_y - frame.ui.px(3)},
                      theme.accent.fill, frame.ui.px(3));
  frame.ui.text({left + frame.ui.px(6), frame.axis_y - frame.ui.px(12) - size.y / 2}, theme.on_accent,
                frame.ui.fonts.mono_small, flag);
}

}  // namespace sockscope
