#pragma once
// Which font files this machine has for the window, by fontconfig. None is bundled.

#include <cstddef>
#include <memory>
#include <string>

#include "gui/glyph_set.h"

namespace sockscope {

// A face, mapped: only what is looked at takes memory. mmap(2).
struct FontFile {
  std::string path;
  int index = 0;                              // in a collection
  std::shared_ptr<const unsigned char> data;  // the whole file; null: there is no such face
  std::size_t size = 0;
  float height_per_em = 1;  // from the highest to the lowest point, for an em of 1

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
