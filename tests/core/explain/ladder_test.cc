#include "explain/ladder.h"

#include <gtest/gtest.h>

#include "trace/recording.h"

namespace sockscope {
namespace {

State recorded() {
  const auto trace = load_recording(SOCKSCOPE_SOURCE_DIR "/tests/golden/wires.jsonl");
  EXPECT_TRUE(trace) << trace.error().message;
  State state;
  for (std::size_t i = 0; trace && i < trace->size(); ++i) state.apply((*trace)[i], i);
  return state;
}

TEST(Ladder, HasTheTwoEndsAndEveryPacketOfTheConnection) {
  const State state = recorded();
  const Ladder ladder = ladder_of(state, 0, state.at());
  EXPECT_EQ(state.host(ladder.left)->name, "A");
  EXPECT_EQ(state.host(ladder.right)->name, "B");
  EXPECT_EQ(to_text(ladder.right_end), "10.0.0.2:80");
  EXPECT_EQ(state.called(ladder.left_socket), "c");
  EXPECT_EQ(ladder.arrows.size(), state.packets().size());
  EXPECT_TRUE(ladder.arrows.front().to_right);
  EXPECT_EQ(ladder.left_out, 0u);
}

TEST(Ladder, TimeRunsDownAndNoArrowGoesUp) {
  const State state = recorded();
  const Ladder ladder = ladder_of(state, 0, state.at());
  for (std::size_t i = 1; i < ladder.moments.size(); ++i) EXPECT_LE(ladder.moments[i - 1], ladder.moments[i]);
  for (const LadderArrow& arrow : ladder.arrows) EXPECT_LT(arrow.begins, arrow.ends);
  for (std::size_t i = 1; i < ladder.arrows.size(); ++i)  // no two leave on one rung
    EXPECT_NE(ladder.arrows[i - 1].begins, ladder.arrows[i].begins);
  EXPECT_EQ(ladder_step(ladder, 0), 0);
  EXPECT_EQ(ladder_step(ladder, ladder.moments.back() + 1), static_cast<double>(ladder.moments.size() - 1));
  const Time between = (ladder.moments[0] + ladder.moments[1]) / 2;
  EXPECT_NEAR(ladder_step(ladder, between), 0.5, 0.01);
}

TEST(Ladder, WhatIsSentLaterIsNotInIt) {
  const State state = recorded();
  const Time first = state.packets()[0].sent;
  EXPECT_TRUE(ladder_of(state, 0, first - 1).empty());
  const Ladder ladder = ladder_of(state, 0, first + 1);
  ASSERT_EQ(ladder.arrows.size(), 1u);
  EXPECT_EQ(ladder.moments[ladder.arrows[0].ends], first + 1);  // on its way
}

TEST(Ladder, OfManyTheLatestStay) {
  const State state = recorded();
  const Ladder ladder = ladder_of(state, 0, state.at(), 3);
  EXPECT_EQ(ladder.arrows.size(), 3u);
  EXPECT_EQ(ladder.left_out, state.packets().size() - 3);
  EXPECT_EQ(ladder.arrows.back().packet, state.packets().size());
}

TEST(Ladder, WithoutPacketsItIsEmpty) {
  EXPECT_TRUE(ladder_of(State(), 0, 1).empty());
}

}  // namespace
}  // namespace sockscope
