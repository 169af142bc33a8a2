#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <array>
#include <filesystem>

#include "desk.h"
#include "processes.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

LoadOptions process_to(const Address& to, int clients) {
  LoadOptions options;
  options.to = to;
  options.clients = clients;
  options.most_threads = 0;
  options.program = kChildProgram;
  return options;
}

void deep(ServerOptions& options) {
  options.backlog = 128;
}

const ThreadState* loader(const Desk& desk) {
  return desk.state.thread("L.load");
}

std::string notice(Desk& desk, std::string_view code) {
  for (const auto& notice : desk.all<event::Notice>()) {
    if (notice.code.view() == code) return std::string(notice.text.view());
  }
  return {};
}

// The event comes after ended() is so: who reads what it says waits for it.
bool told_its_end(Desk& desk) {
  return desk.until([&] { return !desk.all<event::LoadEnded>().empty(); });
}

TEST(LoadProcess, EveryClientIsAnsweredAndNoneIsLost) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  const auto load = Load::start(desk.engine, 2, process_to(server->address(), 100));
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_TRUE(load->finished());
  EXPECT_TRUE(load->ended());
  EXPECT_EQ(load->figures(), (Load::Figures{100, 0, 0, 0, 100}));
  EXPECT_EQ(desk.all<event::LoadEnded>().at(0).answered, 100u);
  ASSERT_NE(loader(desk), nullptr);
  EXPECT_EQ(loader(desk)->role, ThreadRole::load);
  EXPECT_FALSE(loader(desk)->alive);
  std::size_t theirs = 0, accepted = 0;
  for (const SocketState& socket : desk.state.sockets()) {
    theirs += socket.maker == loader(desk)->id;
    accepted += socket.accepted;
    if (!socket.accepted && socket.backlog < 0) {
      EXPECT_NE(socket.peer_id, 0u) << socket.id;
    }
  }
  EXPECT_EQ(theirs, 100u);
  EXPECT_EQ(accepted, 100u);
  EXPECT_TRUE(has_no_child());
  EXPECT_TRUE(desk.all<event::Notice>().empty());
}

TEST(LoadProcess, ByIpv6TheyAreAnsweredToo) {
  Desk desk;
  const auto server =
      desk.serve("iterative", [](ServerOptions& options) { options.address = *parse_address("[::1]:0"); });
  const auto load = Load::start(desk.engine, 2, process_to(server->address(), 3));
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(load->figures(), (Load::Figures{3, 0, 0, 0, 3}));
}

TEST(LoadProcess, ItTellsTheTextAsItIs) {
  Desk desk;
  const auto server = desk.serve("iterative");
  LoadOptions options = process_to(server->address(), 1);
  options.text = std::string("a\0\xff'\n", 5);
  options.name = "Many";
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_NE(desk.state.thread("Many.load"), nullptr);
  bool sent = false;
  for (const auto& call : desk.all<event::CallEntered>())
    sent |= call.name == Call::send && call.args.data.view() == options.text;
  EXPECT_TRUE(sent);
}

TEST(LoadProcess, AFullAcceptQueueCostsOneSecondNotMany) {
  Desk desk;
  const auto server = desk.serve("iterative", [](ServerOptions& options) { options.backlog = 1; });
  const auto load = Load::start(desk.engine, 2, process_to(server->address(), 300));
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(load->figures().answered, 300u);
  // Those whose SYN was dropped are few: the load saw it and held back.
  std::size_t late = 0;
  for (const auto& change : desk.all<event::StateChanged>())
    late += change.from == TcpState::SYN_SENT && change.to == TcpState::ESTABLISHED;
  EXPECT_GT(late, 0u);
  EXPECT_LT(late, 100u);
}

