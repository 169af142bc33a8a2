#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "trace/state.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Listening {
  TraceBuilder b;
  ThreadId server, client;
  SocketId s;
  explicit Listening(const Address& at = loopback(9999)) {
    server = b.thread("server");
    client = b.thread("client");
    s = b.socket(server, "s");
    b.bind(server, s, at, at).listen(server, s, 2);
  }
  SocketId connected(std::uint16_t port) {
    const SocketId c = b.socket(client);
    b.connect(client, c, loopback(9999), loopback(port));
    return c;
  }
  std::vector<SocketId> waiting() { return fold(b.trace()).socket(s)->waiting; }
};

TEST(StateQueue, ClientsWaitInTheOrderTheirConnectsReturned) {
  Listening l;
  const SocketId one = l.connected(40001);
  const SocketId two = l.connected(40002);
  EXPECT_THAT(l.waiting(), ElementsAre(one, two));
  const SocketId conn =
      l.b.accepted(l.b.enter(l.server, Call::accept, l.s), l.s, loopback(9999), loopback(40001));
  EXPECT_THAT(l.waiting(), ElementsAre(two));
  const State state = fold(l.b.trace());
  EXPECT_EQ(state.socket(conn)->peer_id, one);
  EXPECT_EQ(state.socket(one)->peer_id, conn);
  EXPECT_EQ(state.socket(conn)->from, l.s);
  EXPECT_TRUE(state.socket(conn)->accepted);
}

TEST(StateQueue, AListenerOnAnyAddressIsFoundThroughLoopback) {
  Listening l(inet(0, 9999));
  const SocketId c = l.connected(40001);
  EXPECT_THAT(l.waiting(), ElementsAre(c));
}

TEST(StateQueue, AConnectToAnyAddressReachesLoopback) {
  Listening l;
  const SocketId c = l.b.socket(l.client);
  const CallId call = l.b.enter(l.client, Call::connect, c, TraceBuilder::to(inet(0, 9999)));
  l.b.ret(call);
  EXPECT_THAT(l.waiting(), ElementsAre(c));
}

TEST(StateQueue, AConnectThatFailsOrGoesElsewhereWaitsNowhere) {
  Listening l;
  const SocketId refused = l.b.socket(l.client);
  l.b.fail(l.b.enter(l.client, Call::connect, refused, TraceBuilder::to(loopback(9999))), ECONNREFUSED);
  const SocketId elsewhere = l.b.socket(l.client);
  l.b.connect(l.client, elsewhere, loopback(80), loopback(40001));
  EXPECT_THAT(l.waiting(), IsEmpty());
}

TEST(StateQueue, AnAcceptFasterThanConnectsReturnLeavesNobodyWaiting) {
  Listening l;
  const SocketId c = l.b.socket(l.client);
  const CallId accept = l.b.enter(l.server, Call::accept, l.s);
  const CallId connect = l.b.enter(l.client, Call::connect, c, TraceBuilder::to(loopback(9999)));
  l.b.accepted(accept, l.s, loopback(9999), loopback(40001));
  l.b.named(c, loopback(40001), loopback(9999)).ret(connect);
  EXPECT_THAT(l.waiting(), IsEmpty());
}

TEST(StateQueue, AddressesThatComeAfterTheReturnsStillTakeTheSeatBack) {
  Listening l;
  const SocketId c = l.b.socket(l.client);
  const CallId accept = l.b.enter(l.server, Call::accept, l.s);
  l.b.ret(l.b.enter(l.client, Call::connect, c, TraceBuilder::to(loopback(9999))));
  EXPECT_THAT(l.waiting(), ElementsAre(c));
  l.b.accepted(accept, l.s, loopback(9999), loopback(40001));
  l.b.named(c, loopback(40001), loopback(9999));
  EXPECT_THAT(l.waiting(), IsEmpty());
}

TEST(StateQueue, AnAcceptThatOnlySaysThePeersAddressTakesTheSeat) {
  Listening l;
  l.connected(40001);
  const CallId accept = l.b.enter(l.server, Call::accept, l.s);
  event::CallReturned made;
  made.address = loopback(40001);
  l.b.ret(accept, std::move(made));
  EXPECT_THAT(l.waiting(), IsEmpty());
}

TEST(StateQueue, AClientThatClosesKeepsItsSeatAsInTheKernel) {
  Listening l;
  const SocketId c = l.connected(40001);
  l.b.close(l.client, c);
  EXPECT_THAT(l.waiting(), ElementsAre(c));
  const SocketId conn =
      l.b.accepted(l.b.enter(l.server, Call::accept, l.s), l.s, loopback(9999), loopback(40001));
  EXPECT_THAT(l.waiting(), IsEmpty());
  EXPECT_EQ(fold(l.b.trace()).socket(conn)->peer_id, c);
}

TEST(StateQueue, ClosingTheListenerEmptiesItsQueue) {
  Listening l;
  const SocketId c = l.connected(40001);
  l.b.listener(l.s, 1, 2).close(l.server, l.s);
  EXPECT_THAT(l.waiting(), IsEmpty());
  EXPECT_EQ(fold(l.b.trace()).socket(l.s)->accept_queue, 0U);
  const SocketId late = l.connected(40002);
  EXPECT_THAT(l.waiting(), IsEmpty()) << "nobody listens there any more";
  EXPECT_NE(late, c);
}

TEST(StateQueue, AConnectionSeenInTheQueueIsASocketThatAcceptOpens) {
  Listening l;
  const SocketId c = l.connected(40001);
  TraceBuilder& b = l.b;
  b.opened(3, SocketHow::queue, l.s).named(3, loopback(9999), loopback(40001));
  EXPECT_FALSE(fold(b.trace()).socket(3)->open);
  EXPECT_EQ(fold(b.trace()).socket(3)->peer_id, c);
  EXPECT_THAT(l.waiting(), ElementsAre(c));
  b.opened(3, SocketHow::accept, l.s);
  EXPECT_TRUE(fold(b.trace()).socket(3)->open);
  EXPECT_THAT(l.waiting(), IsEmpty());
}

TEST(StateQueue, ANonBlockingConnectSitsDownWhenItIsSeenEstablished) {
  Listening l;
  const SocketId c = l.b.socket(l.client);
  l.b.fail(l.b.enter(l.client, Call::connect, c, TraceBuilder::to(loopback(9999))), EINPROGRESS);
  EXPECT_THAT(l.waiting(), IsEmpty());
  l.b.state(c, TcpState::SYN_SENT, TcpState::ESTABLISHED);
  EXPECT_THAT(l.waiting(), ElementsAre(c));
}

TEST(StateQueue, TheSameAddressesUsedAgainPairTheNewSockets) {
  Listening l;
  const SocketId old_client = l.connected(40001);
  const SocketId old_conn =
      l.b.accepted(l.b.enter(l.server, Call::accept, l.s), l.s, loopback(9999), loopback(40001));
  l.b.close(l.client, old_client).close(l.server, old_conn);
  const SocketId client = l.connected(40001);
  EXPECT_EQ(fold(l.b.trace()).socket(client)->peer_id, 0U) << "not the connection that is over";
  const SocketId conn =
      l.b.accepted(l.b.enter(l.server, Call::accept, l.s), l.s, loopback(9999), loopback(40001));
  const State state = fold(l.b.trace());
  EXPECT_EQ(state.socket(client)->peer_id, conn);
  EXPECT_EQ(state.socket(conn)->peer_id, client);
  EXPECT_EQ(state.socket(old_conn)->peer_id, old_client);
}

}  // namespace
}  // namespace sockscope
