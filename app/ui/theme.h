#pragma once
// Colour and measure tokens of the look. Pure values; every pane takes its colours from here.

#include <imgui.h>

#include <array>
#include <optional>
#include <string_view>

#include "net/names.h"

namespace sockscope::ui {

enum class ThemeName { light, dark, contrast };
std::optional<ThemeName> theme_name(std::string_view name);
std::string_view name_of(ThemeName theme);

struct Tone {  // fill, text on it or of it, pale ground
  ImU32 fill, text, tint;
};

struct Theme {
  ThemeName name;
  ImU32 bg, pane, paper, raised, sunk, line, line2, ink, ink2, ink3;
  Tone accent, ok, warn, bad;
  ImU32 on_accent, lit, hover, busy, busy_tint, hatch, hatch_ground, warn_hatch, warn_hatch_ground;
  std::array<ImU32, 12> state_fill, state_text;  // by TcpState
  std::array<ImU32, 8> byte_fill, byte_line;     // by number of the send, from 0, modulo 8
  ImU32 byte_text;
  float hairline;  // 1; 2 in contrast
};
const Theme& theme(ThemeName name);

// Relative luminance contrast of two opaque colours (WCAG 2), for the test that keeps text readable.
double contrast(ImU32 a, ImU32 b);

}  // namespace sockscope::ui