TEST(LoadProcess, ManyMessagesAndAnswersInTurn) {
  Desk desk;
  constexpr int kMessages = 3;
  // The tutorial's handler answers once: this one is the test's.
  Peer listener;
  ASSERT_EQ(listen(listener.fd(), 5), 0);
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  ASSERT_EQ(getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&name), &length), 0);
  LoadOptions options = process_to(loopback(from_sockaddr(name, length).port), 1);
  options.messages = kMessages;
  const auto load = Load::start(desk.engine, 2, options);
  const int client = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
  for (int i = 0; i < kMessages; ++i) {
    std::array<char, 64> buffer{};
    ASSERT_EQ(recv(client, buffer.data(), buffer.size(), 0), 6);
    ASSERT_EQ(send(client, "x", 1, MSG_NOSIGNAL), 1);
  }
  ASSERT_TRUE(told_its_end(desk));
  close(client);
  EXPECT_EQ(load->figures(), (Load::Figures{1, 0, 0, 0, 1}));
}

TEST(LoadProcess, WhereNobodyListensAllAreRefused) {
  Desk desk;
  Peer nobody;
  const auto load = Load::start(desk.engine, 2, process_to(nobody.take_port(), 300));
  ASSERT_TRUE(desk.until([&] { return load->finished(); }));
  EXPECT_EQ(load->figures(), (Load::Figures{0, 0, 300, 0, 300}));
}

TEST(LoadProcess, AnotherMachineIsNotReached) {
  Desk desk;
  const auto load = Load::start(desk.engine, 2, process_to(*parse_address("192.0.2.1:9"), 2));
  ASSERT_TRUE(desk.until([&] { return load->finished(); }));
  EXPECT_EQ(load->figures().errors, 2u);
  for (const auto& back : desk.all<event::CallReturned>())
    EXPECT_TRUE(back.error == 0 || back.error == EPERM);
}

TEST(LoadProcess, StoppedBehindASilentClientItEndsAndTheyStillWait) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  Peer silent(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::recv); }));
  std::array<int, 2> inheritable{};
  ASSERT_EQ(pipe(inheritable.data()), 0);
  const auto load = Load::start(desk.engine, 2, process_to(server->address(), 200));
  // So many are under way at once; the others have not begun.
  ASSERT_TRUE(desk.until([&] { return load->figures().waiting == kAtOnce; }));
  EXPECT_EQ(desk.calls(Call::connect), std::size_t{2} * kAtOnce);  // begun, and asked how it went
  EXPECT_FALSE(load->finished());
  for (const std::string& file : open_files(std::to_string(loader(desk)->tid)))
    EXPECT_NE(file, std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(inheritable[0])));
  load->stop();
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(desk.all<event::LoadEnded>().at(0).waiting, unsigned{kAtOnce});
  EXPECT_EQ(desk.all<event::LoadEnded>().at(0).errors, 0u);
  EXPECT_EQ(notice(desk, "load-died"), "");
  EXPECT_FALSE(loader(desk)->alive);
  for (const int end : inheritable) close(end);
}

TEST(LoadProcess, ThoseThatStayAreFinishedOnceConnected) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  LoadOptions options = process_to(server->address(), 100);
  options.stay = true;
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(desk.until([&] { return load->finished() && load->figures().answered == 100; }));
  EXPECT_FALSE(load->ended());
  EXPECT_TRUE(desk.all<event::LoadEnded>().empty());
  load->stop();
  EXPECT_FALSE(load->finished() && !load->ended());
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(desk.all<event::LoadEnded>().at(0).answered, 100u);
}

TEST(LoadProcess, AKilledOneIsSaidAndItsClientsAreErrors) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  Peer silent(server->address());
  const auto load = Load::start(desk.engine, 2, process_to(server->address(), 50));
  ASSERT_TRUE(desk.until([&] { return load->figures().waiting == 50; }));
  kill(loader(desk)->tid, SIGKILL);
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(load->figures(), (Load::Figures{0, 0, 0, 50, 50}));
  EXPECT_THAT(notice(desk, "load-died"), HasSubstr("the process of L was killed by signal 9 (SIGKILL)"));
  EXPECT_FALSE(loader(desk)->alive);
  for (const SocketState& socket : desk.state.sockets()) {
    if (socket.maker == loader(desk)->id) {
      EXPECT_FALSE(socket.open) << socket.id;
    }
  }
  EXPECT_TRUE(has_no_child());
}

