// Bytes keep who sent them, from the send into the receive queue and into what a receive took.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "trace/narrate.h"
#include "trace/state.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// (send, offset, bytes, lost)
using Part = std::tuple<std::uint32_t, std::uint64_t, std::uint64_t, std::uint64_t>;

std::vector<Part> parts(const std::vector<Piece>& pieces) {
  std::vector<Part> all;
  for (const Piece& p : pieces) all.emplace_back(p.send, p.offset, p.bytes, p.lost);
  return all;
}

struct Bytes {
  TraceBuilder b;
  ThreadId server = b.thread("server"), client = b.thread("client");
  State now() const { return fold(b.trace()); }
  std::vector<Part> unread(SocketId id) const { return parts(now().socket(id)->unread); }
  std::vector<Part> taken(SocketId id) const { return parts(now().socket(id)->taken); }
  std::string told() const {
    const Trace trace = b.trace();
    return narrate(trace.back(), fold(trace, trace.size() - 1), untranslated);
  }
};

struct Pair : Bytes {
  SocketId a = 0, z = 0;
  explicit Pair(int type = SOCK_STREAM) {
    b.of(AF_UNIX, type);
    std::tie(a, z) = b.pair(client);
  }
};

struct Tcp : Bytes {
  SocketId s = b.socket(server, "s"), c = b.socket(client, "c");
  Tcp() {
    b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 2);
    b.connect(client, c, loopback(9999), loopback(40001));
  }
  SocketId accept() {
    return b.accepted(b.enter(server, Call::accept, s), s, loopback(9999), loopback(40001));
  }
};

TEST(StateBytes, TwoSendsAreReadAsOneOrInParts) {
  Pair p;
  p.b.send(p.client, p.a, "hello").send(p.client, p.a, "world!");
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 0, 5, 0}, Part{2, 0, 6, 0}));
  p.b.recv(p.server, p.z, 3, 3);
  EXPECT_THAT(p.taken(p.z), ElementsAre(Part{1, 0, 3, 0}));
  EXPECT_EQ(p.told(), "recv returns on server after 10 µs: b'xxx', 3 B: 3 B of send 1.");
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 3, 2, 0}, Part{2, 0, 6, 0}));
  p.b.recv(p.server, p.z, 4, 4);
  EXPECT_THAT(p.taken(p.z), ElementsAre(Part{1, 3, 2, 0}, Part{2, 0, 2, 0}));
  EXPECT_EQ(p.told(), "recv returns on server after 10 µs: b'xxxx', 4 B: 2 B of send 1 and 2 B of send 2.");
  EXPECT_EQ(p.now().socket(p.z)->unread.front().from, p.a);
}

TEST(StateBytes, PeekingTakesNothing) {
  Pair p;
  p.b.send(p.client, p.a, "hello").recv(p.server, p.z, 2, 2, MSG_PEEK);
  EXPECT_THAT(p.taken(p.z), ElementsAre(Part{1, 0, 2, 0}));
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 0, 5, 0}));
  EXPECT_EQ(p.now().socket(p.z)->bytes_received, 0U);
}

TEST(StateBytes, WhatIsSentBeforeAcceptWaitsForIt) {
  Tcp t;
  t.b.send(t.client, t.c, "hello").close(t.client, t.c);
  const SocketId conn = t.accept();
  EXPECT_THAT(t.unread(conn), ElementsAre(Part{1, 0, 5, 0}));
  t.b.recv(t.server, conn, 1024, 5);
  EXPECT_THAT(t.unread(conn), IsEmpty());
  EXPECT_EQ(t.told(), "recv returns on server after 10 µs: b'xxxxx', 5 B.") << "one whole send";
}

