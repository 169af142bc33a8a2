// Several descriptors of one socket, pairs, AF_UNIX, timeouts and options.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "trace/state.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Same {
  TraceBuilder b;
  ThreadId t = b.thread("main");
  State now() const { return fold(b.trace()); }
};

Address path(std::string_view name) {
  Address a;
  a.family = AF_UNIX;
  a.path = Blob(name);
  return a;
}

TEST(StateSame, ADupSharesAddressesStateAndBytes) {
  Same s;
  const auto [a, z] = s.b.pair(s.t);
  const SocketId d = s.b.dup(s.t, z);
  s.b.send(s.t, a, "hello");
  EXPECT_EQ(s.now().socket(d)->same_as, z);
  EXPECT_EQ(s.now().socket(d)->peer_id, a);
  EXPECT_THAT(s.now().socket(d)->unread, SizeIs(1));
  s.b.recv(s.t, d, 5, 5);
  EXPECT_THAT(s.now().socket(z)->unread, IsEmpty());
  EXPECT_THAT(s.now().socket(d)->taken, SizeIs(1));
}

TEST(StateSame, TheSocketLivesWhileADescriptorOfItIsOpen) {
  Same s;
  const auto [a, z] = s.b.pair(s.t);
  const SocketId d = s.b.dup(s.t, z);
  s.b.close(s.t, z).send(s.t, a, "hello");
  EXPECT_FALSE(s.now().socket(z)->open);
  EXPECT_TRUE(s.now().socket(d)->open);
  EXPECT_THAT(s.now().socket(d)->unread, SizeIs(1));
  s.b.close(s.t, d).send(s.t, a, "lost");
  EXPECT_THAT(s.now().socket(z)->unread, IsEmpty());
}

TEST(StateSame, ADupOfADupIsTheSameSocket) {
  Same s;
  const SocketId a = s.b.socket(s.t);
  const SocketId b = s.b.dup(s.t, a);
  const SocketId c = s.b.dup(s.t, b);
  s.b.named(c, loopback(9));
  EXPECT_EQ(s.now().socket(c)->same_as, a);
  EXPECT_EQ(s.now().socket(a)->local, loopback(9));
  EXPECT_EQ(s.now().socket(b)->local, loopback(9));
}

TEST(StateSame, ADetachedDescriptorIsTakenOverWithItsBytes) {
  Same s;
  const auto [a, z] = s.b.pair(s.t);
  s.b.send(s.t, a, "hello");
  const CallId detach = s.b.enter(s.t, Call::detach, z);
  s.b.put(event::SocketClosed{z}).ret(detach, 8);
  const SocketId again = s.b.dup(s.t, z, SocketHow::adopted);
  EXPECT_TRUE(s.now().socket(again)->open);
  EXPECT_THAT(s.now().socket(again)->unread, SizeIs(1));
}

TEST(StateSame, AHostileRingOfDupsIsNoRing) {
  Same s;
  const SocketId a = s.b.socket(s.t), b = s.b.socket(s.t);
  s.b.opened(a, SocketHow::dup, b).opened(b, SocketHow::dup, a).opened(a, SocketHow::adopted, a);
  s.b.named(a, loopback(1)).named(b, loopback(2)).close(s.t, a).close(s.t, b);
  EXPECT_FALSE(s.now().socket(a)->open);
  EXPECT_FALSE(s.now().socket(b)->open);
}

TEST(StateSame, APairKnowsItsMakerAndEachOther) {
  Same s;
  const auto [a, z] = s.b.pair(s.t);
  EXPECT_EQ(s.now().socket(a)->peer_id, z);
  EXPECT_EQ(s.now().socket(z)->peer_id, a);
  EXPECT_EQ(s.now().socket(z)->maker, s.t);
  EXPECT_EQ(s.now().socket(z)->from, 0U) << "from is a listening socket's";
}

struct Unix : Same {
  SocketId s = 0;
  explicit Unix(std::string_view name) {
    b.of(AF_UNIX, SOCK_STREAM);
    s = b.socket(t, "s");
    b.bind(t, s, path(name), path(name)).listen(t, s, 5);
  }
  SocketId connected(std::string_view name) {
    const SocketId c = b.socket(t);
    b.ret(b.enter(t, Call::connect, c, TraceBuilder::to(path(name))));
    return c;
  }
  SocketId accepted(std::string_view name) {
    return b.accepted(b.enter(t, Call::accept, s), s, path(name), path(""));
  }
};

TEST(StateUnix, UnnamedClientsAreAcceptedInTheOrderOfTheirConnects) {
  for (const std::string& name : {std::string("talk.sock"), std::string("\0talk", 5)}) {
    Unix u(name);
    const SocketId one = u.connected(name), two = u.connected(name);
    EXPECT_THAT(u.now().socket(u.s)->waiting, ElementsAre(one, two));
    const SocketId conn = u.accepted(name);
    EXPECT_EQ(u.now().socket(conn)->peer_id, one);
    EXPECT_EQ(u.now().socket(one)->peer_id, conn);
    EXPECT_THAT(u.now().socket(u.s)->waiting, ElementsAre(two));
    const SocketId last = u.connected(name);
    EXPECT_THAT(u.now().socket(u.s)->waiting, ElementsAre(two, last)) << "the listener still has its name";
  }
}

