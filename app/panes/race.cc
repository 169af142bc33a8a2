#include "panes/race.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "panes/clock_wake.h"
#include "panes/frame.h"
#include "panes/timeline_layout.h"
#include "ui/draw.h"

namespace sockscope {
namespace race {

constexpr float kNames = 168, kGap = 14, kHead = 38, kFoot = 22, kLeast = 22, kMost = 150;
constexpr float kAfterNow = 0.3f;  // of what is past the cursor is left

struct Chart {
  const char* title;                             // English
  const std::vector<RaceStep> RaceLane::*steps;  // nullptr: the clients
};

struct RacePen {
  ui::Ui& ui;
  const Scene& scene;
  View& view;
  ImDrawList* list;
  Time from, to, now;

  float x(const Rect& plot, Time at) const {
    const double share = static_cast<double>(at - from) / static_cast<double>(std::max<Time>(1, to - from));
    return plot.min.x + static_cast<float>(std::clamp(share, 0.0, 1.0)) * plot.width();
  }
};

std::uint64_t highest(const std::vector<const RaceLane*>& lanes,
                      const std::vector<RaceStep> RaceLane::*steps) {
  std::uint64_t most = 0;
  for (const RaceLane* lane : lanes)
    for (const RaceStep& one : lane->*steps) most = std::max(most, one.value);
  return most;
}

unsigned answered_by(const RaceLane& lane, Time now) {
  return static_cast<unsigned>(
      std::count_if(lane.runners.begin(), lane.runners.end(),
                    [&](const RaceRunner& one) { return one.answered >= 0 && one.answered <= now; }));
}

// The value stands until the next step; steps within one pixel are one, as high as the highest.
void draw_steps(const RacePen& pen, const Rect& plot, const std::vector<RaceStep>& steps, std::uint64_t top) {
  const ui::Theme& theme = pen.ui.theme;
  const auto y_of = [&](std::uint64_t value) {
    return plot.max.y -
           plot.height() * static_cast<float>(value) / static_cast<float>(std::max<std::uint64_t>(1, top));
  };
  const auto piece = [&](float x0, float x1, std::uint64_t value, bool past) {
    const float alpha = past ? 1 : kAfterNow;
    if (value > 0)
      pen.list->AddRectFilled({x0, y_of(value)}, {std::max(x1, x0 + 1), plot.max.y},
                              faded(theme.accent.tint, alpha));
    pen.list->AddRectFilled({x0, y_of(value) - pen.ui.px(1)},
                            {std::max(x1, x0 + pen.ui.px(1)), y_of(value) + pen.ui.px(0.5f)},
                            faded(theme.accent.fill, alpha));
  };
  const float cursor = pen.x(plot, pen.now);
  for (std::size_t i = 0; i < steps.size();) {
    if (steps[i].at > pen.to) break;
    const float x0 = pen.x(plot, steps[i].at);
    std::uint64_t value = steps[i].value;
    std::size_t next = i + 1;
    for (; next < steps.size() && pen.x(plot, steps[next].at) < x0 + 1; ++next)
      value = std::max(value, steps[next].value);
    const bool merged = next > i + 1;
    const float x1 = next < steps.size() ? pen.x(plot, steps[next].at) : plot.max.x;
    const float narrow = merged ? std::min(x1, x0 + 1) : x0;
    if (merged) piece(x0, narrow, value, x0 <= cursor);
    const std::uint64_t rest = steps[next - 1].value;
    const float middle = std::clamp(cursor, narrow, x1);
    if (middle > narrow) piece(narrow, middle, rest, true);
    if (x1 > middle) piece(middle, x1, rest, false);
    i = next;
  }
}

// A line for each client, from its connect to its answer.
void draw_clients(const RacePen& pen, const Rect& plot, const RaceLane& lane, std::size_t most) {
  const ui::Theme& theme = pen.ui.theme;
  const float pitch = plot.height() / static_cast<float>(std::max<std::size_t>(1, most));
  const float thick = std::clamp(pitch * 0.7f, 1.0f, pen.ui.px(4));
  float drawn = -1e9f;
  for (std::size_t i = 0; i < lane.runners.size(); ++i) {
    const RaceRunner& one = lane.runners[i];
    const float y = plot.min.y + pitch * (static_cast<float>(i) + 0.5f);
    if (y < drawn + 1) continue;  // more clients than pixels
    drawn = y;
    if (one.connects > pen.now && one.answered < 0) continue;
    const bool answered = one.answered >= 0 && one.answered <= pen.now;
    const Time until = answered ? one.answered : one.ended >= 0 ? std::min(one.ended, pen.now) : pen.now;
    const float x0 = pen.x(plot, one.connects), x1 = std::max(pen.x(plot, until), x0 + pen.ui.px(2));
    if (one.connects <= pen.now)
      pen.list->AddRectFilled({x0, y - thick / 2}, {x1, y + thick / 2},
                              answered ? theme.ok.fill : theme.warn.fill);
    if (!answered && one.answered > pen.now) {
      const float end = pen.x(plot, one.answered);
      pen.list->AddRectFilled({std::max(x1, pen.x(plot, pen.now)), y - thick / 2}, {end, y + thick / 2},
                              faded(theme.ok.fill, kAfterNow));
    }
  }
}

void draw_limit(const RacePen& pen, const Rect& plot, std::uint64_t limit, std::uint64_t top) {
  if (limit == 0 || limit > top) return;
  const float y = plot.max.y - plot.height() * static_cast<float>(limit) / static_cast<float>(top);
  ui::dashed_line(pen.list, {plot.min.x, y}, {plot.max.x, y}, pen.ui.theme.bad.fill, pen.ui.px(1.5f),
                  pen.ui.px(5), pen.ui.px(4));
}

std::string value_text(const std::vector<RaceStep> RaceLane::*steps, std::uint64_t value) {
  return steps == &RaceLane::memory ? fmt::format("{} KiB", value / 1024) : fmt::format("{}", value);
}

constexpr std::array<Chart, 6> kCharts{{{"Each client: connect to answer", nullptr},
                                        {"Accept queue", &RaceLane::queue},
                                        {"Being served", &RaceLane::busy},
                                        {"Threads", &RaceLane::threads},
                                        {"Memory of stacks", &RaceLane::memory},
                                        {"Context switches", &RaceLane::switches}}};

// The clients' chart is twice as wide; as many charts as have room.
std::vector<Rect> columns(const ui::Ui& ui, const Rect& area) {
  const float left = area.min.x + ui.px(kNames), wide = area.max.x - left;
  std::size_t count = kCharts.size();
  const auto width_of = [&](std::size_t charts) {
    return (wide - ui.px(kGap) * static_cast<float>(charts - 1)) / static_cast<float>(charts + 1);
  };
  while (count > 2 && width_of(count) < ui.px(96)) --count;
  const float unit = width_of(count);
  std::vector<Rect> out;
  float x = left;
  for (std::size_t i = 0; i < count; ++i) {
    const float its = i == 0 ? 2 * unit : unit;
    out.push_back(rect(x, area.min.y, its, area.height()));
    x += its + ui.px(kGap);
  }
  return out;
}

void draw_names(const RacePen& pen, const Rect& box, const RaceLane& lane) {
  ui::Ui& ui = pen.ui;
  float y = box.min.y;
  const auto line = [&](ImU32 colour, ImFont* font, const std::string& text) {
    const float high = ui.line_height(font);
    if (y + high > box.max.y + 1) return;
    text_in(ui, rect(box.min.x, y, box.width(), high), colour, font, text);
    y += high + ui.px(2);
  };
  if (box.height() < ui.line_height(ui.fonts.name)) {
    text_in(ui, box, ui.theme.ink, ui.fonts.label, lane.name);
    y = box.max.y;
  } else {
    line(ui.theme.ink, ui.fonts.name, lane.name);
  }
  line(ui.theme.ink2, ui.fonts.label,
       ui.say("{0} of {1} answered", answered_by(lane, pen.now), lane.clients));
  if (lane.name != lane.model) line(ui.theme.ink3, ui.fonts.label, lane.model);
  if (lane.to >= 0 && lane.to <= pen.now)
    line(ui.theme.ok.text, ui.fonts.label, ui.say("all done in {0}", ui::duration_text(lane.to - lane.from)));
  if (ui.area(("race-" + lane.name).c_str(), box.min, box.max))
    pen.view.selection = {Selection::Kind::server, lane.server, 0};
}

void draw_axis(const RacePen& pen, const Rect& column, float bottom, bool labels) {
  const Axis axis = timeline_axis(0, pen.to - pen.from, column.width(), pen.ui.px(70));
  for (const AxisMark& mark : axis.marks) {
    const float x = pen.x(column, pen.from + mark.at);
    pen.list->AddRectFilled({x, bottom}, {x + pen.ui.px(1), bottom + pen.ui.px(4)}, pen.ui.theme.line2);
    const float wide = pen.ui.measure(pen.ui.fonts.label, mark.label).x;
    const float at = std::clamp(x - wide / 2, column.min.x, column.max.x - wide);
    if (labels) pen.ui.text({at, bottom + pen.ui.px(5)}, pen.ui.theme.ink3, pen.ui.fonts.label, mark.label);
  }
}

void draw_cursor(const RacePen& pen, const Rect& plot) {
  if (pen.now < pen.from || pen.now > pen.to) return;
  const float x = pen.x(plot, pen.now);
  pen.list->AddRectFilled({x, plot.min.y}, {x + pen.ui.px(1.5f), plot.max.y}, pen.ui.theme.accent.fill);
}

void draw_chart(const RacePen& pen, const Rect& plot, const Chart& chart, const RaceLane& lane,
                std::size_t most, std::uint64_t top) {
  pen.list->AddRectFilled(plot.min, plot.max, pen.ui.theme.sunk, pen.ui.px(2));
  if (chart.steps == nullptr) {
    draw_clients(pen, plot, lane, most);
    draw_cursor(pen, plot);
  } else {
    draw_steps(pen, plot, lane.*chart.steps, top);
    draw_cursor(pen, plot);
    if (chart.steps == &RaceLane::queue) draw_limit(pen, plot, std::uint64_t{lane.limit} + 1, top);
    const std::string text = value_text(chart.steps, value_at(lane.*chart.steps, pen.now));
    const ImVec2 size = pen.ui.measure(pen.ui.fonts.mono_small, text);
    pen.list->AddRectFilled({plot.max.x - size.x - pen.ui.px(6), plot.min.y},
                            {plot.max.x, plot.min.y + size.y + pen.ui.px(2)}, faded(pen.ui.theme.sunk, 0.8f));
    pen.ui.text({plot.max.x - size.x - pen.ui.px(3), plot.min.y + pen.ui.px(1)}, pen.ui.theme.ink,
                pen.ui.fonts.mono_small, text);
  }
}

}  // namespace race

Race& race_of(View& view, const Scene& scene) {
  if (!view.race) view.race = std::make_shared<Race>();
  view.race->extend(scene.trace);
  return *view.race;
}

bool shows_race(View& view, const Scene& scene) {
  const bool there = !race_of(view, scene).lanes().empty();
  return there && view.show_race.value_or(view.race->is_one());
}

void draw_race(ui::Ui& ui, const Scene& scene, View& view, Rect area) {
  const Race& its = race_of(view, scene);
  const auto lanes = its.lanes();
  const Time end = scene.live && view.follow ? std::max(scene.now, scene.cursor) : scene.cursor;
  race::RacePen pen{
      ui, scene, view, ImGui::GetWindowDrawList(), its.from(), its.to(std::max(scene.trace.end(), end)), end};
  if (scene.live && pen.to > end - kSecond) wake_for_clock(ui, scene, view, end - pen.from);
  const float foot = ui.px(race::kFoot), gap = ui.px(6);
  // Where all would not fit, the charts have one line of title.
  const float all = ui.px(race::kLeast) * static_cast<float>(lanes.size());
  const bool short_titles = area.height() - ui.px(race::kHead) - foot < all;
  const float head = short_titles ? ui.px(race::kHead) / 2 : ui.px(race::kHead);
  const float room = area.height() - head - foot;
  const auto fitting = static_cast<std::size_t>(std::max(1.0f, room / ui.px(race::kLeast)));
  const std::size_t shown = std::min(lanes.size(), fitting);
  const float high = std::min(room / static_cast<float>(shown), ui.px(race::kMost));
  std::size_t most = 1;
  for (const RaceLane* lane : lanes)
    most = std::max<std::size_t>({most, lane->runners.size(), lane->clients});
  const auto columns = race::columns(ui, area);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const race::Chart& chart = race::kCharts[c];
    const std::uint64_t top = chart.steps == nullptr ? 0 : race::highest(lanes, chart.steps);
    Rect title = rect(columns[c].min.x, area.min.y, columns[c].width(), ui.px(race::kHead) / 2);
    text_in(ui, title, ui.theme.ink, ui.fonts.label, ui.tr(chart.title));
    title.min.y = title.max.y;
    title.max.y = area.min.y + head - ui.px(2);
    if (!short_titles)
      text_in(ui, title, ui.theme.ink3, ui.fonts.label,
              chart.steps == nullptr ? ui.say("yellow: it waits")
                                     : ui.say("at most {0}", race::value_text(chart.steps, top)));
    for (std::size_t i = 0; i < shown; ++i) {
      const float y = area.min.y + head + high * static_cast<float>(i);
      const Rect plot{{columns[c].min.x, y}, {columns[c].max.x, y + high - gap}};
      race::draw_chart(pen, plot, chart, *lanes[i], most, std::max<std::uint64_t>(top, 1));
    }
    race::draw_axis(pen, columns[c], area.min.y + head + high * static_cast<float>(shown) - gap, true);
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const float y = area.min.y + head + high * static_cast<float>(i);
    race::draw_names(pen, rect(area.min.x, y, ui.px(race::kNames - 12), high - gap), *lanes[i]);
  }
  if (shown < lanes.size())
    text_in(ui, rect(area.min.x, area.max.y - foot, ui.px(race::kNames), foot), ui.theme.ink2, ui.fonts.label,
            ui.say("and {0} more servers", lanes.size() - shown));
}

}  // namespace sockscope
