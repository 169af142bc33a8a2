// Details: what is selected, in words and facts; a failure when nothing is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/details_call.h"
#include "random_events.h"

namespace sockscope {
namespace {

using testing::PaneScene;
using T = TwoClients;

struct DetailsPane : PaneScene {
  explicit DetailsPane(Trace trace = two_clients_trace(), ImVec2 size = {480, 600})
      : PaneScene(&draw_details, std::move(trace), size) {
    driver.frame(3);
  }
  DetailsPane& select(Selection::Kind kind, std::uint32_t id, std::uint64_t seq = 0) {
    view.selection = {kind, id, seq};
    driver.frame(2);
    return *this;
  }
};

std::uint64_t entered_seq(const Trace& trace, ThreadId thread, Call name) {
  for (std::size_t seq = 0; seq < trace.size(); ++seq) {
    const auto* entered = std::get_if<event::CallEntered>(&trace[seq].body);
    if (entered != nullptr && entered->thread == thread && entered->name == name) return seq;
  }
  return trace.size();
}

// A trace whose last call failed so.
Trace failed(Call name, std::int32_t error, const Args& args) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  b.fail(b.enter(t, name, s, args), error);
  return b.trace();
}

TEST(DetailsPane, NothingSelectedSaysWhatToSelect) {
  DetailsPane pane;
  EXPECT_TRUE(pane.driver.shows("Select a thread, socket or packet."));
}

TEST(DetailsPane, AWaitingClientIsConnectedAndNotAccepted) {
  DetailsPane pane;
  pane.at(T::bob_waits);
  pane.select(Selection::Kind::socket, T::b);
  EXPECT_TRUE(pane.driver.shows("ESTABLISHED"));
  EXPECT_TRUE(pane.driver.shows("Nobody has accepted it"));
  EXPECT_TRUE(pane.driver.shows("127.0.0.1:40002"));
  EXPECT_TRUE(pane.driver.shows("#4  fd 10"));
  EXPECT_TRUE(pane.driver.shows("1004"));  // the kernel's cookie
  EXPECT_TRUE(pane.driver.shows("tcp(7)"));
}

TEST(DetailsPane, TheListenerSaysHowFullItsQueueIs) {
  DetailsPane pane;
  pane.at(T::bob_waits);
  pane.select(Selection::Kind::socket, T::listener);
  EXPECT_TRUE(pane.driver.shows("LISTEN"));
  EXPECT_TRUE(pane.driver.shows("1 of 6 places in its accept queue are taken."));
  EXPECT_TRUE(pane.driver.shows("backlog 5 + 1"));
}

TEST(DetailsPane, ABlockedThreadSaysInWhatSinceWhenAndWhatEndsIt) {
  DetailsPane pane;
  pane.at(T::bob_waits);
  pane.select(Selection::Kind::thread, T::bob);
  EXPECT_TRUE(pane.driver.shows("It is blocked in recv for 170 ms"));
  EXPECT_TRUE(pane.driver.shows("b.recv(1024)"));
  EXPECT_TRUE(pane.driver.shows("It waits for bytes"));
  EXPECT_TRUE(pane.driver.shows("recv(2)"));
}

TEST(DetailsPane, ACallBeforeAndAfterItCameBack) {
  DetailsPane pane;
  const std::uint64_t seq = entered_seq(pane.trace(), T::bob, Call::recv);
  pane.at(T::bob_waits);
  pane.select(Selection::Kind::call, 0, seq);
  EXPECT_TRUE(pane.driver.shows("not back yet"));
  EXPECT_FALSE(pane.driver.shows("b'HELLO'"));
  pane.at(1900);
  EXPECT_TRUE(pane.driver.shows("b'HELLO'"));
  EXPECT_TRUE(pane.driver.shows("850 ms"));
  EXPECT_FALSE(pane.driver.shows("not back yet"));
}

TEST(DetailsPane, AnInnerCallFindsItsReturn) {
  DetailsPane pane;
  pane.select(Selection::Kind::call, 0, entered_seq(pane.trace(), T::bob, Call::send));
  EXPECT_TRUE(pane.driver.shows("b.send(b'hello\\n')"));
  EXPECT_FALSE(pane.driver.shows("not back yet"));
}

TEST(DetailsPane, AServerSaysHowItsClientsShareThreads) {
  DetailsPane pane;
  pane.at(T::bob_waits);
  pane.select(Selection::Kind::server, T::server);
  EXPECT_TRUE(pane.driver.shows("One thread serves one client after the other."));
  EXPECT_TRUE(pane.driver.shows("127.0.0.1:9999"));
}

TEST(DetailsPane, WhatIsNotThereYetAtTheCursorSaysSo) {
  DetailsPane pane;
  pane.at(300);
  pane.select(Selection::Kind::thread, T::bob);
  EXPECT_TRUE(pane.driver.shows("At the cursor this is not there yet."));
}

TEST(DetailsPane, AFailureOpensWithPlainWordsAndPythonsExactText) {
  DetailsPane pane{failed(Call::connect, ECONNREFUSED, TraceBuilder::to(loopback(9998)))};
  EXPECT_TRUE(pane.driver.shows("Nobody listens at 127.0.0.1:9998."));
  EXPECT_TRUE(pane.driver.shows("ConnectionRefusedError: [Errno 111] Connection refused"));
  EXPECT_TRUE(pane.driver.shows("c.connect(('127.0.0.1', 9998))"));
  EXPECT_TRUE(pane.driver.shows("ECONNREFUSED 111"));
  const auto& texts = pane.driver.record.texts;
  const auto place = [&](std::string_view what) {
    return std::find_if(texts.begin(), texts.end(),
                        [&](const std::string& text) { return text.find(what) != std::string::npos; });
  };
  EXPECT_LT(place("Nobody listens"), place("ConnectionRefusedError"));
}

TEST(DetailsPane, TheDeskSaysWhatIsSoTheCausesAndWritesALineToTry) {
  TraceBuilder b;
  const ThreadId server = b.thread("server"), client = b.thread("client");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  const SocketId c = b.socket(client, "c");
  Address other;
  other.family = AF_INET6;
  other.ip[15] = 1;
  other.port = 9999;
  const CallId connect = b.enter(client, Call::connect, c, TraceBuilder::to(other));
  b.put(event::AddressLooked{connect, 1, 0, other});
  b.put(event::AddressHeld{connect, s, 6, 0, TcpState::LISTEN, loopback(9999), {}});
  b.fail(connect, ECONNREFUSED);
  DetailsPane pane{b.trace(), {700, 900}};
  EXPECT_TRUE(pane.driver.shows("Nobody listens at [::1]:9999"));
  EXPECT_TRUE(pane.driver.shows("10061 on Windows"));
  EXPECT_TRUE(pane.driver.shows("What is so now"));
  EXPECT_TRUE(pane.driver.shows("127.0.0.1:9999"));
  EXPECT_TRUE(pane.driver.shows("Causes, best first"));
  EXPECT_TRUE(pane.driver.shows("fits every fact"));
  pane.driver.click("details/try-0-0");
  ASSERT_EQ(pane.requests.size(), 1u);
  const auto* run = std::get_if<request::RunLine>(&pane.requests[0]);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->thread, "client");
  EXPECT_THAT(run->text, ::testing::HasSubstr("('127.0.0.1', 9999)"));
}

