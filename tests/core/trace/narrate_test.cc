#include "trace/narrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "trace/recording.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

// The sentence of the last event.
std::string last(const TraceBuilder& b) {
  const Trace trace = b.trace();
  return narrate(trace.back(), fold(trace, trace.size() - 1), untranslated);
}

std::vector<std::string> sentences(const Trace& trace, const Translate& tr = untranslated) {
  std::vector<std::string> all;
  State state;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    all.push_back(narrate_line(trace[i], state, trace.start(), tr));
    state.apply(trace[i], i);
  }
  return all;
}

struct Client {
  TraceBuilder b;
  ThreadId thread = b.thread("client");
  SocketId c = b.socket(thread, "c");
  CallId call(Call name, Args args = {}) { return b.enter(thread, name, c, std::move(args)); }
};

TEST(Narrate, TheActorComesFirstAndTheCallAsPythonWritesIt) {
  Client one;
  one.call(Call::connect, TraceBuilder::to(loopback(9999)));
  EXPECT_EQ(last(one.b), "client calls connect(('127.0.0.1', 9999)) on c.");
  TraceBuilder b;
  b.enter(b.thread("client"), Call::socket, 0, TraceBuilder::numbers(AF_INET, SOCK_STREAM));
  EXPECT_EQ(last(b), "client calls socket(AF_INET, SOCK_STREAM).");
}

TEST(Narrate, BlockedIsSaidOfTheThread) {
  Client one;
  const CallId call = one.call(Call::recv, TraceBuilder::numbers(1024));
  one.b.blocked(one.thread, call);
  EXPECT_EQ(last(one.b), "client is blocked in recv.");
}

TEST(Narrate, ReturnsCarryTimeAndResult) {
  Client one;
  CallId call = one.call(Call::connect, TraceBuilder::to(loopback(9999)));
  one.b.after(0.024).ret(call);
  EXPECT_EQ(last(one.b), "connect returns on client after 34 µs.");
  call = one.call(Call::send, TraceBuilder::bytes("hello\n"));
  one.b.ret(call, 6);
  EXPECT_EQ(last(one.b), "send returns on client after 10 µs: 6 B taken.");
  call = one.call(Call::recv, TraceBuilder::numbers(1024));
  one.b.after(2219.99).received(call, "HELLO");
  EXPECT_EQ(last(one.b), "recv returns on client after 2.22 s: b'HELLO', 5 B.");
  call = one.call(Call::recv, TraceBuilder::numbers(1024));
  one.b.after(12.33).received(call, "");
  EXPECT_EQ(last(one.b), "recv returns on client after 12.3 ms: b'', the peer has finished sending.");
}

TEST(Narrate, AcceptNamesTheSocketByItsIdUntilItHasAVariable) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  const SocketId conn = b.accepted(b.enter(server, Call::accept, s), s, loopback(9999), loopback(40001));
  EXPECT_EQ(last(b), "accept returns on server after 40 µs: socket #2, connected to 127.0.0.1:40001.");
  b.name(NameKind::socket, conn, "conn");
  EXPECT_EQ(last(b), "conn is now the name of socket #2.");
  b.queues(conn, 6);
  EXPECT_EQ(last(b), "The receive queue of conn holds 6 B, its send queue 0 B.");
}

TEST(Narrate, FailuresGiveNameNumberAndText) {
  Client one;
  CallId call = one.call(Call::connect, TraceBuilder::to(loopback(9999)));
  one.b.fail(call, ECONNREFUSED);
  EXPECT_EQ(last(one.b), "connect fails on client after 10 µs: ECONNREFUSED (111), Connection refused.");
  call = one.call(Call::recv);
  event::CallReturned back;
  back.error = ETIMEDOUT;
  back.timed_out = true;
  one.b.after(499.99).ret(call, back);
  EXPECT_EQ(last(one.b), "recv times out on client after 500 ms.");
  call = one.call(Call::recv);
  back = {};
  back.error = EINTR;
  back.interrupted = true;
  one.b.ret(call, back);
  EXPECT_EQ(last(one.b), "recv is interrupted on client after 10 µs.");
}

TEST(Narrate, TheAcceptQueueCountsThePlusOneSeat) {
  Client one;
  one.b.listener(one.c, 1, 5);
  EXPECT_EQ(last(one.b), "The accept queue of c holds 1 of 6 connections.");
}

