#pragma once
// Which font files this machine has for the window, by fontconfig. None is bundled.

#include <memory>
#include <string>
#include <vector>

#include "gui/glyph_set.h"

namespace sockscope {

// A face, read whole: what stb_truetype needs.
struct FontFile {
  std::string path;
  int index = 0;                                     // in a collection
  std::shared_ptr<std::vector<unsigned char>> data;  // null: there is no such face
  float height_per_em = 1;                           // from the highest to the lowest point, for an em of 1

  explicit operator bool() const { return data != nullptr; }
};

struct FontFiles {
  FontFile sans, semibold, mono;
  FontFile chinese;
  FontFile symbols;    // has characters in use that the others lack
  std::string notice;  // English, one line: what is missing and what to install; empty: nothing
};

// The faces for these characters. SOCKSCOPE_FONT=PATH takes that file for everything (tests).
FontFiles find_fonts(const GlyphSet& used);

}  // namespace sockscope
