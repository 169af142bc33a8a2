#include "coach/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace progress_kept {

using testing::HasSubstr;
using Was = GuessMade::Was;

Progress some() {
  Progress all;
  all["11-backlog"].done = {0, 1, 2};
  all["11-backlog"].guesses["fourth-client"] = {Was::wrong, "m3a", 3};
  all["11-backlog"].guesses["fourth-client.because"] = {Was::unknown, "", 0};
  all["02-five-steps"].done = {1};
  all["02-five-steps"].finished = true;
  all["02-five-steps"].guesses["first"] = {Was::right, "", 1};
  return all;
}

TEST(Progress, IsReadAsItWasWritten) {
  const ReadProgress read = read_progress(progress_text(some()));
  EXPECT_EQ(read.notice, "");
  EXPECT_EQ(read.progress, some());
  EXPECT_EQ(progress_text(some()),
            "sockscope progress 1\n"
            "lesson 02-five-steps\ndone 1\nguess first right 1\nfinished\n"
            "lesson 11-backlog\ndone 0 1 2\nguess fourth-client wrong 3 m3a\n"
            "guess fourth-client.because unknown 0\n");
}

TEST(Progress, WhatIsNoWordIsLeftOut) {
  Progress all = some();
  all["two words"].done = {1};
  all["nothing-yet"];
  all["02-five-steps"].guesses["a\nfinished"] = {Was::right, "", 1};
  all["02-five-steps"].guesses["first"].misconception = "m 1";
  const ReadProgress read = read_progress(progress_text(all));
  EXPECT_EQ(read.notice, "");
  EXPECT_EQ(read.progress, some());
}

TEST(Progress, ABadLineIsToldAndTheOthersAreKept) {
  const std::string good = "sockscope progress 1\nlesson 11-a\ndone 1\n";
  for (const char* bad : {"done", "done 1 x", "done -1", "done 99999999999", "guess p", "guess p right",
                          "guess p maybe 1", "guess p right 1 m1", "guess p wrong 1 m1 m2", "finished now",
                          "stop", " ", "\x01", "guess  wrong 1"}) {
    const ReadProgress read = read_progress(good + bad + "\nfinished\n");
    EXPECT_EQ(read.notice, "line 4 means nothing and is ignored") << bad;
    EXPECT_EQ(read.progress.at("11-a").done, std::set<int>{1}) << bad;
    EXPECT_TRUE(read.progress.at("11-a").finished) << bad;
  }
  const ReadProgress nowhere = read_progress("sockscope progress 1\ndone 1\nlesson\ndone 1\n");
  EXPECT_TRUE(nowhere.progress.empty());
  EXPECT_THAT(nowhere.notice, HasSubstr("line 2"));
}

TEST(Progress, AnotherProgramsFileGivesNothing) {
  for (const std::string text : {"sockscope progress 2\nlesson 1\ndone 1\n", "\n", "lesson 11-a\ndone 1\n"}) {
    const ReadProgress read = read_progress(text);
    EXPECT_TRUE(read.progress.empty());
    EXPECT_THAT(read.notice, HasSubstr("does not begin with"));
  }
  EXPECT_EQ(read_progress("").notice, "");
}

TEST(Progress, NothingIsUndoneAndANewerAnswerCounts) {
  LessonProgress kept = some()["11-backlog"];
  LessonProgress now;
  now.done = {3};
  now.guesses["fourth-client"] = {Was::right, "", 3};
  merge(kept, now);
  EXPECT_EQ(kept.done, (std::set<int>{0, 1, 2, 3}));
  EXPECT_EQ(kept.guesses.at("fourth-client").was, Was::right);
  EXPECT_EQ(kept.guesses.at("fourth-client.because").was, Was::unknown);
  EXPECT_FALSE(kept.finished);
  now.finished = true;
  merge(kept, now);
  merge(kept, LessonProgress{});
  EXPECT_TRUE(kept.finished);
}

TEST(Progress, AGuessKeepsItsMisconceptionAndWhatTheKernelShowed) {
  lesson::Question question;
  question.choices = {{"a", false, "m3a", "no", "", 0}, {"b", true, "", "", "x == 1", 0}};
  EXPECT_EQ(guess_made(question, 0, true), (GuessMade{Was::wrong, "m3a", 2}));
  EXPECT_EQ(guess_made(question, 1, false), (GuessMade{Was::right, "", 0}));
  EXPECT_EQ(guess_made(question, 2, true), (GuessMade{Was::unknown, "", 2}));
}

TEST(Progress, StepsAreNumberedAsInRecordings) {
  Lesson lesson;
  EXPECT_FALSE(all_done(lesson, {}));
  lesson.steps = {{"", {}, 1}, {"One", {}, 2}, {"Two", {}, 3}};
  EXPECT_EQ(step_number(lesson, 0), 0);
  EXPECT_EQ(step_number(lesson, 2), 2);
  EXPECT_FALSE(all_done(lesson, {0, 1}));
  EXPECT_TRUE(all_done(lesson, {1, 2}));
  lesson.steps.erase(lesson.steps.begin());
  EXPECT_EQ(step_number(lesson, 0), 1);
}

TEST(Progress, TheQuizIsAnsweredBeforeUntilThatIsFinished) {
  Progress all;
  EXPECT_EQ(quiz_now(all), kQuizBefore);
  LessonProgress& before = all["quiz-before"];
  before.guesses["one"] = {Was::right, "", 1};
  before.guesses["two"] = {Was::wrong, "m2", 1};
  before.guesses["two.because"] = {Was::right, "", 0};
  EXPECT_EQ(quiz_now(all), kQuizBefore);
  EXPECT_EQ(quiz_score(before), (QuizScore{1, 2}));
  before.finished = true;
  EXPECT_EQ(quiz_now(all), kQuizAfter);
  EXPECT_EQ(quiz_score({}), (QuizScore{0, 0}));
}

}  // namespace progress_kept
}  // namespace sockscope