TEST(Narrate, AStateSaysHowItIsKnown) {
  Client one;
  one.b.state(one.c, TcpState::SYN_SENT, TcpState::ESTABLISHED);
  EXPECT_EQ(last(one.b), "c is now ESTABLISHED (sample).");
  one.b.state(one.c, TcpState::ESTABLISHED, TcpState::not_known);
  EXPECT_EQ(last(one.b), "The state of c is not known any more.");
}

TEST(Narrate, WhatTheHandlerPrintsIsPrinted) {
  TraceBuilder b;
  b.thread("S.accept", ThreadRole::accept, "S");
  b.put(event::HandlerPrinted{1, 1, "127.0.0.1 wrote:"});
  EXPECT_EQ(last(b), "S.accept prints: 127.0.0.1 wrote:");
}

TEST(Narrate, ALineSaysItsNumberUnlessItWasTyped) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const LineId line = b.line(t, 7, "c.recv(1024)");
  EXPECT_EQ(last(b), "client runs line 7: c.recv(1024)");
  b.line_raised(line, t, "ConnectionRefusedError", 111, "[Errno 111] Connection refused");
  EXPECT_EQ(last(b), "client gets ConnectionRefusedError on line 7: [Errno 111] Connection refused");
  const LineId typed = b.line(t, 0, "1 + 1");
  EXPECT_EQ(last(b), "client runs: 1 + 1");
  b.line_returned(typed, t, "2");
  EXPECT_EQ(last(b), "client gets 2.");
}

TEST(Narrate, FiguresThatSayNothingToAPersonAreNotTold) {
  Client one;
  one.b.queues(one.c, 5).put(event::QueuesSampled{one.c, 5, 0, 11, 12, 0});
  EXPECT_EQ(last(one.b), "");
  EXPECT_EQ(narrate_line(one.b.trace().back(), fold(one.b.trace()), 0, untranslated), "");
}

TEST(Narrate, AnAddressSaidTwiceIsToldOnce) {
  Client one;
  one.b.named(one.c, loopback(9999));
  EXPECT_EQ(last(one.b), "c has the address 127.0.0.1:9999.");
  one.b.named(one.c, loopback(9999));
  EXPECT_EQ(last(one.b), "");
}

TEST(Narrate, ThingsNeverIntroducedAreCalledByTheirId) {
  TraceBuilder b;
  b.put(event::CallReturned{7, 3, 0, 0, 0, 0, 10, {}, {}, false, false});
  EXPECT_EQ(last(b), "A call of thread #3 returns; its start is not in the trace.");
  b.put(event::ClientEnded{4, 3, 9});
  EXPECT_EQ(last(b), "server #4 has served socket #9.");
}

TEST(Narrate, TextOfARecordingCannotCommandATerminal) {
  TraceBuilder b;
  b.put(event::Notice{"code", "\x1b[2J\n\xff 套 \xc2\x9b \xe2\x80\xae"});
  EXPECT_EQ(last(b), "Notice (code): \\x1b[2J\\x0a\\xff 套 \\xc2\\x9b \\xe2\\x80\\xae");
}

TEST(Narrate, ALineBeginsWithItsSecond) {
  TraceBuilder b;
  b.at(104.113).thread("client");
  const Trace trace = b.trace();
  EXPECT_EQ(narrate_line(trace[0], State{}, TraceBuilder::kStart, untranslated),
            "0.104113  Thread client starts.");
}

TEST(Narrate, AnotherLanguageMayTurnTheFieldsRound) {
  const Translate backwards = [](std::string_view english) -> std::string {
    if (english == "{0} is blocked in {1}.") return "{1} 阻塞 {0}";
    if (english == "Thread {0} starts.") return "{0} {7} is not there";
    return std::string(english);
  };
  Client one;
  one.b.blocked(one.thread, one.call(Call::recv));
  const Trace trace = one.b.trace();
  EXPECT_EQ(narrate(trace.back(), fold(trace, trace.size() - 1), backwards), "recv 阻塞 client");
  EXPECT_EQ(narrate(trace[0], State{}, backwards), "{0} {7} is not there") << "shown, not thrown";
}

TEST(Narrate, ARecordingIsToldAsTheLiveRunWas) {
  const Trace live = two_clients_trace();
  const std::string path = testing::TempDir() + "narrated-" + std::to_string(getpid()) + ".jsonl";
  ASSERT_TRUE(save_recording(live, path));
  const auto loaded = load_recording(path);
  ::unlink(path.c_str());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(sentences(*loaded), sentences(live));
  EXPECT_THAT(sentences(live), testing::Contains(testing::HasSubstr("S.accept prints: b'hello'")));
}

}  // namespace
}  // namespace sockscope
