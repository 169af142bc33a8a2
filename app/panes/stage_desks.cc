// The desks of several computers, put where the person wants them.
#include <algorithm>

#include "panes/frame.h"
#include "panes/stage_hosts.h"

namespace sockscope {

namespace desks {

bool is_over(Rect box, ImVec2 at) {
  return at.x >= box.min.x && at.x < box.max.x && at.y >= box.min.y && at.y < box.max.y;
}

std::size_t place_of(const HostsLayout& layout, const std::string& host) {
  const auto found = std::find_if(layout.desks.begin(), layout.desks.end(),
                                  [&](const HostsLayout::Desk& desk) { return desk.host == host; });
  return static_cast<std::size_t>(found - layout.desks.begin());
}

void move(View& view, const HostsLayout& shown, std::size_t from, std::size_t to) {
  // Hosts that are not here now keep their places behind those that are.
  std::vector<std::string> order;
  for (const HostsLayout::Desk& desk : shown.desks) order.push_back(desk.host);
  const std::string moved = order[from];
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), moved);
  for (const std::string& known : view.desks)
    if (std::find(order.begin(), order.end(), known) == order.end()) order.push_back(known);
  view.desks = std::move(order);
}

// Where the desk in hand would go, and its name at the mouse.
void draw_in_hand(StagePen& pen, Rect target, const std::string& host) {
  ImGui::GetForegroundDrawList()->AddRect(target.min, target.max, pen.ui.theme.accent.fill, pen.ui.px(6), 0,
                                          pen.ui.px(2));
  drag_caption(pen.ui, host);
}

}  // namespace desks

void drag_desk(StagePen& pen, const HostsLayout& shown, const std::string& host) {
  constexpr float kDrag = 6;
  if (shown.desks.size() < 2) return;
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const bool held = ImGui::IsItemActive(), let_go = ImGui::IsItemDeactivated();
  if (!held && !let_go) return;
  const float far = pen.ui.px(kDrag);
  if (ImGui::GetIO().MouseDragMaxDistanceSqr[0] < far * far) return;
  const std::size_t from = desks::place_of(shown, host);
  const ImVec2 mouse = ImGui::GetMousePos();
  const auto over = std::find_if(shown.desks.begin(), shown.desks.end(), [&](const HostsLayout::Desk& desk) {
    return desks::is_over(desk.box, mouse);
  });
  const bool elsewhere = over != shown.desks.end() && over->host != host;
  if (held) {
    desks::draw_in_hand(pen, elsewhere ? over->box : shown.desks[from].box, host);
  } else if (elsewhere) {
    desks::move(pen.view, shown, from, static_cast<std::size_t>(over - shown.desks.begin()));
    pen.view.hints.done(Hint::drag_desk);
  }
}

bool desks_moved(const View& view) {
  return !view.desks.empty();
}

void put_desks_back(View& view) {
  view.desks.clear();
}

}  // namespace sockscope
