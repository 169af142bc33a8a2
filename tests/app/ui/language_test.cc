#include "ui/language.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace sockscope::ui {
namespace {

std::string word(std::uint32_t value) {
  std::string bytes(4, '\0');
  std::memcpy(bytes.data(), &value, 4);
  return bytes;
}

// A catalogue of two entries, "a" → "甲" and "b" → "乙"; every word through `order`.
std::string catalogue(std::uint32_t (*order)(std::uint32_t)) {
  const std::string text = std::string("a\0b\0", 4) + "甲" + '\0' + "乙" + '\0';
  constexpr std::uint32_t kTables = 28, kText = kTables + 32;
  std::string mo;
  for (const std::uint32_t value : {0x950412deu, 0u, 2u, kTables, kTables + 16, 0u, 0u, 1u, kText, 1u,
                                    kText + 2, 3u, kText + 4, 3u, kText + 8}) {
    mo += word(order(value));
  }
  return mo + text;
}
std::uint32_t as_it_is(std::uint32_t value) {
  return value;
}
std::uint32_t swapped(std::uint32_t value) {
  return __builtin_bswap32(value);
}

TEST(Catalog, FindsInEitherByteOrder) {
  for (const auto order : {as_it_is, swapped}) {
    const std::string mo = catalogue(order);
    const Catalog catalog(mo);
    EXPECT_EQ(catalog.find("a"), "甲");
    EXPECT_EQ(catalog.find("b"), "乙");
    EXPECT_EQ(catalog.find("c"), "");
    EXPECT_EQ(catalog.find(""), "");
    EXPECT_EQ(catalog.entries().size(), 2u);
  }
}

TEST(Catalog, ATruncatedOneTranslatesNothingOrLessAndNeverReadsBeyond) {
  const std::string whole = catalogue(as_it_is);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string mo =
        whole.substr(0, size);  // its own buffer, so that a sanitizer sees a read beyond it
    const Catalog catalog(mo);
    for (const auto& [english, translated] : catalog.entries()) EXPECT_LE(translated.size(), 3u);
    EXPECT_TRUE(catalog.find("b").empty() || size >= whole.size() - 1);
  }
}

TEST(Catalog, AnyDamagedWordIsSurvived) {
  const std::string whole = catalogue(as_it_is);
  for (std::size_t at = 0; at + 4 <= 60; at += 4) {
    for (const std::uint32_t value : {0u, 1u, 7u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
      std::string mo = whole;
      mo.replace(at, 4, word(value));
      const Catalog catalog(mo);
      EXPECT_LE(catalog.entries().size(), mo.size());
      EXPECT_LE(catalog.find("a").size(), mo.size());
    }
  }
}

TEST(Language, IsReadFromALocale) {
  EXPECT_EQ(language_of("zh"), Language::zh);
  EXPECT_EQ(language_of("zh_CN.UTF-8"), Language::zh);
  EXPECT_EQ(language_of("zh_TW@x"), Language::zh);
  EXPECT_EQ(language_of("en_GB.UTF-8"), Language::en);
  EXPECT_EQ(language_of("C"), Language::en);
  EXPECT_EQ(language_of("zho"), Language::en);
}

TEST(Language, LcAllComesBeforeLang) {
  setenv("LC_ALL", "zh_CN.UTF-8", 1);
  setenv("LANG", "en_GB.UTF-8", 1);
  EXPECT_EQ(language_of(""), Language::zh);
  setenv("LC_ALL", "", 1);
  unsetenv("LC_MESSAGES");
  EXPECT_EQ(language_of(""), Language::en) << "an empty LC_ALL is not set";
}

TEST(Translator, GivesTheEnglishWhereThereIsNoTranslation) {
  const Translator en(Language::en), zh(Language::zh);
  EXPECT_EQ(en("Timeline"), "Timeline");
  EXPECT_EQ(zh("Timeline"), "时间线");
  EXPECT_EQ(zh("no such text"), "no such text");
  EXPECT_EQ(zh(""), "") << "the catalogue's head is not a translation";
}

}  // namespace
}  // namespace sockscope::ui
