#include "session/open_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "session/places.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using Kind = FileArgument::Kind;

class OpenFileTest : public testing::Test {
 protected:
  OpenFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-open-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    write("lessons/07-seven/en.md", "title: Seven\n\nText.\n");
    write("lessons/07-seven/b.play", "");
    write("lessons/07-seven/a.play", "");
    write("lessons/08-eight/en.md", "title: Eight\n\nText.\n");
    setenv("SOCKSCOPE_LESSONS", (folder_ + "/lessons").c_str(), 1);
  }
  ~OpenFileTest() override {
    unsetenv("SOCKSCOPE_LESSONS");
    std::filesystem::remove_all(folder_);
  }
  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = folder_ + "/" + name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  std::string error(const std::string& argument) const {
    const auto found = find_file(argument, "en");
    return found ? "found" : found.error();
  }
  std::string folder_;
};

TEST_F(OpenFileTest, TheContentTellsARecordingFromAPlay) {
  const std::string golden = std::string(SOCKSCOPE_SOURCE_DIR) + "/tests/golden";
  bool any = false;
  for (const auto& entry : std::filesystem::directory_iterator(golden)) {
    if (entry.path().extension() != ".jsonl") continue;
    std::filesystem::copy_file(entry.path(), folder_ + "/named.play",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(find_file(folder_ + "/named.play", "en").value().kind, Kind::recording) << entry.path();
    any = true;
  }
  EXPECT_TRUE(any);
  write("named.jsonl", "s = socket()\n");
  EXPECT_EQ(find_file(folder_ + "/named.jsonl", "en").value().kind, Kind::play);
  write("empty", "");
  EXPECT_EQ(find_file(folder_ + "/empty", "en").value().kind, Kind::play);
}

TEST_F(OpenFileTest, ALessonByFolderIdOrName) {
  for (const std::string& argument : {folder_ + "/lessons/07-seven", folder_ + "/lessons/07-seven/",
                                      std::string("07-seven"), std::string("seven")}) {
    const auto found = find_file(argument, "en");
    ASSERT_TRUE(found) << argument;
    EXPECT_EQ(found->kind, Kind::lesson);
    EXPECT_EQ(found->lesson.title, "Seven");
    EXPECT_THAT(found->path, HasSubstr("/a.play"));
  }
  EXPECT_EQ(find_file("eight", "en").value().path, "");
}

TEST_F(OpenFileTest, WhatIsNoneOfThemIsSaidInOneLine) {
  EXPECT_EQ(error("nothing-here"), "nothing-here: there is no such file and no lesson of that name");
  EXPECT_EQ(error(folder_), folder_ + ": this folder is no lesson: there is no en.md and no play in it");
  EXPECT_EQ(error("/dev/null"), "/dev/null: not a file");
  ASSERT_EQ(mkfifo((folder_ + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(error(folder_ + "/fifo"), folder_ + "/fifo: not a file");
  EXPECT_EQ(error(""), "an empty FILE: name a play, a recording or a lesson");
}

TEST_F(OpenFileTest, TheEnvironmentNamesTheLessons) {
  EXPECT_EQ(lessons_root(), folder_ + "/lessons");
}

}  // namespace
}  // namespace sockscope