TEST(DetailsPane, PythonsOwnTimeoutIsExplainedByItsCallThoughTheLineHasNoErrno) {
  TraceBuilder b;
  const ThreadId client = b.thread("client");
  const SocketId c = b.socket(client, "c");
  const LineId line = b.line(client, 1, "c.accept()");
  event::CallReturned late;
  late.result = -1;
  late.error = ETIMEDOUT;
  late.timed_out = true;
  b.ret(b.enter(client, Call::accept, c), late);
  b.line_raised(line, client, "TimeoutError", 0, "timed out");
  DetailsPane pane{b.trace(), {700, 900}};
  EXPECT_TRUE(pane.driver.shows("No client came to client's c"));
  EXPECT_FALSE(pane.driver.shows("Python refused the line before any call reached the kernel."));
}

TEST(DetailsPane, AReceiveSaysWhichSendsItTookAndShowsTheirBytes) {
  TraceBuilder b;
  const ThreadId server = b.thread("server"), client = b.thread("client");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  const SocketId c = b.socket(client, "c");
  b.connect(client, c, loopback(9999), loopback(40001));
  const CallId accept = b.enter(server, Call::accept, s);
  const SocketId conn = b.accepted(accept, s, loopback(9999), loopback(40001));
  b.send(client, c, "hello ").send(client, c, "\xE5\xA5\xBD");
  const CallId recv = b.enter(server, Call::recv, conn, TraceBuilder::numbers(8));
  b.received(recv, "hello \xE5\xA5");
  DetailsPane pane{b.trace(), {700, 900}};
  pane.select(Selection::Kind::call, 0, entered_seq(pane.trace(), server, Call::recv));
  EXPECT_TRUE(pane.driver.shows("6 B of send 1 of c."));
  EXPECT_TRUE(pane.driver.shows("2 B of send 2 of c."));
  EXPECT_TRUE(pane.driver.shows("A character is cut in half here"));
  EXPECT_TRUE(pane.driver.shows("68 65 6c 6c 6f 20 e5 a5"));
  pane.select(Selection::Kind::socket, conn);
  EXPECT_TRUE(pane.driver.shows("Sent and not received yet"));
  EXPECT_TRUE(pane.driver.shows("1 B of send 2 of c."));
}

