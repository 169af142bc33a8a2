#include "server/load_pace.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

LoadPace pace_with(unsigned most, unsigned under_way) {
  LoadPace pace;
  pace.limit(most);
  for (unsigned i = 0; i < under_way; ++i) pace.begins();
  return pace;
}

TEST(LoadPace, SoManyAreUnderWayAndNoMore) {
  LoadPace pace = pace_with(64, 63);
  EXPECT_TRUE(pace.has_room());
  pace.begins();
  EXPECT_FALSE(pace.has_room());
  pace.ends();
  EXPECT_TRUE(pace.has_room());
}

TEST(LoadPace, ADroppedSynMakesThemFewerThanTheServerHadRoomFor) {
  LoadPace pace = pace_with(64, 8);
  pace.unanswered(0);
  EXPECT_EQ(pace.at_once(), 6u);
  EXPECT_FALSE(pace.has_room());  // seven are under way
}

TEST(LoadPace, OneAtLeastIsUnderWay) {
  LoadPace pace = pace_with(64, 1);
  pace.unanswered(0);
  EXPECT_EQ(pace.at_once(), 1u);
  EXPECT_TRUE(pace.has_room());
  pace.begins();
  pace.unanswered(0);
  EXPECT_EQ(pace.at_once(), 1u);
}

TEST(LoadPace, AnswersMakeThemMoreAgainUpToTheLimit) {
  LoadPace pace = pace_with(4, 4);
  pace.unanswered(0);
  ASSERT_EQ(pace.at_once(), 2u);
  for (unsigned i = 0; i < LoadPace::kAnswersForOneMore; ++i) pace.answered();
  EXPECT_EQ(pace.at_once(), 3u);
  for (unsigned i = 0; i < 10 * LoadPace::kAnswersForOneMore; ++i) pace.answered();
  EXPECT_EQ(pace.at_once(), 4u);
}

TEST(LoadPace, ASynThatWasOnlySlowChangesNothing) {
  LoadPace pace = pace_with(64, 8);
  LoadPace::Unanswered client = pace.unanswered(5);
  pace.ended(client, 5 + 20 * kMillisecond);
  EXPECT_EQ(pace.at_once(), 64u);
  pace.ended(client, 5 + 20 * kMillisecond);  // said once
  EXPECT_EQ(pace.at_once(), 64u);
}

TEST(LoadPace, ASynThatWasRepeatedKeepsThemFew) {
  LoadPace pace = pace_with(64, 8);
  LoadPace::Unanswered client = pace.unanswered(5);
  pace.ended(client, 5 + kSecond);
  EXPECT_EQ(pace.at_once(), 6u);
}

TEST(LoadPace, TheUnansweredAreWithinTheLimitToo) {
  LoadPace pace = pace_with(3, 1);
  pace.unanswered(0);
  pace.begins();
  pace.unanswered(0);
  EXPECT_TRUE(pace.has_room());
  pace.begins();
  pace.unanswered(0);
  EXPECT_FALSE(pace.has_room());
}

}  // namespace
}  // namespace sockscope
