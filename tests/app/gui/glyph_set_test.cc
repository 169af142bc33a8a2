#include "gui/glyph_set.h"

#include <gtest/gtest.h>

#include <string>

namespace sockscope {
namespace {

TEST(GlyphSet, BeginsWithLatinAndTheMarksOfTheWindow) {
  GlyphSet set;
  for (const char32_t c : U"Aé~¬µ·→↵␣▸×…≈") {
    if (c != 0) {
      EXPECT_TRUE(set.has(c)) << static_cast<unsigned>(c);
    }
  }
  EXPECT_FALSE(set.has(0x7F));
  EXPECT_FALSE(set.has(U'国'));
}

TEST(GlyphSet, SaysWhenSomethingIsNew) {
  GlyphSet set;
  EXPECT_FALSE(set.add("plain text, nothing new"));
  EXPECT_TRUE(set.add("中国"));
  EXPECT_FALSE(set.add("国中"));
}

TEST(GlyphSet, PassesOverDamagedBytesAndWhatTheAtlasCannotHold) {
  GlyphSet set;
  const std::size_t before = set.size();
  EXPECT_FALSE(set.add(std::string("\xFF\xFE\x80\xC0\xAF\xE4\xB8", 7)));
  EXPECT_FALSE(set.add("\xF0\x9F\x98\x80")) << "beyond the basic plane";
  EXPECT_EQ(set.size(), before);
  EXPECT_TRUE(set.add("\xE4\xB8 国")) << "a cut character does not hide the next";
}

TEST(GlyphSet, RangesArePairsInOrderThatEndWithZero) {
  GlyphSet set;
  set.add("国圀");
  const ImVector<ImWchar> ranges = set.ranges();
  ASSERT_EQ(ranges.Size % 2, 1);
  EXPECT_EQ(ranges.back(), 0);
  std::size_t characters = 0;
  for (int i = 0; i + 1 < ranges.Size; i += 2) {
    EXPECT_LE(ranges[i], ranges[i + 1]);
    if (i > 0) {
      EXPECT_GT(ranges[i], ranges[i - 1]);
    }
    characters += static_cast<std::size_t>(ranges[i + 1] - ranges[i]) + 1;
  }
  EXPECT_EQ(characters, set.size());
}

TEST(GlyphSet, IsBoundedWhateverAHostileRecordingShows) {
  GlyphSet set;
  std::string text;
  for (unsigned c = 0x4E00; c < 0x9FFF; ++c) {
    text += static_cast<char>(0xE0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
  set.add(text);
  EXPECT_EQ(set.size(), GlyphSet::kMost);
  EXPECT_FALSE(set.add(text)) << "and then asks for no rebuild any more";
}

}  // namespace
}  // namespace sockscope
