#include "panes/scroll.h"

#include <algorithm>

#include "ui/compat.h"

namespace sockscope {

void scroll_by_keys(const ui::Ui& ui, const View& view, Pane pane) {
  if (view.focus != pane || ui::typing()) return;
  const float page = ImGui::GetWindowHeight() * 0.8f;
  float by = 0;
  if (ui::plain_pressed(ui::Key::down, true)) by += ui.px(40);
  if (ui::plain_pressed(ui::Key::up, true)) by -= ui.px(40);
  if (ui::plain_pressed(ui::Key::page_down, true)) by += page;
  if (ui::plain_pressed(ui::Key::page_up, true)) by -= page;
  if (by != 0) ImGui::SetScrollY(std::clamp(ImGui::GetScrollY() + by, 0.0f, ImGui::GetScrollMaxY()));
}

}  // namespace sockscope
