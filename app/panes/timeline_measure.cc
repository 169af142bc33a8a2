// Measuring: from one point of the timeline to another, and what lies between.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "panes/timeline_tools.h"
#include "ui/draw.h"

namespace sockscope {
namespace measuring {

constexpr float kSnap = 6;  // pixels: so near to the end of a bar it is the bar's end

// How many packets were sent at or before t.
std::size_t sent_by(const Packets& packets, Time t) {
  std::size_t low = 0, high = packets.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    (packets[middle].sent <= t ? low : high) = packets[middle].sent <= t ? middle + 1 : middle;
  }
  return low;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} B", bytes);
  if (bytes < 10'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

struct Snap {
  float off;
  Time at;
};
void snap_to(Snap& best, float mouse, float edge, Time at) {
  if (std::abs(mouse - edge) >= best.off) return;
  best = {std::abs(mouse - edge), at};
}

// The time under the pointer, or where a bar or a state of this row begins or ends when that is near.
Time time_under(const TimelineFrame& frame, std::optional<std::size_t> row) {
  const float mouse = std::clamp(ImGui::GetIO().MousePos.x - frame.plot.min.x, 0.0f, frame.plot.width());
  Snap best{frame.ui.px(kSnap), frame.window.time_of(mouse)};
  if (!row) return best.at;
  for (const TimelineBar& bar : frame.layout.bars) {
    if (bar.row != *row) continue;
    const Spans& calls = frame.lanes.index.thread(frame.lanes.rows[*row].id)->calls;
    const Span& last = calls[bar.first + bar.count - 1];
    snap_to(best, mouse, bar.x0, calls[bar.first].t0);
    if (last.t1 != kOpen) snap_to(best, mouse, frame.window.x_of(last.t1), last.t1);
  }
  for (const TimelineBand& band : frame.layout.bands) {
    if (band.row != *row) continue;
    snap_to(best, mouse, band.x0, frame.lanes.index.socket(frame.lanes.rows[*row].id)->states[band.first].t0);
  }
  return best.at;
}

void card(TimelineFrame& frame, float x0, float x1, Time from, Time to) {
  ui::Ui& ui = frame.ui;
  const std::vector<std::string> says = measured_words(ui, frame.scene, frame.lanes.index, from, to);
  ImFont* font = ui.fonts.label;
  std::string words = says.back();
  for (auto i = says.rbegin(); i != says.rend(); ++i) {
    if (ui.measure(font, *i).x + ui.px(24) <= frame.plot.width()) words = *i;
  }
  const ImVec2 size = ui.measure(font, words);
  const float wide = size.x + ui.px(20), tall = ui.px(26);
  const float middle = (std::clamp(x0, frame.plot.min.x, frame.plot.max.x) +
                        std::clamp(x1, frame.plot.min.x, frame.plot.max.x)) /
                       2;
  const float left = std::clamp(middle - wide / 2, frame.plot.min.x, frame.plot.max.x - wide);
  const Rect box = rect(left, frame.plot.max.y - tall - ui.px(8), wide, tall);
  frame.list()->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  frame.list()->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(4), 0, ui.px(1.5f));
  text_in(ui, box, ui.theme.ink, font, words, Align::centre);
}

}  // namespace measuring

std::vector<std::string> measured_words(const ui::Ui& ui, const Scene& scene, const TimelineIndex& index,
                                        Time from, Time to) {
  if (to < from) std::swap(from, to);
  const std::string length = ui::duration_text(to - from);
  const std::uint64_t calls = index.calls_between(from, to);
  const Packets& packets = scene.end.packets();
  const std::size_t sent = measuring::sent_by(packets, to) - measuring::sent_by(packets, from - 1);
  std::string all = length + " · " + ui.say("calls: {0}", calls);
  std::vector<std::string> says{length, all};
  if (!packets.empty()) says.push_back(all += " · " + ui.say("packets: {0}", sent));
  says.push_back(all + " · " + ui.say("sent: {0}", measuring::bytes_text(index.bytes_between(from, to))));
  std::reverse(says.begin(), says.end());
  return says;
}

void measure_at_cursor(View& view, const Scene& scene) {
  using End = TimelineTools::Measure::End;
  std::optional<TimelineTools::Measure>& measure = tools_of(view).measure;
  if (measure && measure->end == End::with_cursor) {
    measure->to = scene.cursor;
    measure->end = End::put;
    return;
  }
  measure = TimelineTools::Measure{scene.cursor, scene.cursor, End::with_cursor};
}

bool measure_by_mouse(TimelineFrame& frame, std::optional<std::size_t> row) {
  using End = TimelineTools::Measure::End;
  std::optional<TimelineTools::Measure>& measure = tools_of(frame.view).measure;
  const bool here = ImGui::GetIO().MousePos.x >= frame.plot.min.x;
  if (ImGui::IsItemActivated() && ImGui::IsMouseClicked(0) && ImGui::GetIO().KeyShift && here) {
    const Time at = measuring::time_under(frame, row);
    measure = TimelineTools::Measure{at, at, End::with_mouse};
    frame.view.focus = Pane::timeline;
    return true;
  }
  if (!measure || measure->end != End::with_mouse) return false;
  if (ImGui::IsItemActive()) {
    measure->to = measuring::time_under(frame, row);
    return true;
  }
  if (!ImGui::IsItemDeactivated()) return false;
  measure->end = End::put;
  if (measure->from == measure->to) measure.reset();
  return true;
}

void paint_measure(TimelineFrame& frame) {
  std::optional<TimelineTools::Measure>& measure = tools_of(frame.view).measure;
  if (!measure) return;
  if (measure->end == TimelineTools::Measure::End::with_cursor) measure->to = frame.scene.cursor;
  const float a = frame.window.x_of(std::min(measure->from, measure->to)),
              b = frame.window.x_of(std::max(measure->from, measure->to));
  if (b < 0 || a > frame.plot.width()) return;
  const ui::Theme& theme = frame.ui.theme;
  const float x0 = frame.x(std::max(a, 0.0f)), x1 = frame.x(std::min(b, frame.plot.width()));
  frame.list()->AddRectFilled({x0, frame.axis_y}, {x1, frame.plot.max.y}, faded(theme.accent.fill, 0.13f));
  const float half = frame.ui.px(0.75f);
  for (const float x : {a, b}) {
    if (x < 0 || x > frame.plot.width()) continue;
    frame.list()->AddRectFilled({frame.x(x) - half, frame.axis_y}, {frame.x(x) + half, frame.plot.max.y},
                                theme.accent.fill);
  }
  const float y = frame.plot.max.y - frame.ui.px(21);
  frame.list()->AddRectFilled({x0, y - half}, {x1, y + half}, theme.accent.fill);
  measuring::card(frame, x0, x1, measure->from, measure->to);
}

}  // namespace sockscope
