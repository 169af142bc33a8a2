// Loads of many clients: a process of its own, many sources, nothing lost.

#include <poll.h>
#include <sys/syscall.h>

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

class LoadTest : public ProgramTest {
 protected:
  // A play of that many clients, recorded.
  std::string recording_of(int clients, const std::string& backlog) {
    const std::string number = std::to_string(clients);
    const std::string file =
        write("load.play", "%deadline 100s\n%serve S model=iterative handler=upper" + backlog +
                               "\n%load L to=S clients=" + number + "\n%expect L.answered == " + number +
                               " and L.refused == 0 and L.errors == 0 and L.waiting == 0\n"
                               "%expect count(call where name == 'accept' and error == 0) == " +
                               number + " within 20s\n%stop S\n");
    const Finished played = sockscope({"play", file, "--record", path("r.jsonl"), "--json"});
    EXPECT_EQ(played.exit, 0) << played.err;
    return read(path("r.jsonl"));
  }
  static void expect_whole(const std::string& recording, std::size_t clients) {
    EXPECT_EQ(count(recording, "\"how\":\"accept\""), clients);
    EXPECT_EQ(count(recording, "\"how\":\"socket\""), clients + 1);
    EXPECT_EQ(count(recording, "\"kind\":\"socket_closed\""), 2 * clients + 1);
    EXPECT_EQ(count(recording, "\"kind\":\"call_entered\""), count(recording, "\"kind\":\"call_returned\""));
    EXPECT_EQ(count(recording, "\"code\":\"load-"), 0u);
  }
};

TEST_F(LoadTest, TwoThousandClientsOfAShallowQueueAreAllAnswered) {
  expect_whole(recording_of(2'000, ""), 2'000);
}

TEST_F(LoadTest, TenThousandConnectionsInOneListenersLifeAreAllThere) {
  const std::string recording = recording_of(10'000, " backlog=128");
  expect_whole(recording, 10'000);
  EXPECT_THAT(recording, HasSubstr("\"local\":\"127.0.0.1:"));
  EXPECT_THAT(recording, HasSubstr("\"local\":\"127.0.0.8:"));
  const Finished told = sockscope({"narrate", path("r.jsonl")});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("Load L ends: 10000 answered, 0 waiting, 0 refused, 0 errors."));
}

TEST_F(LoadTest, ASoftLimitOfDescriptorsIsRaised) {
  const std::string file =
      write("stay.play",
            "%deadline 60s\n%serve S model=thread handler=upper backlog=512\n"
            "%load L to=S clients=400 stay\n%expect L.answered == 400 within 20s\n%stop L\n"
            "%expect count(thread where role == 'load' and alive) == 0\n%stop S\n");
  const Finished played =
      run({"/bin/sh", "-c", "ulimit -Sn 128; exec \"$@\"", "sh", kProgram, "play", file}, environment());
  EXPECT_EQ(played.exit, 0) << played.err << played.out;
}

TEST_F(LoadTest, ItsProcessEndsWithUsHoweverWeEnd) {
  const std::string file = write("long.play",
                                 "%deadline 60s\n%serve S model=thread handler=upper backlog=512\n"
                                 "%load L to=S clients=300 stay\n%wait 500s\n");
  Process played(command({"play", file, "--record", path("r.jsonl")}), environment());
  ASSERT_TRUE(played.until_out("%wait")) << played.err();
  const std::string recording = read(path("r.jsonl"));
  const std::size_t at = recording.find("\"name\":\"L.load\"");
  ASSERT_NE(at, recording.npos);
  const std::size_t tid = recording.find("\"tid\":", at);
  const int child = std::stoi(recording.substr(tid + 6, 10));
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  ASSERT_GE(handle, 0);
  played.signal(SIGKILL);
  EXPECT_EQ(played.finish().exit, 128 + SIGKILL);
  pollfd ended{handle, POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 20'000), 1);
  close(handle);
}

TEST_F(LoadTest, StartedByHandItSaysWhatItIsFor) {
  const Finished alone = sockscope({"load-child"});
  EXPECT_EQ(alone.exit, 2);
  EXPECT_THAT(alone.err, HasSubstr("%load"));
  EXPECT_EQ(sockscope({"load-child", "L", "nowhere", "1", "1", "close", "trace", ""}).exit, 2);
}

}  // namespace
}  // namespace sockscope
