#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <thread>

#include <fmt/format.h>

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

std::string test_name(const testing::TestParamInfo<const char*>& model) {
  std::string name(model.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class EveryModel : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Models, EveryModel,
                         testing::Values("iterative", "thread", "fork", "pool", "prethread", "select", "poll",
                                         "epoll", "epoll-edge"),
                         test_name);

TEST_P(EveryModel, AClientThatOnlyClosesIsAnEmptyMessage) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer(server->address()).shut();
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 1; }));
  EXPECT_THAT(desk.printed(), ElementsAre("127.0.0.1 wrote:", "b''"));
}

TEST_P(EveryModel, AResetEndsOneClientNotTheServer) {
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

TEST_P(EveryModel, AnswersInUpperCaseWithoutTheWhitespace) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer peer(server->address());
  peer.say(" \t\xe5\xa5\xbd x\r\n");
  EXPECT_EQ(peer.hear_all(), "\xe5\xa5\xbd X");
}

TEST_P(EveryModel, StopsWithASilentClientInside) {
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

TEST_P(EveryModel, AHandlerAtWorkDoesNotKeepTheServerFromEnding) {
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

TEST_P(EveryModel, AnInterruptedWaitForClientsIsTriedAgain) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  const std::string_view model(GetParam());
  const Call wait = model == "select"            ? Call::select
                    : model == "poll"            ? Call::poll
                    : model.starts_with("epoll") ? Call::epoll_wait
                                                 : Call::accept;
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", wait); }));
  const std::size_t before = desk.calls(wait);
  ASSERT_TRUE(desk.engine.interrupt(desk.state.thread("S.accept")->id));
  ASSERT_TRUE(desk.until([&] { return desk.calls(wait) > before; }));
  Peer peer(server->address());
  peer.say("x");
  EXPECT_EQ(peer.hear_all(), "X");
}

TEST_P(EveryModel, FiftyClientsAreAllAnsweredAndNothingIsLeft) {
  Desk desk;
  const auto server =
      desk.serve(GetParam(), [](ServerOptions& options) { options.handler = "upper-stream"; });
  for (int round = 0; round < 10; ++round) {
    std::deque<Peer> peers;
    for (int i = 0; i < 5; ++i) {  // as many as the accept queue holds
      peers.emplace_back(server->address());
      peers.back().say("one\ntw");
    }
    for (Peer& peer : peers) {
      peer.say("o\nthree");
      peer.finish();
      EXPECT_EQ(peer.hear_all(), "ONE\nTWO\nTHREE\n");
    }
  }
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 50; }));
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  ASSERT_TRUE(desk.until([&] { return desk.engine.room().sockets().open().empty(); }));
  EXPECT_TRUE(desk.all<event::Notice>().empty());
}

TEST_P(EveryModel, EchoGivesBackMoreThanABufferHolds) {
  Desk desk;
  const auto server = desk.serve(GetParam(), [](ServerOptions& options) { options.handler = "echo"; });
  const std::string much(3'000'000, 'x');
  Peer peer(server->address());
  std::thread teller([&] {
    peer.say(much);
    peer.finish();
  });
  const std::string back = peer.hear_all();
  teller.join();
  EXPECT_EQ(back.size(), much.size());
}

class ModelsThatServeMany : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Models, ModelsThatServeMany,
                         testing::Values("thread", "pool", "prethread", "select", "poll", "epoll",
                                         "epoll-edge"),
                         test_name);

TEST_P(ModelsThatServeMany, ASilentOneHoldsUpNobody) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer silent(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 1; }));
  Peer other(server->address());
  other.say("other");
  EXPECT_EQ(other.hear_all(), "OTHER");
  EXPECT_TRUE(silent.hears_nothing_yet());
  silent.say("at last");
  EXPECT_EQ(silent.hear_all(), "AT LAST");
}

TEST_P(ModelsThatServeMany, ChatTellsAll) {
  Desk desk;
  const auto server = desk.serve(GetParam(), [](ServerOptions& options) { options.handler = "chat"; });
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
  ann.say("hello\n");
  const std::string told = fmt::format("127.0.0.1:{}: hello\n", ann.port());
  EXPECT_EQ(ann.hear(told.size()), told);
  EXPECT_EQ(bob.hear(told.size()), told);
}

TEST(Pool, WhenAllAreAtWorkTheNextIsAcceptedAndWaits) {
  Desk desk;
  const auto server = desk.serve("pool", [](ServerOptions& options) { options.workers = 2; });
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
  Peer cal(server->address());
  cal.say("cal");
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::accept) == 4; }));  // three, and it waits for more
  EXPECT_TRUE(cal.hears_nothing_yet());
  ann.say("ann");
  EXPECT_EQ(cal.hear_all(), "CAL");
  EXPECT_EQ(desk.all<event::ClientStarted>().size(), 3u);
  // What nobody took is closed when the server ends.
  Peer dee(server->address()), eve(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::accept) == 6; }));
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_TRUE(desk.engine.room().sockets().open().empty());
}

TEST(Prethread, WhenAllAreAtWorkTheNextWaitsInTheQueue) {
  Desk desk;
  const auto server = desk.serve("prethread", [](ServerOptions& options) { options.workers = 2; });
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
  Peer cal(server->address());
  cal.say("cal");
  ASSERT_TRUE(desk.until([&] { return accept_queue_of(desk, server->listener()) == 1; }));
  EXPECT_TRUE(cal.hears_nothing_yet());
  bob.say("bob");
  EXPECT_EQ(cal.hear_all(), "CAL");
}

