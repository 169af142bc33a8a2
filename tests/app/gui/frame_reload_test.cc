#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "driver.h"
#include "frame_turns.h"
#include "gui/frame.h"
#include "trace/clock.h"

namespace sockscope {
namespace frame_reload {

constexpr const char* kText =
    "---\ntitle: T\nid: 60-mine\nminutes: 6\nneeds:\nplace: loopback\nnew: socket()\n---\n\nOpening.\n\n"
    "## First\n\nFirst-words.\n\n```play\na>>> x = 1\n```\n\n```check\nx == 1\n```\n\n## "
    "Second\n\nSecond-words.\n\n"
    "```play\na>>> s = socket()\n```\n\n```check\na returned socket\n```\n";

std::string changed(std::string from, const std::string& to) {
  std::string text = kText;
  return text.replace(text.find(from), from.size(), to);
}

struct Reload : ::testing::Test {
  std::string folder = ::testing::TempDir() + "reload" + std::to_string(::getpid()) + "/60-mine";
  Frame frame{Session::live(true), LessonShelf{}};
  testing::Driver driver{[this](ui::Ui& ui) { frame.draw(ui, ImGui::GetIO().DisplaySize); }};

  void SetUp() override {
    std::filesystem::create_directories(folder);
    save(kText);
    std::ofstream(folder + "/zh.md") << kText;
    driver.bare_window = false;
    ASSERT_TRUE(frame.open(folder));
    driver.frame(2);
  }
  void TearDown() override { std::filesystem::remove_all(folder + "/.."); }
  // As editors do: another file is put in its place.
  void save(const std::string& text) {
    std::ofstream(folder + "/.en.md.part") << text;
    std::filesystem::rename(folder + "/.en.md.part", folder + "/en.md");
  }
  bool until_shown(const std::string& text) {
    return testing::turn_until(frame, driver, [&] { return driver.shows(text); });
  }
};

TEST_F(Reload, ASavedLessonIsThereAtTheSameStep) {
  ASSERT_TRUE(frame.walk_to(2));
  ASSERT_TRUE(until_shown("Second-words."));
  save(changed("Second-words.", "Better-words."));
  EXPECT_TRUE(until_shown("Better-words."));
  // A step before it: the learner's is the one of the same title.
  save(changed("## Second", "## Between\n\nNew.\n\n## Second"));
  EXPECT_TRUE(until_shown("Step 3 of 3"));
  EXPECT_TRUE(until_shown("Second-words."));
}

TEST_F(Reload, InAnotherLanguageTheLearnerStaysAtTheStep) {
  std::ofstream(folder + "/zh.md") << changed("Second-words.", "Words-in-zh.");
  ASSERT_TRUE(frame.walk_to(2));
  ASSERT_TRUE(until_shown("Second-words."));
  frame.view.language = ui::Language::zh;
  EXPECT_TRUE(until_shown("Words-in-zh."));
}

TEST_F(Reload, ABrokenFileKeepsTheLessonAndSaysWhere) {
  ASSERT_TRUE(frame.walk_to(1));
  ASSERT_TRUE(until_shown("First-words."));
  save(changed("x == 1", "x =="));
  EXPECT_TRUE(until_shown("en.md:21: "));
  EXPECT_TRUE(driver.shows("First-words."));
  save("");
  EXPECT_TRUE(until_shown("en.md: is empty"));
  EXPECT_TRUE(driver.shows("First-words."));
  save(kText);
  EXPECT_TRUE(until_shown("6 minutes"));  // the note of a lesson without a mistake
  EXPECT_FALSE(driver.shows("en.md:21: "));
}

}  // namespace frame_reload
}  // namespace sockscope
