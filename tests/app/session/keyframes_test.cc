#include "session/keyframes.h"

#include <gtest/gtest.h>

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
