#include "gui/fonts.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "driver.h"
#include "gui/frame.h"
#include "gui/renderer.h"

namespace sockscope {
namespace {

// What is set is unset at the end.
class Setting {
 public:
  Setting(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  ~Setting() { unsetenv(name_); }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

 private:
  const char* name_;
};

// A folder of the test's own, until it goes.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-fonts-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool has_glyph(ImFont* font, ImWchar character) {
#if IMGUI_VERSION_NUM >= 19200
  return font->IsGlyphInFont(character);
#else
  return font->FindGlyphNoFallback(character) != nullptr;
#endif
}

struct Fonts : ::testing::Test {
  ImguiContext context;
  FontAtlas atlas;
};

TEST_F(Fonts, EachFaceHasEachCharacterOfBothLanguages) {
  atlas.need_language(ui::Language::zh);
  atlas.build(1);
  if (!atlas.has_chinese()) GTEST_SKIP() << "no font for Chinese here";
  const ui::Fonts& fonts = atlas.fonts();
  GlyphSet wanted;
  for (const auto& [english, chinese] : ui::Translator(ui::Language::zh).catalog().entries())
    wanted.add(chinese);
  std::string lacking;
  for (ImFont* font : {fonts.small, fonts.label, fonts.body, fonts.name, fonts.title, fonts.mono}) {
    for (unsigned c = 0x20; c < 0xFFFE; ++c) {
      if (wanted.has(c) && c != 0xFFFD && !has_glyph(font, static_cast<ImWchar>(c))) {
        lacking += fmt::format(" U+{:04X}", c);
      }
    }
  }
  EXPECT_EQ(lacking, "");
}

TEST_F(Fonts, AreBuiltAnewForANewCharacterOrAnotherSizeOnly) {
  EXPECT_TRUE(atlas.build(1));
  EXPECT_FALSE(atlas.build(1));
  atlas.need("only Latin");
  EXPECT_FALSE(atlas.build(1));
  atlas.need("鑫");
  EXPECT_TRUE(atlas.stale(1));
  EXPECT_TRUE(atlas.build(1));
  EXPECT_TRUE(atlas.build(2));
}

TEST_F(Fonts, AtTwiceTheSizeAreTwiceAsWide) {
  const auto width = [&] {
    ImFont* font = atlas.fonts().body;
    return font->CalcTextSizeA(ui::font_size(font), FLT_MAX, 0, "Accept queue").x;
  };
  atlas.build(1);
  const float once = width();
  atlas.build(2);
  EXPECT_NEAR(width(), 2 * once, once * 0.06);
}

TEST_F(Fonts, AFileThatIsNoFontGivesANoticeAndImGuisOwnFace) {
  const Folder folder;
  const std::string path = folder.path() + "/no-font.ttf";
  for (const std::string& bytes : {std::string(), std::string("OTTO"), std::string(5000, 'x'),
                                   std::string("ttcf\0\1\0\0\0\0\0\1\xFF\xFF\xFF\xF0", 16)}) {
    std::ofstream(path, std::ios::binary) << bytes;
    const Setting font("SOCKSCOPE_FONT", path);
    FontAtlas broken;
    broken.build(1);
    EXPECT_NE(broken.notice().find(path), std::string::npos) << broken.notice();
    EXPECT_FALSE(broken.has_chinese());
    ASSERT_NE(broken.fonts().body, nullptr);
    EXPECT_TRUE(has_glyph(broken.fonts().body, 'A'));
  }
}

TEST_F(Fonts, WithoutAnyFontOnTheMachineTheWindowStillHasLetters) {
  const Folder folder;
  const std::string& path = folder.path();
  std::ofstream(path + "/fonts.conf") << "<?xml version=\"1.0\"?><fontconfig><dir>" << path
                                      << "/none</dir><cachedir>" << path << "</cachedir></fontconfig>";
  const Setting config("FONTCONFIG_FILE", path + "/fonts.conf");
  atlas.build(1.5f);
  EXPECT_NE(atlas.notice().find("install fonts-inter"), std::string::npos) << atlas.notice();
  EXPECT_TRUE(has_glyph(atlas.fonts().mono, 'A'));
}

TEST_F(Fonts, WithoutOneForChineseTheFrameGoesOnInEnglishAndSaysWhatToInstall) {
  const Setting font("SOCKSCOPE_FONT", "/dev/null");
  atlas.build(1);
  Frame frame(Session::replay(Trace(), "empty.jsonl"), LessonShelf{});
  frame.view.language = ui::Language::zh;
  frame.settle_language(atlas);
  EXPECT_EQ(frame.view.language, ui::Language::en);
  EXPECT_EQ(frame.notice(), atlas.notice());
  EXPECT_NE(frame.notice().find("/dev/null"), std::string::npos);
}

}  // namespace
}  // namespace sockscope
