#include "coach/recall.h"

#include <gtest/gtest.h>

#include <set>

namespace sockscope {
namespace recalled {

using Was = GuessMade::Was;

constexpr const char* kLines =
    "# It returns at once.\n\nann>>> a.{{connect}}(x)\n%expect ann returned\n%wait until ann idle\nann>>> "
    "y\n";

// A lesson whose one step asks "p" and "q"; the second choice is right.
Lesson earlier(const std::string& id) {
  Lesson made;
  made.head.id = id;
  made.steps.push_back({"Step of " + id, {}, 1});
  for (const char* ask : {"p", "q"}) {
    lesson::Predict predict;
    predict.id = ask;
    predict.what = {ask, {{"no", false, "m1", "Because not.", "", 0}, {"yes", true, "", "", "x == 1", 0}}, 0};
    made.steps[0].blocks.push_back({predict, 2});
    made.steps[0].blocks.push_back({lesson::Play{{"", 3, kLines}}, 3});
  }
  return made;
}

struct RecallTest : ::testing::Test {
  Lesson opens;
  Progress progress;
  std::set<std::string> loaded;
  RecallTest() {
    opens.head.id = "11-now";
    opens.head.needs = {"02-needed"};
  }
  void answered(const std::string& lesson, const std::string& question, Was was, int seen = 2) {
    progress[lesson].guesses[question] = {was, "", seen};
  }
  std::string asked() {
    std::string all;
    const auto load = [&](const std::string& id) {
      loaded.insert(id);
      return id == "04-gone" ? nullptr : std::make_shared<const Lesson>(earlier(id));
    };
    for (const RecallQuestion& one : recalled_for(opens, progress, load))
      all += (all.empty() ? "" : " ") + one.lesson + "/" + one.predict;
    return all;
  }
};

TEST_F(RecallTest, WithoutAnAnswerThereIsNothingToAsk) {
  EXPECT_EQ(asked(), "");
  answered("03-other", "p", Was::right);  // neither missed nor needed
  EXPECT_EQ(asked(), "");
  EXPECT_TRUE(loaded.empty());
}

TEST_F(RecallTest, WhatWasMissedComesFirstAndTwoAreEnough) {
  answered("02-needed", "p", Was::right);
  EXPECT_EQ(asked(), "02-needed/p");
  answered("03-other", "p", Was::wrong);
  EXPECT_EQ(asked(), "03-other/p 02-needed/p");
  answered("05-late", "q", Was::unknown);
  EXPECT_EQ(asked(), "05-late/q 03-other/p");
  answered("02-needed", "q", Was::wrong);
  EXPECT_EQ(asked(), "02-needed/q 05-late/q");
}

TEST_F(RecallTest, ALessonThatAsksAgainItselfGetsOnlyWhatWasMissed) {
  opens = earlier("11-now");
  opens.head.needs = {"02-needed"};
  std::get<lesson::Predict>(opens.steps[0].blocks[0].what).id = "again-p";
  answered("02-needed", "p", Was::right);
  EXPECT_EQ(asked(), "");
  answered("02-needed", "q", Was::wrong);
  EXPECT_EQ(asked(), "02-needed/q");
}

TEST_F(RecallTest, OnlyWhatTheKernelShowedAndTheLessonStillSays) {
  answered("03-other", "p", Was::wrong, 0);
  answered("03-other", "q", Was::wrong, 1);          // another choice is right by now
  answered("03-other", "p.because", Was::wrong, 2);  // no question of its own
  answered("04-gone", "p", Was::wrong);
  answered("11-now", "p", Was::wrong);
  answered("12-later", "p", Was::wrong);
  EXPECT_EQ(asked(), "");
}

TEST_F(RecallTest, AQuestionBringsItsStepAndItsLines) {
  answered("03-other", "p", Was::wrong);
  const auto questions = recalled_for(
      opens, progress, [](const std::string& id) { return std::make_shared<const Lesson>(earlier(id)); });
  ASSERT_EQ(questions.size(), 1u);
  EXPECT_EQ(questions[0].title, "Step of 03-other");
  EXPECT_EQ(questions[0].lines, "ann>>> a.____(x)\nann>>> y");
  EXPECT_EQ(questions[0].what.choices.at(0).refutation, "Because not.");
}

}  // namespace recalled
}  // namespace sockscope
