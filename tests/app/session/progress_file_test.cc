#include "session/progress_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "state_home.h"

namespace sockscope {
namespace progress_file {

using ::testing::EndsWith;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

LessonProgress done(int step) {
  LessonProgress now;
  now.done = {step};
  return now;
}

struct ProgressKept : ::testing::Test {
  StateHome home;
  std::string path = progress_path().value();
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  void put(const std::string& text) const {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
  }
};

TEST_F(ProgressKept, NothingIsMadeBeforeThereIsSomethingToKeep) {
  ProgressFile kept(path);
  EXPECT_EQ(kept.load(), "");
  EXPECT_EQ(kept.record("11-a", {}), "");
  EXPECT_FALSE(fs::exists(fs::path(path).parent_path()));
  EXPECT_FALSE(kept.of("11-a").begun());
}

TEST_F(ProgressKept, IsThereInTheNextRunForItsOwnerOnly) {
  ProgressFile kept(path);
  EXPECT_EQ(kept.record("11-a", done(1)), "");
  EXPECT_EQ(kept.record("11-a", done(2)), "");
  ProgressFile next(path);
  EXPECT_EQ(next.load(), "");
  EXPECT_EQ(next.of("11-a").done, (std::set<int>{1, 2}));
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(fs::path(path).parent_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(ProgressKept, WhatAnotherProgramWroteStays) {
  ProgressFile window(path), terminal(path);
  window.load();
  terminal.load();
  EXPECT_EQ(window.record("11-a", done(1)), "");
  EXPECT_EQ(terminal.record("12-b", done(3)), "");
  EXPECT_EQ(window.record("11-a", done(2)), "");
  ProgressFile next(path);
  next.load();
  EXPECT_EQ(next.of("11-a").done, (std::set<int>{1, 2}));
  EXPECT_EQ(next.of("12-b").done, (std::set<int>{3}));
}

TEST_F(ProgressKept, ABadFileIsToldAndKeptAside) {
  const std::string bad = "sockscope progress 1\nlesson 11-a\ndone 1\nsomething else\n";
  for (const std::string aside : {".bad", ".bad-2"}) {
    put(bad);
    ProgressFile kept(path);
    EXPECT_THAT(kept.load(), HasSubstr("progress: line 4 means nothing"));
    EXPECT_EQ(content(), bad);  // reading changes nothing
    EXPECT_THAT(kept.record("11-a", done(2)), EndsWith("is kept as " + path + aside));
    EXPECT_EQ(kept.record("11-a", done(3)), "");
    EXPECT_EQ(content(), "sockscope progress 1\nlesson 11-a\ndone 1 2 3\n");
    std::ifstream in(path + aside);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), bad);
  }
}

TEST_F(ProgressKept, AFolderOrAHugeFileInItsPlaceIsPutAsideToo) {
  fs::create_directories(path + "/inside");
  ProgressFile kept(path);
  EXPECT_THAT(kept.load(), HasSubstr("progress: "));
  EXPECT_THAT(kept.record("11-a", done(1)), HasSubstr(".bad"));
  EXPECT_TRUE(fs::exists(path + ".bad/inside"));
  put(std::string(5 << 20, 'x'));
  EXPECT_THAT(kept.load(), HasSubstr("too long"));
  EXPECT_THAT(kept.record("11-a", done(2)), HasSubstr(".bad-2"));
  EXPECT_EQ(content(), "sockscope progress 1\nlesson 11-a\ndone 2\n");
}

TEST_F(ProgressKept, WhereNothingCanBeWrittenItSaysSoOnceAndTriesAgain) {
  std::ofstream(home.path() + "/sockscope") << "in the way";
  ProgressFile kept(path);
  kept.load();
  EXPECT_THAT(kept.record("11-a", done(1)), HasSubstr(home.path()));
  EXPECT_EQ(kept.record("11-a", done(2)), "");
  EXPECT_EQ(kept.of("11-a").done, (std::set<int>{1, 2}));
  fs::remove(home.path() + "/sockscope");
  EXPECT_EQ(kept.record("11-a", done(3)), "");
  EXPECT_EQ(content(), "sockscope progress 1\nlesson 11-a\ndone 1 2 3\n");
}

TEST_F(ProgressKept, WithoutAHomeNothingIsKept) {
  unsetenv("XDG_STATE_HOME");
  unsetenv("HOME");
  EXPECT_THAT(progress_path().error(), HasSubstr("HOME"));
  ProgressFile kept("");
  EXPECT_EQ(kept.load(), "");
  EXPECT_EQ(kept.record("11-a", done(1)), "");
  EXPECT_FALSE(kept.of("11-a").begun());
}

}  // namespace progress_file
}  // namespace sockscope
