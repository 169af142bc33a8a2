#include "explain/leaving.h"

#include <gtest/gtest.h>

#include "trace_builder.h"

namespace sockscope {
namespace leaving_test {

struct Leaving : ::testing::Test {
  Trace trace;
  void tell(std::string_view code, std::string_view text) {
    trace.append({static_cast<Time>(trace.size()), event::Notice{code, text}}, false);
  }
  State state() const { return fold(trace); }
};

TEST_F(Leaving, TheLastWordOfThePersonHolds) {
  EXPECT_FALSE(may_leave(state()));
  tell("not-here", "refused");
  EXPECT_FALSE(may_leave(state()));
  tell("leaves-here", "allowed");
  tell("not-here", "refused");
  EXPECT_TRUE(may_leave(state()));
  const State then = state();
  EXPECT_EQ(notice_of_leaving(then), "allowed");
  tell("stays-here", "taken back");
  EXPECT_FALSE(may_leave(state()));
  const State at_last = state();
  EXPECT_EQ(notice_of_leaving(at_last), "");
}

TEST_F(Leaving, AFloodOfOtherNoticesHidesNoConsent) {
  for (int i = 0; i < 1'500; ++i) tell("not-here", "refused");
  tell("leaves-here", "allowed");
  for (int i = 0; i < 1'500; ++i) tell("not-here", "refused");
  EXPECT_TRUE(may_leave(state()));
}

}  // namespace leaving_test
}  // namespace sockscope