TEST(LoadProcess, AProgramThatIsNotThereIsSaid) {
  Desk desk;
  LoadOptions options = process_to(loopback(1), 7);
  options.program = "/nobody/has/this";
  const auto load = Load::start(desk.engine, 2, options);
  EXPECT_TRUE(load->ended());
  EXPECT_EQ(load->figures().errors, 7u);
  EXPECT_THAT(notice(desk, "load-died"), HasSubstr("cannot be started: ENOENT (2)"));
  EXPECT_EQ(desk.all<event::LoadEnded>().size(), 1u);
}

TEST(LoadProcess, AProgramThatIsAnotherIsSaid) {
  Desk desk;
  const Script script("echo nonsense; exit 5");
  LoadOptions options = process_to(loopback(1), 7);
  options.program = script.path();
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(load->figures().errors, 7u);
  EXPECT_THAT(notice(desk, "load-died"), HasSubstr("ended with exit status 5"));
  EXPECT_THAT(notice(desk, "load-lost"), HasSubstr("lost of what L told: 1 lines; the first: not JSON"));
}

TEST(LoadProcess, OneThatDoesNotEndIsKilled) {
  Desk desk;
  const Script script("echo '=0 0 0 0 0'; exec tail -f /dev/null");
  LoadOptions options = process_to(loopback(1), 7);
  options.program = script.path();
  auto load = Load::start(desk.engine, 2, options);
  load.reset();
  EXPECT_TRUE(has_no_child());
  EXPECT_THAT(notice(desk, "load-died"), HasSubstr("SIGKILL"));
}

TEST(LoadProcess, FewDescriptorsLetFewBeUnderWay) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  const Script script("ulimit -n 26; exec " + kChildProgram + " \"$@\"");
  LoadOptions options = process_to(server->address(), 60);
  options.program = script.path();
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(load->figures(), (Load::Figures{60, 0, 0, 0, 60}));
  EXPECT_EQ(notice(desk, "descriptor-limit"),
            "this process may have 26 descriptors (ulimit -Hn): L has at most 10 clients under way at once");
}

TEST(LoadProcess, FewDescriptorsLetFewStay) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  const Script script("ulimit -n 26; exec " + kChildProgram + " \"$@\"");
  LoadOptions options = process_to(server->address(), 60);
  options.program = script.path();
  options.stay = true;
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(desk.until([&] { return load->finished() && load->figures().answered == 10; }));
  EXPECT_EQ(load->figures().errors, 50u);
  EXPECT_THAT(notice(desk, "descriptor-limit"), HasSubstr("50 of L's 60 clients do not start"));
}

TEST(LoadProcess, ASoftLimitIsNoLimit) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  const Script script("ulimit -Sn 26; exec " + kChildProgram + " \"$@\"");
  LoadOptions options = process_to(server->address(), 60);
  options.program = script.path();
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(told_its_end(desk));
  EXPECT_EQ(load->figures().answered, 60u);
  EXPECT_EQ(notice(desk, "descriptor-limit"), "");
}

TEST(LoadProcess, UntracedItTellsItsFiguresAlone) {
  Desk desk;
  desk.engine.room().set_tracing(false);
  const auto server = desk.serve("iterative", deep);
  const auto load = Load::start(desk.engine, 2, process_to(server->address(), 40));
  ASSERT_TRUE(desk.until([&] { return load->ended(); }));
  EXPECT_EQ(load->figures(), (Load::Figures{40, 0, 0, 0, 40}));
  desk.drain();
  EXPECT_TRUE(desk.trace.empty());
}

TEST(LoadProcess, NoDescriptorIsLeftOpen) {
  Desk desk;
  const auto server = desk.serve("iterative", deep);
  const std::size_t before = open_files("self").size();
  for (int i = 0; i < 3; ++i) {
    const auto load = Load::start(desk.engine, 2, process_to(server->address(), 20));
    ASSERT_TRUE(desk.until([&] { return load->ended(); }));
  }
  EXPECT_TRUE(desk.until([&] {
    return desk.engine.room().sockets().open().size() == 1 && open_files("self").size() == before;
  }));
}

}  // namespace
}  // namespace sockscope
