#pragma once
// The one place that knows which Dear ImGui this is: 1.86 (Debian 12) to 1.92. Keys, fonts, child windows.
//
// Tab is ours on every version: ImGui is not told of it, because before 1.89.4 its Tab stops only at text
// fields. Our focus ring (focus.h) goes through all widgets instead.

#include <imgui.h>

#include <cstdint>

namespace sockscope::ui {

enum class Key {
  tab,
  left,
  right,
  up,
  down,
  enter,
  keypad_enter,
  escape,
  space,
  backspace,
  del,
  home,
  end,
  page_up,
  page_down,
  f1,
  f2,
  f3,
  f5,
  f6,
  f10,
  f11,
  slash,
  plus,
  minus,
  keypad_plus,
  keypad_minus,
  n0,
  n1,
  n2,
  n3,
  n4,
  n5,
  n6,
  n7,
  n8,
  a,
  b,
  c,
  d,
  f,
  l,
  n,
  o,
  p,
  q,
  r,
  s,
  t,
  v,
  x,
  y,
  z,
  menu,
  count
};

// The number GLFW knows the key by; ImGui 1.86 indexes KeysDown[] with it.
constexpr int glfw_key(Key key) {
  constexpr int codes[] = {258, 263, 262, 265, 264, 257, 335, 256, 32, 259, 261, 268, 269, 266,
                           267, 290, 291, 292, 294, 295, 299, 300, 47, 61,  45,  334, 333, 48,
                           49,  50,  51,  52,  53,  54,  55,  56,  65, 66,  67,  68,  70,  76,
                           78,  79,  80,  81,  82,  83,  84,  86,  88, 89,  90,  348};
  static_assert(sizeof codes / sizeof *codes == static_cast<int>(Key::count));
  return codes[static_cast<int>(key)];
}

#if IMGUI_VERSION_NUM >= 18700
// Our Tab travels under a key no keyboard of a learner has, so that ImGui does not act on it.
inline ImGuiKey imgui_key(Key key) {
  constexpr ImGuiKey keys[] = {ImGuiKey_KeypadEqual, ImGuiKey_LeftArrow, ImGuiKey_RightArrow,
                               ImGuiKey_UpArrow,     ImGuiKey_DownArrow, ImGuiKey_Enter,
                               ImGuiKey_KeypadEnter, ImGuiKey_Escape,    ImGuiKey_Space,
                               ImGuiKey_Backspace,   ImGuiKey_Delete,    ImGuiKey_Home,
                               ImGuiKey_End,         ImGuiKey_PageUp,    ImGuiKey_PageDown,
                               ImGuiKey_F1,          ImGuiKey_F2,        ImGuiKey_F3,
                               ImGuiKey_F5,          ImGuiKey_F6,        ImGuiKey_F10,
                               ImGuiKey_F11,         ImGuiKey_Slash,     ImGuiKey_Equal,
                               ImGuiKey_Minus,       ImGuiKey_KeypadAdd, ImGuiKey_KeypadSubtract,
                               ImGuiKey_0,           ImGuiKey_1,         ImGuiKey_2,
                               ImGuiKey_3,           ImGuiKey_4,         ImGuiKey_5,
                               ImGuiKey_6,           ImGuiKey_7,         ImGuiKey_8,
                               ImGuiKey_A,           ImGuiKey_B,         ImGuiKey_C,
                               ImGuiKey_D,           ImGuiKey_F,         ImGuiKey_L,
                               ImGuiKey_N,           ImGuiKey_O,         ImGuiKey_P,
                               ImGuiKey_Q,           ImGuiKey_R,         ImGuiKey_S,
                               ImGuiKey_T,           ImGuiKey_V,         ImGuiKey_X,
                               ImGuiKey_Y,           ImGuiKey_Z,         ImGuiKey_Menu};
  static_assert(sizeof keys / sizeof *keys == static_cast<int>(Key::count));
  return keys[static_cast<int>(key)];
}
#else
inline int imgui_key(Key key) {
  return glfw_key(key);
}
#endif

// Went down in this frame, or repeats (`repeat`). Modifiers are not looked at.
inline bool key_pressed(Key key, bool repeat = false) {
  return ImGui::IsKeyPressed(imgui_key(key), repeat);
}
// The same with Ctrl held, or without Ctrl and Alt.
inline bool ctrl_pressed(Key key) {
  return ImGui::GetIO().KeyCtrl && key_pressed(key);
}
inline bool plain_pressed(Key key, bool repeat = false) {
  return !ImGui::GetIO().KeyCtrl && !ImGui::GetIO().KeyAlt && key_pressed(key, repeat);
}
// Somebody is typing into a text field: plain letter shortcuts must not act.
inline bool typing() {
  return ImGui::GetIO().WantTextInput;
}

// Tells ImGui a key went down or up; for the driver and the window's pump.
inline void feed_key(Key key, bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddKeyEvent(imgui_key(key), down);
#else
  ImGui::GetIO().KeysDown[imgui_key(key)] = down;
#endif
}
inline void feed_modifiers(bool ctrl, bool shift, bool alt = false) {
  ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM >= 18900
  io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, shift);
  io.AddKeyEvent(ImGuiMod_Alt, alt);
#elif IMGUI_VERSION_NUM >= 18700
  io.AddKeyEvent(ImGuiKey_ModCtrl, ctrl);
  io.AddKeyEvent(ImGuiKey_ModShift, shift);
  io.AddKeyEvent(ImGuiKey_ModAlt, alt);
#else
  io.KeyCtrl = ctrl;
  io.KeyShift = shift;
  io.KeyAlt = alt;
#endif
}
// 1.86 without a backend: which KeysDown[] entries are the keys ImGui itself acts on. Tab is left out.
inline void map_keys() {
#if IMGUI_VERSION_NUM < 18700
  ImGuiIO& io = ImGui::GetIO();
  const struct {
    ImGuiKey key;
    Key ours;
  } map[] = {{ImGuiKey_LeftArrow, Key::left},
             {ImGuiKey_RightArrow, Key::right},
             {ImGuiKey_UpArrow, Key::up},
             {ImGuiKey_DownArrow, Key::down},
             {ImGuiKey_PageUp, Key::page_up},
             {ImGuiKey_PageDown, Key::page_down},
             {ImGuiKey_Home, Key::home},
             {ImGuiKey_End, Key::end},
             {ImGuiKey_Delete, Key::del},
             {ImGuiKey_Backspace, Key::backspace},
             {ImGuiKey_Space, Key::space},
             {ImGuiKey_Enter, Key::enter},
             {ImGuiKey_Escape, Key::escape},
             {ImGuiKey_KeyPadEnter, Key::keypad_enter},
             {ImGuiKey_A, Key::a},
             {ImGuiKey_C, Key::c},
             {ImGuiKey_V, Key::v},
             {ImGuiKey_X, Key::x},
             {ImGuiKey_Y, Key::y},
             {ImGuiKey_Z, Key::z}};
  for (const auto& entry : map) io.KeyMap[entry.key] = glfw_key(entry.ours);
  io.KeyMap[ImGuiKey_Tab] = -1;
#endif
}

inline float font_size(const ImFont* font) {
#if IMGUI_VERSION_NUM >= 19200
  return font->LegacySize;
#else
  return font->FontSize;
#endif
}
inline void push_font(ImFont* font) {
#if IMGUI_VERSION_NUM >= 19200
  ImGui::PushFont(font, font != nullptr ? font->LegacySize : 0.0f);
#else
  ImGui::PushFont(font);
#endif
}

// An InvisibleButton that lets widgets drawn later on top of it have the mouse.
inline bool overlappable_button(const char* id, ImVec2 size) {
#if IMGUI_VERSION_NUM >= 18970
  ImGui::SetNextItemAllowOverlap();
  return ImGui::InvisibleButton(id, size);
#else
  const bool pressed = ImGui::InvisibleButton(id, size);
  ImGui::SetItemAllowOverlap();
  return pressed;
#endif
}

inline bool begin_child(const char* id, ImVec2 size, ImGuiWindowFlags flags = 0) {
  return ImGui::BeginChild(id, size, false, flags);
}

}  // namespace sockscope::ui
