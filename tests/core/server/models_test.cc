#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk.h"
#include "server/service.h"

namespace sockscope {
namespace {

using testing::ElementsAre;

TEST(Handler, StripsWhatPythonStrips) {
  EXPECT_EQ(strip(" \t\n\r\x0b\x0c"
                  "a b \x0b\n"),
            "a b");
  EXPECT_EQ(strip("\n"), "");
  EXPECT_EQ(strip(""), "");
  EXPECT_EQ(strip(std::string_view("\0a\0", 3)), std::string_view("\0a\0", 3));
  EXPECT_EQ(strip("\x1c\x85z\xa0"), "\x1c\x85z\xa0");
}

TEST(Handler, UpperChangesAsciiOnly) {
  EXPECT_EQ(upper("az{\xc3\xa9\xe5\xa5\xbd"), "AZ{\xc3\xa9\xe5\xa5\xbd");
}

TEST(Iterative, AnswersAndPrintsAsTheTutorial) {
  Desk desk;
  const auto server = desk.serve("iterative");
  Peer peer(server->address());
  peer.say("hello\n");
  EXPECT_EQ(peer.hear_all(), "HELLO");
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 1; }));
  EXPECT_THAT(desk.printed(), ElementsAre("127.0.0.1 wrote:", "b'hello'"));
}

TEST(Iterative, HasTheDefaultsOfSocketserver) {
  Desk desk;
  const auto server = desk.serve("iterative");
  EXPECT_EQ(desk.calls(Call::setsockopt), 0u);
  for (const auto& call : desk.all<event::CallEntered>()) {
    if (call.name != Call::listen) continue;
    EXPECT_EQ(call.args.numbers[0], 5);
  }
  EXPECT_EQ(desk.calls(Call::listen), 1u);
}

TEST(Iterative, TheSecondWaitsForASilentFirst) {
  Desk desk;
  const auto server = desk.serve("iterative");
  Peer ann(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::recv); }));
  Peer bob(server->address());
  EXPECT_EQ(bob.error(), 0);
  bob.say("bob\n");
  ASSERT_TRUE(desk.until([&] { return accept_queue_of(desk, server->listener()) == 1; }));
  EXPECT_TRUE(bob.hears_nothing_yet());
  EXPECT_EQ(desk.calls(Call::accept), 1u);
  ann.say("ann\n");
  EXPECT_EQ(ann.hear_all(), "ANN");
  EXPECT_EQ(bob.hear_all(), "BOB");
}

TEST(Thread, TheSecondDoesNotWaitForASilentFirst) {
  Desk desk;
  const auto server = desk.serve("thread");
  Peer ann(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.client1", Call::recv); }));
  Peer bob(server->address());
  bob.say("bob\n");
  EXPECT_EQ(bob.hear_all(), "BOB");
  EXPECT_TRUE(ann.hears_nothing_yet());
  ann.say("ann\n");
  EXPECT_EQ(ann.hear_all(), "ANN");
  ASSERT_TRUE(desk.until([&] {
    const ThreadState* first = desk.state.thread("S.client1");
    const ThreadState* second = desk.state.thread("S.client2");
    return first != nullptr && second != nullptr && !first->alive && !second->alive;
  }));
  EXPECT_EQ(desk.state.thread("S.client1")->role, ThreadRole::client);
  EXPECT_EQ(desk.state.thread("S.client1")->server, "S");
}

class BothModels : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Models, BothModels, testing::Values("iterative", "thread"),
                         [](const auto& model) { return std::string(model.param); });

TEST_P(BothModels, AClientThatOnlyClosesIsAnEmptyMessage) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer(server->address()).shut();
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 1; }));
  EXPECT_THAT(desk.printed(), ElementsAre("127.0.0.1 wrote:", "b''"));
}

TEST_P(BothModels, AResetEndsOneClientNotTheServer) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer first(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 1; }));
  first.reset();
  Peer second(server->address());
  second.say("still there?");
  EXPECT_EQ(second.hear_all(), "STILL THERE?");
  EXPECT_TRUE(server->running());
}

TEST_P(BothModels, AnswersInUpperCaseWithoutTheWhitespace) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer peer(server->address());
  peer.say(" \t\xe5\xa5\xbd x\r\n");
  EXPECT_EQ(peer.hear_all(), "\xe5\xa5\xbd X");
}

TEST_P(BothModels, StopsWithASilentClientInside) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  const Address address = server->address();
  Peer silent(address);
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 1; }));
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_EQ(desk.all<event::ServerEnded>().size(), 1u);
  EXPECT_EQ(Peer(address).error(), ECONNREFUSED);
  EXPECT_EQ(silent.hear_all(), "");
}

TEST_P(BothModels, AHandlerAtWorkDoesNotKeepTheServerFromEnding) {
  Desk desk;
  const auto server = desk.serve(GetParam(), [](ServerOptions& options) { options.work = 3600 * kSecond; });
  Peer peer(server->address());
  peer.say("x");
  ASSERT_TRUE(desk.until([&] { return desk.printed().size() == 2; }));
  ASSERT_TRUE(desk.until([&] { return desk.engine.settled(now() - 100 * kMillisecond); }));
  EXPECT_TRUE(peer.hears_nothing_yet());
  server->stop();
  EXPECT_TRUE(desk.until([&] { return !server->running(); }));
}

TEST_P(BothModels, AnInterruptedAcceptIsTriedAgain) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::accept); }));
  ASSERT_TRUE(desk.engine.interrupt(desk.state.thread("S.accept")->id));
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::accept) == 2; }));
  Peer peer(server->address());
  peer.say("x");
  EXPECT_EQ(peer.hear_all(), "X");
}

TEST_P(BothModels, PrintsThroughTheOptionAlsoWhenNothingIsTraced) {
  Inbox inbox;
  Engine engine(inbox);
  engine.room().set_tracing(false);
  std::mutex mutex;
  std::vector<std::string> lines;
  ServerOptions options;
  options.model = GetParam();
  options.print = [&](std::string_view line) {
    std::lock_guard lock(mutex);
    lines.emplace_back(line);
  };
  const auto server = Server::start(engine, 1, options);
  ASSERT_TRUE(server);
  Peer peer((*server)->address());
  peer.say("it's\n");
  EXPECT_EQ(peer.hear_all(), "IT'S");
  engine.stop();
  EXPECT_THAT(lines, ElementsAre("127.0.0.1 wrote:", "b\"it's\""));
  EXPECT_TRUE(inbox.take().empty());
}

}  // namespace
}  // namespace sockscope
