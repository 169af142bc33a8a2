// What a play on hosts does when things go wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "lab_support.h"
#include "play_harness.h"
#include "server/server.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;
using testing::LabTest;
using testing::PlayStage;

class LabPlayTest : public LabTest {};

// The process that keeps the hosts; 0: none is known yet.
pid_t keeper_of(const State& state) {
  return state.hosts().empty() ? 0 : state.hosts().front().keeper;
}

TEST_F(LabPlayTest, AKilledKeeperEndsItsHostsAndBlockedCallsComeBack) {
  PlayStage stage(true);
  for (const char* line : {"%host A", "%host B", "%wire A B delay=10ms"})
    ASSERT_TRUE(stage.type(line, "main"));
  ASSERT_TRUE(stage.type("server@B>>> s = create_server(('B', 80))", "main"));
  ASSERT_TRUE(stage.type("server@B>>> s.accept()", "main"));
  ASSERT_TRUE(stage.until([&] {
    const ThreadState* server = stage.house.state.thread("server");
    return server != nullptr && server->blocked;
  }));
  ASSERT_EQ(::kill(keeper_of(stage.house.state), SIGKILL), 0);
  ASSERT_TRUE(stage.until([&] {
    const ThreadState* server = stage.house.state.thread("server");
    return !server->line_running && !server->line_exception.empty();
  }));
  EXPECT_EQ(stage.house.state.thread("server")->line_exception, "InterruptedError");
  ASSERT_FALSE(stage.house.state.notices().empty());
  EXPECT_EQ(stage.house.state.notices().back().code.view(), "hosts-gone");
  for (const HostState& host : stage.house.state.hosts()) {
    EXPECT_FALSE(host.alive);
    EXPECT_THAT(host.why, HasSubstr("has ended"));
  }
  // A socket there is an error now, not a silence.
  ASSERT_TRUE(stage.type("server>>> socket()", "main"));
  ASSERT_TRUE(stage.until([&] {
    const ThreadState* server = stage.house.state.thread("server");
    return !server->line_running && server->line_error == ENETDOWN;
  }));
}

TEST_F(LabPlayTest, NothingHeldIsToldAtTheDeadline) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%deadline 200ms\n%host A\n%host B\n%wire A B\n%release\n"), 1);
  EXPECT_THAT(stage.runner->error(), HasSubstr("none is held"));
}

TEST_F(LabPlayTest, WhatIsHeldAndDoesNotFitIsNamed) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%deadline 300ms\n%host A\n%host B\n%wire A B hold\n"
                      "a@A>>> u = socket(AF_INET, SOCK_DGRAM)\na@A>>> u.sendto(b'abc', ('B', 5))\n"
                      "%release where protocol == 'TCP'\n"),
            1);
  EXPECT_THAT(stage.runner->error(), HasSubstr("held are 3 B"));
}

TEST_F(LabPlayTest, AHostTypedTwiceIsRefusedAndTheRestGoesOn) {
  PlayStage stage(true);
  ASSERT_TRUE(stage.type("%host A", "main"));
  ASSERT_TRUE(stage.type("%host A", "main"));
  ASSERT_TRUE(stage.type("%wire A B", "main"));
  ASSERT_TRUE(stage.type("x@A>>> y = 1", "main"));
  ASSERT_TRUE(stage.until([&] { return stage.house.state.thread("x") != nullptr; }));
  ASSERT_TRUE(stage.until([&] { return stage.house.state.notices().size() >= 2; }));
  EXPECT_THAT(std::string(stage.house.state.notices()[0].text.view()), HasSubstr("host A is there already"));
  EXPECT_THAT(std::string(stage.house.state.notices()[1].text.view()), HasSubstr("no host is called 'B'"));
}