TEST(DetailsPane, ABlockedCallSaysWhatItWaitsForAndWhenItsTimeRunsOut) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  const CallId timeout = b.enter(server, Call::settimeout, s, TraceBuilder::numbers(3'000'000'000));
  b.ret(timeout, {});
  const CallId accept = b.enter(server, Call::accept, s);
  b.blocked(server, accept);
  DetailsPane pane{b.trace(), {700, 900}};
  pane.select(Selection::Kind::thread, server);
  EXPECT_TRUE(pane.driver.shows("It waits for a client"));
  EXPECT_TRUE(pane.driver.shows("time runs out"));
}

TEST(DetailsPane, ALaterSuccessOrASelectionPutsTheFailureAway) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  b.fail(b.enter(t, Call::connect, s, TraceBuilder::to(loopback(9998))), ECONNREFUSED);
  b.socket(t, "d");
  DetailsPane pane{b.trace()};
  EXPECT_FALSE(pane.driver.shows("Nobody listens"));
}

TEST(DetailsPane, AnInterruptedCallAtTheEndIsNoFailure) {
  TraceBuilder b;
  const ThreadId t = b.thread("server");
  const SocketId s = b.socket(t, "s");
  event::CallReturned back;
  back.result = -1;
  back.error = EINTR;
  back.interrupted = true;
  b.ret(b.enter(t, Call::accept, s), back);
  DetailsPane pane{b.trace()};
  EXPECT_TRUE(pane.driver.shows("Select a thread, socket or packet."));
}

TEST(DetailsPane, ALinePythonRefusedBeforeAnyCallIsExplained) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  b.socket(t, "c");
  const LineId line = b.line(t, 2, "c.bind(('127.0.0.1', 70000))");
  b.line_raised(line, t, "OverflowError", 0, "bind(): port must be 0-65535.");
  DetailsPane pane{b.trace()};
  EXPECT_TRUE(pane.driver.shows("70000"));
  EXPECT_TRUE(pane.driver.shows("OverflowError: bind(): port must be 0-65535."));
}

TEST(DetailsWords, ATimeoutIsWrittenAsPythonWritesIt) {
  event::CallReturned returned;
  returned.error = ETIMEDOUT;
  returned.timed_out = true;
  EXPECT_EQ(python_error(returned), "TimeoutError: timed out");
}

TEST(DetailsPane, NothingIsDrawnWiderThanThePane) {
  for (const float width : {240.0f, 360.0f, 480.0f, 900.0f}) {
    DetailsPane pane(failed(Call::connect, ECONNREFUSED, TraceBuilder::to(loopback(9998))), {width, 500});
    const ImDrawData* data = ImGui::GetDrawData();
    for (int i = 0; i < data->CmdListsCount; ++i) {
      for (const ImDrawVert& vertex : data->CmdLists[i]->VtxBuffer) {
        ASSERT_LE(vertex.pos.x, width + 1) << width;
      }
    }
  }
}

TEST(DetailsPane, RandomEventsAreSelectedWithoutHarm) {
  Trace trace;
  for (Event& event : RandomEvents(7).make(600, 5 * kSecond)) trace.append(std::move(event), false);
  DetailsPane pane{std::move(trace)};
  for (std::uint32_t id = 0; id < 14; ++id) {
    for (const auto kind : {Selection::Kind::socket, Selection::Kind::thread, Selection::Kind::server}) {
      pane.select(kind, id);
    }
  }
  for (std::uint64_t seq = 0; seq < 620; seq += 7) pane.select(Selection::Kind::call, 1, seq);
  EXPECT_TRUE(pane.driver.find("details/maximise"));
}

}  // namespace
}  // namespace sockscope
