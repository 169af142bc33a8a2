// What a blocked call waits for, and when waiting is a deadlock.

#include "explain/waiting.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "trace_builder.h"

namespace sockscope {
namespace {

class WaitingTest : public ::testing::Test {
 protected:
  // server's s listens; client's c is connected to server's conn.
  WaitingTest() {
    b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
    b.connect(client, c, loopback(9999), loopback(40000));
    conn = b.accepted(b.enter(server, Call::accept, s), s, loopback(9999), loopback(40000));
    b.name(NameKind::socket, conn, "conn");
  }
  CallId blocks(ThreadId thread, Call call, SocketId socket, Args args = {}) {
    const CallId id = b.enter(thread, call, socket, std::move(args));
    b.after(40).blocked(thread, id);
    return id;
  }
  State now() { return fold(b.trace()); }
  std::string what(ThreadId thread) {
    const auto found = waits_for(now(), thread, untranslated);
    return found ? found->what + " / " + found->freed_by : "nothing";
  }

  TraceBuilder b;
  const ThreadId server = b.thread("server"), client = b.thread("client");
  const SocketId s = b.socket(server, "s"), c = b.socket(client, "c");
  SocketId conn = 0;
};

TEST_F(WaitingTest, AcceptWaitsForAClient) {
  blocks(server, Call::accept, s);
  EXPECT_EQ(what(server), "a client, at 127.0.0.1:9999 / a connect to 127.0.0.1:9999");
  EXPECT_EQ(what(client), "nothing");
}

TEST_F(WaitingTest, RecvWaitsForBytesOfItsPeer) {
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  EXPECT_EQ(what(server), "bytes or FIN from 127.0.0.1:40000 / send, shutdown or close on client's c");
}

TEST_F(WaitingTest, SendWaitsForRoomAndSaysHowMuchIsUnread) {
  b.queues(conn, 5000);
  const CallId outer = b.enter(client, Call::sendall, c, TraceBuilder::bytes("x"));
  blocks(client, Call::send, c, TraceBuilder::bytes("x"));
  EXPECT_EQ(
      what(client),
      "room in the receive queue of server's conn, where 5000 bytes are unread / recv on server's conn");
  EXPECT_GT(outer, 0U);
}

TEST_F(WaitingTest, ConnectWaitsForAnAnswerOrForAPlaceInAFullQueue) {
  const SocketId late = b.socket(client, "late");
  blocks(client, Call::connect, late, TraceBuilder::to(loopback(9999)));
  EXPECT_EQ(what(client), "SYN,ACK from 127.0.0.1:9999 / ");
  b.listener(s, 6, 5);
  EXPECT_EQ(what(client),
            "a place in the accept queue of server's s, which is full: 6 of 6 / accept on server's s");
}

TEST_F(WaitingTest, ACallThatIsNotProvedBlockedWaitsForNothingKnown) {
  b.enter(server, Call::accept, s);
  EXPECT_EQ(what(server), "nothing");
}

TEST_F(WaitingTest, TheDeadlineIsTold) {
  b.ret(b.enter(server, Call::settimeout, conn, TraceBuilder::numbers(2 * kSecond)));
  const Time entered = b.now();
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  const auto found = waits_for(now(), server, untranslated);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->deadline, entered + 2 * kSecond);
}

TEST_F(WaitingTest, SelectNamesWhatItWatches) {
  Args args;
  args.text = Blob(std::to_string(s) + " " + std::to_string(conn) + "|" + std::to_string(c) + "|");
  args.numbers[0] = -1;
  blocks(server, Call::select, 0, args);
  EXPECT_EQ(what(server),
            "server's s to be readable, or server's conn to be readable, or client's c to be writable / ");
}

TEST_F(WaitingTest, BothInRecvIsADeadlock) {
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  EXPECT_TRUE(deadlock(now()).empty());
  blocks(client, Call::recv, c, TraceBuilder::numbers(10));
  EXPECT_EQ(deadlock(now()).size(), 2U);
  EXPECT_EQ(
      deadlock_text(now(), untranslated),
      "A deadlock: server waits for client, in recv: for bytes or FIN from 127.0.0.1:40000; client waits for "
      "server, in recv: for bytes or FIN from 127.0.0.1:9999. None of them can go on by itself.");
}

TEST_F(WaitingTest, BytesOnTheirWayAreNoDeadlock) {
  b.sendall(client, c, "hello");
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  blocks(client, Call::recv, c, TraceBuilder::numbers(10));
  EXPECT_TRUE(deadlock(now()).empty());
}

TEST_F(WaitingTest, ATimeoutBreaksTheCircle) {
  b.ret(b.enter(server, Call::settimeout, conn, TraceBuilder::numbers(2 * kSecond)));
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  blocks(client, Call::recv, c, TraceBuilder::numbers(10));
  EXPECT_TRUE(deadlock(now()).empty());
}

TEST_F(WaitingTest, AThreadThatRunsMayStillAct) {
  const ThreadId third = b.thread("third");
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  blocks(client, Call::recv, c, TraceBuilder::numbers(10));
  const LineId line = b.line(third, 9, "x = 1");
  EXPECT_TRUE(deadlock(now()).empty());
  b.line_returned(line, third);
  EXPECT_EQ(deadlock(now()).size(), 2U);
}

TEST_F(WaitingTest, BothSendingWithFullQueuesIsADeadlock) {
  b.queues(conn, 5000, 5000).queues(c, 5000, 5000);
  blocks(server, Call::send, conn, TraceBuilder::bytes("x"));
  blocks(client, Call::send, c, TraceBuilder::bytes("x"));
  EXPECT_EQ(deadlock(now()).size(), 2U);
}

TEST_F(WaitingTest, OneSendingAndOneReceivingIsNone) {
  b.queues(conn, 5000);
  blocks(server, Call::recv, conn, TraceBuilder::numbers(10));
  blocks(client, Call::send, c, TraceBuilder::bytes("x"));
  EXPECT_TRUE(deadlock(now()).empty());
}

TEST_F(WaitingTest, WaitingForAClientIsNeverADeadlock) {
  blocks(server, Call::accept, s);
  blocks(client, Call::recv, c, TraceBuilder::numbers(10));
  EXPECT_TRUE(deadlock(now()).empty());  // anybody may connect
}

TEST(Waiting, ADamagedTextOfSelectDoesNoHarm) {
  TraceBuilder b;
  const ThreadId thread = b.thread("t");
  Args args;
  args.text = Blob("|||:9 99999999999999 x:-|7");
  const CallId call = b.enter(thread, Call::poll, 0, args);
  b.blocked(thread, call);
  EXPECT_TRUE(waits_for(fold(b.trace()), thread, untranslated));
}

}  // namespace
}  // namespace sockscope
