#include "explain/attempt.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <list>
#include <string>

#include "trace_builder.h"

namespace sockscope {
namespace attempts {

class AttemptTest : public ::testing::Test {
 protected:
  std::string said(const std::string& unmet = {}) {
    const Trace trace = b.trace();
    const State state = fold(trace);
    std::list<State> folded;
    const auto at = [&](std::uint64_t seq) -> const State& {
      folded.push_back(fold(trace, seq));
      return folded.back();
    };
    return said_of({trace, state, at, unmet}, untranslated);
  }
  LineId typed(ThreadId thread, std::string_view text) { return b.line(thread, 0, text, ""); }
  // A connect to a port where nobody listens, typed or of a play.
  void refused(ThreadId thread, bool by_hand) {
    const LineId line = b.line(thread, by_hand ? 0 : 3, "c.connect(('127.0.0.1', 9999))");
    const CallId call = b.enter(thread, Call::connect, c, TraceBuilder::to(loopback(9999)));
    b.put(event::AddressLooked{call, 0, 0, loopback(9999)});
    b.fail(call, ECONNREFUSED);
    b.line_raised(line, thread, "ConnectionRefusedError", ECONNREFUSED, "[Errno 111] Connection refused");
  }

  TraceBuilder b;
  const ThreadId server = b.thread("server"), client = b.thread("client");
  const SocketId s = b.socket(server, "s"), c = b.socket(client, "c");
};

TEST_F(AttemptTest, NothingIsSaidBeforeATry) {
  EXPECT_EQ(said("ann is connected"), "");
  refused(client, false);
  EXPECT_EQ(said("ann is connected"), "");
}

TEST_F(AttemptTest, ACallThatFailedComesFirstWithItsReason) {
  refused(client, true);
  EXPECT_EQ(
      said("ann is connected"),
      "client called connect, and it failed with ECONNREFUSED. Nobody listens at 127.0.0.1:9999. No socket "
      "of this machine has the port 9999.");
}

TEST_F(AttemptTest, OneOfAnEarlierStepIsForgotten) {
  refused(client, true);
  b.put(event::StepReached{2, "11-a"});
  EXPECT_EQ(said("ann is connected"), "");
  b.line_returned(typed(client, "x = 1"), client);
  EXPECT_EQ(said("ann is connected"), "Not yet so: ann is connected");
  EXPECT_EQ(said(), "");
}

TEST_F(AttemptTest, WhatWentWellLaterIsNoObstacle) {
  refused(client, true);
  const LineId line = typed(client, "c.connect(s.getsockname())");
  b.ret(b.enter(client, Call::connect, c, TraceBuilder::to(loopback(40000))), 0);
  b.line_returned(line, client);
  EXPECT_EQ(said("ann has sent"), "Not yet so: ann has sent");
}

TEST_F(AttemptTest, ALineThatRaisedWithoutACall) {
  b.line_raised(typed(client, "c.send('hello')"), client, "TypeError", 0,
                "a bytes-like object is required, not 'str'");
  EXPECT_EQ(
      said("ann has sent"),
      "client's line raised TypeError. A socket carries bytes, and this is text. Write b'hello' instead of "
      "'hello', or 'hello'.encode().");
  b.line_returned(typed(client, "x = 1"), client);
  EXPECT_EQ(said("ann has sent"), "Not yet so: ann has sent");
}

TEST_F(AttemptTest, ATypedCallThatWaitsSaysForWhat) {
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  typed(server, "conn, addr = s.accept()");
  const CallId call = b.enter(server, Call::accept, s);
  EXPECT_EQ(said("ann is served"), "Not yet so: ann is served");  // not proved to wait
  b.after(40).blocked(server, call);
  EXPECT_EQ(said("ann is served"),
            "server waits in accept, for a client, at 127.0.0.1:9999. This would free it: a connect to "
            "127.0.0.1:9999.");
}

TEST_F(AttemptTest, ACallOfAPlayThatWaitsIsNoTry) {
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  b.line(server, 4, "conn, addr = s.accept()");
  const CallId call = b.enter(server, Call::accept, s);
  b.after(40).blocked(server, call);
  EXPECT_EQ(said("ann is served"), "");
}

TEST_F(AttemptTest, ATornTraceIsNoTrouble) {
  refused(client, true);
  const Trace whole = b.trace();
  for (std::size_t end = 0; end <= whole.size(); ++end) {
    Trace part;
    for (std::size_t seq = end; seq < whole.size(); ++seq) part.append(whole[seq], false);
    const State state = fold(part);
    State before;
    const auto at = [&](std::uint64_t seq) -> const State& { return before = fold(part, seq); };
    said_of({part, state, at, "x"}, untranslated);
  }
}

}  // namespace attempts
}  // namespace sockscope
