// What was done as a lesson's play block, and that it runs again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gui/as_lesson.h"
#include "play/play.h"
#include "session/session.h"
#include "trace_builder.h"

namespace sockscope {
namespace as_lesson_test {

using ::testing::HasSubstr;

TEST(AsLesson, WithoutALineThereIsNoBlock) {
  const Trace trace;
  EXPECT_EQ(play_block(trace, fold(trace)), "");
}

TEST(AsLesson, LinesStandInTheirOrderAndAFailureIsExpected) {
  const auto session = Session::live(true);
  const auto play = parse_play(
      "ann>>> a = socket(AF_INET, SOCK_STREAM)\nann>>> a.connect(('127.0.0.1', 1))\nbob>>> b = "
      "socket(AF_INET, SOCK_STREAM)\nbob>>> b.bind(('127.0.0.1', 0))\nbob>>> b.listen(1)\nbob>>> "
      "b.accept()\n",
      "");
  ASSERT_TRUE(play) << play.error().to_string();
  session->load(*play);
  const auto blocked = [&] {
    const ThreadState* bob = session->state().thread("bob");
    return bob != nullptr && bob->blocked;
  };
  const Time until = now() + 20 * kSecond;
  while (!blocked() && now() < until) {
    session->tick();
    session->wait(20 * kMillisecond);
  }
  ASSERT_TRUE(blocked());
  const std::string block = play_block(session->trace(), session->state());
  EXPECT_EQ(block.substr(0, 8), "```play\n");
  EXPECT_THAT(block,
              HasSubstr("ann>>> a.connect(('127.0.0.1', 1))\n%expect ann raised ConnectionRefusedError\n"));
  EXPECT_THAT(block, HasSubstr("bob>>> b.accept()\n%expect bob blocked in accept\n```\n"));
  const auto again = parse_play(block.substr(8, block.size() - 12), "");
  EXPECT_TRUE(again) << again.error().to_string();
  session->stop();
}

}  // namespace as_lesson_test
}  // namespace sockscope
