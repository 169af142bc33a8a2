// What is shown where the kernel does not tell: less, with a notice, and nothing wrong.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::Not;

class ObserveTest : public ProgramTest {
 protected:
  static std::string play(const std::string& name) { return SOCKSCOPE_SOURCE_DIR "/tests/plays/" + name; }
  static Finished without_netlink(std::vector<std::string> arguments) {
    std::vector<std::string> all = {python(), SOCKSCOPE_SOURCE_DIR "/tests/e2e/refusing.py", "netlink",
                                    kProgram};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, environment());
  }
};

TEST_F(ObserveTest, NetlinkRefusedIsANoticeAndWhatFollowsIsNotKnown) {
  const Finished played = without_netlink({"play", play("time-wait.play"), "--json"});
  EXPECT_EQ(played.exit, 1) << played.err;  // it expects states after close
  EXPECT_EQ(count(played.out, "\"code\":\"sock-diag\""), 1u) << played.out;
  EXPECT_THAT(played.out, HasSubstr("EPERM (1)"));
  EXPECT_THAT(played.out, HasSubstr("\"state\":\"not known\""));
  EXPECT_THAT(played.out, Not(HasSubstr("TIME_WAIT\",\"local")));
}

TEST_F(ObserveTest, WithoutNetlinkWhatTheDescriptorTellsIsStillTrue) {
  const Finished played = without_netlink({"play", play("queue.play")});
  EXPECT_EQ(played.exit, 0) << played.out << played.err;
  const Finished closed = without_netlink({"play", play("half-close.play")});
  EXPECT_EQ(closed.exit, 0) << closed.out << closed.err;
}

TEST_F(ObserveTest, WithoutProcNothingIsSaidToBeBlockedAndThePlayGoesOn) {
  const std::string script = "mount -t tmpfs none /proc && exec \"$0\" \"$@\"";
  const auto hidden = [&](std::vector<std::string> arguments) {
    std::vector<std::string> all = {
        "/usr/bin/unshare", "--map-root-user", "--mount", "/bin/sh", "-c", script};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, environment());
  };
  if (const Finished permitted = hidden({"/bin/true"}); permitted.exit != 0) {
    GTEST_SKIP() << "a mount namespace of one's own is not permitted here: " << permitted.err;
  }
  const Finished played = hidden({kProgram, "play", play("half-close.play"), "--json"});
  EXPECT_EQ(played.exit, 1) << played.err;  // it expects a thread to be blocked
  EXPECT_EQ(count(played.out, "\"code\":\"proc\""), 1u) << played.out;
  EXPECT_EQ(count(played.out, "\"ok\":false"), 2u) << played.out;  // that one, and so the whole
  // Not by the exit code: a sanitizer looks for leaks through /proc, and fails without it.
  EXPECT_THAT(hidden({kProgram, "play", play("queue.play"), "--json"}).out,
              testing::StartsWith("{\"ok\":true,"));
}

TEST_F(ObserveTest, AMachineFullOfOtherProgramsSocketsIsSeenAsAnyOther) {
  const std::string crowd = SOCKSCOPE_SOURCE_DIR "/tests/support/crowd.py";
  Process one({python(), "-B", crowd, "5000", "2500"}), two({python(), "-B", crowd, "5000", "2500"});
  for (Process* others : {&one, &two}) ASSERT_TRUE(others->until_out("15000 sockets")) << others->err();
  for (const char* name : {"time-wait.play", "unix-stream.play", "queue.play"}) {
    const Finished played = sockscope({"play", play(name), "--json"});
    EXPECT_EQ(played.exit, 0) << played.out << played.err;
    EXPECT_THAT(played.out, Not(HasSubstr("sock-diag")));
  }
  for (Process* others : {&one, &two}) {
    others->hang_up();
    EXPECT_EQ(others->finish().exit, 0);
  }
}

// The commands a reader of lesson 11 runs.
TEST_F(ObserveTest, TheBacklogIsToldInSentences) {
  const Finished told = sockscope({"play", kLessons + "/11-backlog/backlog.play", "--narrate"});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("The accept queue of s holds 3 of 3 connections."));
  EXPECT_THAT(told.out, HasSubstr("The accept queue of s is full: the kernel drops a SYN."));
  EXPECT_THAT(told.out, HasSubstr("The SYN of d has no answer; the kernel sends it again in "));
  EXPECT_THAT(told.out, HasSubstr("The SYN of e has no answer; the kernel sends it again in "));
  EXPECT_THAT(told.out, HasSubstr("into the accept queue of s."));
}

TEST_F(ObserveTest, StatesAfterCloseAreInTheResult) {
  const Finished played = sockscope({"play", play("time-wait.play"), "--json"});
  EXPECT_EQ(played.exit, 0) << played.err;
  EXPECT_THAT(played.out,
              HasSubstr("\"names\":[\"c\"],\"family\":\"AF_INET\",\"type\":\"SOCK_STREAM\",\"protocol\":0,"
                        "\"state\":\"TIME_WAIT\""));
  EXPECT_THAT(played.out, Not(HasSubstr("not known")));
}

}  // namespace
}  // namespace sockscope
