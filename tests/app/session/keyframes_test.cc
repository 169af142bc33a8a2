#include "session/keyframes.h"

#include <gtest/gtest.h>

#include <random>

#include "random_events.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

// Enough for two keyframes and a bit: one socket that gets bytes again and again.
const Trace& long_trace() {
  static const Trace trace = [] {
    TraceBuilder b;
    const ThreadId client = b.thread("client");
    const SocketId c = b.socket(client, "c");
    for (std::uint32_t i = 1; i <= 2 * Keyframes::kLeastApart + 5'000; ++i) {
      b.put(event::QueuesSampled{c, i, 0, 0, 0, 0});
    }
    return b.trace();
  }();
  return trace;
}

State folded(const Trace& trace, std::size_t seq) {
  State state;
  while (state.next() < seq) state.apply(trace[state.next()], state.next());
  return state;
}

TEST(Keyframes, AnyPointForwardsAndBackwardsIsWhatFoldingFromZeroGives) {
  const Trace& trace = long_trace();
  Keyframes keyframes;
  State end;
  keyframes.fold(trace, end);
  ASSERT_EQ(end.next(), trace.size());
  const std::size_t kf = Keyframes::kLeastApart;
  for (const std::size_t seq : {std::size_t{0}, std::size_t{1}, kf - 1, kf, kf + 1, trace.size(), 2 * kf + 7,
                                kf - 1, std::size_t{3}, trace.size() - 1, std::size_t{0}}) {
    EXPECT_TRUE(keyframes.at(trace, seq) == folded(trace, seq)) << seq;
  }
}

// Little room: they are thinned out again and again, while the trace grows and the cursor jumps.
TEST(Keyframes, ARandomPointIsWhatFoldingFromZeroGivesAlsoWhileTheTraceGrows) {
  constexpr std::size_t kApart = 64, kMost = std::size_t{4} << 20;
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    std::mt19937 random(seed);
    Trace trace;
    Keyframes keyframes(kApart, kMost);
    State end;
    for (Event& event : RandomEvents(seed).make(3'000, kSecond)) {
      trace.append(std::move(event), false);
      if (random() % 50 != 0) continue;
      keyframes.fold(trace, end);
      EXPECT_LE(keyframes.bytes(), kMost);
      const std::size_t seq = random() % (trace.size() + 1);
      EXPECT_TRUE(keyframes.at(trace, seq) == folded(trace, seq)) << seed << " " << seq;
    }
    keyframes.fold(trace, end);
    EXPECT_TRUE(end == folded(trace, trace.size())) << seed;
  }
}

// Sockets that are all busy for ever: no keyframe shares them with another.
TEST(Keyframes, TheyNeverHoldMoreThanTheyMay) {
  constexpr SocketId kSockets = 500;
  constexpr std::size_t kMost = std::size_t{3} << 20;
  TraceBuilder b;
  const ThreadId client = b.thread("client");
  for (SocketId s = 0; s < kSockets; ++s) b.socket(client, "");
  for (std::uint32_t i = 0; i < 40'000; ++i) b.put(event::QueuesSampled{1 + i % kSockets, i, 0, 0, 0, 0});
  const Trace trace = b.trace();
  Keyframes keyframes(1'000, kMost);
  State end;
  keyframes.fold(trace, end);
  EXPECT_LE(keyframes.bytes(), kMost);
  EXPECT_GE(keyframes.kept(), 2u);
  EXPECT_TRUE(keyframes.at(trace, 30'001) == folded(trace, 30'001));
}

TEST(Keyframes, BeyondTheEndIsTheEnd) {
  const Trace& trace = long_trace();
  Keyframes keyframes;
  EXPECT_EQ(keyframes.at(trace, trace.size() + 100).next(), trace.size());
}

TEST(Keyframes, FoldingInPiecesIsFoldingAtOnce) {
  const Trace& whole = long_trace();
  Keyframes keyframes;
  Trace growing;
  State state;
  for (std::size_t seq = 0; seq < whole.size(); ++seq) {
    growing.append(whole[seq], false);
    if (seq % 999 == 0) keyframes.fold(growing, state);
  }
  keyframes.fold(growing, state);
  EXPECT_TRUE(state == folded(whole, whole.size()));
  EXPECT_TRUE(keyframes.at(growing, Keyframes::kLeastApart + 3) == folded(whole, Keyframes::kLeastApart + 3));
}

TEST(Keyframes, AnEmptyTraceHasAnEmptyState) {
  Keyframes keyframes;
  const Trace empty;
  State state;
  keyframes.fold(empty, state);
  EXPECT_TRUE(keyframes.at(empty, 5) == State());
}

}  // namespace
}  // namespace sockscope
