#include "trace/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

State folded(const TraceBuilder& b) {
  return fold(b.trace());
}

TEST(State, HasNothingAtFirst) {
  const State state;
  EXPECT_EQ(state.next(), 0U);
  EXPECT_EQ(state.socket(1), nullptr);
  EXPECT_EQ(state.socket(0), nullptr);
  EXPECT_EQ(state.thread("client"), nullptr);
  EXPECT_EQ(state.label(3), "socket #3");
}

TEST(State, ACallEnteredAndNotReturnedIsOpen) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  const CallId call = b.enter(t, Call::recv, s, TraceBuilder::numbers(1024));
  const State state = folded(b);
  const ThreadState& client = *state.thread("client");
  ASSERT_EQ(client.calls.size(), 1U);
  EXPECT_EQ(client.calls[0].call, call);
  EXPECT_EQ(client.calls[0].name, Call::recv);
  EXPECT_EQ(client.calls[0].numbers[0], 1024);
  EXPECT_EQ(client.calls[0].seq, state.next() - 1);
  EXPECT_FALSE(client.blocked);
  EXPECT_EQ(client.last_call, Call::socket);
}

TEST(State, BlockedIsSinceTheFirstLookAndEndsWithTheReturn) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const CallId call = b.enter(t, Call::recv, b.socket(t));
  b.at(50);
  const Time seen = b.now();
  b.blocked(t, call, 20);
  EXPECT_TRUE(folded(b).thread(t)->blocked);
  EXPECT_EQ(folded(b).thread(t)->blocked_since, seen - 20 * kMillisecond);
  b.fail(call, ECONNRESET);
  const State state = folded(b);
  EXPECT_FALSE(state.thread(t)->blocked);
  EXPECT_EQ(state.thread(t)->last_error, ECONNRESET);
  EXPECT_EQ(state.thread(t)->last_return, state.next() - 1);
  EXPECT_THAT(state.thread(t)->calls, IsEmpty());
}

TEST(State, ABlockedMarkThatComesAfterTheReturnIsNotBelieved) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const CallId call = b.enter(t, Call::recv, b.socket(t));
  b.received(call, "x").blocked(t, call);
  EXPECT_FALSE(folded(b).thread(t)->blocked);
}

TEST(State, InnerCallsNestAndTheOuterStaysOpen) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  const CallId outer = b.enter(t, Call::sendall, s, TraceBuilder::bytes("hello"));
  const CallId inner = b.enter(t, Call::send, s, TraceBuilder::bytes("hello"));
  EXPECT_EQ(folded(b).thread(t)->calls.size(), 2U);
  b.ret(inner, 3);
  ASSERT_EQ(folded(b).thread(t)->calls.size(), 1U);
  EXPECT_EQ(folded(b).thread(t)->calls[0].call, outer);
  b.ret(outer);
  EXPECT_EQ(folded(b).socket(s)->bytes_sent, 3U) << "counted once";
  EXPECT_EQ(folded(b).socket(s)->sends, 1U);
}

TEST(State, CountsBytesAndKeepsTheLastReceived) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  b.received(b.enter(t, Call::recv, s, TraceBuilder::numbers(1024)), "hello");
  b.received(b.enter(t, Call::recv, s, TraceBuilder::numbers(1024, MSG_PEEK)), "peeked");
  State state = folded(b);
  EXPECT_EQ(state.socket(s)->bytes_received, 5U) << "what was only looked at is still in the queue";
  EXPECT_EQ(state.socket(s)->last_received, "peeked");
  EXPECT_FALSE(state.socket(s)->eof);
  b.received(b.enter(t, Call::recv, s, TraceBuilder::numbers(1024)), std::string(1000, 'x'));
  EXPECT_EQ(folded(b).socket(s)->last_received.size(), 64U);
}

TEST(State, RecvOfNothingIsTheEndOnlyIfItAskedForBytes) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  b.received(b.enter(t, Call::recv, s, TraceBuilder::numbers(0)), "");
  EXPECT_FALSE(folded(b).socket(s)->eof);
  b.received(b.enter(t, Call::recv, s, TraceBuilder::numbers(1)), "");
  EXPECT_TRUE(folded(b).socket(s)->eof);
}

