// What the models of epoll do beside what every model does (models_test.cc).

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <deque>
#include <thread>

#include "desk.h"

namespace sockscope {
namespace {

std::vector<event::CallEntered> controls(Desk& desk, SocketId socket) {
  std::vector<event::CallEntered> found;
  for (const auto& call : desk.all<event::CallEntered>())
    if (call.name == Call::epoll_ctl && call.socket == socket) found.push_back(call);
  return found;
}

TEST(Epoll, AClientIsPutOnTheListOnceWhateverItSays) {
  for (const char* model : {"epoll", "epoll-edge"}) {
    Desk desk;
    const auto server = desk.serve(model, [](ServerOptions& options) { options.handler = "echo"; });
    Peer peer(server->address());
    for (int i = 0; i < 10; ++i) {
      peer.say("again");
      EXPECT_EQ(peer.hear(5), "again");
    }
    const auto all = controls(desk, desk.all<event::ClientStarted>().at(0).socket);
    ASSERT_EQ(all.size(), 1u) << model;
    EXPECT_EQ(all[0].args.numbers[0], EPOLL_CTL_ADD);
    const bool edge = (all[0].args.numbers[1] & std::int64_t{EPOLLET}) != 0;
    EXPECT_EQ(edge, std::string_view(model) == "epoll-edge");
  }
}

TEST(Epoll, AWaitTellsHowManyItWaitsForAndWhichIsReady) {
  Desk desk;
  const auto server = desk.serve("epoll");
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] {
    return desk.all<event::ClientStarted>().size() == 2 && desk.blocked_in("S.accept", Call::epoll_wait);
  }));
  EXPECT_EQ(desk.state.thread("S.accept")->calls.back().numbers[1], 3);
  ann.say("ann");
  EXPECT_EQ(ann.hear_all(), "ANN");
  const SocketId socket = desk.all<event::ClientStarted>()[0].socket;
  const std::string expected = std::to_string(socket) + ":1";
  bool told = false;
  for (const auto& call : desk.all<event::CallReturned>()) told = told || call.data.view() == expected;
  EXPECT_TRUE(told);
  ASSERT_TRUE(desk.until([&] {
    const ThreadState* thread = desk.state.thread("S.accept");
    return desk.blocked_in("S.accept", Call::epoll_wait) && thread->calls.back().numbers[1] == 2;
  }));
}

// Everything that came before is read, though the kernel tells of it once.
TEST(Epoll, EdgeTakesAllThereIs) {
  Desk desk;
  const auto server = desk.serve("epoll-edge", [](ServerOptions& options) { options.handler = "echo"; });
  const std::string much(200'000, 'x');
  Peer first(server->address()), second(server->address());
  std::thread teller([&] {
    first.say(much);
    first.finish();
  });
  second.say("second");
  EXPECT_EQ(second.hear(6), "second");
  EXPECT_EQ(first.hear_all().size(), much.size());
  teller.join();
}

TEST(Epoll, WhoDoesNotReadHoldsUpNobodyAndGoesOnWhenItReads) {
  for (const char* model : {"epoll", "epoll-edge"}) {
    Desk desk;
    const auto server = desk.serve(model, [](ServerOptions& options) { options.handler = "echo"; });
    const std::string much(8'000'000, 'x');
    Peer deaf(server->address());
    std::thread teller([&] {
      deaf.say(much);
      deaf.finish();
    });
    Peer other(server->address());
    other.say("other");
    other.finish();
    EXPECT_EQ(other.hear_all(), "other");
    EXPECT_EQ(deaf.hear_all().size(), much.size()) << model;
    teller.join();
  }
}

TEST(Epoll, ManyAcceptedAtOnceAreAllServed) {
  for (const char* model : {"epoll", "epoll-edge"}) {
    Desk desk;
    const auto server = desk.serve(model, [](ServerOptions& options) { options.backlog = 200; });
    std::deque<Peer> peers;
    for (int i = 0; i < 150; ++i) {
      peers.emplace_back(server->address());
      peers.back().say("x");
    }
    for (Peer& peer : peers) EXPECT_EQ(peer.hear_all(), "X");
  }
}

}  // namespace
}  // namespace sockscope
