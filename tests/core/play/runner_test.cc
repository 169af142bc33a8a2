#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "net/address.h"
#include "net/descriptor.h"
#include "play_harness.h"

namespace sockscope {
namespace {

using testing::PlayStage;

constexpr std::string_view kListening =
    "server>>> s = socket(AF_INET, SOCK_STREAM)\n"
    "server>>> s.bind(('127.0.0.1', 0))\n"
    "server>>> s.listen(2)\n";

std::string after_listening(std::string_view more) {
  return std::string(kListening) + std::string(more);
}

std::string what_failed(const PlayStage& stage) {
  std::string all = stage.runner->error();
  for (const auto& e : stage.runner->expectations())
    if (!e.ok) all += "\nline " + std::to_string(e.line) + ": " + e.text + " saw " + e.saw;
  return all;
}

TEST(Runner, FiveStepsOfTheTutorialEndWell) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("server>>> conn, addr = s.accept()\n"
                                      "%expect server blocked in accept\n"
                                      "client>>> c = socket(AF_INET, SOCK_STREAM)\n"
                                      "client>>> c.connect(s.getsockname())\n"
                                      "%expect server returned (socket, _)\n"
                                      "%expect client returned None and c.peer == s.getsockname()\n"
                                      "client>>> c.sendall(b'hello\\n')\n"
                                      "server>>> conn.recv(1024)\n"
                                      "%expect server returned b'hello\\n'\n"
                                      "client>>> c.close()\n"
                                      "server>>> conn.recv(1024)\n"
                                      "%expect server returned b''\n")),
            0)
      << what_failed(stage);
  EXPECT_EQ(stage.runner->expectations().size(), 5U);
}

TEST(Runner, BlockedReceiveIsWokenByALineBelow) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("client>>> c = socket()\n"
                                      "client>>> c.connect(s.getsockname())\n"
                                      "server>>> conn, addr = s.accept()\n"
                                      "server>>> conn.recv(10)\n"
                                      "%expect server blocked in recv and client idle\n"
                                      "client>>> c.send(b'ab')\n"
                                      "%expect server returned b'ab' and client returned 2\n")),
            0)
      << what_failed(stage);
}

TEST(Runner, LineForABlockedThreadWaitsAndThenTheDeadlineNamesBothLines) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("%deadline 300ms\n"
                                      "server>>> conn, addr = s.accept()\n"
                                      "server>>> conn.recv(10)\n"
                                      "client>>> c = socket()\n")),
            1);
  EXPECT_EQ(stage.runner->error(),
            "test.play: line 6 waits for thread server, in accept since line 5; move it below the line that "
            "frees it");
}

TEST(Runner, LineThatReadsANameARunningLineWillBindWaits) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("%deadline 300ms\n"
                                      "server>>> conn, addr = s.accept()\n"
                                      "other>>> conn.recv(10)\n")),
            1);
  EXPECT_EQ(stage.runner->error(),
            "test.play: line 6 waits for the name conn, which thread server, in accept since line 5 will "
            "bind; move it "
            "below the line that frees it");
}

TEST(Runner, NameThatNothingBindsIsPythonsNameError) {
  PlayStage stage;
  EXPECT_EQ(stage.run(">>> nothing.close()\n%expect main raised NameError\n"), 0) << what_failed(stage);
}

TEST(Runner, FailedExpectationDoesNotStopThePlay) {
  PlayStage stage;
  EXPECT_EQ(stage.run(">>> 1 + 1\n"
                      "%expect main returned 3 within 20ms\n"
                      ">>> 2 + 2\n"
                      "%expect main returned 4\n"),
            1);
  ASSERT_EQ(stage.runner->expectations().size(), 2U);
  EXPECT_FALSE(stage.runner->expectations()[0].ok);
  EXPECT_EQ(stage.runner->expectations()[0].saw, "main returned 2");
  EXPECT_TRUE(stage.runner->expectations()[1].ok);
}

TEST(Runner, ForHoldsThroughoutOrFails) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("server>>> s.settimeout(3)\n"
                                      "server>>> s.accept()\n"
                                      "%expect server blocked in accept for 50ms\n"
                                      "%expect server blocked in accept for 5s\n"
                                      "%expect server raised TimeoutError\n"
                                      "%expect server raised OSError and not server raised ETIMEDOUT\n")),
            1);
  ASSERT_EQ(stage.runner->expectations().size(), 4U);
  EXPECT_TRUE(stage.runner->expectations()[0].ok);
  EXPECT_FALSE(stage.runner->expectations()[1].ok);
  EXPECT_TRUE(stage.runner->expectations()[2].ok);
  EXPECT_TRUE(stage.runner->expectations()[3].ok);
}