TEST(StateBytes, EachSendOfASendallAndOfASendfileIsOne) {
  Pair p;
  p.b.sendall(p.client, p.a, "hello");
  const CallId outer = p.b.enter(p.client, Call::sendfile, p.a, TraceBuilder::text("f", {0, -1}));
  p.b.ret(p.b.enter(p.client, Call::os_sendfile, p.a, TraceBuilder::text("f", {0, 7})), 7).ret(outer, 7);
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 0, 5, 0}, Part{2, 0, 7, 0}));
}

TEST(StateBytes, AReceiveMayReturnBeforeTheSendWhoseBytesItTook) {
  Pair p;
  const CallId send = p.b.enter(p.client, Call::send, p.a, TraceBuilder::bytes("hello"));
  p.b.recv(p.server, p.z, 2, 2);
  EXPECT_THAT(p.taken(p.z), ElementsAre(Part{1, 0, 2, 0}));
  p.b.ret(send, 4);  // a part only
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 2, 2, 0}));
  EXPECT_EQ(p.now().socket(p.a)->sends, 1U);
}

TEST(StateBytes, BytesOfASendThatComesLateAreNotUnreadAgain) {
  Pair p;
  p.b.recv(p.server, p.z, 10, 5);
  EXPECT_THAT(p.taken(p.z), ElementsAre(Part{0, 0, 5, 0}));
  p.b.send(p.client, p.a, "hello!!");
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 5, 2, 0}));
}

TEST(StateBytes, AFailedSendLeavesNothingBehind) {
  Pair p;
  p.b.fail(p.b.enter(p.client, Call::send, p.a, TraceBuilder::bytes("hello")), EAGAIN);
  p.b.send(p.client, p.a, "x");
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{1, 0, 1, 0}));
}

TEST(StateBytes, UrgentDataIsApart) {
  Tcp t;
  const SocketId conn = t.accept();
  t.b.send(t.client, t.c, "abc!", MSG_OOB);
  EXPECT_THAT(t.unread(conn), ElementsAre(Part{1, 0, 3, 0}));
  t.b.recv(t.server, conn, 1, 1, MSG_OOB);
  EXPECT_THAT(t.taken(conn), ElementsAre(Part{1, 3, 1, 0}));
  EXPECT_THAT(t.unread(conn), ElementsAre(Part{1, 0, 3, 0}));
}

TEST(StateBytes, TheOldestOfManyArePieceOfNobody) {
  Pair p;
  for (std::size_t i = 0; i < kPiecesKept + 10; ++i) p.b.send(p.client, p.a, "ab");
  const State state = p.now();
  const auto& unread = state.socket(p.z)->unread;
  ASSERT_EQ(unread.size(), kPiecesKept);
  EXPECT_EQ(parts({unread[0]})[0], (Part{0, 0, 22, 0}));
  EXPECT_EQ(unread[1].send, 12U);
  p.b.recv(p.server, p.z, 30, 30);
  EXPECT_EQ(p.taken(p.z).size(), 5U);
}

TEST(StateBytes, ClosingThrowsAwayWhatWasNotRead) {
  Pair p;
  p.b.send(p.client, p.a, "hello").close(p.server, p.z).send(p.client, p.a, "more");
  EXPECT_THAT(p.unread(p.z), IsEmpty());
}

TEST(StateBytes, AShortReadOfAMessageLosesTheRest) {
  Pair p(SOCK_SEQPACKET);
  p.b.send(p.client, p.a, "hello world!").send(p.client, p.a, "next").recv(p.server, p.z, 5, 5);
  EXPECT_THAT(p.taken(p.z), ElementsAre(Part{1, 0, 5, 7}));
  EXPECT_EQ(p.told(), "recv returns on server after 10 µs: b'xxxxx', 5 B, 7 B of the datagram lost.");
  EXPECT_THAT(p.unread(p.z), ElementsAre(Part{2, 0, 4, 0}));
  p.b.recv(p.server, p.z, 10, 4).recv(p.server, p.z, 10, 0);
  EXPECT_TRUE(p.now().socket(p.z)->eof);
}