TEST(State, CallsThatSucceedImplyTheirSettings) {
  TraceBuilder b;
  const ThreadId t = b.thread("server");
  const SocketId s = b.socket(t, "s");
  EXPECT_EQ(folded(b).socket(s)->backlog, -1);
  EXPECT_EQ(folded(b).socket(s)->deadline_ns, -1);
  b.ret(b.enter(t, Call::listen, s, TraceBuilder::numbers(2)));
  b.ret(b.enter(t, Call::settimeout, s, TraceBuilder::numbers(500 * kMillisecond)));
  EXPECT_EQ(folded(b).socket(s)->backlog, 2);
  EXPECT_EQ(folded(b).socket(s)->deadline_ns, 500 * kMillisecond);
  b.ret(b.enter(t, Call::setblocking, s, TraceBuilder::numbers(0)));
  EXPECT_EQ(folded(b).socket(s)->deadline_ns, 0);
  b.ret(b.enter(t, Call::setblocking, s, TraceBuilder::numbers(1)));
  EXPECT_EQ(folded(b).socket(s)->deadline_ns, -1);
  b.ret(b.enter(t, Call::shutdown, s, TraceBuilder::numbers(SHUT_RD)));
  EXPECT_FALSE(folded(b).socket(s)->shut_write);
  b.ret(b.enter(t, Call::shutdown, s, TraceBuilder::numbers(SHUT_RDWR)));
  EXPECT_TRUE(folded(b).socket(s)->shut_write);
}

TEST(State, CallsThatFailImplyNothing) {
  TraceBuilder b;
  const ThreadId t = b.thread("server");
  const SocketId s = b.socket(t, "s");
  const State before = folded(b);
  b.fail(b.enter(t, Call::listen, s, TraceBuilder::numbers(2)), EADDRINUSE);
  b.fail(b.enter(t, Call::shutdown, s, TraceBuilder::numbers(SHUT_WR)), ENOTCONN);
  b.fail(b.enter(t, Call::send, s), EPIPE);
  EXPECT_EQ(*folded(b).socket(s), *before.socket(s));
}

TEST(State, StateSinceMovesOnlyWhenTheStateDoes) {
  TraceBuilder b;
  const SocketId s = b.socket(b.thread("client"));
  b.at(10);
  const Time at = b.now();
  b.state(s, TcpState::CLOSED, TcpState::SYN_SENT, How::call);
  b.at(20).state(s, TcpState::SYN_SENT, TcpState::SYN_SENT, How::sample);
  const SocketState* c = nullptr;
  const State state = folded(b);
  c = state.socket(s);
  EXPECT_EQ(c->state, TcpState::SYN_SENT);
  EXPECT_EQ(c->state_since, at);
  EXPECT_EQ(c->known, How::sample);
}

TEST(State, AfterCloseTheStateIsNotKnownUntilSomethingObservesIt) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t, "c");
  b.connect(t, s, loopback(9999), loopback(40000)).queues(s, 5, 6);
  b.close(t, s);
  State state = folded(b);
  EXPECT_FALSE(state.socket(s)->open);
  EXPECT_EQ(state.socket(s)->fd, -1);
  EXPECT_EQ(state.socket(s)->state, TcpState::not_known);
  EXPECT_EQ(state.socket(s)->recv_queue, 0U);
  EXPECT_THAT(state.socket(s)->names, ElementsAre("c"));
  b.state(s, TcpState::not_known, TcpState::TIME_WAIT);
  state = folded(b);
  EXPECT_EQ(state.socket(s)->state, TcpState::TIME_WAIT);
  EXPECT_GT(state.socket(s)->closed, 0);
}

