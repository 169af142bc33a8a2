// What socketserver has beside its models: servers of datagrams and of AF_UNIX, and how a server is left.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>

#include <algorithm>

#include "desk.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A socket of the test for datagrams.
class Sender {
 public:
  explicit Sender(const Address& to, const std::string& own_path = {})
      : fd_(socket(to.family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_storage address{};
    if (!own_path.empty()) {
      const socklen_t length = to_sockaddr(unix_address(own_path), address);
      EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), length), 0);
    }
    const socklen_t length = to_sockaddr(to, address);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), length), 0);
  }
  ~Sender() { close(fd_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  void say(std::string_view text) {
    EXPECT_EQ(send(fd_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  std::string hear() {
    char data[9000];
    const ssize_t got = recv(fd_, data, sizeof data, 0);
    return got < 0 ? "nothing" : std::string(data, static_cast<std::size_t>(got));
  }

 private:
  int fd_;
};

class Datagrams : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Models, Datagrams, testing::Values("iterative", "thread"),
                         [](const auto& model) { return std::string(model.param); });

TEST_P(Datagrams, EachIsARequestOfItsOwn) {
  Desk desk;
  const auto server = desk.serve(GetParam(), [](ServerOptions& options) { options.type = SOCK_DGRAM; });
  Sender ann(server->address()), bob(server->address());
  ann.say("ann\n");
  EXPECT_EQ(ann.hear(), "ANN");
  bob.say("bob\n");
  EXPECT_EQ(bob.hear(), "BOB");
  ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 2; }));
  EXPECT_THAT(desk.printed(), ElementsAre("127.0.0.1 wrote:", "b'ann'", "127.0.0.1 wrote:", "b'bob'"));
  EXPECT_EQ(desk.calls(Call::listen) + desk.calls(Call::accept), 0u);
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_TRUE(desk.engine.room().sockets().open().empty());
}

TEST_P(Datagrams, EveryHandlerAnswersAtOnce) {
  for (const auto& [handler, said, answer] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"upper-stream", "a\nb", "A\nB\n"},
           {"echo", "echo", "echo"},
           {"http-hello", "GET", "HTTP/1.1 400"}}) {
    Desk desk;
    const auto server = desk.serve(GetParam(), [name = handler](ServerOptions& options) {
      options.type = SOCK_DGRAM;
      options.handler = name;
    });
    Sender sender(server->address());
    sender.say(said);
    EXPECT_THAT(sender.hear(), testing::StartsWith(answer)) << handler;
  }
}

TEST_P(Datagrams, StopWhileItWaits) {
  Desk desk;
  const auto server = desk.serve(GetParam(), [](ServerOptions& options) { options.type = SOCK_DGRAM; });
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::recvfrom); }));
  server->stop();
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
}

TEST(DatagramServer, OneAtWorkHoldsUpTheOthersUnlessEachHasAThread) {
  for (const char* model : {"iterative", "thread"}) {
    Desk desk;
    const auto server = desk.serve(model, [](ServerOptions& options) {
      options.type = SOCK_DGRAM;
      options.work = 3600 * kSecond;
    });
    Sender ann(server->address()), bob(server->address());
    ann.say("ann");
    ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 1; }));
    bob.say("bob");
    const bool threads = std::string_view(model) == "thread";
    if (threads) {
      EXPECT_TRUE(desk.until([&] { return desk.all<event::ClientStarted>().size() == 2; }));
    } else {
      ASSERT_TRUE(desk.until([&] { return desk.engine.settled(now() - 100 * kMillisecond); }));
      EXPECT_EQ(desk.all<event::ClientStarted>().size(), 1u);
    }
  }
}

TEST(DatagramServer, ThereAreTwoModels) {
  Desk desk;
  ServerOptions options;
  options.type = SOCK_DGRAM;
  options.model = "epoll";
  const auto server = Server::start(desk.engine, 1, options);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("datagrams have none; there is iterative, thread"));
  EXPECT_EQ(server.error().error, 0);
}

TEST(UnixServer, ServesItsPathInEveryModelOfConnections) {
  for (const std::string_view model : server_models()) {
    Desk desk;
    const auto server =
        desk.serve(std::string(model), [](ServerOptions& options) { options.address = unix_address("S"); });
    const Address whole = unix_address(desk.engine.room().directory() + "/S");
    sockaddr_storage address{};
    const socklen_t length = to_sockaddr(whole, address);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), length), 0) << model;
    EXPECT_EQ(send(fd, "hello", 5, MSG_NOSIGNAL), 5);
    char heard[16] = {};
    EXPECT_EQ(recv(fd, heard, 5, MSG_WAITALL), 5);
    EXPECT_STREQ(heard, "HELLO");
    close(fd);
    ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 1; })) << model;
    EXPECT_THAT(desk.printed(), ElementsAre("a client without a name wrote:", "b'hello'"));
  }
}

