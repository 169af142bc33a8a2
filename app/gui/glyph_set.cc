#include "gui/glyph_set.h"

#include "net/text.h"

namespace sockscope {

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
  for (std::size_t at = 0; at < utf8.size();) {
    const std::optional<char32_t> character = next_character(utf8, at);
    if (!character) {
      ++at;
    } else if (add_one(*character)) {
      grew = true;
    }
  }
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