TEST_F(LabPlayTest, ThisMachineAndTheHostsAtOnce) {
  PlayStage stage;
  EXPECT_EQ(
      stage.run(
          "%host A\n>>> s = create_server(('127.0.0.1', 0))\n>>> c = create_connection(s.getsockname())\n"
          "a@A>>> t = create_server(('127.0.0.1', 0))\na@A>>> d = create_connection(t.getsockname())\n"
          "a@A>>> e = socket()\na@A>>> e.connect(('127.0.0.1', 1))\n%expect a raised ECONNREFUSED\n"
          "%expect c.state == ESTABLISHED and c.host == 'localhost'\n"
          "%expect d.state == ESTABLISHED and d.host == 'A'\n"),
      0)
      << stage.runner->error();
}

TEST_F(LabPlayTest, AHostsNameIsItsAddressInAConditionToo) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%host A\n%host B\n%wire A B\nb@B>>> s = create_server(('B', 80))\n"
                      "a@A>>> c = create_connection(('B', 80))\n%expect c.peer == ('B', 80)\n"
                      "%expect not c.peer != ('B', 80) and c.peer != ('A', 80) and c.peer != ('B', 81)\n"
                      "%expect packet where source == ('B', 80) and flags == 'SYN,ACK'\n"
                      "a@A>>> d = socket(AF_INET6, SOCK_DGRAM)\na@A>>> d.connect(('B', 5))\n"
                      "%expect d.peer == ('B', 5, 0, 0) and d.peer != ('A', 5, 0, 0)\n"
                      "a@A>>> x = ('B', 80)\n%expect x == ('B', 80) and x != ('B', 80, 0, 0)\n"),
            0)
      << stage.runner->error();
}

TEST_F(LabPlayTest, AThreadStaysOnItsHost) {
  PlayStage stage(true);
  ASSERT_TRUE(stage.type("%host A", "main"));
  ASSERT_TRUE(stage.type("a>>> x = 1", "main"));
  ASSERT_TRUE(stage.until([&] { return stage.house.state.name("x") != nullptr; }));
  ASSERT_TRUE(stage.type("a@A>>> x = 2", "main"));
  ASSERT_TRUE(stage.until([&] { return !stage.house.state.notices().empty(); }));
  EXPECT_THAT(std::string(stage.house.state.notices()[0].text.view()), HasSubstr("a thread does not move"));
}

TEST_F(LabPlayTest, TheReceiveThatTookADatagramIsKnown) {
  PlayStage stage;
  ASSERT_EQ(stage.run("%host A\n%host B\n%wire A B delay=5ms\nb@B>>> u = socket(AF_INET, SOCK_DGRAM)\n"
                      "b@B>>> u.bind(('B', 5000))\na@A>>> v = socket(AF_INET, SOCK_DGRAM)\n"
                      "a@A>>> v.sendto(b'one', ('B', 5000))\nb@B>>> u.recvfrom(9)\n"
                      "%expect b returned (b'one', _)\n"),
            0)
      << stage.runner->error();
  ASSERT_EQ(stage.house.state.packets().size(), 1u);
  EXPECT_NE(stage.house.state.packets()[0].taken_by, 0u);
}

// A FIN that nobody has acknowledged is no byte.
TEST_F(LabPlayTest, AFinOnItsWayIsNoByteInTheSendQueue) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%host A\n%host B\n%wire A B\nb@B>>> s = create_server(('B', 80))\n"
                      "a@A>>> c = create_connection(('B', 80))\nb@B>>> d, where = s.accept()\n"
                      "%expect b returned\n%wire A B hold\na@A>>> c.sendall(b'hello')\na@A>>> c.close()\n"
                      "%expect c.state == FIN_WAIT1 and c.send_queue == 5 within 5s\n%wire A B free\n"),
            0)
      << stage.runner->error();
}

