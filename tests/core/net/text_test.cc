#include "net/text.h"

#include <gtest/gtest.h>

#include <string>

namespace sockscope {
namespace {

TEST(FirstCharacters, WhatIsShortEnoughIsWhole) {
  EXPECT_EQ(first_characters("", 0), "");
  EXPECT_EQ(first_characters("好", 3), "好");
}

TEST(FirstCharacters, ACharacterIsNeverHalved) {
  EXPECT_EQ(first_characters("a好b", 4), "a好");
  EXPECT_EQ(first_characters("a好b", 3), "a");
  EXPECT_EQ(first_characters("a好b", 2), "a");
  EXPECT_EQ(first_characters("好", 2), "");
}

TEST(FirstCharacters, BytesThatContinueNothingAreCutToNothing) {
  EXPECT_EQ(first_characters(std::string(9, '\x80'), 5), "");
}

TEST(NextCharacter, ReadsWhatAppendWrote) {
  for (const char32_t c : {U'\0', U'a', U'\x7f', U'\x80', U'\x7ff', U'\x800', U'\ud7ff', U'\ue000', U'\uffff',
                           U'\U00010000', U'\U0010ffff'}) {
    std::string text;
    append_utf8(text, c);
    std::size_t at = 0;
    EXPECT_EQ(next_character(text, at), c);
    EXPECT_EQ(at, text.size());
    EXPECT_EQ(broken_utf8(text), text.npos);
  }
}

TEST(NextCharacter, RefusesOverlongHalvedAndTooLarge) {
  for (const std::string_view bytes :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80", "\xe5\xa5", "\xe5x\xbd", "\xff"}) {
    std::size_t at = 0;
    EXPECT_EQ(next_character(bytes, at), std::nullopt);
    EXPECT_EQ(at, 0U);
    EXPECT_EQ(broken_utf8(bytes), 0U);
  }
}

TEST(NextCharacter, ASurrogatePassesOnlyWhereAskedFor) {
  std::size_t at = 0;
  EXPECT_EQ(next_character("\xed\xa0\x80", at), std::nullopt);
  EXPECT_EQ(next_character("\xed\xa0\x80", at, true), char32_t{0xd800});
}

TEST(FirstCharacter, IsWholeOrOneDamagedByte) {
  EXPECT_EQ(first_character(""), "");
  EXPECT_EQ(first_character("ab"), "a");
  EXPECT_EQ(first_character("好b"), "好");
  EXPECT_EQ(first_character("\xbd好"), "\xbd");
  EXPECT_EQ(first_character("\xe5\xa5"), "\xe5");
}

TEST(QuotedEnd, IsBehindTheSameQuoteThatNoBackslashTakes) {
  EXPECT_EQ(quoted_end("'a'b", 0), 3u);
  EXPECT_EQ(quoted_end("b'x\"y'", 1), 6u);
  EXPECT_EQ(quoted_end(R"('a\'b' c)", 0), 6u);
  EXPECT_EQ(quoted_end(R"('a\\' c)", 0), 5u);
  EXPECT_EQ(quoted_end("'open", 0), std::string_view::npos);
  EXPECT_EQ(quoted_end(R"('open\)", 0), std::string_view::npos);
}

}  // namespace
}  // namespace sockscope