// A call of the learner's on a thread of its own.
void learner_calls(Desk& desk, Call name, SocketId socket, std::int64_t number = 0) {
  const ThreadId learner = desk.engine.start({"learner"});
  Request request;
  request.call = name;
  request.socket = socket;
  request.numbers[0] = number;
  desk.engine.submit(learner, [request](Caller& caller) { perform(caller, request); });
  ASSERT_TRUE(desk.until([&] { return desk.engine.idle(learner); }));
}

class ReadyLoops : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Models, ReadyLoops, testing::Values("select", "poll"), test_name);

TEST_P(ReadyLoops, ASocketClosedBehindItsBackEndsOneTalkOnly) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
  learner_calls(desk, Call::close, desk.all<event::ClientStarted>().front().socket);
  bob.say("bob");
  EXPECT_EQ(bob.hear_all(), "BOB");
  Peer cal(server->address());
  cal.say("cal");
  EXPECT_EQ(cal.hear_all(), "CAL");
  EXPECT_TRUE(server->running());
}

TEST_P(ReadyLoops, WithoutItsListenerItEndsAndSaysSo) {
  Desk desk;
  const auto server = desk.serve(GetParam());
  ASSERT_TRUE(desk.until(
      [&] { return desk.calls(GetParam() == std::string("select") ? Call::select : Call::poll) == 1; }));
  learner_calls(desk, Call::close, server->listener());
  Peer(server->address()).shut();
  desk.engine.interrupt(desk.state.thread("S.accept")->id);
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_FALSE(desk.all<event::Notice>().empty());
}

// The listening socket is made non-blocking by somebody: accept is asked again, but not all the time.
TEST(Thread, AnAcceptThatWouldBlockIsNotAskedWithoutEnd) {
  Desk desk;
  const auto server = desk.serve("thread");
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::accept); }));
  const SocketHandle listener = desk.engine.room().sockets().find(server->listener());
  desk.engine.room().sockets().with_fd(*listener, [](int fd) { fcntl(fd, F_SETFL, O_NONBLOCK); });
  ASSERT_TRUE(desk.engine.interrupt(desk.state.thread("S.accept")->id));
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::accept) >= 3; }));
  const Time begun = now();
  const std::size_t before = desk.calls(Call::accept);
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::accept) >= before + 5; }));
  EXPECT_GE(now() - begun, 30 * kMillisecond);
  Peer peer(server->address());
  peer.say("x");
  EXPECT_EQ(peer.hear_all(), "X");
}

TEST(Pool, WhatNoWorkerWillTakeIsClosedAlsoAfterAcceptFailed) {
  Desk desk;
  const auto server = desk.serve("pool", [](ServerOptions& options) { options.workers = 1; });
  Peer ann(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 1; }));
  Peer bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::accept) == 3; }));
  learner_calls(desk, Call::shutdown, server->listener(), SHUT_RDWR);
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::Notice>().empty(); }));
  EXPECT_TRUE(bob.hears_nothing_yet());
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_EQ(bob.hear_all(), "");
  EXPECT_TRUE(desk.engine.room().sockets().open().empty());
}

TEST(ReadyLoop, WhoDoesNotReadHoldsUpNobody) {
  Desk desk;
  const auto server = desk.serve("select", [](ServerOptions& options) { options.handler = "echo"; });
  Peer deaf(server->address());
  const std::string much(200'000, 'x');
  for (int i = 0; i < 100 && deaf.offers(much); ++i) desk.until([] { return true; });
  Peer other(server->address());
  other.say("other");
  other.finish();
  EXPECT_EQ(other.hear_all(), "other");
}

TEST(HandlerOf, HttpAnswersAGetWithAPageAndAnythingElseWithAnError) {
  const auto answer = [](std::string_view request) {
    const auto handler = make_handler("http-hello", loopback(1), [](std::string_view) {});
    return handler->take(request);
  };
  EXPECT_THAT(answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n").bytes,
              testing::AllOf(testing::StartsWith("HTTP/1.1 200 OK\r\n"), testing::HasSubstr("Hello")));
  EXPECT_THAT(answer("HEAD / HTTP/1.1\r\n\r\n").bytes, testing::EndsWith("\r\n\r\n"));
  EXPECT_THAT(answer("hello\r\n\r\n").bytes, testing::StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer("").bytes, testing::StartsWith("HTTP/1.1 400"));
  EXPECT_FALSE(answer("GET / HTT").says);
  EXPECT_TRUE(answer(std::string(20'000, 'x')).done);
}

TEST(HandlerOf, ALineThatNeverEndsIsTakenInPieces) {
  const auto handler = make_handler("upper-stream", loopback(1), [](std::string_view) {});
  std::size_t answered = 0;
  for (int i = 0; i < 300; ++i) answered += handler->take(std::string(1024, 'x')).bytes.size();
  EXPECT_GT(answered, 200'000u);
}

TEST_P(EveryModel, PrintsThroughTheOptionAlsoWhenNothingIsTraced) {
  Inbox inbox;
  Engine engine(inbox);
  engine.room().set_tracing(false);
  std::mutex mutex;
  std::vector<std::string> lines;
  ServerOptions options;
  options.model = GetParam();
  options.program = SOCKSCOPE_BINARY_DIR "/load_child";
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
