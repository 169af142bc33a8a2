#include <gmock/gmock.h>

#include <deque>
#include <thread>

#include <fmt/format.h>

#include "desk.h"
#include "processes.h"
#include "server/fork_child.h"
#include "server/fork_loop.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ThreadState* thread_of(const Desk& desk, const std::string& name) {
  return desk.state.thread(name);
}

bool alive(const Desk& desk, const std::string& name) {
  const ThreadState* thread = thread_of(desk, name);
  return thread != nullptr && thread->alive;
}

bool ended(const Desk& desk, const std::string& name) {
  const ThreadState* thread = thread_of(desk, name);
  return thread != nullptr && !thread->alive;
}

std::string fork_notice(Desk& desk, std::string_view code) {
  for (const auto& notice : desk.all<event::Notice>()) {
    if (notice.code.view() == code) return std::string(notice.text.view());
  }
  return {};
}

TEST(Fork, EveryClientIsAProcess) {
  Desk desk;
  const auto server = desk.serve("fork");
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] {
    return desk.blocked_in("S.client1", Call::recv) && desk.blocked_in("S.client2", Call::recv) &&
           desk.blocked_in("S.accept", Call::accept);
  }));
  const ThreadState *listen = thread_of(desk, "S.listen"), *accept = thread_of(desk, "S.accept"),
                    *first = thread_of(desk, "S.client1"), *second = thread_of(desk, "S.client2");
  EXPECT_EQ(children_of(getpid()), std::set<pid_t>{accept->tid});
  EXPECT_EQ(children_of(accept->tid), (std::set<pid_t>{first->tid, second->tid}));
  EXPECT_EQ(accept->parent, listen->id);
  EXPECT_EQ(first->parent, accept->id);
  EXPECT_EQ(first->role, ThreadRole::client);
  EXPECT_EQ(first->server, "S");
  bob.say("bob\n");
  EXPECT_EQ(bob.hear_all(), "BOB");
  ann.say("ann\n");
  EXPECT_EQ(ann.hear_all(), "ANN");
  ASSERT_TRUE(desk.until([&] { return ended(desk, "S.client1") && ended(desk, "S.client2"); }));
  EXPECT_THAT(desk.printed(), ElementsAre("127.0.0.1 wrote:", "b'bob'", "127.0.0.1 wrote:", "b'ann'"));
  EXPECT_TRUE(desk.all<event::Notice>().empty());
}

TEST(Fork, TheServerClosesItsDescriptorAndTheConnectionGoesOn) {
  Desk desk;
  const auto server = desk.serve("fork");
  Peer peer(server->address());
  ASSERT_TRUE(desk.until(
      [&] { return desk.blocked_in("S.client1", Call::recv) && desk.blocked_in("S.accept", Call::accept); }));
  const auto opened = desk.all<event::SocketOpened>();
  ASSERT_EQ(opened.size(), 3u);
  EXPECT_EQ(opened[1].how, SocketHow::accept);
  EXPECT_EQ(opened[1].from, server->listener());
  EXPECT_EQ(opened[2].how, SocketHow::dup);
  EXPECT_EQ(opened[2].from, opened[1].socket);
  EXPECT_EQ(opened[2].cookie, opened[1].cookie);
  EXPECT_FALSE(desk.state.socket(opened[1].socket)->open);
  const SocketState* its = desk.state.socket(opened[2].socket);
  EXPECT_TRUE(its->open);
  EXPECT_EQ(its->state, TcpState::ESTABLISHED);
  EXPECT_EQ(its->peer.port, peer.port());
  EXPECT_EQ(desk.all<event::ClientStarted>().at(0).socket, its->id);
  peer.say("x");
  EXPECT_EQ(peer.hear_all(), "X");
  peer.shut();
  ASSERT_TRUE(desk.until([&] { return !desk.state.socket(its->id)->open; }));
  EXPECT_EQ(desk.all<event::SocketClosed>().size(), 2u);
}