TEST(Runner, ExpectWaitsUntilItHolds) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("server>>> s.settimeout(0.1)\n"
                                      "server>>> s.accept()\n"
                                      "%expect server raised TimeoutError within 20s\n"
                                      "%wait until server idle\n"
                                      "%wait 1ms\n")),
            0)
      << what_failed(stage);
}

TEST(Runner, InterruptBringsABlockedCallBack) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("server>>> s.accept()\n"
                                      "%interrupt server\n"
                                      "%expect server raised InterruptedError\n"
                                      "%expect server raised EINTR\n")),
            0)
      << what_failed(stage);
}

TEST(Runner, BlockedCallsAreInterruptedAtTheEnd) {
  PlayStage stage;
  EXPECT_EQ(stage.run(after_listening("server>>> s.accept()\n")), 0);
  const auto returned = stage.house.all<event::CallReturned>();
  ASSERT_FALSE(returned.empty());
  EXPECT_TRUE(returned.back().interrupted);
  for (const ThreadState& thread : stage.house.state.threads()) EXPECT_FALSE(thread.alive) << thread.name;
}

TEST(Runner, ServerModelsAnswerByTheirNature) {
  const std::string second_client =
      "first>>> a = socket()\n"
      "first>>> a.connect(S.server_address)\n"
      "second>>> b = socket()\n"
      "second>>> b.connect(S.server_address)\n"
      "second>>> b.sendall(b'hello\\n')\n"
      "second>>> b.recv(1024)\n";
  PlayStage one;
  EXPECT_EQ(one.run("%serve S model=iterative handler=upper\n" + second_client +
                    "%expect second blocked in recv for 100ms\n"
                    "%expect S.accept blocked in recv and S.accept_queue == 1\n"
                    "first>>> a.close()\n"
                    "%expect second returned b'HELLO'\n"
                    "%stop S\n"),
            0)
      << what_failed(one);
  PlayStage many;
  EXPECT_EQ(many.run("%serve S model=thread handler=upper\n" + second_client +
                     "%expect second returned b'HELLO'\n"
                     "%expect count(thread where role == 'client' and alive) == 1\n"),
            0)
      << what_failed(many);
}

TEST(Runner, LoadReturnsWhenAllClientsHaveFinished) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%serve S model=thread\n"
                      "%load L to=S clients=5\n"
                      "%expect L.answered == 5 and L.errors == 0 and L.refused == 0\n"
                      "%expect count(call where name == 'connect' and error == 0) == 5\n"),
            0)
      << what_failed(stage);
}

TEST(Runner, ALoadsClientsDoWhatTheyAreTold) {
  PlayStage stage;
  EXPECT_EQ(
      stage.run("%serve S model=select handler=echo\n"
                "%load L to=S clients=2 size=200k messages=2 think=1ms arrival=poisson over=10ms seed=3\n"
                "%expect L.answered == 2 and L.errors == 0 and L.waiting == 0\n"
                "%load Never to=S clients=2 text='bye\\n' end=never\n"
                "%expect Never.answered == 2 and Never.waiting == 0\n"
                "%expect count(thread where server == 'Never' and alive) == 2\n"
                "%load Half to=S clients=2 drip=1ms end=half-close\n"
                "%expect Half.answered == 2\n"
                "%load Reset to=S clients=2 slow-read=1s end=reset\n"
                "%expect Reset.answered == 0 and Reset.errors == 0\n"
                "%expect call where name == 'shutdown' and error == 0\n"
                "%stop Never\n"
                "%expect count(thread where role == 'load' and alive) == 0\n"),
      0)
      << what_failed(stage);
}

// They wait by intent: a line that follows need not wait until the cap.
TEST(Runner, ClientsThatWaitAreStill) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%serve S model=thread handler=upper-stream\n"
                      "%load L to=S clients=3 messages=2 think=500s stay\n"
                      "%wait until count(call where name == 'recv' and result == b'HELLO\\n') == 3\n"
                      ">>> 1\n>>> 2\n"
                      "%load M to=S clients=3 end=never\n"
                      ">>> 3\n"),
            0)
      << what_failed(stage);
  EXPECT_TRUE(stage.house.all<event::SettleTimedOut>().empty());
}

