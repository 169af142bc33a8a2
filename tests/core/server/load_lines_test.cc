#include <fcntl.h>
#include <gmock/gmock.h>

#include <array>

#include "desk.h"
#include "server/load_lines.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

std::string line_of(const Body& body) {
  std::string line;
  write_event(line, Event{now(), body}, false, 0);
  return line + "\n";
}

// Lines told by a process that is the test.
class Told : public testing::Test {
 protected:
  Told() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK), 0); }
  ~Told() override {
    for (const int end : ends_) close(end);
  }
  void tell(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(ends_[1], text.data(), text.size());
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
      while (lines_.pull(ends_[0]) > 0) {
      }
    }
  }
  void tell(const Body& body) { tell(line_of(body)); }
  void begin() { tell(event::ThreadStarted{1, 0, 77, ThreadRole::load, "L.load", "localhost", "L"}); }

  Desk desk_;
  LoadCounts counts_;
  LoadLines lines_{desk_.engine, counts_, "localhost"};
  std::array<int, 2> ends_{};
};

TEST_F(Told, ItsNumbersBecomeIdsOfOurs) {
  const ThreadId taken = desk_.engine.start({"other"});
  ASSERT_EQ(taken, 1u);
  const SocketId socket = desk_.engine.room().sockets().reserve();
  const CallId call = desk_.engine.room().next_call();
  begin();
  tell(event::CallEntered{1, 1, 0, Call::socket, {}});
  tell(event::SocketOpened{1, 0, 9, AF_INET, SOCK_STREAM, 0, SocketHow::socket, 5, "localhost"});
  tell(event::CallReturned{1, 1, 1, 0, 0, 0, 9, {}, {}, false, false});
  tell(event::CallEntered{2, 1, 1, Call::connect, {}});
  ASSERT_EQ(lines_.lost(), 0u) << lines_.why_lost();
  const auto entered = desk_.all<event::CallEntered>();
  ASSERT_EQ(entered.size(), 2u);
  EXPECT_GT(entered[0].call, call);
  EXPECT_GT(entered[1].call, entered[0].call);
  EXPECT_GT(entered[1].socket, socket);
  EXPECT_EQ(entered[0].thread, desk_.all<event::ThreadStarted>().back().thread);
  EXPECT_NE(entered[0].thread, taken);
  EXPECT_EQ(desk_.all<event::SocketOpened>().at(0).socket, entered[1].socket);
  EXPECT_EQ(desk_.all<event::CallReturned>().at(0).call, entered[0].call);
  EXPECT_EQ(desk_.all<event::CallReturned>().at(0).makes, entered[1].socket);
}

TEST_F(Told, EveryThreadCountsItsOwnCallsAndASecondDescriptorIsTheSameSocket) {
  begin();
  tell(event::ThreadStarted{2, 1, 78, ThreadRole::client, "L.2", "localhost", "L"});
  tell(event::CallEntered{7, 1, 0, Call::accept, {}});
  tell(event::CallEntered{7, 2, 0, Call::accept, {}});
  tell(event::SocketOpened{1, 0, 9, AF_INET, SOCK_STREAM, 0, SocketHow::socket, 5, "localhost"});
  tell(event::SocketNamed{1, loopback(1), loopback(2)});
  tell(event::SocketOpened{2, 1, 9, AF_INET, SOCK_STREAM, 0, SocketHow::dup, 5, "localhost"});
  tell(event::SocketClosed{1});
  tell(event::CallReturned{7, 2, 0, 0, 0, 0, 0, {}, {}, false, false});
  tell(event::CallReturned{7, 2, 0, 0, 0, 0, 0, {}, {}, false, false});  // it is back
  EXPECT_EQ(lines_.lost(), 1u);
  Sockets& sockets = desk_.engine.room().sockets();
  EXPECT_TRUE(sockets.take_left().sockets.empty()) << "the connection has a descriptor yet";
  const auto entered = desk_.all<event::CallEntered>();
  const auto returned = desk_.all<event::CallReturned>();
  ASSERT_EQ(entered.size(), 2u);
  ASSERT_EQ(returned.size(), 1u);
  EXPECT_NE(entered[0].call, entered[1].call);
  EXPECT_NE(entered[0].thread, entered[1].thread);
  EXPECT_EQ(returned[0].call, entered[1].call);
  EXPECT_EQ(desk_.all<event::ThreadStarted>().at(1).parent, entered[0].thread);
  EXPECT_EQ(desk_.all<event::SocketOpened>().at(1).from, desk_.all<event::SocketOpened>().at(0).socket);
  lines_.end();
  EXPECT_EQ(sockets.take_left().sockets.size(), 1u);
  EXPECT_EQ(desk_.all<event::ThreadEnded>().size(), 2u);
}

