#include "gui/saves.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "play/play.h"
#include "session/own_files.h"
#include "state_home.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(PlayText, GivesEachLineItsThreadAndKeepsDirectives) {
  TraceBuilder b;
  b.thread("main");
  b.thread("ann");
  b.line(1, 0, "%serve S model=thread handler=upper port=0");
  b.line(2, 0, "a = socket(AF_INET, SOCK_STREAM)");
  b.line(2, 3, "ann>>> a.close()");
  b.line(1, 0, "x = '>>> '");
  EXPECT_EQ(play_text(b.trace()),
            "# Saved by Sockscope.\n"
            "%serve S model=thread handler=upper port=0\n"
            "ann>>> a = socket(AF_INET, SOCK_STREAM)\n"
            "ann>>> a.close()\n"
            "main>>> x = '>>> '\n");
}

TEST(PlayText, IsAPlay) {
  const std::string text = play_text(two_clients_trace());
  const auto play = parse_play(text, "saved.play");
  ASSERT_TRUE(play.has_value()) << play.error().to_string();
  EXPECT_EQ(play->lines.size(), 9u) << text;
}

TEST(PlayText, SaysAHostWhereItsThreadFirstAppears) {
  TraceBuilder b;
  b.put(event::ThreadStarted{1, 0, 7, ThreadRole::play, "ann", "A", {}});
  b.line(1, 0, "a = socket()");
  b.line(1, 0, "a.close()");
  EXPECT_EQ(play_text(b.trace()), "# Saved by Sockscope.\nann@A>>> a = socket()\nann>>> a.close()\n");
}

struct Saves : ::testing::Test {
  StateHome home;
};

TEST_F(Saves, TheFolderIsForItsOwnerOnly) {
  const auto folder = state_folder();
  ASSERT_TRUE(folder.has_value());
  struct stat info {};
  ASSERT_EQ(stat(folder->c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(Saves, TheLastRunsRecordingIsKept) {
  const auto first = fresh_recording_path();
  ASSERT_TRUE(first.has_value());
  std::ofstream(*first) << "one";
  const auto second = fresh_recording_path();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(*first, *second);
  EXPECT_FALSE(std::filesystem::exists(*second));
  EXPECT_EQ(content(*state_folder() + "/previous.jsonl"), "one");
}

TEST_F(Saves, AFolderThatCannotBeMadeIsNamed) {
  std::ofstream(home.path() + "/file") << "in the way";
  setenv("XDG_STATE_HOME", (home.path() + "/file").c_str(), 1);
  const auto folder = state_folder();
  ASSERT_FALSE(folder.has_value());
  EXPECT_NE(folder.error().find(home.path() + "/file/sockscope: "), std::string::npos) << folder.error();
}

TEST_F(Saves, WithoutAHomeItSaysSo) {
  unsetenv("XDG_STATE_HOME");
  unsetenv("HOME");
  const auto folder = state_folder();
  ASSERT_FALSE(folder.has_value());
  EXPECT_NE(folder.error().find("HOME"), std::string::npos);
}

}  // namespace
}  // namespace sockscope