TEST(Fork, ASilentOneHoldsUpNobody) {
  Desk desk;
  const auto server = desk.serve("fork");
  Peer silent(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.client1", Call::recv); }));
  Peer other(server->address());
  other.say("other");
  EXPECT_EQ(other.hear_all(), "OTHER");
  EXPECT_TRUE(silent.hears_nothing_yet());
}

// What one process knows the others do not.
TEST(Fork, ChatTellsOnlyTheOneThatSpoke) {
  Desk desk;
  const auto server = desk.serve("fork", [](ServerOptions& options) { options.handler = "chat"; });
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
  ann.say("hello\n");
  const std::string told = fmt::format("127.0.0.1:{}: hello\n", ann.port());
  EXPECT_EQ(ann.hear(told.size()), told);
  EXPECT_TRUE(bob.hears_nothing_yet());
}

TEST(Fork, ItIsStillWhenEveryProcessWaits) {
  Desk desk;
  const auto server = desk.serve("fork");
  ASSERT_TRUE(desk.until([&] { return desk.engine.settled(now() - 100 * kMillisecond); }));
  EXPECT_TRUE(desk.blocked_in("S.accept", Call::accept));
  const Time before = now();
  Peer peer(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.engine.settled(before); }));
  EXPECT_TRUE(desk.blocked_in("S.client1", Call::recv));
  const Time asked = now();
  peer.say("x");
  ASSERT_TRUE(desk.until([&] { return desk.engine.settled(asked); }));
  EXPECT_TRUE(ended(desk, "S.client1"));
  EXPECT_TRUE(desk.blocked_in("S.accept", Call::accept));
}

TEST(Fork, AnInterruptedClientIsToldAndTheServerServesOn) {
  Desk desk;
  const auto server = desk.serve("fork");
  Peer peer(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.client1", Call::recv); }));
  ASSERT_TRUE(desk.engine.interrupt(thread_of(desk, "S.client1")->id));
  ASSERT_TRUE(desk.until([&] { return ended(desk, "S.client1"); }));
  EXPECT_EQ(peer.hear_all(), "");
  bool interrupted = false;
  for (const auto& back : desk.all<event::CallReturned>())
    interrupted |= back.interrupted && back.thread == thread_of(desk, "S.client1")->id;
  EXPECT_TRUE(interrupted);
  Peer next(server->address());
  next.say("next");
  EXPECT_EQ(next.hear_all(), "NEXT");
}

TEST(Fork, AKilledClientIsSaidAndTheServerServesOn) {
  Desk desk;
  std::mutex mutex;
  std::vector<std::string> warned;
  const auto server = desk.serve("fork", [&](ServerOptions& options) {
    options.warn = [&](std::string_view text) {
      const std::lock_guard lock(mutex);
      warned.emplace_back(text);
    };
  });
  Peer peer(server->address());
  ASSERT_TRUE(desk.until(
      [&] { return desk.blocked_in("S.client1", Call::recv) && desk.blocked_in("S.accept", Call::accept); }));
  const pid_t pid = thread_of(desk, "S.client1")->tid;
  kill(pid, SIGKILL);
  ASSERT_TRUE(desk.until([&] { return ended(desk, "S.client1"); }));
  EXPECT_EQ(peer.hear_all(), "");
  EXPECT_EQ(fork_notice(desk, "process-died"),
            fmt::format("the process of S.client1 (pid {}) was killed by signal 9 (SIGKILL): the kernel "
                        "closes its connection",
                        pid));
  EXPECT_FALSE(desk.state.socket(desk.all<event::ClientStarted>().at(0).socket)->open);
  EXPECT_EQ(desk.all<event::ClientEnded>().size(), 1u);
  EXPECT_TRUE(children_of(thread_of(desk, "S.accept")->tid).empty());
  Peer next(server->address());
  next.say("next");
  EXPECT_EQ(next.hear_all(), "NEXT");
  const std::lock_guard lock(mutex);
  EXPECT_THAT(warned, ElementsAre(HasSubstr("S.client1")));
}

// Whatever a process is at when it is killed, what it told is whole lines.
TEST(Fork, KilledWhileTheyTellNothingIsLost) {
  Desk desk;
  const auto server = desk.serve("fork", [](ServerOptions& options) { options.handler = "upper-stream"; });
  constexpr int kRounds = 8;
  for (int round = 1; round <= kRounds; ++round) {
    Peer peer(server->address());
    const std::string name = fmt::format("S.client{}", round);
    ASSERT_TRUE(desk.until([&] { return alive(desk, name); }));
    const std::size_t before = desk.printed().size();
    peer.say(std::string(2000, 'x') + "\n");
    for (int i = 0; i < 200 && peer.offers("line\n"); ++i) {
    }
    ASSERT_TRUE(desk.until([&] { return desk.printed().size() > before + static_cast<unsigned>(round); }));
    kill(thread_of(desk, name)->tid, SIGKILL);
    ASSERT_TRUE(desk.until([&] { return ended(desk, name); }));
  }
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::ServerEnded>().empty(); }));
  EXPECT_EQ(fork_notice(desk, "server-lost"), "");
}