TEST_F(Told, AGarbledLineIsLeftOutAndCounted) {
  begin();
  tell("{\"t\":1,\"kind\":\"call_ent\n");
  tell("nonsense\n\n");
  tell(event::Notice{"code", "kept"});
  EXPECT_EQ(lines_.lost(), 3u);
  EXPECT_THAT(lines_.why_lost(), HasSubstr("not JSON"));
  EXPECT_EQ(desk_.all<event::Notice>().at(0).text.view(), "kept");
}

TEST_F(Told, WhatIsNotItsOwnToTellIsLeftOut) {
  tell(event::CallEntered{1, 1, 0, Call::socket, {}});  // no thread has begun
  begin();
  tell(event::CallEntered{1, 1, 4, Call::connect, {}});
  tell(event::CallReturned{7, 1, 0, 0, 0, 0, 0, {}, {}, false, false});
  tell(event::SocketNamed{3, loopback(1), {}});
  tell(event::SocketClosed{3});
  tell(event::ServerEnded{1});
  tell("{\"t\":1,\"kind\":\"of a later version\"}\n");
  begin();  // it has one thread
  EXPECT_EQ(lines_.lost(), 8u);
  EXPECT_EQ(desk_.trace.size(), 0u);
  EXPECT_EQ(desk_.all<event::ThreadStarted>().size(), 1u);
  EXPECT_EQ(desk_.trace.size(), 1u);
}

TEST_F(Told, ALineInPiecesIsOneLine) {
  for (const char c : line_of(event::Notice{"code", "whole"})) tell(std::string_view(&c, 1));
  EXPECT_EQ(desk_.all<event::Notice>().at(0).text.view(), "whole");
  EXPECT_EQ(lines_.lost(), 0u);
}

TEST_F(Told, ALineThatNeverEndsIsLostAndTheNextIsRead) {
  const std::string much(100'000, 'x');
  for (int i = 0; i < 8; ++i) tell(much);
  tell("\n");
  tell(event::Notice{"code", "next"});
  EXPECT_EQ(lines_.lost(), 1u);
  EXPECT_EQ(lines_.why_lost(), "it is too long");
  EXPECT_EQ(desk_.all<event::Notice>().at(0).text.view(), "next");
}

TEST_F(Told, WhatItHadOpenIsClosedWhenItIsGone) {
  begin();
  for (SocketId id = 1; id <= 3; ++id)
    tell(event::SocketOpened{id, 0, 9, AF_INET, SOCK_STREAM, 0, SocketHow::socket, 5, "localhost"});
  tell(event::SocketClosed{2});
  tell("{\"t\":1,\"kind\":");
  lines_.end();
  EXPECT_EQ(lines_.lost(), 1u);
  EXPECT_EQ(lines_.why_lost(), "it was cut off");
  EXPECT_EQ(desk_.all<event::SocketClosed>().size(), 3u);
  EXPECT_EQ(desk_.all<event::ThreadEnded>().size(), 1u);
  for (const SocketState& socket : desk_.state.sockets()) EXPECT_FALSE(socket.open);
}

TEST_F(Told, HowItsClientsStand) {
  std::string line;
  LoadLines::append_figures(line, {1, 2, 3, 4, 5});
  tell(line);
  EXPECT_EQ(counts_.figures(), (Load::Figures{1, 2, 3, 4, 5}));
  tell("=1 2 3\n=1 2 3 4 5 6\n=-1 2 3 4 5\n=a\n");
  EXPECT_EQ(lines_.lost(), 4u);
  EXPECT_EQ(counts_.figures(), (Load::Figures{1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace sockscope
