// The text editors of Ui.
#include <imgui.h>
// Needs imgui.h before it.
#include <imgui_stdlib.h>

#include "ui/compat.h"
#include "ui/ui.h"

namespace sockscope::ui {
namespace {

struct Editing {
  const PromptEdit* edit = nullptr;
  bool took_tab = false;
};

void replace_all(ImGuiInputTextCallbackData* data, const std::string& text) {
  data->DeleteChars(0, data->BufTextLen);
  data->InsertChars(0, text.data(), text.data() + text.size());
  data->CursorPos = data->BufTextLen;
  data->SelectionStart = data->SelectionEnd = data->CursorPos;
}

int on_edit(ImGuiInputTextCallbackData* data) {
  auto* editing = static_cast<Editing*>(data->UserData);
  PromptKey key = PromptKey::tab;
  if (data->EventFlag == ImGuiInputTextFlags_CallbackHistory) {
    key = data->EventKey == ImGuiKey_UpArrow ? PromptKey::up : PromptKey::down;
  } else if (data->EventFlag != ImGuiInputTextFlags_CallbackAlways || ImGui::GetIO().KeyShift ||
             !plain_pressed(Key::tab)) {
    return 0;
  }
  std::string text(data->Buf, static_cast<std::size_t>(data->BufTextLen));
  const bool changed = (*editing->edit)(key, &text);
  if (changed) replace_all(data, text);
  if (key == PromptKey::tab) editing->took_tab = changed;
  return 0;
}

}  // namespace

// It is in the field with the next frame only.
void Ui::take_caret(const std::string& path) {
  if (ring == nullptr || !ring->wants_caret(path)) return;
  ImGui::SetKeyboardFocusHere();
  wake(0);
}

bool Ui::input(const char* key, std::string* value, std::string_view english_hint, float width) {
  const Pressed pressed = reach(key, true);
  take_caret(pressed.path);
  const std::string hint(tr(english_hint));
  push_font(fonts.mono);
  ImGui::SetNextItemWidth(width);
  const std::string id = std::string("###") + key;
  const bool entered =
      ImGui::InputTextWithHint(id.c_str(), hint.c_str(), value, ImGuiInputTextFlags_EnterReturnsTrue);
  ImGui::PopFont();
  say_drawn(value->empty() ? hint : *value);
  finish(pressed, ImGui::IsItemActivated() && !pressed.focused, *value);
  return entered;
}

bool Ui::prompt(const char* key, std::string* value, std::string_view english_hint, float width,
                const PromptEdit& edit, float indent) {
  const Pressed pressed = reach(key, true);
  take_caret(pressed.path);
  const std::string hint(tr(english_hint));
  Editing editing{&edit, false};
  push_font(fonts.mono);
  ImGui::SetNextItemWidth(width);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, IM_COL32_BLACK_TRANS);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {indent, px(6)});
  constexpr ImGuiInputTextFlags kFlags = ImGuiInputTextFlags_EnterReturnsTrue |
                                         ImGuiInputTextFlags_CallbackHistory |
                                         ImGuiInputTextFlags_CallbackAlways;
  const std::string id = std::string("###") + key;
  const bool entered = ImGui::InputTextWithHint(id.c_str(), hint.c_str(), value, kFlags, on_edit, &editing);
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
  ImGui::PopFont();
  if (editing.took_tab && ring != nullptr) ring->take_tab();
  if (entered) ImGui::SetKeyboardFocusHere(-1);
  say_drawn(value->empty() ? hint : *value);
  finish(pressed, ImGui::IsItemActivated() && !pressed.focused, *value);
  return entered;
}

}  // namespace sockscope::ui
