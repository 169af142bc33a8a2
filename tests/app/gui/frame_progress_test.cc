#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "driver.h"
#include "frame_turns.h"
#include "gui/frame.h"
#include "state_home.h"
#include "trace/clock.h"

namespace sockscope {
namespace frame_progress {

using Do = request::Walk::Do;
using ::testing::HasSubstr;

constexpr const char* kText =
    "---\ntitle: Mine\nid: 60-mine\nminutes: 6\nneeds:\nplace: loopback\nnew: socket()\n---\n\nOpening.\n\n"
    "## First\n\nFirst-words.\n\n```predict\nid: one\nask: Which?\n- it returns  =a returned\n- it fails  "
    "!m1 No.\n"
    "```\n\n```play\na>>> x = 1\n```\n\n"
    "## Second\n\nSecond-words.\n\n```play\na>>> s = socket()\n```\n\n```check\na returned socket\n```\n";

struct FrameProgress : ::testing::Test {
  StateHome home;
  std::string root = home.path() + "/lessons", file = home.path() + "/progress";
  std::unique_ptr<Frame> frame;
  std::unique_ptr<testing::Driver> driver;

  void SetUp() override {
    std::filesystem::create_directories(root + "/60-mine");
    std::ofstream(root + "/60-mine/en.md") << kText;
    begin(true);
  }
  void begin(bool keeps) {
    driver.reset();
    frame = std::make_unique<Frame>(Session::live(true), LessonShelf{root});
    frame->view.first_run = false;
    driver = std::make_unique<testing::Driver>(
        [this](ui::Ui& ui) { frame->draw(ui, ImGui::GetIO().DisplaySize); });
    driver->bare_window = false;
    if (keeps) frame->keep_progress(file);
    driver->frame(2);
  }
  void ask(Do what, std::size_t number = 0) { frame->run(request::Walk{what, number}); }
  bool until_shown(const std::string& text) {
    return testing::turn_until(*frame, *driver, [&] { return driver->shows(text); });
  }
  bool until_kept(const std::string& text) {
    return testing::turn_until(*frame, *driver, [&] { return kept() == "sockscope progress 1\n" + text; });
  }
  std::string kept() const {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Guesses wrongly, and lets the first step's lines run.
  void first_step() {
    frame->open_lesson("60-mine");
    ask(Do::next);
    ASSERT_TRUE(until_shown("Which?"));
    ask(Do::choose, 1);
    ask(Do::show);
    ASSERT_TRUE(until_shown("Next step"));
  }
};

TEST_F(FrameProgress, ThePromptIsTheOneWhoseTurnItIs) {
  first_step();
  frame->view.thread = "main";
  ask(Do::next);
  EXPECT_TRUE(testing::turn_until(*frame, *driver, [&] { return frame->view.thread == "a"; }));
  frame->view.thread = "main";  // whoever presses another tab stays there
  ASSERT_TRUE(until_shown("Second-words."));
  driver->frame(2);
  EXPECT_EQ(frame->view.thread, "main");
}

TEST_F(FrameProgress, WhatIsDoneAndMissedIsKeptAsItHappens) {
  EXPECT_TRUE(driver->shows("1 to choose from"));
  first_step();
  ASSERT_TRUE(until_kept("lesson 60-mine\ndone 0\nguess one wrong 1 m1\n")) << kept();
  ask(Do::next);
  ASSERT_TRUE(until_kept("lesson 60-mine\ndone 0 1\nguess one wrong 1 m1\n")) << kept();
  ASSERT_TRUE(until_shown("Second-words."));
  ask(Do::show);
  ASSERT_TRUE(until_shown("This was the last step."));
  ASSERT_TRUE(until_kept("lesson 60-mine\ndone 0 1 2\nguess one wrong 1 m1\nfinished\n")) << kept();
  frame->open_lesson("");
  EXPECT_TRUE(until_shown("1 of 1 done"));
}

TEST_F(FrameProgress, TheNextRunGoesOnAtTheFirstStepNotDone) {
  first_step();
  ask(Do::next);
  ASSERT_TRUE(until_kept("lesson 60-mine\ndone 0 1\nguess one wrong 1 m1\n")) << kept();
  begin(true);
  frame->open_lesson("60-mine");
  ASSERT_TRUE(until_shown("Go on at step 2"));
  driver->click("lesson/resume");
  ASSERT_TRUE(until_shown("Second-words."));
  EXPECT_FALSE(driver->shows("Go on at step 2"));
}

TEST_F(FrameProgress, WithoutAFileNothingIsWrittenOrRemembered) {
  begin(false);
  first_step();
  ask(Do::next);
  ASSERT_TRUE(until_shown("Second-words."));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(home.path() + "/sockscope"));
}

TEST_F(FrameProgress, AHintSaysWhatTheLearnersLineCameTo) {
  first_step();
  ask(Do::next);
  ASSERT_TRUE(until_shown("Second-words."));
  EXPECT_FALSE(driver->shows("Give me a hint"));
  frame->run(request::RunLine{"a", "socket(AF_INET, 77)"});
  ASSERT_TRUE(until_shown("Give me a hint"));
  ASSERT_TRUE(testing::turn_until(*frame, *driver, [&] {
    const ThreadState* a = frame->session().state().thread("a");
    return a != nullptr && a->last_error != 0 && !a->line_running;
  }));
  driver->click("lesson/hint");
  ASSERT_TRUE(until_shown("From what you did"));
  EXPECT_TRUE(driver->shows("a called socket, and it failed with")) << frame->notice();
  EXPECT_FALSE(driver->shows("Give me a hint"));
}

// "70-next" comes after "60-mine", where "one" was missed.
TEST_F(FrameProgress, ALessonOpensWithWhatWasMissedBefore) {
  std::string next = kText;
  next.replace(next.find("60-mine"), 7, "70-next");
  std::filesystem::create_directories(root + "/70-next");
  std::ofstream(root + "/70-next/en.md") << next;
  const std::string missed = "lesson 60-mine\nguess one wrong 1 m1\n";
  const auto opens = [&](const std::string& progress) {
    std::ofstream(file) << "sockscope progress 1\n" << progress;
    begin(true);
    frame->open_lesson("70-next");
    driver->frame(2);
  };
  opens("lesson 60-mine\nguess one right 1\n");
  EXPECT_TRUE(driver->shows("Opening."));
  opens(missed + "lesson 70-next\ndone 0\n");  // in the middle of it nothing is asked
  EXPECT_TRUE(driver->shows("Opening."));
  opens(missed);
  EXPECT_TRUE(driver->shows("First, from earlier lessons"));
  EXPECT_FALSE(driver->shows("Opening."));
  EXPECT_TRUE(driver->shows("a>>> x = 1"));
  driver->click("lesson/choice-2");
  EXPECT_TRUE(until_shown("No."));
  EXPECT_TRUE(driver->shows("What happened: it returns"));
  driver->click("lesson/next");
  EXPECT_TRUE(until_shown("Opening."));
  opens(missed);
  driver->click("lesson/choice-1");
  EXPECT_TRUE(until_shown("As you guessed: it returns"));
  EXPECT_EQ(kept(), "sockscope progress 1\nlesson 60-mine\nguess one right 1\n");
  opens(missed);
  driver->click("lesson/next");
  EXPECT_TRUE(until_shown("Opening."));
  EXPECT_EQ(kept(), "sockscope progress 1\n" + missed);
}

TEST_F(FrameProgress, ABadFileIsToldAndKeptAside) {
  std::ofstream(file) << "garbage\n";
  begin(true);
  EXPECT_THAT(frame->notice(), HasSubstr("does not begin with"));
  first_step();
  EXPECT_THAT(frame->notice(), HasSubstr("kept as " + file + ".bad"));
  ASSERT_TRUE(frame->walk_to(1));  // on a session of its own
  EXPECT_THAT(frame->notice(), HasSubstr("kept as " + file + ".bad"));
  ASSERT_TRUE(until_kept("lesson 60-mine\ndone 0\nguess one wrong 1 m1\n")) << kept();
}

TEST_F(FrameProgress, TheQuizIsKeptAsBeforeAndThenAsAfter) {
  std::filesystem::create_directories(root + "/quiz");
  std::ofstream(root + "/quiz/en.md")
      << "---\ntitle: Questions\nid: quiz\nminutes: 6\nneeds:\nplace: loopback\nnew:\n---\n\n## First\n\n"
         "```predict\nid: one\nask: Which?\n- it fails  !m1 No.\n- it returns  =a returned\n```\n\n"
         "```play\na>>> x = 1\n```\n\n```check\na returned\n```\n";
  begin(true);
  EXPECT_TRUE(until_shown("before the lessons, and after them"));
  EXPECT_TRUE(driver->shows("1 to choose from")) << "the quiz is no lesson";
  const auto answer = [&](std::size_t choice) {
    frame->open_lesson("quiz");
    ASSERT_TRUE(until_shown("Which?"));
    ask(Do::choose, choice);
    ask(Do::show);
    ASSERT_TRUE(until_shown("This was the last step."));
  };
  answer(0);
  ASSERT_TRUE(until_kept("lesson quiz-before\ndone 1\nguess one wrong 2 m1\nfinished\n"));
  answer(1);
  ASSERT_TRUE(
      until_kept("lesson quiz-after\ndone 1\nguess one right 2\nfinished\n"
                 "lesson quiz-before\ndone 1\nguess one wrong 2 m1\nfinished\n"));
  frame->open_lesson("");
  EXPECT_TRUE(until_shown("before 0 of 1, after 1 of 1"));
}

}  // namespace frame_progress
}  // namespace sockscope