TEST(StateUnix, AnAcceptFasterThanConnectsReturnMeetsItsClient) {
  Unix u("x");
  const SocketId c = u.b.socket(u.t);
  const ThreadId other = u.b.thread("other");
  const CallId connect = u.b.enter(other, Call::connect, c, TraceBuilder::to(path("x")));
  const SocketId conn = u.accepted("x");
  u.b.ret(connect);
  EXPECT_EQ(u.now().socket(c)->peer_id, conn);
  EXPECT_THAT(u.now().socket(u.s)->waiting, IsEmpty());
}

TEST(StateConnect, ConnectExSaysByItsResultWhetherItIsConnected) {
  Same s;
  const SocketId l = s.b.socket(s.t), c = s.b.socket(s.t);
  s.b.bind(s.t, l, loopback(9999), loopback(9999)).listen(s.t, l, 5);
  s.b.ret(s.b.enter(s.t, Call::connect_ex, c, TraceBuilder::to(loopback(9999))), EINPROGRESS);
  EXPECT_THAT(s.now().socket(l)->waiting, IsEmpty());
  s.b.ret(s.b.enter(s.t, Call::connect_ex, c, TraceBuilder::to(loopback(9999))), 0);
  EXPECT_THAT(s.now().socket(l)->waiting, ElementsAre(c));
}

TEST(StateConnect, AnIPv4ClientOfADualStackListener) {
  Same s;
  Address any6;
  any6.family = AF_INET6;
  any6.port = 9999;
  Address mapped = any6;
  mapped.ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
  Address peer = mapped;
  peer.port = 40001;
  const SocketId l = s.b.socket(s.t), c = s.b.socket(s.t);
  s.b.bind(s.t, l, any6, any6).listen(s.t, l, 5).connect(s.t, c, loopback(9999), loopback(40001));
  EXPECT_THAT(s.now().socket(l)->waiting, ElementsAre(c));
  const SocketId conn = s.b.accepted(s.b.enter(s.t, Call::accept, l), l, mapped, peer);
  EXPECT_EQ(s.now().socket(conn)->peer_id, c);
  EXPECT_THAT(s.now().socket(l)->waiting, IsEmpty());
}

Time waits(const Same& s) {
  const OpenCall call = s.now().thread(s.t)->calls.back();
  return call.deadline < 0 ? -1 : call.deadline - call.entered;
}

TEST(StateDeadline, ComesFromTheSocketOrFromTheCall) {
  Same s;
  const SocketId c = s.b.socket(s.t);
  CallId call = s.b.enter(s.t, Call::recv, c, TraceBuilder::numbers(10));
  EXPECT_EQ(waits(s), -1);
  s.b.ret(call).ret(s.b.enter(s.t, Call::settimeout, c, TraceBuilder::numbers(5 * kSecond)));
  call = s.b.enter(s.t, Call::sendall, c, TraceBuilder::bytes("x"));
  const CallId inner = s.b.enter(s.t, Call::send, c, TraceBuilder::bytes("x"));
  EXPECT_EQ(waits(s), 5 * kSecond - 10 * kMicrosecond) << "sendall's time is for all its sends";
  s.b.ret(inner, 1).ret(call);
  s.b.ret(s.b.enter(s.t, Call::setdefaulttimeout, 0, TraceBuilder::numbers(kSecond)));
  const SocketId later = s.b.socket(s.t);
  EXPECT_EQ(s.now().socket(later)->deadline_ns, kSecond);
  EXPECT_EQ(s.now().default_timeout(), kSecond);
  const SocketId copy = s.b.dup(s.t, c);
  EXPECT_EQ(s.now().socket(copy)->deadline_ns, 5 * kSecond) << "dup keeps it";
  call = s.b.enter(s.t, Call::select, 0, TraceBuilder::text("1||", {kSecond / 2}));
  EXPECT_EQ(waits(s), kSecond / 2);
  EXPECT_EQ(s.now().thread(s.t)->calls.back().text, "1||");
  s.b.ret(call);
  call = s.b.enter(s.t, Call::poll, 0, TraceBuilder::text("1:1", {250}));
  EXPECT_EQ(waits(s), 250 * kMillisecond);
  s.b.ret(call);
  s.b.enter(s.t, Call::poll, 0, TraceBuilder::text("1:1", {INT64_MAX}));
  EXPECT_EQ(s.now().thread(s.t)->calls.back().deadline, INT64_MAX) << "and no overflow";
}

TEST(StateOptions, TheLastValueOfEach) {
  Same s;
  const SocketId c = s.b.socket(s.t);
  s.b.ret(s.b.enter(s.t, Call::setsockopt, c, TraceBuilder::numbers(SOL_SOCKET, SO_REUSEADDR, 1)));
  s.b.ret(s.b.enter(s.t, Call::setsockopt, c, TraceBuilder::numbers(SOL_SOCKET, SO_REUSEADDR, 0)));
  Args linger = TraceBuilder::bytes("linger");
  linger.numbers = {SOL_SOCKET, SO_LINGER, 0, 1};
  s.b.ret(s.b.enter(s.t, Call::setsockopt, c, linger));
  s.b.fail(s.b.enter(s.t, Call::setsockopt, c, TraceBuilder::numbers(6, 1, 1)), EINVAL);
  EXPECT_THAT(s.now().socket(c)->options, ElementsAre(SetOption{SOL_SOCKET, SO_REUSEADDR, 0, {}},
                                                      SetOption{SOL_SOCKET, SO_LINGER, 0, "linger"}));
}

}  // namespace
}  // namespace sockscope
