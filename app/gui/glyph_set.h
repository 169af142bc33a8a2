#pragma once
// The characters in use, so that an atlas holds these and no others: Chinese has too many to bake them all,
// and the lists Dear ImGui brings lack words of ours.

#include <bitset>
#include <cstddef>
#include <string_view>

#include <imgui.h>

namespace sockscope {

class GlyphSet {
 public:
  // Latin-1, and the marks and arrows the window draws.
  GlyphSet();
  // Adds the characters of a UTF-8 text; damaged bytes are passed over. Returns whether one was new. Beyond
  // kMost nothing is added: a recording full of odd characters must not fill the graphics memory.
  bool add(std::string_view utf8);
  bool has(char32_t character) const { return character < kPlane && used_[character]; }
  std::size_t size() const { return count_; }
  // Pairs of first and last, ending with 0, as ImGui takes them.
  ImVector<ImWchar> ranges() const;

  static constexpr std::size_t kMost = 4000;

 private:
  static constexpr std::size_t kPlane = 0xFFFE;
  bool add_one(char32_t character);
  std::bitset<kPlane> used_;
  std::size_t count_ = 0;
};

}  // namespace sockscope
