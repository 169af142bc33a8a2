#include "panes/frame.h"

#include <algorithm>

#include "panes/icons.h"
#include "ui/draw.h"

namespace sockscope {

Rect shrink(Rect box, float by) {
  return {{box.min.x + by, box.min.y + by}, {box.max.x - by, box.max.y - by}};
}
bool contains(Rect outer, Rect inner) {
  return inner.min.x >= outer.min.x - 0.5f && inner.min.y >= outer.min.y - 0.5f &&
         inner.max.x <= outer.max.x + 0.5f && inner.max.y <= outer.max.y + 0.5f;
}
bool overlap(Rect a, Rect b) {
  return a.min.x < b.max.x - 0.5f && b.min.x < a.max.x - 0.5f && a.min.y < b.max.y - 0.5f &&
         b.min.y < a.max.y - 0.5f;
}

ImVec2 text_in(ui::Ui& ui, Rect box, ImU32 colour, ImFont* font, std::string_view text, Align align) {
  if (text.empty() || box.width() < ui.px(6)) return {0, 0};
  const ImVec2 size = ui.measure(font, text);
  const float spare = std::max(0.0f, box.width() - size.x);
  const float x = box.min.x + (align == Align::left ? 0 : align == Align::right ? spare : spare / 2);
  const float y = box.min.y + (box.height() - size.y) / 2;
  return ui.text({x, y}, colour, font, text, box.width());
}

std::string fitting(const ui::Ui& ui, ImFont* font, float width, std::initializer_list<std::string> says) {
  for (const std::string& words : says) {
    if (ui.measure(font, words).x <= width) return words;
  }
  return says.size() == 0 ? std::string() : *(says.end() - 1);
}

ImVec2 button_size(const ui::Ui& ui, std::string_view english) {
  return {ui.measure(ui.fonts.body, ui.tr(english)).x + ui.px(24), ui.px(28)};
}

bool button_at(ui::Ui& ui, ImVec2& at, const char* key, std::string_view english, bool primary,
               bool from_right) {
  const ImVec2 size = button_size(ui, english);
  if (from_right) at.x -= size.x;
  ImGui::SetCursorScreenPos(at);
  const bool pressed = ui.button(key, english, primary, size);
  at.x += from_right ? -ui.px(8) : size.x + ui.px(8);
  return pressed;
}

bool link_at(ui::Ui& ui, ImVec2& at, const char* key, std::string_view english, bool from_right) {
  const float width = ui.measure(ui.fonts.body, ui.tr(english)).x;
  if (from_right) at.x -= width;
  ImGui::SetCursorScreenPos(at);
  const bool pressed = ui.link(key, english);
  at.x += from_right ? -ui.px(20) : width + ui.px(20);
  return pressed;
}

ImU32 faded(ImU32 colour, float alpha) {
  const auto a = static_cast<ImU32>(static_cast<float>(colour >> IM_COL32_A_SHIFT) * alpha);
  return (colour & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

const char* key_of(Pane pane) {
  switch (pane) {
    case Pane::stage:
      return "stage";
    case Pane::timeline:
      return "timeline";
    case Pane::lesson:
      return "lesson";
    case Pane::code:
      return "code";
    case Pane::details:
      return "details";
    case Pane::console:
      return "console";
    case Pane::new_socket:
      return "new-socket";
    case Pane::narration:
      return "narration";
    case Pane::states:
      return "states";
    case Pane::ladder:
      return "ladder";
    case Pane::none:
      break;
  }
  return "none";
}

Rect pane_frame(ui::Ui& ui, View& view, Pane pane, std::string_view title, std::string_view subtitle,
                Rect where) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(where.min, where.max, pane == Pane::stage ? ui.theme.paper : ui.theme.pane);
  const float pad = ui.px(pane == Pane::lesson || pane == Pane::code || pane == Pane::details ? 20 : 16);
  const float high = ui.px(kPaneHeader);
  const float icon = ui.px(28);
  const float right = where.max.x - pad - icon;
  Rect line{{where.min.x + pad, where.min.y}, {right, where.min.y + high}};
  line.min.x += text_in(ui, line, ui.theme.ink, ui.fonts.name, title).x + ui.px(12);
  text_in(ui, line, ui.theme.ink2, ui.fonts.label, subtitle);
  if (view.focus == pane && ImGui::GetIO().NavVisible) {
    list->AddRectFilled({where.min.x, where.min.y + ui.px(8)},
                        {where.min.x + ui.px(3), where.min.y + high - ui.px(8)}, ui.theme.accent.fill);
  }
  const ui::Scope scope(ui, key_of(pane));
  const Rect box = rect(where.max.x - ui.px(8) - icon, where.min.y + (high - icon) / 2, icon, icon);
  if (ui.area("maximise", box.min, box.max)) view.maximised = view.maximised == pane ? Pane::none : pane;
  const bool over = ImGui::IsItemHovered();
  ui.tooltip(view.maximised == pane ? ui.tr("Back to its place (Shift F11)")
                                    : ui.tr("Fill the window (Shift F11)"));
  icon::corners(list, shrink(box, ui.px(9)), over ? ui.theme.ink : ui.theme.ink2, ui.px(1.2f),
                view.maximised == pane);
  return {{where.min.x, where.min.y + high}, where.max};
}

}  // namespace sockscope