TEST(Fork, AKilledServerEndsWithItsClients) {
  Desk desk;
  const auto server = desk.serve("fork");
  Peer ann(server->address()), bob(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
  const pid_t pid = thread_of(desk, "S.accept")->tid;
  const std::set<pid_t> clients = children_of(pid);
  EXPECT_EQ(clients.size(), 2u);
  kill(pid, SIGKILL);
  ASSERT_TRUE(desk.until([&] { return !server->running() && !desk.all<event::ServerEnded>().empty(); }));
  EXPECT_EQ(fork_notice(desk, "server-ended"),
            "S ends: its process was killed by signal 9 (SIGKILL), and those of its clients end with it");
  EXPECT_EQ(ann.hear_all(), "");
  EXPECT_EQ(bob.hear_all(), "");
  EXPECT_EQ(Peer(server->address()).error(), ECONNREFUSED);
  EXPECT_TRUE(has_no_child());
  ASSERT_TRUE(desk.until([&] { return ended(desk, "S.listen"); }));
  for (const SocketState& socket : desk.state.sockets()) EXPECT_FALSE(socket.open) << socket.id;
  for (const ThreadState& thread : desk.state.threads()) EXPECT_FALSE(thread.alive) << thread.name;
  EXPECT_EQ(desk.all<event::ClientEnded>().size(), 2u);
}

TEST(Fork, NothingIsLeftOfItWhenItWasStopped) {
  Desk desk;
  const std::size_t before = open_files("self").size();
  auto server = desk.serve("fork");
  std::deque<Peer> peers;
  for (int i = 0; i < 5; ++i) peers.emplace_back(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 5; }));
  server->stop();
  ASSERT_TRUE(desk.until([&] { return ended(desk, "S.listen"); }));
  EXPECT_TRUE(has_no_child());
  for (Peer& peer : peers) EXPECT_EQ(peer.hear_all(), "");
  EXPECT_EQ(desk.all<event::ClientEnded>().size(), 5u);
  for (const ThreadState& thread : desk.state.threads()) EXPECT_FALSE(thread.alive) << thread.name;
  for (const SocketState& socket : desk.state.sockets()) EXPECT_FALSE(socket.open) << socket.id;
  EXPECT_TRUE(desk.all<event::Notice>().empty());
  peers.clear();
  server.reset();
  EXPECT_TRUE(desk.until([&] { return open_files("self").size() == before; }));
}