struct Udp : Bytes {
  SocketId r, one, two;
  Udp() {
    b.of(AF_INET, SOCK_DGRAM);
    r = b.socket(server, "r");
    one = b.socket(client, "one");
    two = b.socket(client, "two");
    b.bind(server, r, inet(0, 9999), inet(0, 9999));
    b.named(one, inet(0, 40001)).named(two, inet(0, 40002));
  }
};

TEST(StateDatagrams, AreFoundByWhereTheyAreSentAndWhereTheyCameFrom) {
  Udp u;
  u.b.sendto(u.client, u.one, "aaa", loopback(9999)).sendto(u.client, u.two, "bbbbbbbb", loopback(9999));
  u.b.sendto(u.client, u.one, "elsewhere", loopback(80));
  EXPECT_EQ(u.unread(u.r).size(), 2U);
  u.b.recv(u.server, u.r, 5, 5, 0, loopback(40002));
  EXPECT_THAT(u.taken(u.r), ElementsAre(Part{1, 0, 5, 3}));
  EXPECT_EQ(u.told(),
            "recvfrom returns on server after 10 µs: b'xxxxx' (5 B) from 127.0.0.1:40002, 3 B of the "
            "datagram lost.");
  u.b.recv(u.server, u.r, 100, 3, 0, loopback(40001));
  EXPECT_EQ(u.now().socket(u.r)->taken.front().from, u.one);
  EXPECT_THAT(u.unread(u.r), IsEmpty());
}

TEST(StateDatagrams, ThatWereDroppedAreSkipped) {
  Udp u;
  for (const char* text : {"1", "22", "333"}) u.b.sendto(u.client, u.one, text, loopback(9999));
  u.b.recv(u.server, u.r, 100, 3);
  EXPECT_THAT(u.taken(u.r), ElementsAre(Part{3, 0, 3, 0}));
  EXPECT_THAT(u.unread(u.r), IsEmpty());
}

TEST(StateDatagrams, AnEmptyOneIsOneAndNoEnd) {
  Udp u;
  u.b.sendto(u.client, u.one, "", loopback(9999)).recv(u.server, u.r, 100, 0);
  EXPECT_THAT(u.taken(u.r), ElementsAre(Part{1, 0, 0, 0}));
  EXPECT_FALSE(u.now().socket(u.r)->eof);
  EXPECT_EQ(u.told(), "recv returns on server after 10 µs: b'', an empty datagram.");
}

TEST(StateDatagrams, OneMayBeReceivedBeforeItsSendReturns) {
  Udp u;
  const CallId send =
      u.b.enter(u.client, Call::sendto, u.one, TraceBuilder::datagram("hello", loopback(9999)));
  u.b.recv(u.server, u.r, 2, 2, 0, loopback(40001)).ret(send, 5);
  EXPECT_THAT(u.taken(u.r), ElementsAre(Part{1, 0, 2, 3}));
  EXPECT_THAT(u.unread(u.r), IsEmpty());
}

TEST(StateDatagrams, ConnectSaysThePeerOnOneSideOnly) {
  Udp u;
  u.b.ret(u.b.enter(u.client, Call::connect, u.one, TraceBuilder::to(loopback(9999))));
  EXPECT_EQ(u.now().socket(u.one)->peer_id, u.r);
  EXPECT_EQ(u.now().socket(u.r)->peer_id, 0U);
  u.b.send(u.client, u.one, "hi");
  EXPECT_THAT(u.unread(u.r), ElementsAre(Part{1, 0, 2, 0}));
}

TEST(StateDatagrams, AConnectedSocketTakesThoseOfItsPeerOnly) {
  Udp u;
  u.b.named(u.r, loopback(9999), loopback(40001));
  u.b.sendto(u.client, u.two, "no", loopback(9999)).sendto(u.client, u.one, "yes", loopback(9999));
  EXPECT_EQ(u.unread(u.r).size(), 1U);
}

}  // namespace
}  // namespace sockscope
