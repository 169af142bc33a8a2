#include "coach/ready.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace ready_lessons {

using testing::HasSubstr;

tl::expected<ReadyLesson, LessonFault> ready(const std::string& body) {
  auto lesson = read_lesson("---\ntitle: T\nid: 01-t\n---\n" + body, "01-t/en.md");
  if (!lesson) return tl::unexpected(lesson.error());
  return make_ready(std::move(*lesson));
}
std::string fault(const std::string& body) {
  const auto lesson = ready(body);
  return lesson ? "no fault" : lesson.error().to_string();
}

TEST(MakeReady, ScriptsAndConditionsAreReadWithTheirLines) {
  const auto lesson = ready(
      "## S\n```setup\na>>> n = 1\n```\n```predict\nid: p\nask: ?\n- one  =a returned {1} \n- x  !m1\n```\n");
  EXPECT_FALSE(lesson);  // { is no literal
  const auto good = ready(
      "## S\n```setup\na>>> n = 1\n```\n```predict\nid: p\nask: ?\n- one  =m == 2 within 5s\n- x  !m1\n```\n"
      "```play\n# blank\nb>>> {{m}} = 2\n```\n```check\nm == 2\nb returned\n```\n");
  ASSERT_TRUE(good) << good.error().to_string();
  const auto& blocks = good->steps.at(0).blocks;
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[0].play.lines.at(0).number, 7);
  EXPECT_EQ(blocks[0].play.file, "01-t/en.md");
  ASSERT_EQ(blocks[1].asks.size(), 2u);
  EXPECT_TRUE(blocks[1].asks[0]);
  EXPECT_FALSE(blocks[1].asks[1]);
  EXPECT_EQ(blocks[2].play.lines.at(0).text, "b>>> m = 2");
  EXPECT_EQ(blocks[2].play.lines.at(0).number, 17);
  EXPECT_EQ(blocks[3].asks.size(), 2u);
  EXPECT_EQ(blocks[3].asks[1]->number, 21);
}

TEST(MakeReady, AnEmptySetupBeginsAnewAndNoMore) {
  const std::string play = "```play\na>>> n = 1\n```\n";
  const auto lesson =
      ready("## S\n" + play + "## T\n```setup\n```\n```play\n%serve n model=iterative\n```\n");
  ASSERT_TRUE(lesson) << lesson.error().to_string();
  EXPECT_TRUE(lesson->steps.at(1).blocks.at(0).play.lines.empty());
  EXPECT_THAT(
      fault("## S\n" + play + "## T\n```setup\n# anew\n```\n```play\nb>>> n\n```\n```check\nn == 1\n```\n"),
      HasSubstr("'n' is no field"));
}

TEST(MakeReady, EachRunIsCheckedAsOnePlay) {
  const std::string play = "```play\na>>> n = 1\n```\n", check = "```check\nn == 1\n```\n";
  EXPECT_EQ(fault("## S\n" + play + "## T\n```play\nb>>> n\n```\n" + check), "no fault");
  EXPECT_THAT(fault("## S\n" + play + "## T\n```setup\nb>>> m = 2\n```\n" + play +
                    "```check\nb idle and k == 1\n```\n"),
              HasSubstr("01-t/en.md:17: 'k' is no field"));
  EXPECT_THAT(fault("## S\n" + play + "```play\n%serve n model=iterative\n```\n"),
              HasSubstr("01-t/en.md:10: 'n' is a"));
  // What ran before a setup is not there any more.
  EXPECT_THAT(fault("## S\n" + play + "## T\n```setup\nb>>> m = 2\n```\n```play\nb>>> 1\n```\n" + check),
              HasSubstr("01-t/en.md:17: 'n' is no field"));
}

TEST(MakeReady, ConditionsAreOneCondition) {
  const std::string play = "## S\n```play\na>>> n = 1\n```\n";
  EXPECT_THAT(fault(play + "```check\nn == 1 and\n```\n"), HasSubstr("01-t/en.md:10: "));
  EXPECT_THAT(fault(play + "```check\nn == 1 # really\n```\n"), HasSubstr("no fault"));
  EXPECT_THAT(fault(play + "```check\nn == 1 within 61s\n```\n"), HasSubstr("waits longer than 60 s"));
}

TEST(MakeReady, TheOrderOfBlocks) {
  const std::string play = "```play\na>>> n = 1\n```\n", check = "```check\nn == 1\n```\n",
                    predict = "```predict\nid: p\nask: ?\n- one  =n == 1\n- x  !m1\n```\n",
                    setup = "```setup\na>>> m = 1\n```\n";
  EXPECT_EQ(fault("## S\n" + setup + predict + play + check), "no fault");
  EXPECT_THAT(fault("## S\n" + play + setup), HasSubstr("01-t/en.md:9: a step has one setup"));
  EXPECT_THAT(fault("## S\n" + setup + setup + play), HasSubstr("a step has one setup"));
  EXPECT_THAT(fault("## S\n" + play + predict),
              HasSubstr("01-t/en.md:9: no play, order or solution follows"));
  EXPECT_THAT(fault("## S\n" + predict + "## T\n" + play), HasSubstr("no play, order or solution follows"));
  EXPECT_THAT(fault("## S\n" + predict + check + play), HasSubstr("a check stands after what answers"));
  EXPECT_THAT(fault("## S\n```play\n# nothing\n```\n"), HasSubstr("there is no line here that runs"));
}

}  // namespace ready_lessons
}  // namespace sockscope