// Where the last ACK of a handshake is held, the kernel's side is half made, and said to be so.
TEST_F(LabPlayTest, AHalfMadeConnectionIsNotSaidToBeInTheAcceptQueue) {
  PlayStage stage;
  EXPECT_EQ(stage.run("%host A\n%host B\n%wire A B\nb@B>>> s = create_server(('B', 80))\n%wire A B hold\n"
                      "a@A>>> c = create_connection(('B', 80))\n%release where flags == 'SYN'\n"
                      "%release where flags == 'SYN,ACK'\n%expect c.state == ESTABLISHED within 5s\n"
                      "%expect s.syn_queue == 1 within 5s\n%wire A B free\n"),
            0)
      << stage.runner->error();
  std::vector<SocketHow> made;
  for (std::size_t i = 0; i < stage.house.trace.size(); ++i)
    if (const auto* opened = std::get_if<event::SocketOpened>(&stage.house.trace[i].body))
      if (before_accept(opened->how)) made.push_back(opened->how);
  EXPECT_EQ(made, std::vector{SocketHow::syn_queue});
}

// A process of its own enters the host.
TEST_F(LabPlayTest, ALoadOfManyClientsOnAHost) {
  PlayStage stage(true);
  for (const char* line :
       {"%host A", "%host B", "%wire A B delay=5ms", "%serve S model=thread handler=upper port=80 host=B"})
    ASSERT_TRUE(stage.type(line, "main"));
  ASSERT_TRUE(stage.until([&] { return !stage.house.state.servers().empty(); }));
  LoadOptions options;
  options.host = "A";
  options.to = *parse_address("10.0.0.2:80");
  options.clients = 40;
  options.most_threads = 0;
  options.program = SOCKSCOPE_BINARY_DIR "/load_child";
  const auto load = Load::start(stage.engine, 9, options);
  ASSERT_TRUE(stage.until([&] { return load->ended(); }));
  EXPECT_EQ(load->figures(), (Load::Figures{40, 0, 0, 0, 40}));
  ASSERT_TRUE(stage.until([&] { return stage.house.state.thread("L.load") != nullptr; }));
  const ThreadState& thread = *stage.house.state.thread("L.load");
  EXPECT_EQ(thread.host, "A");
  std::size_t theirs = 0;
  for (const SocketState& socket : stage.house.state.sockets()) {
    if (socket.maker != thread.id) continue;
    ++theirs;
    EXPECT_EQ(socket.host, "A");
    EXPECT_EQ(host_of(socket.local), "10.0.0.1");
  }
  EXPECT_EQ(theirs, 40u);
}

TEST_F(LabPlayTest, ALoadOnAHostThatIsGoneIsSaid) {
  PlayStage stage(true);
  ASSERT_TRUE(stage.type("%host A", "main"));
  ASSERT_TRUE(stage.until([&] { return keeper_of(stage.house.state) != 0; }));
  ASSERT_EQ(::kill(keeper_of(stage.house.state), SIGKILL), 0);
  ASSERT_TRUE(stage.until([&] { return !stage.house.state.hosts().front().alive; }));
  LoadOptions options;
  options.host = "A";
  options.to = loopback(1);
  options.clients = 3;
  options.most_threads = 0;
  options.program = SOCKSCOPE_BINARY_DIR "/load_child";
  const auto load = Load::start(stage.engine, 9, options);
  EXPECT_TRUE(load->ended());
  EXPECT_EQ(load->figures().errors, 3u);
  ASSERT_TRUE(stage.until([&] {
    return !stage.house.state.notices().empty() &&
           stage.house.state.notices().back().code.view() == "load-died";
  }));
}

TEST(WithoutLab, AHostThatCannotBeMadeIsExitThreeWithTheStepThatFails) {
  PlayStage stage;
  Lab none(stage.house.inbox, "/bin/false");
  Engine engine(stage.house.inbox);
  Runner runner(engine, stage.house.trace, stage.house.state, Runner::Options{"test.play", &none, false});
  runner.load(*parse_play("%host A\n", "test.play"));
  const Time give_up = now() + 10 * kSecond;
  while (!runner.finished() && now() < give_up) {
    engine.poll();
    stage.house.fold(now());
    runner.committed(now());
    runner.poll();
  }
  EXPECT_EQ(runner.exit_code(), 3);
  EXPECT_THAT(runner.error(), HasSubstr("hosts are not possible here"));
  EXPECT_TRUE(engine.stop().empty());
}

}  // namespace
}  // namespace sockscope
