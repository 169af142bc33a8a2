// Hosts and servers as groups of lanes: their names, what folds them away, and what is still told of them
// then.
#include <algorithm>

#include "panes/icons.h"
#include "panes/timeline_tools.h"

namespace sockscope {
namespace folds {

std::uint32_t number_of(const TimelineRow& row) {
  return row.kind == TimelineRow::Kind::host ? kHostFold | row.id : row.id;
}

bool take_out(std::vector<std::uint32_t>& from, std::uint32_t one) {
  const auto found = std::find(from.begin(), from.end(), one);
  if (found == from.end()) return false;
  from.erase(found);
  return true;
}

}  // namespace folds

bool is_folded(const View& view, const TimelineRow& row) {
  if (!view.tools) return false;
  const std::vector<std::uint32_t>& folded = view.tools->folded;
  return std::find(folded.begin(), folded.end(), folds::number_of(row)) != folded.end();
}

bool unfold_lane(View& view, const TimelineIndex& index, const ThreadLane& lane) {
  TimelineTools& tools = tools_of(view);
  const auto place = [](const std::vector<LaneGroup>& groups, const std::string& name) {
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const LaneGroup& group) { return group.name == name; });
    return static_cast<std::uint32_t>(found - groups.begin());
  };
  bool changed = folds::take_out(tools.folded, kHostFold | place(index.hosts(), lane.host));
  if (lane.server.empty()) return changed;
  const std::uint32_t group = place(index.groups(), lane.server);
  if (folds::take_out(tools.folded, group)) changed = true;
  if (std::find(view.unfolded.begin(), view.unfolded.end(), group) != view.unfolded.end()) return changed;
  view.unfolded.push_back(group);
  return true;
}

void label_host(TimelineFrame& frame, std::size_t row) {
  ui::Ui& ui = frame.ui;
  const LaneGroup& host = frame.lanes.index.hosts()[frame.lanes.rows[row].id];
  const float y = frame.row_y(row), high = frame.lanes.rows[row].height;
  frame.list()->AddRectFilled({frame.where.min.x, y + ui.theme.hairline}, {frame.where.max.x, y + high},
                              ui.theme.sunk);
  const float side = ui.px(13);
  icon::desk(frame.list(), rect(frame.labels.min.x, y + (high - side) / 2, side, side), ui.theme.ink2,
             ui.px(1.2f));
  Rect box{{frame.labels.min.x + side + ui.px(6), y}, {frame.plot.max.x, y + high}};
  box.min.x += text_in(ui, box, ui.theme.ink, ui.fonts.name, host.name).x + ui.px(10);
  for (const HostState& one : frame.scene.end.hosts()) {
    if (one.id != 0 && one.name == host.name)
      text_in(ui, box, ui.theme.ink2, ui.fonts.small, host_of(one.address));
  }
}

void label_folded_group(TimelineFrame& frame, std::size_t row) {
  const TimelineRow& its = frame.lanes.rows[row];
  const bool host = its.kind == TimelineRow::Kind::folded_host;
  const LaneGroup& group = host ? frame.lanes.index.hosts()[its.id] : frame.lanes.index.groups()[its.id];
  std::size_t blocked = 0, threads = 0;
  for (const ThreadId id : group.threads) {
    // A server's accepting thread has a lane of its own.
    if (!host && frame.lanes.index.thread(id)->role == ThreadRole::accept) continue;
    ++threads;
    const ThreadState* thread = frame.scene.state.thread(id);
    if (thread != nullptr && thread->blocked) ++blocked;
  }
  const float y = frame.row_y(row), half = its.height / 2;
  const Rect upper{{frame.labels.min.x, y}, {frame.labels.max.x, y + half}};
  text_in(frame.ui, upper, frame.ui.theme.ink, frame.ui.fonts.label, frame.ui.say("{0} threads", threads));
  text_in(frame.ui, {{upper.min.x, y + half}, {upper.max.x, y + 2 * half}}, frame.ui.theme.ink2,
          frame.ui.fonts.small, frame.ui.say("{0} blocked", blocked));
}

// What failed in lanes that are folded away, along the top of their row.
void paint_failures(TimelineFrame& frame) {
  const float wide = frame.ui.px(3), tall = frame.ui.px(9);
  for (const TimelineTick& tick : frame.layout.failures) {
    const float x = frame.x(tick.x), y = frame.row_y(tick.row) + frame.ui.px(2);
    frame.list()->AddRectFilled({x, y}, {x + wide, y + tall}, frame.ui.theme.bad.fill);
  }
}

void fold_area(TimelineFrame& frame, std::size_t row) {
  const TimelineRow& its = frame.lanes.rows[row];
  const bool host = its.kind == TimelineRow::Kind::host;
  if (!host && its.kind != TimelineRow::Kind::group) return;
  ui::Ui& ui = frame.ui;
  const float y = frame.row_y(row), middle = y + its.height / 2;
  if (middle < frame.axis_y || middle > frame.plot.max.y) return;
  const std::string key = fmt::format("fold-{}-{}", host ? "host" : "group", its.id);
  const Rect box{{frame.where.min.x, y}, {frame.labels.min.x - ui.px(1), y + its.height}};
  const bool pressed = ui.area(key.c_str(), box.min, box.max);
  const bool over = ImGui::IsItemHovered();
  ui.tooltip(is_folded(frame.view, its) ? ui.tr("Shows its lanes") : ui.tr("Folds its lanes into one"));
  const ImU32 colour = over ? ui.theme.ink : ui.theme.ink3;
  const float x = box.min.x + ui.px(8), r = ui.px(3.5f);
  if (is_folded(frame.view, its)) {
    frame.list()->AddTriangleFilled({x - r * 0.7f, middle - r}, {x + r, middle}, {x - r * 0.7f, middle + r},
                                    colour);
  } else {
    frame.list()->AddTriangleFilled({x - r, middle - r * 0.7f}, {x + r, middle - r * 0.7f}, {x, middle + r},
                                    colour);
  }
  if (!pressed) return;
  std::vector<std::uint32_t>& folded = tools_of(frame.view).folded;
  if (!folds::take_out(folded, folds::number_of(its))) folded.push_back(folds::number_of(its));
}

}  // namespace sockscope