TEST(UnixServer, ADatagramWithoutASendersNameCannotBeAnsweredAndANoticeSaysSo) {
  Desk desk;
  const auto server = desk.serve("iterative", [](ServerOptions& options) {
    options.type = SOCK_DGRAM;
    options.address = unix_address("S");
  });
  const std::string directory = desk.engine.room().directory();
  Sender nameless(unix_address(directory + "/S"));
  nameless.say("who?");
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::Notice>().empty(); }));
  EXPECT_EQ(desk.all<event::Notice>()[0].code.view(), "no-address");
  Sender named(unix_address(directory + "/S"), directory + "/c");
  named.say("me");
  EXPECT_EQ(named.hear(), "ME");
}

// ThreadingTCPServer, interrupted while a client is silent: the kernel takes connections nobody answers.
TEST(Leaving, AnInterruptedThreadingServerStaysForItsThreads) {
  Desk desk;
  const auto server = desk.serve("thread");
  Peer silent(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.client1", Call::recv); }));
  ASSERT_TRUE(desk.until([&] {
    server->leave(false);
    return server->left();
  }));
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::Notice>().empty(); }));
  EXPECT_THAT(std::string(desk.all<event::Notice>()[0].text.view()),
              HasSubstr("1 of its threads has not ended (daemon_threads is False)"));
  Peer late(server->address());
  EXPECT_EQ(late.error(), 0);
  late.say("anybody?");
  ASSERT_TRUE(desk.until([&] { return accept_queue_of(desk, server->listener()) == 1; }));
  ASSERT_TRUE(desk.until([&, since = now()] { return desk.engine.settled(since); }));
  EXPECT_TRUE(server->running());
  EXPECT_TRUE(late.hears_nothing_yet());
  silent.say("bye");
  EXPECT_EQ(silent.hear_all(), "BYE");
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
}

TEST(Leaving, DaemonThreadsAreNotWaitedFor) {
  Desk desk;
  const auto server = desk.serve("thread", [](ServerOptions& options) { options.daemon_threads = true; });
  Peer silent(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.client1", Call::recv); }));
  ASSERT_TRUE(desk.until([&] {
    server->leave(false);
    return !server->running();
  }));
  EXPECT_EQ(silent.hear_all(), "");
}

TEST(Leaving, ServerCloseClosesTheListenerAndThenWaits) {
  Desk desk;
  const auto server = desk.serve("thread");
  const Address address = server->address();
  Peer silent(address);
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.client1", Call::recv); }));
  ASSERT_TRUE(desk.until([&] {
    server->leave(true);
    return server->left();
  }));
  ASSERT_TRUE(desk.until([&] { return desk.calls(Call::close) == 1; }));
  ASSERT_TRUE(desk.until([&] { return Peer(address).error() == ECONNREFUSED; }));
  EXPECT_TRUE(server->running());
  server->stop();  // whatever they do
  ASSERT_TRUE(desk.until([&] { return !server->running(); }));
  EXPECT_EQ(silent.hear_all(), "");
}

TEST(Leaving, WithNobodyInsideEveryModelEnds) {
  for (const std::string_view model : server_models()) {
    Desk desk;
    const auto server = desk.serve(std::string(model));
    ASSERT_TRUE(desk.until([&] {
      server->leave(false);
      return !server->running();
    })) << model;
  }
}

TEST(Cost, AServerTellsWhatItsThreadsHaveCost) {
  for (const std::string_view model : server_models()) {
    Desk desk;
    const auto server = desk.serve(std::string(model));
    // It sleeps: to be woken is to have been switched.
    ASSERT_TRUE(desk.until([&] {
      const ThreadState* accepts = desk.state.thread("S.accept");
      return accepts != nullptr && accepts->blocked;
    })) << model;
    // Where each client is a process, one may have ended before it is looked at.
    int asked = 0;
    ASSERT_TRUE(desk.until([&] {
      Peer peer(server->address());
      peer.say("x");
      EXPECT_EQ(peer.hear_all(), "X");
      const auto told = desk.all<event::ServerSampled>();
      return ++asked >= 3 &&
             std::any_of(told.begin(), told.end(), [](const auto& one) { return one.memory > 0; });
    })) << model;
    server->stop();
    ASSERT_TRUE(desk.until([&] { return !server->running(); }));
    const auto all = desk.all<event::ServerSampled>();
    ASSERT_FALSE(all.empty()) << model;
    EXPECT_EQ(all.back().threads, 0u);
    EXPECT_EQ(all.back().memory, 0u);
    EXPECT_GT(all.back().switches, 0u);
    EXPECT_GT(all.back().processor, 0);
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i].switches, all[i - 1].switches);
  }
}

}  // namespace
}  // namespace sockscope
