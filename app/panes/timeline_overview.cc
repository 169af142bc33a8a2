// The overview under the lanes: how much happened when, where something went wrong, and which part is shown.
#include <algorithm>
#include <cmath>

#include "panes/timeline_tools.h"

namespace sockscope {
namespace overview {

constexpr float kHigh = 12, kUnder = 4, kGrip = 6;

struct Line {
  Rect box;
  Time from, to;
  float x(Time t) const {
    const double part = static_cast<double>(t - from) / static_cast<double>(to - from);
    return box.min.x + static_cast<float>(part * static_cast<double>(box.width()));
  }
  Time time(float at) const {
    const auto part = static_cast<double>((at - box.min.x) / box.width());
    return from + static_cast<Time>(part * static_cast<double>(to - from));
  }
};

void density(TimelineFrame& frame, const Line& line) {
  const ui::Theme& theme = frame.ui.theme;
  const float pitch = frame.ui.px(3);
  const auto columns = static_cast<std::size_t>(std::max(1.0f, line.box.width() / pitch));
  const auto found = frame.lanes.index.density().columns(line.from, line.to, columns);
  std::uint32_t most = 1;
  for (const DensityColumn& column : found) most = std::max(most, column.count);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].count == 0 && found[i].worst == Severity::none) continue;
    // By its logarithm: one event is seen beside a million.
    const float part = std::log1p(static_cast<float>(found[i].count)) / std::log1p(static_cast<float>(most));
    const float x = line.box.min.x + static_cast<float>(i) * pitch;
    const float tall = std::max(frame.ui.px(2), (line.box.height() - frame.ui.px(2)) * part);
    const bool bad = found[i].worst == Severity::bad;
    frame.list()->AddRectFilled({x, bad ? line.box.min.y : line.box.max.y - tall},
                                {x + pitch, line.box.max.y}, bad ? theme.bad.fill : theme.busy);
  }
}

void hits(TimelineFrame& frame, const Line& line) {
  const TimelineTools& tools = tools_of(frame.view);
  if (!tools.searching) return;
  const TimelineSearch& search = tools.search;
  const float pitch = frame.ui.px(3);
  for (std::size_t i = search.from(line.from); i < search.hits().size();) {
    const float x = line.x(search.hits()[i].at);
    if (x > line.box.max.x) break;
    frame.list()->AddRectFilled({x - frame.ui.px(1), line.box.min.y - frame.ui.px(4)},
                                {x + frame.ui.px(1), line.box.min.y}, frame.ui.theme.accent.fill);
    i = std::max(i + 1, search.from(line.time(x + pitch)));
  }
}

// What is shown, as a frame; both within the line.
std::pair<float, float> frame_of(const TimelineFrame& frame, const Line& line) {
  const float least = frame.ui.px(6);
  const float a = std::clamp(line.x(frame.window.from), line.box.min.x, line.box.max.x - least);
  const float b = std::clamp(line.x(frame.window.to), a + least, line.box.max.x);
  return {a, b};
}

// Shows from `from` to `to`. Nothing left out: the whole trace, which then goes on growing.
void show(TimelineFrame& frame, const Line& line, Time from, Time to) {
  View& view = frame.view;
  if (view.follow) put_cursor(view, frame.scene, frame.scene.cursor);
  const Time least = 1'000;
  view.span = std::max(least, to - from);
  view.from = from;
  if (from <= line.from && to >= line.to) view.span = 0;
}

