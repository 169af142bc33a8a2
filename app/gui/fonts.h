#pragma once
// The window's faces in ImGui's atlas, with the glyphs in use, at the size in use.

#include <functional>
#include <string>
#include <string_view>

#include "gui/font_files.h"
#include "gui/glyph_set.h"
#include "ui/language.h"
#include "ui/ui.h"

namespace sockscope {

class FontAtlas {
 public:
  FontAtlas();
  // A text that is or will be drawn. New characters are built in at the next build().
  void need(std::string_view text);
  // All texts of a language.
  void need_language(ui::Language language);
  // Whether build() would change anything.
  bool stale(float scale, float least = 0) const { return stale_ || scale != scale_ || least != least_; }
  // Fills ImGui's atlas of the current context anew, if stale. Between frames; then the texture must be
  // uploaded. Returns whether it did.
  bool build(float scale, float least = 0);  // no letters lower than `least`, at scale 1

  const ui::Fonts& fonts() const { return fonts_; }
  bool has_latin() const { return static_cast<bool>(files_.sans); }
  bool has_chinese() const { return static_cast<bool>(files_.chinese); }
  const std::string& notice() const { return files_.notice; }
  // For ui::Ui::seen.
  const std::function<void(std::string_view)>& watch() const { return watch_; }

 private:
  ImFont* add_face(const FontFile& main, float em, bool whole_pixels);
  ui::Fonts fonts_;
  GlyphSet used_;
  FontFiles files_;
  ImVector<ImWchar> ranges_;  // ImGui keeps a pointer to it
  std::function<void(std::string_view)> watch_;
  float scale_ = 0, least_ = 0;
  std::size_t searched_ = 0;  // how many characters were in use when the files were looked for
  bool stale_ = true;
};

}  // namespace sockscope
