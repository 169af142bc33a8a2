#include "gui/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sockscope {
namespace settings_test {

namespace fs = std::filesystem;

class SettingsFile : public ::testing::Test {
 protected:
  SettingsFile() {
    std::string pattern = (fs::temp_directory_path() / "sockscope-settings-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/settings";
  }
  ~SettingsFile() override { fs::remove_all(folder_); }
  void write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  std::string folder_, path_;
};

Settings other() {
  Settings settings;
  settings.language = ui::Language::zh;
  settings.theme = ui::ThemeName::contrast;
  settings.size = 1.75f;
  settings.detail = Detail::simple;
  settings.code = CodeShown::servers;
  settings.console_height = 333.5f;
  settings.hints_off = true;
  settings.hints_left = {0, 1, 2, 3, 0, 3};
  return settings;
}

TEST_F(SettingsFile, WhatIsSavedIsRead) {
  ASSERT_TRUE(save_settings(path_, other()));
  const ReadSettings read = load_settings(path_, Settings{});
  EXPECT_EQ(read.settings, other());
  EXPECT_EQ(read.notice, "");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1) << "nothing is left";
}

TEST_F(SettingsFile, WithoutAFileEverythingStaysAsItWas) {
  EXPECT_EQ(load_settings(path_, other()).settings, other());
  EXPECT_EQ(load_settings(path_, other()).notice, "");
}

TEST_F(SettingsFile, AHintThatIsNotKnownIsOfAnotherVersionAndABadCountIsTold) {
  write("hint zoom 1\nhint juggle 2\nhint keys 9\n");
  const ReadSettings read = load_settings(path_, Settings{});
  EXPECT_EQ(read.settings.hints_left[static_cast<std::size_t>(Hint::zoom)], 1);
  EXPECT_EQ(read.settings.hints_left[static_cast<std::size_t>(Hint::keys)], Hints::kTimes);
  EXPECT_THAT(read.notice, ::testing::EndsWith("line 3 means nothing and is ignored"));
}

TEST_F(SettingsFile, ABadLineIsToldAndTheOthersCount) {
  write("theme dark\nsize huge\nconsole_height -5\n\n# mine\nfrom_later 7\nlanguage zh\n");
  const ReadSettings read = load_settings(path_, Settings{});
  EXPECT_EQ(read.settings.theme, ui::ThemeName::dark);
  EXPECT_EQ(read.settings.language, ui::Language::zh);
  EXPECT_EQ(read.settings.size, 1);
  EXPECT_EQ(read.settings.console_height, Settings{}.console_height);
  EXPECT_THAT(read.notice, ::testing::EndsWith("settings: line 2 means nothing and is ignored"));
}

TEST_F(SettingsFile, WhatIsNoTextOrTooLongOrAFolderIsToldAndIgnored) {
  for (const std::string& text :
       {std::string(200'000, 'x'), std::string("\0\xff\xfe", 3), std::string("nan\nsize nan\nsize inf\n")}) {
    write(text);
    const ReadSettings read = load_settings(path_, other());
    EXPECT_EQ(read.settings, other());
    EXPECT_NE(read.notice, "");
  }
  fs::remove(path_);
  fs::create_directory(path_);
  EXPECT_EQ(load_settings(path_, other()).settings, other());
  EXPECT_NE(load_settings(path_, other()).notice, "");
}

TEST_F(SettingsFile, AFailedSaveSaysSoAndLeavesTheOldOnes) {
  ASSERT_TRUE(save_settings(path_, other()));
  fs::create_directory(path_ + ".part");
  EXPECT_FALSE(save_settings(path_, Settings{}));
  EXPECT_EQ(load_settings(path_, Settings{}).settings, other());
}

TEST(Settings, AreOfTheView) {
  View view;
  apply(other(), view);
  EXPECT_EQ(settings_of(view), other());
  EXPECT_EQ(view.detail, Detail::simple);
}

}  // namespace settings_test
}  // namespace sockscope
