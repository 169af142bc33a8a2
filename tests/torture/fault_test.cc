// Each system call of each play made to fail in turn, inside the process, so that the sanitizers see what
// becomes of it. Only where core/calls was built with SOCKSCOPE_FAULTS. inject.py does the same with the real
// program.

#ifdef SOCKSCOPE_FAULTS

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine_house.h"
#include "net/names.h"
#include "play_harness.h"
#include "plays.h"

namespace sockscope::testing {
namespace {

// Tried again, or waited for, instead of being the call's result.
bool may_be_absorbed(int error) {
  return error == EINTR || error == EAGAIN;
}

// Made for the trace's or Python's sake beside the learner's own.
bool beside(long number) {
  return number == SYS_getsockname || number == SYS_getpeername || number == SYS_getsockopt ||
         number == SYS_fcntl || number == SYS_ioctl;
}

bool in_trace(const House& house, int error) {
  const auto returned = house.all<event::CallReturned>();
  return std::any_of(returned.begin(), returned.end(), [error](const event::CallReturned& call) {
    return call.error == error || call.result == error;
  });
}

class EachSystemCall : public ::testing::TestWithParam<std::string> {
 protected:
  // Runs the play with its k-th system call failing. False: it has no k-th.
  bool run_with(std::uint64_t k, int error) {
    SCOPED_TRACE("system call " + std::to_string(k) + " fails with " + std::string(errno_name(error)));
    const std::size_t descriptors = open_descriptors(), threads = threads_at_rest();
    bool reached = false;
    {
      PlayStage stage;
      Faults& faults = stage.engine.room().faults();
      faults.fail(k, error);
      const int code = stage.run(torture_play(GetParam()));
      EXPECT_TRUE(code == 0 || code == 1) << "exit code " << code;
      reached = faults.failed() >= 0;
      const bool must_show = reached && !may_be_absorbed(error) && !beside(faults.failed());
      EXPECT_TRUE(!must_show || in_trace(stage.house, error))
          << "not in the trace: system call " << faults.failed();
      faults.none();
    }
    EXPECT_EQ(open_descriptors(), descriptors) << "descriptors leaked";
    EXPECT_EQ(threads_at_rest(), threads) << "threads leaked";
    return reached;
  }
};

TEST_P(EachSystemCall, ThatFailsIsRecordedAndNothingIsLeaked) {
  static constexpr std::array kErrors = {ENOMEM, EINTR, EMFILE, EAGAIN, ECONNABORTED};
  constexpr std::uint64_t kMost = 500;
  std::uint64_t k = 1;
  // Two errors at each place: every one is met at every second call or so.
  while (k < kMost && !HasFatalFailure() && run_with(k, kErrors[k % kErrors.size()])) {
    run_with(k, kErrors[(k + 2) % kErrors.size()]);
    ++k;
  }
  EXPECT_GT(k, 10U) << "hardly any system call was made to fail";
  EXPECT_LT(k, kMost);
}

INSTANTIATE_TEST_SUITE_P(Of, EachSystemCall, ::testing::ValuesIn(torture_plays()),
                         [](const auto& play) { return play.param; });

}  // namespace
}  // namespace sockscope::testing

#endif
