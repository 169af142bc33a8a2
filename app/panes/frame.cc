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

namespace wrap {

// Length of the UTF-8 character at `at`.
std::size_t step(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
  return next - at;
}

// Where the first line ends: after the last space or wide character that fits, at least one character on.
std::size_t line_end(const ui::Ui& ui, ImFont* font, std::string_view text, float width) {
  std::size_t fits = 0, breakable = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = step(text, at);
    if (text[at] == '\n') return at;
    if (text[at] == ' ') breakable = at;
    if (at > 0 && ui.measure(font, text.substr(0, at + length)).x > width) break;
    at += length;
    fits = at;
    if (length > 1) breakable = at;
  }
  if (fits == text.size()) return fits;
  return breakable > 0 ? breakable : fits;
}

}  // namespace wrap

float text_wrapped(ui::Ui& ui, ImVec2 at, ImU32 colour, ImFont* font, std::string_view text, float width) {
  const float top = at.y;
  const float pitch = ui.line_height(font) * 1.35f;
  while (!text.empty()) {
    const std::size_t end = std::max<std::size_t>(wrap::line_end(ui, font, text, width), 1);
    ui.text(at, colour, font, text.substr(0, end), width);
    at.y += pitch;
    text.remove_prefix(end);
    if (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  }
  return at.y - top;
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
  ui.tooltip(view.maximised == pane ? ui.tr("Back to its place (F11)") : ui.tr("Fill the window (F11)"));
  icon::corners(list, shrink(box, ui.px(9)), over ? ui.theme.ink : ui.theme.ink2, ui.px(1.2f),
                view.maximised == pane);
  return {{where.min.x, where.min.y + high}, where.max};
}

}  // namespace sockscope