TEST(State, NamesMoveWhenBoundAgainAndGoWhenUnbound) {
  TraceBuilder b;
  const ThreadId t = b.thread("main");
  const SocketId one = b.socket(t, "s");
  const SocketId two = b.socket(t, "c");
  b.name(NameKind::socket, one, "also");
  State state = folded(b);
  EXPECT_THAT(state.socket(one)->names, ElementsAre("s", "also"));
  EXPECT_EQ(state.label(one), "also");
  b.name(NameKind::socket, two, "s").name(NameKind::value, 0, "n", "42").put(event::NameUnbound{"c"});
  b.put(event::NameUnbound{"never bound"});
  state = folded(b);
  EXPECT_THAT(state.socket(one)->names, ElementsAre("also"));
  EXPECT_THAT(state.socket(two)->names, ElementsAre("s"));
  EXPECT_EQ(state.name("s")->id, two);
  EXPECT_EQ(state.name("n")->value, "42");
  EXPECT_EQ(state.name("c"), nullptr);
  EXPECT_EQ(state.names().size(), 3U);
}

TEST(State, LinesRunUntilTheyEndAndAnOldEndIsIgnored) {
  TraceBuilder b;
  const ThreadId t = b.thread("main");
  const LineId one = b.line(t, 7, "s.accept()");
  EXPECT_TRUE(folded(b).thread(t)->line_running);
  EXPECT_EQ(folded(b).thread(t)->line, 7);
  b.line_raised(one, t, "ConnectionRefusedError", ECONNREFUSED, "[Errno 111]");
  State state = folded(b);
  EXPECT_FALSE(state.thread(t)->line_running);
  EXPECT_EQ(state.thread(t)->line_exception, "ConnectionRefusedError");
  EXPECT_EQ(state.thread(t)->line_error, ECONNREFUSED);
  EXPECT_EQ(state.thread(t)->line_end_seq, state.next() - 1);
  b.line(t, 8, "s.close()");
  b.line_returned(one, t);
  EXPECT_TRUE(folded(b).thread(t)->line_running);
  EXPECT_EQ(folded(b).thread(t)->line_exception, "");
}

TEST(State, AThreadNameUsedAgainIsTheLatestThread) {
  TraceBuilder b;
  b.end_thread(b.thread("client"));
  const ThreadId again = b.thread("client", ThreadRole::load);
  EXPECT_EQ(folded(b).thread("client")->id, again);
  EXPECT_TRUE(folded(b).thread(again)->alive);
  EXPECT_FALSE(folded(b).thread(1)->alive);
}

TEST(State, ServersAndLoadsShareOneCount) {
  TraceBuilder b;
  b.put(event::ServerStarted{1, 1, "S", "thread", "upper", loopback(9999)});
  b.put(event::LoadStarted{2, 20, "L", "S"});
  b.put(event::ClientStarted{1, 1, 5, {}})
      .put(event::ClientStarted{1, 2, 6, {}})
      .put(event::ClientEnded{1, 1, 5});
  b.put(event::LoadEnded{2, 17, 1, 2, 3});
  const State state = folded(b);
  EXPECT_EQ(state.server("S")->serving, 1U);
  EXPECT_EQ(state.server("S")->served, 1U);
  EXPECT_EQ(state.thread(2)->serving, 6U);
  EXPECT_EQ(state.thread(1)->serving, 0U);
  EXPECT_EQ(state.load("L")->answered, 17U);
  EXPECT_FALSE(state.load("L")->running);
  EXPECT_EQ(state.server(2), nullptr) << "2 is a load";
  EXPECT_EQ(state.server("L"), nullptr);
}

TEST(State, KeepsTheLastPrintedLines) {
  TraceBuilder b;
  for (int i = 0; i < 1000; ++i) b.put(event::HandlerPrinted{1, 1, Blob(std::to_string(i))});
  const State state = folded(b);
  EXPECT_GE(state.printed().size(), 200U);
  EXPECT_LE(state.printed().size(), 400U);
  EXPECT_EQ(state.printed().back().text, "999");
}

// ---- damage

TEST(StateDamage, IdsNeverIntroducedAreIntroducedEmpty) {
  State state;
  state.apply({5, event::CallReturned{7, 2, 0, 0, 0, 0, 10, {}, {}, false, false}}, 0);
  state.apply({6, event::QueuesSampled{4, 1, 2, 3, 4, 5}}, 1);
  state.apply({7, event::ClientEnded{3, 9, 9}}, 2);
  EXPECT_TRUE(state.thread(2)->has_returned);
  EXPECT_FALSE(state.thread(2)->alive);
  EXPECT_EQ(state.thread(1), nullptr);
  EXPECT_EQ(state.socket(4)->recv_queue, 1U);
  EXPECT_EQ(state.server(3)->served, 1U);
  EXPECT_EQ(state.label(4), "socket #4");
}

