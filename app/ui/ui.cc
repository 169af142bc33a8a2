#include "ui/ui.h"

#include <imgui_internal.h>

#include <algorithm>

#include "ui/compat.h"

namespace sockscope::ui {
namespace {

constexpr float kTooltipDelay = 0.4f;
constexpr float kControlHeight = 28;

// ImGui's label for a text whose id is the key alone.
std::string label(std::string_view text, const char* key) {
  std::string out(text);
  out += "###";
  out += key;
  return out;
}

class Coloured {  // pops what it pushed
 public:
  ~Coloured() {
    ImGui::PopStyleColor(colours_);
    ImGui::PopStyleVar(vars_);
  }
  Coloured() = default;
  Coloured(const Coloured&) = delete;
  Coloured& operator=(const Coloured&) = delete;
  void colour(ImGuiCol what, ImU32 value) {
    ImGui::PushStyleColor(what, value);
    ++colours_;
  }
  void var(ImGuiStyleVar what, float value) {
    ImGui::PushStyleVar(what, value);
    ++vars_;
  }
  void var(ImGuiStyleVar what, ImVec2 value) {
    ImGui::PushStyleVar(what, value);
    ++vars_;
  }

 private:
  int colours_ = 0, vars_ = 0;
};

bool press_key() {
  return !typing() &&
         (plain_pressed(Key::space) || plain_pressed(Key::enter) || plain_pressed(Key::keypad_enter));
}

}  // namespace

void Record::begin() {
  ++frame;
  texts.clear();
  cut.clear();
  drawn.clear();
}

std::string Ui::path(const char* key) const {
  std::string out;
  for (const std::string& part : scope_) {
    out += part;
    out += '/';
  }
  return out + key;
}

void Ui::say_drawn(std::string_view what) {
  if (record != nullptr && record->on) record->texts.emplace_back(what);
  if (seen != nullptr) (*seen)(what);
}

Ui::Pressed Ui::reach(const char* key, bool is_text) {
  Pressed pressed;
  if (record == nullptr && ring == nullptr) return pressed;
  pressed.path = path(key);
  if (ring != nullptr) {
    pressed.focused = ring->stop(pressed.path, is_text);
    pressed.by_key = pressed.focused && !is_text && press_key();
  }
  return pressed;
}

void Ui::outline(ImVec2 min, ImVec2 max) const {
  const float gap = px(3);
  ImGui::GetWindowDrawList()->AddRect({min.x - gap, min.y - gap}, {max.x + gap, max.y + gap},
                                      theme.accent.fill, px(5), 0, px(2));
}

bool Ui::finish(const Pressed& pressed, bool clicked, std::string value) {
  last_focused_ = pressed.focused && ring->shown();
  if (ring != nullptr) {
    if (clicked) ring->clicked(pressed.path);
    if (pressed.focused && ring->arrived(pressed.path) && !ImGui::IsItemVisible())
      ImGui::SetScrollHereY(0.5f);
  }
  if (last_focused_) outline(ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  if (record != nullptr && record->on) {
    if (record->scroll_to == pressed.path) {
      ImGui::SetScrollHereY(0.5f);
      record->scroll_to.clear();
    }
    Item item;
    item.min = ImGui::GetItemRectMin();
    item.max = ImGui::GetItemRectMax();
    item.visible = ImGui::IsItemVisible();
    item.hovered = ImGui::IsItemHovered();
    item.active = ImGui::IsItemActive();
    item.focused = pressed.focused;
    item.frame = record->frame;
    item.value = std::move(value);
    record->items[pressed.path] = std::move(item);
  }
  return clicked || pressed.by_key;
}

void Ui::note(const char* key, std::string value) {
  if (record == nullptr || !record->on) return;
  Pressed pressed;
  pressed.path = path(key);
  finish(pressed, false, std::move(value));
}

bool Ui::plain_button(const char* key, const std::string& shown, bool primary, ImVec2 size) {
  const Pressed pressed = reach(key, false);
  Coloured style;
  style.colour(ImGuiCol_Button, primary ? theme.accent.fill : theme.raised);
  style.colour(ImGuiCol_ButtonHovered, primary ? theme.accent.text : theme.hover);
  style.colour(ImGuiCol_ButtonActive, primary ? theme.accent.text : theme.accent.tint);
  style.colour(ImGuiCol_Text, primary ? theme.on_accent : theme.ink);
  style.colour(ImGuiCol_Border, primary ? theme.accent.fill : theme.line2);
  style.var(ImGuiStyleVar_FramePadding, {px(10), px(5)});
  if (size.y == 0) size.y = px(kControlHeight);
  push_font(fonts.label);
  const bool clicked = ImGui::Button(label(shown, key).c_str(), size);
  ImGui::PopFont();
  say_drawn(shown);
  return finish(pressed, clicked, shown);
}

bool Ui::button(const char* key, std::string_view english, bool primary, ImVec2 size) {
  return plain_button(key, std::string(tr(english)), primary, size);
}

bool Ui::button_text(const char* key, std::string_view shown, bool primary, ImVec2 size) {
  return plain_button(key, std::string(shown), primary, size);
}

bool Ui::link(const char* key, std::string_view english) {
  return link_text(key, tr(english));
}

bool Ui::link_text(const char* key, std::string_view shown) {
  const Pressed pressed = reach(key, false);
  const ImVec2 extent = measure(fonts.label, shown);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton(key, {std::max(extent.x, 1.0f), std::max(extent.y, 1.0f)});
  text(at, theme.accent.text, fonts.label, shown);
  if (ImGui::IsItemHovered()) {
    ImGui::GetWindowDrawList()->AddLine({at.x, at.y + extent.y}, {at.x + extent.x, at.y + extent.y},
                                        theme.accent.text, px(1));
  }
  return finish(pressed, clicked, std::string(shown));
}

bool Ui::selectable(const char* key, std::string_view shown, bool selected, ImVec2 size) {
  const Pressed pressed = reach(key, false);
  const bool clicked = ImGui::Selectable(label(shown, key).c_str(), selected, 0, size);
  say_drawn(shown);
  return finish(pressed, clicked, selected ? "1" : "0");
}

bool Ui::checkbox(const char* key, std::string_view english, bool* value) {
  const Pressed pressed = reach(key, false);
  Coloured style;
  style.var(ImGuiStyleVar_FramePadding, {px(2), px(1)});
  push_font(fonts.label);
  // As high as a button beside it, though its box is smaller.
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float spare = px(kControlHeight) - ImGui::GetFrameHeight();
  ImGui::SetCursorScreenPos({at.x, at.y + std::max(spare, 0.0f) / 2});
  const bool clicked = ImGui::Checkbox(label(tr(english), key).c_str(), value);
  ImGui::PopFont();
  if (pressed.by_key) *value = !*value;
  say_drawn(tr(english));
  return finish(pressed, clicked, *value ? "1" : "0");
}

void Ui::choose(const char* key, int* index, const std::vector<std::string>& choices) {
  Scope inside(*this, key);
  for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
    const std::string choice = std::to_string(i);
    const std::string shown = label(choices[static_cast<std::size_t>(i)], choice.c_str());
    if (ImGui::Selectable(shown.c_str(), i == *index)) *index = i;
    note(choice.c_str());
  }
}

bool Ui::combo(const char* key, int* index, const std::vector<std::string>& choices, float width) {
  const Pressed pressed = reach(key, false);
  const int count = static_cast<int>(choices.size());
  const int before = *index;
  const bool in_range = *index >= 0 && *index < count;
  const std::string shown = in_range ? choices[static_cast<std::size_t>(*index)] : std::string();
  push_font(fonts.mono);
  ImGui::SetNextItemWidth(width);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  const bool open = ImGui::BeginCombo(label("", key).c_str(), shown.c_str());
  ImGui::PopStyleVar();
  if (open) {
    choose(key, index, choices);
    if (key_pressed(Key::escape)) ImGui::CloseCurrentPopup();
    ImGui::EndCombo();
  }
  ImGui::PopFont();
  if (pressed.focused && !typing() && count > 0) {
    if (pressed.by_key) *index = (*index + 1) % count;
    if (plain_pressed(Key::down, true)) *index = std::min(*index + 1, count - 1);
    if (plain_pressed(Key::up, true)) *index = std::max(*index - 1, 0);
  }
  say_drawn(shown);
  // After an open combo the last item is its popup's, so the box itself is recorded only while closed.
  if (!open) finish(pressed, ImGui::IsItemClicked(), shown);
  return *index != before;
}

bool Ui::area(const char* key, ImVec2 min, ImVec2 max) {
  const Pressed pressed = reach(key, false);
  ImGui::SetCursorScreenPos(min);
  const ImVec2 size{std::max(max.x - min.x, 1.0f), std::max(max.y - min.y, 1.0f)};
  const bool clicked = overlappable_button(key, size);
  return finish(pressed, clicked, {});
}

void Ui::tooltip(std::string_view shown) {
  const bool hovered = ImGui::IsItemHovered();
  if (!hovered && !last_focused_) return;
  if (hovered && !last_focused_) {
    const float waited = ImGui::GetCurrentContext()->HoveredIdTimer;
    if (waited < kTooltipDelay) {
      wake(kTooltipDelay - waited);
      return;
    }
  }
  if (!hovered) ImGui::SetNextWindowPos({ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + px(6)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(8), px(5)});
  ImGui::BeginTooltip();
  if (ImGui::IsWindowAppearing()) wake(0);  // its first frame is for its size only
  push_font(fonts.small);
  ImGui::PushTextWrapPos(px(320));
  ImGui::TextUnformatted(shown.data(), shown.data() + shown.size());
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  ImGui::EndTooltip();
  ImGui::PopStyleVar();
  say_drawn(shown);
}

void Ui::focus(std::string_view where, bool shown) {
  if (ring == nullptr) return;
  ring->go(where, shown);
  wake(0);  // it may have been drawn in this frame already
}

void Ui::wake(float seconds) {
  if (wake_in_ < 0 || seconds < wake_in_) wake_in_ = std::max(seconds, 0.0f);
}

Scope::Scope(Ui& ui, std::string_view name) : ui_(ui) {
  ui_.scope_.emplace_back(name);
  ImGui::PushID(name.data(), name.data() + name.size());
}

Scope::~Scope() {
  ImGui::PopID();
  ui_.scope_.pop_back();
}

}  // namespace sockscope::ui