TEST(Runner, ALoadReachesAServerByItsUnixName) {
  PlayStage stage;
  EXPECT_EQ(stage.run("server>>> s = socket(AF_UNIX, SOCK_STREAM)\n"
                      "server>>> s.bind('name')\n"
                      "server>>> s.listen()\n"
                      "server>>> conn, _ = s.accept()\n"
                      "%load L to=./name stay\n"
                      "server>>> conn.recv(100)\n"
                      "%expect server returned b'hello\\n'\n"
                      "server>>> conn.send(b'x')\n"
                      "%expect L.answered == 1\n"),
            0)
      << what_failed(stage);
}

TEST(Runner, ServerThatCannotBindEndsThePlay) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%serve S\n%serve S\n"), 2);
  const Descriptor holder(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage name{};
  socklen_t length = to_sockaddr(loopback(0), name);
  ASSERT_EQ(::bind(holder.get(), reinterpret_cast<sockaddr*>(&name), length), 0);
  length = sizeof name;
  ASSERT_EQ(::getsockname(holder.get(), reinterpret_cast<sockaddr*>(&name), &length), 0);
  const std::string port = std::to_string(from_sockaddr(name, length).port);
  PlayStage taken;
  EXPECT_EQ(taken.run("%serve S port=" + port + "\n%expect 1 == 1\n"), 1);
  EXPECT_NE(taken.runner->error().find("EADDRINUSE"), std::string::npos) << taken.runner->error();
}

TEST(Runner, ConditionOnSomethingNotBoundFailsAndSaysSo) {
  PlayStage stage;
  EXPECT_EQ(
      stage.run("%expect not x.open within 10ms\n>>> x = socket()\n%expect x.open and x.state == CLOSED\n"),
      1);
  ASSERT_EQ(stage.runner->expectations().size(), 2U);
  EXPECT_EQ(stage.runner->expectations()[0].saw, "x is not bound");
}

TEST(Runner, DirectivesAreLinesOfMainUnlessMainIsBusy) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%wait 1ms\n"
                      ">>> s = socket()\n>>> s.bind(('', 0))\n>>> s.listen()\n>>> s.accept()\n"
                      "%wait 1ms\n"
                      "%expect main blocked in accept\n"),
            0)
      << what_failed(stage);
  const ThreadState* main = stage.house.state.thread("main");
  ASSERT_NE(main, nullptr);
  EXPECT_EQ(main->line, 5);
}

TEST(Console, LineForABlockedThreadIsQueuedAndSaysWhy) {
  PlayStage stage(true);
  for (const char* line :
       {"s = socket()", "s.bind(('127.0.0.1', 0))", "s.listen()", "conn, addr = s.accept()"})
    ASSERT_TRUE(stage.type(line, "server"));
  ASSERT_TRUE(stage.until([&] {
    const ThreadState* server = stage.house.state.thread("server");
    return server != nullptr && server->blocked;
  }));
  ASSERT_TRUE(stage.type("conn.recv(10)", "server"));
  ASSERT_TRUE(stage.type("conn.getpeername()", "other"));
  stage.tick();
  const auto waiting = stage.runner->waiting();
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[1].why, "thread server, in accept since 'conn, addr = s.accept()'");
  ASSERT_TRUE(stage.type("c = socket()", "client"));
  ASSERT_TRUE(stage.type("c.connect(s.getsockname())", "client"));
  ASSERT_TRUE(stage.type("c.sendall(b'now')", "client"));
  EXPECT_TRUE(stage.until([&] { return stage.runner->waiting().empty(); }));
  EXPECT_FALSE(stage.runner->finished());
  stage.runner->end();
  EXPECT_TRUE(stage.until([&] { return stage.runner->finished(); }));
}

TEST(Console, OneNameForTwoKindsIsRefused) {
  PlayStage stage(true);
  ASSERT_TRUE(stage.type("x = 1", "server"));
  ASSERT_TRUE(stage.until([&] { return stage.house.state.name("x") != nullptr; }));
  EXPECT_FALSE(stage.runner->type("server = 2", "server"));
  EXPECT_FALSE(stage.runner->type("y = 2", "x"));
  EXPECT_FALSE(stage.runner->type("%serve x", "server"));
}

TEST(Console, ALineOfAPlayThatWaitsIsToldWithoutItsPrompt) {
  PlayStage stage(true);
  const auto play = parse_play(
      "server>>> s = create_server(('127.0.0.1', 0))\nserver>>> s.accept()\nserver>>> 1 + 1\n", "test.play");
  ASSERT_TRUE(play);
  stage.runner->load(*play);
  ASSERT_TRUE(stage.until([&] { return stage.runner->waiting().size() == 1; }));
  EXPECT_EQ(stage.runner->waiting().front().thread, "server");
  EXPECT_EQ(stage.runner->waiting().front().text, "1 + 1");
}

}  // namespace
}  // namespace sockscope