void drag(TimelineFrame& frame, const Line& line) {
  TimelineTools& tools = tools_of(frame.view);
  using Grip = TimelineTools::Grip;
  const float mouse = ImGui::GetIO().MousePos.x;
  const Time at = line.time(std::clamp(mouse, line.box.min.x, line.box.max.x));
  const Time from = frame.window.from, to = frame.window.to;
  if (ImGui::IsItemActivated()) {
    const auto [a, b] = frame_of(frame, line);
    const float grip = frame.ui.px(kGrip);
    frame.view.focus = Pane::timeline;
    tools.grip = std::abs(mouse - a) <= grip   ? Grip::left
                 : std::abs(mouse - b) <= grip ? Grip::right
                                               : Grip::frame;
    const bool outside = mouse < a || mouse > b;
    tools.grip_off = tools.grip == Grip::left    ? from - at
                     : tools.grip == Grip::right ? to - at
                     : outside                   ? -(to - from) / 2
                                                 : from - at;
    if (tools.grip == Grip::frame && outside) show(frame, line, at - (to - from) / 2, at + (to - from) / 2);
    return;
  }
  if (!ImGui::IsItemActive()) {
    tools.grip = Grip::none;
    return;
  }
  if (ImGui::GetIO().MouseDelta.x == 0) return;
  const Time least = std::max<Time>(1'000, line.time(line.box.min.x + 1) - line.from);
  if (tools.grip == Grip::left) show(frame, line, std::min(at + tools.grip_off, to - least), to);
  if (tools.grip == Grip::right) show(frame, line, from, std::max(at + tools.grip_off, from + least));
  if (tools.grip == Grip::frame) show(frame, line, at + tools.grip_off, at + tools.grip_off + (to - from));
}

}  // namespace overview

float overview_height(const ui::Ui& ui) {
  return ui.px(overview::kHigh + 2 * overview::kUnder);
}

void paint_overview(TimelineFrame& frame, const TimeWindow& whole, Rect where) {
  ui::Ui& ui = frame.ui;
  const ui::Theme& theme = ui.theme;
  ImDrawList* list = frame.list();
  list->AddRectFilled(where.min, where.max, theme.pane);
  list->AddRectFilled(where.min, {where.max.x, where.min.y + theme.hairline}, theme.line);
  const float top = where.min.y + ui.px(overview::kUnder);
  const overview::Line line{
      {{frame.plot.min.x, top}, {frame.plot.max.x, top + ui.px(overview::kHigh)}}, whole.from, whole.to};
  list->AddRectFilled(line.box.min, line.box.max, theme.sunk);
  overview::density(frame, line);
  overview::hits(frame, line);

  ui.area("overview", {line.box.min.x - ui.px(4), where.min.y}, {line.box.max.x + ui.px(4), where.max.y});
  const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemActive();
  overview::drag(frame, line);
  if (ImGui::IsItemHovered() && ImGui::GetIO().MouseWheel != 0) {
    const Time at = line.time(ImGui::GetIO().MousePos.x);
    zoom_timeline(frame.view, frame.window, std::clamp(at, frame.window.from, frame.window.to),
                  std::pow(0.8, static_cast<double>(ImGui::GetIO().MouseWheel)));
  }
  if (frame.view.span > 0 && ImGui::IsItemHovered() && !ImGui::IsItemActive())
    ui.tooltip(ui.tr("The whole trace. Drag the frame, or its ends."));

  const auto [a, b] = overview::frame_of(frame, line);
  const ImU32 veil = faded(theme.pane, 0.62f);
  list->AddRectFilled(line.box.min, {a, line.box.max.y}, veil);
  list->AddRectFilled({b, line.box.min.y}, line.box.max, veil);
  const float off = ui.px(2);
  list->AddRect({a, line.box.min.y - off}, {b, line.box.max.y + off},
                hovered ? theme.accent.fill : theme.ink2, 0, 0, ui.px(1.5f));
  const float cursor = line.x(frame.scene.cursor);
  if (cursor >= line.box.min.x && cursor <= line.box.max.x)
    list->AddRectFilled({cursor - ui.px(1), line.box.min.y - off}, {cursor + ui.px(1), line.box.max.y + off},
                        theme.accent.fill);
  const std::string words = ui.say("whole trace");
  if (ui.measure(ui.fonts.small, words).x <= frame.labels.width())
    text_in(ui, {{frame.labels.min.x, where.min.y}, {frame.labels.max.x, where.max.y}}, theme.ink3,
            ui.fonts.small, words);
}

}  // namespace sockscope
