#include "gui/glyph_set.h"

#include <cstdint>

namespace sockscope {
namespace {

// The character at the front, taken off it; 0 for a damaged byte.
char32_t take_character(std::string_view& text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || length > text.size()) {
    text.remove_prefix(1);
    return 0;
  }
  char32_t value = length == 1 ? lead : lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      text.remove_prefix(1);
      return 0;
    }
    value = (value << 6) | (byte(i) & 0x3F);
  }
  text.remove_prefix(length);
  return value;
}

}  // namespace

GlyphSet::GlyphSet() {
  for (char32_t c = 0x20; c <= 0xFF; ++c) {
    if (c < 0x7F || c >= 0xA0) add_one(c);
  }
  add("␣↵→←↑↓▸▾●○×✓µ·…≈≤≥≠–—“”‘’−中文界面�");
}

bool GlyphSet::add_one(char32_t character) {
  if (character < 0x20 || character >= kPlane || used_[character] || count_ >= kMost) return false;
  used_[character] = true;
  ++count_;
  return true;
}

bool GlyphSet::add(std::string_view utf8) {
  bool grew = false;
  while (!utf8.empty()) grew = add_one(take_character(utf8)) || grew;
  return grew;
}

ImVector<ImWchar> GlyphSet::ranges() const {
  ImVector<ImWchar> out;
  for (std::size_t c = 0x20; c < kPlane; ++c) {
    if (!used_[c]) continue;
    const std::size_t first = c;
    while (c + 1 < kPlane && used_[c + 1]) ++c;
    out.push_back(static_cast<ImWchar>(first));
    out.push_back(static_cast<ImWchar>(c));
  }
  out.push_back(0);
  return out;
}

}  // namespace sockscope