TEST(StateDamage, AbsurdIdsAreIgnored) {
  State state;
  std::uint64_t seq = 0;
  for (const std::uint32_t id : {0U, 4'000'000'000U, 0xffffffffU, kMostIds, kMostIds + 1}) {
    state.apply({1, event::ThreadStarted{id, 0, 0, ThreadRole::play, "t", {}, {}}}, seq++);
    state.apply({1, event::SocketOpened{id, id, 3, AF_INET, SOCK_STREAM, 0, SocketHow::accept, 0, {}}},
                seq++);
    state.apply({1, event::SocketNamed{id, loopback(1), loopback(2)}}, seq++);
    state.apply({1, event::SocketClosed{id}}, seq++);
    state.apply({1, event::CallEntered{id, id, id, Call::connect, {}}}, seq++);
    state.apply({1, event::CallReturned{id, id, id, 0, 0, 0, 0, {}, {}, false, false}}, seq++);
    state.apply({1, event::NameBound{NameKind::socket, id, "n", "v"}}, seq++);
    state.apply({1, event::ServerStarted{id, id, "S", {}, {}, {}}}, seq++);
    state.apply({1, event::LoadEnded{id, 1, 1, 1, 1}}, seq++);
  }
  EXPECT_THAT(state.sockets(), IsEmpty());
  EXPECT_THAT(state.threads(), IsEmpty());
  EXPECT_EQ(state.next(), seq);
}

TEST(StateDamage, CallsThatNeverReturnDoNotPileUp) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId s = b.socket(t);
  for (int i = 0; i < 1000; ++i) b.enter(t, Call::recv, s);
  EXPECT_LE(folded(b).thread(t)->calls.size(), 16U);
}

// ---- the house property

TEST(State, TwoClientsShowTheIterativeServersQueue) {
  using T = TwoClients;
  const Trace trace = two_clients_trace();
  State state = fold(trace, trace.upto(trace.start() + Time{static_cast<Time>(T::bob_waits)} * kMillisecond));
  EXPECT_THAT(state.socket(T::listener)->waiting, ElementsAre(T::b));
  EXPECT_EQ(state.socket(T::listener)->accept_queue, 1U);
  EXPECT_EQ(state.server("S")->serving, 1U);
  EXPECT_EQ(state.thread(T::accept)->serving, T::with_ann);
  EXPECT_TRUE(state.thread("S.accept")->blocked);
  EXPECT_TRUE(state.thread("bob")->blocked);
  EXPECT_EQ(state.socket(T::b)->bytes_sent, 6U);
  EXPECT_EQ(state.socket(T::a)->peer_id, T::with_ann);
  state = fold(trace);
  EXPECT_EQ(state.socket(T::b)->peer_id, T::with_bob);
  EXPECT_EQ(state.socket(T::b)->last_received, "HELLO");
  EXPECT_EQ(state.server("S")->served, 2U);
  EXPECT_FALSE(state.server("S")->running);
  EXPECT_EQ(state.printed().size(), 4U);
}

TEST(State, EveryPrefixFoldsAndAgreesWithFoldingOn) {
  const Trace trace = two_clients_trace();
  State on;
  for (std::size_t seq = 0; seq <= trace.size(); ++seq) {
    ASSERT_EQ(fold(trace, seq), on) << seq;
    if (seq < trace.size()) on.apply(trace[seq], seq);
  }
  EXPECT_EQ(on.at(), trace.end());
}

TEST(State, EverySuffixFoldsToo) {
  const Trace trace = two_clients_trace();
  for (std::size_t first = 0; first < trace.size(); ++first) {
    State state;
    for (std::size_t seq = first; seq < trace.size(); ++seq) state.apply(trace[seq], seq - first);
    EXPECT_EQ(state.next(), trace.size() - first);
  }
}

}  // namespace
}  // namespace sockscope
