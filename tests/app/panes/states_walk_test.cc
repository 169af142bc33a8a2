// The way of sockets through the states, from traces written by hand.
#include <gtest/gtest.h>

#include "panes/states_walk.h"
#include "trace_builder.h"

namespace sockscope {
namespace states_walk_test {

using enum TcpState;
using Kind = StepCause::Kind;

struct Two {
  TraceBuilder b;
  ThreadId server = b.thread("server"), client = b.thread("client");
  SocketId s = b.socket(server, "s"), c = b.socket(client, "c"), conn = 0;

  // The handshake, each state seen.
  void connect_slowly() {
    b.state(s, TcpState::not_known, CLOSED, How::call).state(c, TcpState::not_known, CLOSED, How::call);
    b.bind(server, s, loopback(0), loopback(9999)).listen(server, s, 5);
    const CallId call = b.enter(client, Call::connect, c, b.to(loopback(9999)));
    b.named(c, loopback(40000), loopback(9999)).state(c, CLOSED, SYN_SENT);
    const CallId accept = b.enter(server, Call::accept, s);
    b.after(100).state(c, SYN_SENT, ESTABLISHED, How::call).ret(call);
    conn = b.accepted(accept, s, loopback(9999), loopback(40000));
  }
  void close(ThreadId thread, SocketId socket, TcpState to) {
    const CallId call = b.enter(thread, Call::close, socket);
    b.put(event::SocketClosed{socket}).state(socket, ESTABLISHED, to, How::sample).ret(call);
  }
  std::vector<WalkStep> steps(SocketId socket) const {
    const Trace trace = b.trace();
    StatesWalk walk;
    walk.extend(trace);
    return walk.steps(socket, trace.size());
  }
};

std::vector<TcpState> states(const std::vector<WalkStep>& steps) {
  std::vector<TcpState> out;
  for (const WalkStep& step : steps) out.push_back(step.to);
  return out;
}

TEST(StatesWalk, AHandshakeAndBothClosesAreWalkedEdgeByEdge) {
  Two two;
  two.connect_slowly();
  two.close(two.client, two.c, FIN_WAIT1);
  two.b.state(two.conn, ESTABLISHED, CLOSE_WAIT).state(two.c, FIN_WAIT1, FIN_WAIT2);
  two.close(two.server, two.conn, LAST_ACK);
  two.b.state(two.c, FIN_WAIT2, TIME_WAIT).state(two.conn, LAST_ACK, CLOSED);
  two.b.after(60'000).state(two.c, TIME_WAIT, CLOSED);
  const auto c = two.steps(two.c), conn = two.steps(two.conn);
  EXPECT_EQ(states(c), (std::vector{CLOSED, SYN_SENT, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, TIME_WAIT, CLOSED}));
  EXPECT_EQ(states(conn), (std::vector{ESTABLISHED, CLOSE_WAIT, LAST_ACK, CLOSED}));
  for (std::size_t i = 1; i < c.size(); ++i) EXPECT_EQ(edges_of(c[i]).size(), 1u) << i;
  EXPECT_EQ(cause_of(c[0]).kind, Kind::appeared);
  EXPECT_EQ(cause_of(c[1]).call, Call::connect);
  EXPECT_EQ(cause_of(c[1]).thread, two.client);
  EXPECT_EQ(cause_of(c[2]).kind, Kind::segment);
  EXPECT_EQ(cause_of(c[3]).call, Call::close);
  EXPECT_EQ(state_edges()[cause_of(c[4]).edge].event, "rcv ACK of FIN");
  EXPECT_EQ(state_edges()[cause_of(c[5]).edge].event, "rcv FIN");
  EXPECT_EQ(cause_of(c[6]).kind, Kind::timer);
  EXPECT_EQ(state_edges()[cause_of(conn[1]).edge].event, "rcv FIN");
  EXPECT_EQ(cause_of(conn[2]).call, Call::close);
  EXPECT_EQ(cause_of(conn[2]).thread, two.server);
  EXPECT_EQ(closed_first(c, conn), ClosedFirst::one);
  EXPECT_EQ(closed_first(conn, c), ClosedFirst::other);
}

TEST(StatesWalk, AnAcceptedSocketComesOutOfListenUnseen) {
  Two two;
  two.connect_slowly();
  const auto conn = two.steps(two.conn);
  ASSERT_EQ(conn.size(), 1u);
  EXPECT_EQ(conn[0].from, LISTEN);
  EXPECT_EQ(edges_of(conn[0]).size(), 2u);
  EXPECT_EQ(cause_of(conn[0]).kind, Kind::segment);
}

TEST(StatesWalk, AShutdownThatWasPassedFastSkipsAState) {
  Two two;
  two.connect_slowly();
  const CallId call = two.b.enter(two.client, Call::shutdown, two.c, TraceBuilder::numbers(SHUT_WR));
  two.b.state(two.c, ESTABLISHED, FIN_WAIT2, How::derived).ret(call);
  const WalkStep step = two.steps(two.c).back();
  EXPECT_EQ(edges_of(step).size(), 2u);
  EXPECT_EQ(cause_of(step).call, Call::shutdown);
  EXPECT_EQ(step.known, How::derived);
}

TEST(StatesWalk, AShutdownOfReadingIsNoCause) {
  Two two;
  two.connect_slowly();
  two.b.ret(two.b.enter(two.client, Call::shutdown, two.c, TraceBuilder::numbers(SHUT_RD)));
  two.b.state(two.c, ESTABLISHED, FIN_WAIT1);
  EXPECT_EQ(cause_of(two.steps(two.c).back()).kind, Kind::not_known);
}

TEST(StatesWalk, AShutdownThatFailedIsNoCauseAndAConnectInProgressIs) {
  Two two;
  two.b.fail(two.b.enter(two.client, Call::connect, two.c), EINPROGRESS).state(two.c, CLOSED, SYN_SENT);
  EXPECT_EQ(cause_of(two.steps(two.c).back()).call, Call::connect);
  two.b.fail(two.b.enter(two.client, Call::shutdown, two.c, TraceBuilder::numbers(SHUT_WR)), ENOTCONN);
  two.b.state(two.c, SYN_SENT, ESTABLISHED).state(two.c, ESTABLISHED, FIN_WAIT1);
  EXPECT_EQ(cause_of(two.steps(two.c).back()).kind, Kind::not_known);
}

TEST(StatesWalk, ASimultaneousCloseGoesThroughClosingAndNobodyWasFirst) {
  Two two;
  two.connect_slowly();
  two.close(two.client, two.c, FIN_WAIT1);
  two.close(two.server, two.conn, FIN_WAIT1);
  two.b.state(two.c, FIN_WAIT1, CLOSING).state(two.conn, FIN_WAIT1, CLOSING);
  two.b.state(two.c, CLOSING, TIME_WAIT).state(two.conn, CLOSING, TIME_WAIT);
  const auto c = two.steps(two.c), conn = two.steps(two.conn);
  for (std::size_t i = 1; i < c.size(); ++i) EXPECT_EQ(edges_of(c[i]).size(), 1u) << i;
  EXPECT_EQ(closed_first(c, conn), ClosedFirst::both);
}

TEST(StatesWalk, ARefusedConnectGoesToSynSentAndBack) {
  Two two;
  two.b.state(two.c, TcpState::not_known, CLOSED, How::call);
  const CallId call = two.b.enter(two.client, Call::connect, two.c, two.b.to(loopback(1)));
  two.b.state(two.c, CLOSED, SYN_SENT).state(two.c, SYN_SENT, CLOSED, How::call);
  const auto before = two.steps(two.c);
  EXPECT_EQ(cause_of(before.back()).kind, Kind::not_known);  // connect is not back: nobody knows why
  two.b.fail(call, ECONNREFUSED);
  const auto after = two.steps(two.c);
  EXPECT_EQ(states(after), (std::vector{CLOSED, SYN_SENT, CLOSED}));
  EXPECT_EQ(cause_of(after.back()).kind, Kind::reset);
  EXPECT_EQ(cause_of(after.back()).error, ECONNREFUSED);
  EXPECT_EQ(edges_of(after.back()).size(), 1u);
}

TEST(StatesWalk, ARefusalTooFastToBeSeenIsAStepAllTheSame) {
  Two two;
  two.b.state(two.c, TcpState::not_known, CLOSED, How::call);
  two.b.fail(two.b.enter(two.client, Call::connect, two.c, two.b.to(loopback(1))), ECONNREFUSED);
  const auto steps = two.steps(two.c);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_TRUE(steps[1].tried);
  const auto edges = edges_of(steps[1]);
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(state_edges()[edges[0]].to, SYN_SENT);
  EXPECT_EQ(cause_of(steps[1]).kind, Kind::reset);
}

TEST(StatesWalk, AConnectThatRanOutOfItsOwnTimeIsNoRefusal) {
  Two two;
  two.b.state(two.c, TcpState::not_known, CLOSED, How::call);
  const CallId call = two.b.enter(two.client, Call::connect, two.c, two.b.to(loopback(1)));
  two.b.state(two.c, CLOSED, SYN_SENT);
  event::CallReturned late;
  late.error = ETIMEDOUT;
  late.timed_out = true;
  two.b.ret(call, late);
  const auto steps = two.steps(two.c);
  EXPECT_EQ(steps.back().to, SYN_SENT);
  EXPECT_EQ(steps.back().error, 0);
}

TEST(StatesWalk, AResetIsNoWayOfTheFigure) {
  Two two;
  two.connect_slowly();
  const CallId call = two.b.enter(two.client, Call::recv, two.c, TraceBuilder::numbers(100));
  two.b.state(two.c, ESTABLISHED, CLOSED, How::call).fail(call, ECONNRESET);
  const WalkStep step = two.steps(two.c).back();
  EXPECT_TRUE(edges_of(step).empty());
  EXPECT_EQ(cause_of(step).kind, Kind::reset);
  EXPECT_EQ(cause_of(step).error, ECONNRESET);
}

TEST(StatesWalk, AHandshakeThatWasGivenUpIsNoWayOfTheFigure) {
  Two two;
  two.b.state(two.c, CLOSED, SYN_SENT).state(two.c, SYN_SENT, SYN_RECV).state(two.c, SYN_RECV, CLOSED);
  const WalkStep step = two.steps(two.c).back();
  EXPECT_TRUE(edges_of(step).empty());
  EXPECT_EQ(cause_of(step).kind, Kind::not_known);
}

TEST(StatesWalk, AnEpipeAfterOnesOwnShutdownIsNoReset) {
  Two two;
  two.connect_slowly();
  two.b.ret(two.b.enter(two.client, Call::shutdown, two.c, TraceBuilder::numbers(SHUT_WR)));
  two.b.state(two.c, ESTABLISHED, FIN_WAIT2);
  two.b.fail(two.b.enter(two.client, Call::send, two.c), EPIPE);
  two.b.state(two.c, FIN_WAIT2, CLOSED);
  const WalkStep step = two.steps(two.c).back();
  EXPECT_EQ(edges_of(step).size(), 2u);
  EXPECT_EQ(cause_of(step).kind, Kind::segment);
}

TEST(StatesWalk, ACloseOfADupIsTheSocketsOwn) {
  Two two;
  two.connect_slowly();
  const SocketId second = two.b.dup(two.client, two.c);
  two.b.ret(two.b.enter(two.client, Call::close, second));
  two.b.state(second, ESTABLISHED, FIN_WAIT1);
  const WalkStep step = two.steps(two.c).back();
  EXPECT_EQ(step.to, FIN_WAIT1);
  EXPECT_EQ(cause_of(step).call, Call::close);
}

// A connection the kernel made keeps its way when accept gives it its descriptor.
TEST(StatesWalk, AQueuedConnectionsWayGoesOnWhenItIsAccepted) {
  Two two;
  two.b.put(event::SocketOpened{3, two.s, -1, AF_INET, SOCK_STREAM, 0, SocketHow::queue, 7, "localhost"});
  two.b.state(3, TcpState::not_known, SYN_RECV).state(3, SYN_RECV, ESTABLISHED);
  two.b.opened(3, SocketHow::accept, two.s).state(3, ESTABLISHED, CLOSE_WAIT);
  const auto steps = two.steps(3);
  EXPECT_EQ(states(steps), (std::vector{SYN_RECV, ESTABLISHED, CLOSE_WAIT}));
  EXPECT_EQ(steps[0].from, LISTEN);
}

// What the walk says at a cursor is what it would say if the trace ended there.
TEST(StatesWalk, APrefixOfTheTraceGivesAPrefixOfTheWay) {
  Two two;
  two.connect_slowly();
  two.b.fail(two.b.enter(two.client, Call::recv, two.c, TraceBuilder::numbers(1)), ECONNRESET);
  two.close(two.client, two.c, FIN_WAIT1);
  two.b.state(two.c, FIN_WAIT1, CLOSED);
  two.b.fail(two.b.enter(two.server, Call::recv, two.conn, TraceBuilder::numbers(1)), ECONNRESET);
  const Trace all = two.b.trace();
  StatesWalk whole;
  whole.extend(all);
  for (std::size_t end = 0; end <= all.size(); ++end) {
    Trace prefix;
    for (std::size_t seq = 0; seq < end; ++seq) prefix.append(all[seq], false);
    StatesWalk walk;
    walk.extend(prefix);
    for (const SocketId socket : {two.s, two.c, two.conn}) {
      EXPECT_EQ(whole.steps(socket, end), walk.steps(socket, end)) << socket << " at " << end;
    }
    EXPECT_EQ(whole.latest(end), walk.latest(end)) << end;
  }
}

TEST(StatesWalk, ReadsOnlyWhatIsNewAndStartsAnewForAnotherTrace) {
  Two two;
  two.connect_slowly();
  Trace trace = two.b.trace();
  StatesWalk walk;
  walk.extend(trace);
  const auto before = walk.steps(two.c, trace.size());
  trace.append(Event{trace.end() + 1, event::StateChanged{two.c, ESTABLISHED, CLOSE_WAIT, How::sample}},
               false);
  walk.extend(trace);
  EXPECT_EQ(walk.steps(two.c, trace.size()).size(), before.size() + 1);
  const Trace other = two_clients_trace();
  walk.extend(other);
  EXPECT_EQ(walk.latest(other.size()), TwoClients::b);
}

TEST(StatesWalk, TheLatestMoverIsAConnectionAndNotAListener) {
  Two two;
  two.connect_slowly();
  const Trace trace = two.b.trace();
  StatesWalk walk;
  walk.extend(trace);
  EXPECT_EQ(walk.latest(trace.size()), two.conn);
  Two only;
  only.b.listen(only.server, only.s, 5);
  const Trace listening = only.b.trace();
  walk.extend(listening);
  EXPECT_EQ(walk.latest(listening.size()), only.s);
  EXPECT_EQ(walk.latest(0), 0u);
}

TEST(StatesWalk, DatagramSocketsAndHostileIdsHaveNoWay) {
  TraceBuilder b;
  const ThreadId thread = b.thread("main");
  const SocketId u = b.of(AF_INET, SOCK_DGRAM).socket(thread, "u");
  b.state(u, TcpState::not_known, ESTABLISHED).state(4'000'000'000u, CLOSED, ESTABLISHED);
  event::CallReturned stray;
  stray.call = 999;
  stray.thread = 77;
  stray.error = ECONNRESET;
  b.put(stray);
  const Trace trace = b.trace();
  StatesWalk walk;
  walk.extend(trace);
  EXPECT_TRUE(walk.steps(u, trace.size()).empty());
  EXPECT_EQ(walk.latest(trace.size()), 4'000'000'000u);
}

TEST(StatesWalk, OfASocketThatNeverRestsTheLastStepsAreGiven) {
  Two two;
  for (int i = 0; i < 200; ++i) two.b.state(two.c, CLOSED, i % 2 == 0 ? SYN_SENT : CLOSED);
  const auto steps = two.steps(two.c);
  EXPECT_EQ(steps.size(), StatesWalk::kMost);
  EXPECT_EQ(steps.back().to, CLOSED);
}

}  // namespace states_walk_test
}  // namespace sockscope
