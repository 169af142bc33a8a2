#include "ui/theme.h"

#include <algorithm>
#include <cmath>

namespace sockscope::ui {
namespace {

constexpr ImU32 rgb(unsigned hex) {
  return IM_COL32((hex >> 16) & 0xFF, (hex >> 8) & 0xFF, hex & 0xFF, 0xFF);
}

constexpr Tone tone(unsigned fill, unsigned text, unsigned tint) {
  return {rgb(fill), rgb(text), rgb(tint)};
}

constexpr std::array<ImU32, 8> eight(const unsigned (&hex)[8]) {
  std::array<ImU32, 8> out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = rgb(hex[i]);
  return out;
}

// In the kernel's order: not known, ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT1, FIN_WAIT2, TIME_WAIT, CLOSED,
// CLOSE_WAIT, LAST_ACK, LISTEN, CLOSING.
constexpr std::array<ImU32, 12> states(const unsigned (&hex)[12]) {
  std::array<ImU32, 12> out{};
  for (std::size_t i = 0; i < 12; ++i) out[i] = rgb(hex[i]);
  return out;
}

constexpr unsigned kDarkBytes[8] = {0x56B4E9, 0xE6A62B, 0x2FB590, 0xD98BB6,
                                    0xE3D84A, 0xE8814A, 0x7FA3D6, 0xA7A49C};
constexpr unsigned kContrastBytes[8] = {0x66CCFF, 0xFFB000, 0x22E0A8, 0xFF9CD0,
                                        0xFFF25C, 0xFF8A4C, 0xA8BEFF, 0xD9D9D9};

constexpr Theme kLight{
    .name = ThemeName::light,
    .bg = rgb(0xEFEDE7),
    .pane = rgb(0xFFFFFF),
    .paper = rgb(0xFAF9F5),
    .raised = rgb(0xFFFFFF),
    .sunk = rgb(0xF3F1EB),
    .line = rgb(0xE2DED5),
    .line2 = rgb(0xC6C0B4),
    .ink = rgb(0x1B2025),
    .ink2 = rgb(0x495159),
    .ink3 = rgb(0x626970),
    .accent = tone(0x0072B2, 0x005F96, 0xE4F0F8),
    .ok = tone(0x009E73, 0x006B4D, 0xE2F4EE),
    .warn = tone(0xE69F00, 0x855300, 0xFCF2DC),
    .bad = tone(0xD55E00, 0xAB4400, 0xFCEBDF),
    .on_accent = rgb(0xFFFFFF),
    .lit = rgb(0xFFF6D6),
    .hover = rgb(0xEEF3F6),
    .busy = rgb(0x7D8790),
    .busy_tint = rgb(0xD9DCDD),
    .hatch = rgb(0x9AA1A7),
    .hatch_ground = rgb(0xF1F1EE),
    .warn_hatch = rgb(0xE2C88F),
    .warn_hatch_ground = rgb(0xFCF2DC),
    .state_fill = states({0xC6C0B4, 0x009E73, 0xE69F00, 0xF0E442, 0xCC79A7, 0xE2B4CD, 0x8D89A0, 0xB4AFA5,
                          0x56B4E9, 0x2F86BD, 0x0072B2, 0xA0527E}),
    .state_text = states({0x626970, 0x006B4D, 0x855300, 0x675F00, 0x92406B, 0x92406B, 0x585470, 0x5F5B52,
                          0x17618E, 0x17618E, 0x005F96, 0x92406B}),
    .byte_fill = eight({0x9AD2F4, 0xF7CB73, 0x8FD6BF, 0xE6B5D2, 0xF3EA7B, 0xF4AE82, 0xA9C4E4, 0xCFCBC2}),
    .byte_line = eight({0x3E9BCB, 0xC98A12, 0x2E9A7A, 0xB9689A, 0xA89A00, 0xD4652A, 0x5F86BC, 0x8C877C}),
    .byte_text = rgb(0x1B2025),
    .hairline = 1.0f,
};

constexpr Theme kDark{
    .name = ThemeName::dark,
    .bg = rgb(0x0F1215),
    .pane = rgb(0x171B1F),
    .paper = rgb(0x13171A),
    .raised = rgb(0x1E2328),
    .sunk = rgb(0x101316),
    .line = rgb(0x2A3036),
    .line2 = rgb(0x434B53),
    .ink = rgb(0xE9ECEE),
    .ink2 = rgb(0xB4BCC3),
    .ink3 = rgb(0x8E979F),
    .accent = tone(0x56B4E9, 0x7CC5EF, 0x172B38),
    .ok = tone(0x1DB98B, 0x4FD1A9, 0x12302A),
    .warn = tone(0xE69F00, 0xF2B53A, 0x332811),
    .bad = tone(0xF0762B, 0xFF9A5C, 0x3A2115),
    .on_accent = rgb(0x0B1216),
    .lit = rgb(0x2E2A17),
    .hover = rgb(0x222A30),
    .busy = rgb(0x8E979F),
    .busy_tint = rgb(0x343B41),
    .hatch = rgb(0x5B656D),
    .hatch_ground = rgb(0x1C2125),
    .warn_hatch = rgb(0x8A6A24),
    .warn_hatch_ground = rgb(0x332811),
    .state_fill = states({0x434B53, 0x1DB98B, 0xE69F00, 0xF0E442, 0xD98BB6, 0x8F5A77, 0x9C97B8, 0x6B737A,
                          0x56B4E9, 0x2F86BD, 0x3E97D1, 0xB65F90}),
    .state_text = states({0x8E979F, 0x4FD1A9, 0xF2B53A, 0xF0E442, 0xEBA9CB, 0xEBA9CB, 0xBDB8D6, 0xA2AAB1,
                          0x86CBF2, 0x86CBF2, 0x7CC5EF, 0xEBA9CB}),
    .byte_fill = eight(kDarkBytes),
    .byte_line = eight(kDarkBytes),
    .byte_text = rgb(0x0B0E10),
    .hairline = 1.0f,
};

// Every hairline is drawn with line2 here, so `line` is line2 too.
constexpr Theme kContrast{
    .name = ThemeName::contrast,
    .bg = rgb(0x000000),
    .pane = rgb(0x000000),
    .paper = rgb(0x000000),
    .raised = rgb(0x000000),
    .sunk = rgb(0x1A1A1A),
    .line = rgb(0xFFFFFF),
    .line2 = rgb(0xFFFFFF),
    .ink = rgb(0xFFFFFF),
    .ink2 = rgb(0xFFFFFF),
    .ink3 = rgb(0xD9D9D9),
    .accent = tone(0x66CCFF, 0x66CCFF, 0x00324A),
    .ok = tone(0x22E0A8, 0x22E0A8, 0x003326),
    .warn = tone(0xFFB000, 0xFFC233, 0x3A2800),
    .bad = tone(0xFF7A33, 0xFF9A66, 0x451A00),
    .on_accent = rgb(0x000000),
    .lit = rgb(0x3A3300),
    .hover = rgb(0x262626),
    .busy = rgb(0xFFFFFF),
    .busy_tint = rgb(0x404040),
    .hatch = rgb(0xFFFFFF),
    .hatch_ground = rgb(0x000000),
    .warn_hatch = rgb(0xFFB000),
    .warn_hatch_ground = rgb(0x3A2800),
    .state_fill = states({0x7A7A7A, 0x22E0A8, 0xFFB000, 0xFFF25C, 0xFF9CD0, 0xB0668F, 0xC9C2FF, 0xBFBFBF,
                          0x8AD4FF, 0x4FA8E8, 0x66CCFF, 0xE070AE}),
    .state_text = states({0xD9D9D9, 0x22E0A8, 0xFFC233, 0xFFF25C, 0xFFB3DB, 0xFFB3DB, 0xD6D1FF, 0xD9D9D9,
                          0x8AD4FF, 0x8AD4FF, 0x66CCFF, 0xFFB3DB}),
    .byte_fill = eight(kContrastBytes),
    .byte_line = eight(kContrastBytes),
    .byte_text = rgb(0x000000),
    .hairline = 2.0f,
};

double linear(ImU32 channel) {
  const double c = static_cast<double>(channel & 0xFF) / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(ImU32 colour) {
  return 0.2126 * linear(colour >> IM_COL32_R_SHIFT) + 0.7152 * linear(colour >> IM_COL32_G_SHIFT) +
         0.0722 * linear(colour >> IM_COL32_B_SHIFT);
}

}  // namespace

std::optional<ThemeName> theme_name(std::string_view name) {
  if (name == "light") return ThemeName::light;
  if (name == "dark") return ThemeName::dark;
  if (name == "contrast") return ThemeName::contrast;
  return std::nullopt;
}

std::string_view name_of(ThemeName theme) {
  switch (theme) {
    case ThemeName::light:
      return "light";
    case ThemeName::dark:
      return "dark";
    case ThemeName::contrast:
      return "contrast";
  }
  return "light";
}

const Theme& theme(ThemeName name) {
  switch (name) {
    case ThemeName::light:
      return kLight;
    case ThemeName::dark:
      return kDark;
    case ThemeName::contrast:
      return kContrast;
  }
  return kLight;
}

double contrast(ImU32 a, ImU32 b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace sockscope::ui