// As ForkingMixIn.max_children.
TEST(Fork, WithFortyClientsTheNextWaitsInTheQueue) {
  Desk desk;
  const auto server = desk.serve("fork");
  std::deque<Peer> peers;
  for (std::size_t i = 1; i <= ForkLoop::kMostChildren; ++i) {
    peers.emplace_back(server->address());
    ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == i; }));
  }
  Peer late(server->address());
  late.say("late");
  ASSERT_TRUE(desk.until([&] { return accept_queue_of(desk, server->listener()) == 1; }));
  ASSERT_TRUE(desk.until([&] { return desk.engine.settled(now() - 100 * kMillisecond); }));
  EXPECT_TRUE(late.hears_nothing_yet());
  EXPECT_THAT(fork_notice(desk, "process-limit"), HasSubstr("S has 40 clients, each a process"));
  peers[7].say("seven");
  EXPECT_EQ(peers[7].hear_all(), "SEVEN");
  EXPECT_EQ(late.hear_all(), "LATE");
}

TEST(Fork, WithoutAnotherProcessAClientIsClosedAndTheServerServesOn) {
  Desk desk;
  const Script script("exec " + kChildProgram + " --no-fork \"$@\"");
  const auto server = desk.serve("fork", [&](ServerOptions& options) { options.program = script.path(); });
  Peer first(server->address());
  EXPECT_EQ(first.hear_all(), "");
  ASSERT_TRUE(desk.until([&] { return !fork_notice(desk, "process-limit").empty(); }));
  EXPECT_EQ(
      fork_notice(desk, "process-limit"),
      "S can have no more processes: fork failed with EAGAIN (11), Resource temporarily unavailable; it "
      "closes this client unanswered");
  Peer second(server->address());
  EXPECT_EQ(second.hear_all(), "");
  EXPECT_TRUE(server->running());
}

TEST(Fork, AProgramThatIsNotThereIsSaid) {
  Desk desk;
  const auto server =
      desk.serve("fork", [](ServerOptions& options) { options.program = "/nobody/has/this"; });
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::ServerEnded>().empty(); }));
  EXPECT_THAT(fork_notice(desk, "server-ended"), HasSubstr("its process cannot be started: ENOENT (2)"));
}

TEST(Fork, AProgramThatIsAnotherIsSaid) {
  Desk desk;
  const Script script("echo nonsense; echo '+x'; exit 5");
  const auto server = desk.serve("fork", [&](ServerOptions& options) { options.program = script.path(); });
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::ServerEnded>().empty(); }));
  EXPECT_THAT(fork_notice(desk, "server-ended"), HasSubstr("its process ended with exit status 5"));
  EXPECT_EQ(fork_notice(desk, "server-lost"), "");  // what it writes wakes the one that listens, no more
}

TEST(Fork, AProgramThatDoesNotEndIsKilled) {
  Desk desk;
  const Script script("exec tail -f /dev/null");
  auto server = desk.serve("fork", [&](ServerOptions& options) { options.program = script.path(); });
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::ServerEnded>().empty(); }));
  EXPECT_TRUE(has_no_child());
}

TEST(Fork, UntracedItsProcessesAreCollectedAllTheSame) {
  Desk desk;
  desk.engine.room().set_tracing(false);
  const auto server = desk.serve("fork");
  for (int i = 0; i < 20; ++i) {
    Peer peer(server->address());
    peer.say("x");
    EXPECT_EQ(peer.hear_all(), "X");
  }
  const std::set<pid_t> ours = children_of(getpid());
  ASSERT_EQ(ours.size(), 1u);
  EXPECT_TRUE(desk.until([&] { return children_of(*ours.begin()).empty(); }));
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_TRUE(has_no_child());
  EXPECT_TRUE(desk.trace.empty());
}

TEST(Fork, WhatIsNotItsArgumentsIsRefused) {
  const std::vector<const char*> good{"S", "localhost", "upper", "0", "1", "trace"};
  for (const auto& [place, wrong] : {std::pair{2, "lower"}, {3, "-1"}, {3, "x"}, {4, ""}}) {
    std::vector<const char*> arguments = good;
    arguments[static_cast<std::size_t>(place)] = wrong;
    EXPECT_EQ(run_fork_server(arguments), 2) << wrong;
  }
  EXPECT_EQ(run_fork_server({}), 2);
}

}  // namespace
}  // namespace sockscope
