// The error desk: plain words from what is so, and nothing claimed that the evidence does not prove.

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>

#include "explain/error_desk.h"
#include "net/call_errors.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

Address loopback6(std::uint16_t port) {
  Address address;
  address.family = AF_INET6;
  address.port = port;
  address.ip[15] = 1;
  return address;
}

// Two threads, their sockets s and c.
class DeskTest : public ::testing::Test {
 protected:
  // The latest failed call, explained.
  Explanation explained() {
    const Trace trace = b.trace();
    for (std::uint64_t seq = trace.size(); seq-- > 0;) {
      if (!std::holds_alternative<event::CallReturned>(trace[seq].body)) continue;
      const auto found = explain(trace, fold(trace, seq), seq, untranslated);
      EXPECT_TRUE(found.has_value());
      return found.value_or(Explanation{});
    }
    ADD_FAILURE() << "no call";
    return {};
  }
  void looked(CallId call, const Address& asked, std::uint32_t found = 0, int error = 0) {
    b.put(event::AddressLooked{call, found, error, asked});
  }
  void held(CallId call, SocketId socket, TcpState state, const Address& local,
            std::string_view holder = {}) {
    b.put(event::AddressHeld{call, socket, IPPROTO_TCP, 1000, state, local, Blob(holder)});
  }
  static const Cause* cause(const Explanation& out, std::string_view title) {
    const auto found = std::find_if(out.causes.begin(), out.causes.end(),
                                    [&](const Cause& c) { return c.title.find(title) != std::string::npos; });
    return found == out.causes.end() ? nullptr : &*found;
  }

  TraceBuilder b;
  const ThreadId server = b.thread("server"), client = b.thread("client");
  const SocketId s = b.socket(server, "s"), c = b.socket(client, "c");
};

TEST_F(DeskTest, NobodyListensAnywhere) {
  const CallId call = b.enter(client, Call::connect, c, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999));
  b.fail(call, ECONNREFUSED);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "Nobody listens at 127.0.0.1:9999.");
  EXPECT_EQ(out.python, "ConnectionRefusedError: [Errno 111] Connection refused");
  EXPECT_EQ(out.exception, "ConnectionRefusedError");
  EXPECT_EQ(out.name, "ECONNREFUSED");
  EXPECT_EQ(out.number, 111);
  EXPECT_EQ(out.windows, 10061);
  EXPECT_EQ(out.man, "connect(2)");
  EXPECT_EQ(out.means, "Nobody listens there. Over TCP, the answer to the SYN was an RST.");
  ASSERT_NE(cause(out, "other address family"), nullptr);
  EXPECT_EQ(cause(out, "other address family")->verdict, Verdict::ruled_out);
  ASSERT_FALSE(out.now.empty());
  EXPECT_EQ(out.now[0].value, "nobody");
}

TEST_F(DeskTest, TheServerListensOnTheOtherFamily) {
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  const CallId call = b.enter(client, Call::connect, c, TraceBuilder::to(loopback6(9999)));
  looked(call, loopback6(9999), 1);
  held(call, s, TcpState::LISTEN, loopback(9999));
  b.fail(call, ECONNREFUSED);
  const Explanation out = explained();
  EXPECT_EQ(out.plain,
            "Nobody listens at [::1]:9999, but server's s listens at 127.0.0.1:9999: the other family.");
  ASSERT_FALSE(out.causes.empty());
  EXPECT_EQ(out.causes[0].verdict, Verdict::fits_every_fact);
  ASSERT_EQ(out.causes[0].tries.size(), 1U);
  EXPECT_EQ(out.causes[0].tries[0].line, "c2 = create_connection(('127.0.0.1', 9999))");
  EXPECT_EQ(out.causes[0].tries[0].thread, "client");
}

TEST_F(DeskTest, BoundAndNotListening) {
  b.bind(server, s, loopback(9999), loopback(9999));
  const CallId call = b.enter(client, Call::connect, c, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999), 1);
  held(call, s, TcpState::CLOSED, loopback(9999));
  b.fail(call, ECONNREFUSED);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "Nobody listens at 127.0.0.1:9999: server's s is bound there, but does not listen.");
  ASSERT_EQ(out.causes[0].tries.size(), 1U);
  EXPECT_EQ(out.causes[0].tries[0].thread, "server");
  EXPECT_EQ(out.causes[0].tries[0].line, "s.listen()");
}

TEST_F(DeskTest, WithoutALookNothingIsRuledOut) {
  const CallId call = b.enter(client, Call::connect, c, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999), 0, EMFILE);
  b.fail(call, ECONNREFUSED);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "Nobody listens at 127.0.0.1:9999.");
  for (const Cause& one : out.causes) {
    EXPECT_NE(one.verdict, Verdict::ruled_out) << one.title;
    EXPECT_NE(one.verdict, Verdict::fits_every_fact) << one.title;
  }
  EXPECT_EQ(out.now[0].value, "not known");
}

TEST_F(DeskTest, ConnectExGivesTheNumberAndIsExplainedAllTheSame) {
  const CallId call = b.enter(client, Call::connect_ex, c, TraceBuilder::to(loopback(9999)));
  b.ret(call, ECONNREFUSED);
  const Explanation out = explained();
  EXPECT_EQ(out.python, "111");
  EXPECT_EQ(out.name, "ECONNREFUSED");
  EXPECT_EQ(out.plain, "Nobody listens at 127.0.0.1:9999.");
}

TEST_F(DeskTest, TheAddressIsTakenByOurListenerByAnotherProgramByNobodyKnown) {
  b.bind(client, c, loopback(0), loopback(9999)).listen(client, c, 5);
  CallId call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999), 1);
  held(call, c, TcpState::LISTEN, loopback(9999));
  b.fail(call, EADDRINUSE);
  EXPECT_EQ(explained().plain, "127.0.0.1:9999 is taken: client's c listens at 127.0.0.1:9999.");
  EXPECT_EQ(explained().windows, 10048);

  call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(9998)));
  looked(call, loopback(9998), 1);
  held(call, 0, TcpState::LISTEN, loopback(9998), "python3 (pid 123)");
  b.fail(call, EADDRINUSE);
  EXPECT_EQ(explained().plain, "127.0.0.1:9998 is taken: python3 (pid 123) listens at 127.0.0.1:9998.");

  call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(9997)));
  b.fail(call, EADDRINUSE);
  EXPECT_EQ(explained().plain, "127.0.0.1:9997 is taken already.");
  EXPECT_EQ(explained().causes[0].verdict, Verdict::possible);
}

TEST_F(DeskTest, AListenerOnAnotherFamilyDoesNotTakeTheAddress) {
  const CallId call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999), 2);
  held(call, 0, TcpState::LISTEN, loopback6(9999), "python3 (pid 123)");
  held(call, c, TcpState::CLOSED, loopback(9999));
  b.fail(call, EADDRINUSE);
  EXPECT_EQ(explained().plain, "127.0.0.1:9999 is taken: client's c has 127.0.0.1:9999.");
}

TEST_F(DeskTest, AConnectThatRunsOutOfTimeSeesTheFullQueue) {
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 0).listener(s, 1, 0);
  const CallId call = b.enter(client, Call::connect, c, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999), 1);
  held(call, s, TcpState::LISTEN, loopback(9999));
  event::CallReturned back;
  back.result = -1;
  back.error = ETIMEDOUT;
  back.timed_out = true;
  b.ret(call, back);
  EXPECT_EQ(explained().plain,
            "server's s listens at 127.0.0.1:9999, but its accept queue is full: the SYN is not answered.");
  EXPECT_EQ(explained().causes[0].tries[0].line, "s.accept()");
}

TEST_F(DeskTest, CreateConnectionIsExplainedByItsLastAttempt) {
  Args to;
  to.text = Blob("localhost");
  to.numbers[0] = 9999;
  const CallId outer = b.enter(client, Call::create_connection, 0, to);
  const CallId six = b.enter(client, Call::connect, s, TraceBuilder::to(loopback6(9999)));
  looked(six, loopback6(9999));
  b.fail(six, ECONNREFUSED);
  const CallId four = b.enter(client, Call::connect, c, TraceBuilder::to(loopback(9999)));
  looked(four, loopback(9999), 1);
  held(four, 0, TcpState::CLOSED, loopback(9999), "python3 (pid 123)");
  b.fail(four, ECONNREFUSED).fail(outer, ECONNREFUSED);
  EXPECT_EQ(explained().plain,
            "Nobody listens at 127.0.0.1:9999: python3 (pid 123) is bound there, but does not listen.");
}

TEST_F(DeskTest, AProgramsNameCannotSteerTheTerminal) {
  const CallId call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(9998)));
  looked(call, loopback(9998), 1);
  held(call, 0, TcpState::LISTEN, loopback(9998), "\x1b[2J (pid 1)");
  b.fail(call, EADDRINUSE);
  EXPECT_EQ(explained().plain.find('\x1b'), std::string::npos);
}

TEST_F(DeskTest, TimeWaitNamesWhoClosedFirstAndWhoseReuseaddrIsMissing) {
  b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
  b.connect(client, c, loopback(9999), loopback(40000));
  const SocketId conn = b.accepted(b.enter(server, Call::accept, s), s, loopback(9999), loopback(40000));
  // accepted() counts its own sockets: the next ids follow.
  b.name(NameKind::socket, conn, "conn");
  b.close(server, conn).close(client, c).close(server, s);
  const SocketId again = b.socket(server, "s2");
  const CallId call = b.enter(server, Call::bind, again, TraceBuilder::to(loopback(9999)));
  looked(call, loopback(9999), 1);
  held(call, 0, TcpState::TIME_WAIT, loopback(9999));
  b.fail(call, EADDRINUSE);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "127.0.0.1:9999 still belongs to an old connection in TIME_WAIT.");
  ASSERT_NE(cause(out, "closed the old connection first"), nullptr);
  EXPECT_NE(cause(out, "closed the old connection first")->why.find("server's conn"), std::string::npos);
  const Cause* reuse = cause(out, "SO_REUSEADDR is not set on server's s2");
  ASSERT_NE(reuse, nullptr);
  EXPECT_NE(reuse->why.find("server's s, the old server, had not either"), std::string::npos) << reuse->why;
}

TEST_F(DeskTest, APortThatNeedsAPrivilegeIsProvedByTheNotice) {
  CallId call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(80)));
  b.fail(call, EACCES);
  EXPECT_EQ(explained().causes[0].verdict, Verdict::possible);
  call = b.enter(server, Call::bind, s, TraceBuilder::to(loopback(80)));
  b.put(event::Notice{"privileged-port", "Ports below 1024 need a privilege on this machine."});
  b.fail(call, EACCES);
  EXPECT_EQ(explained().plain, "You are not permitted to have port 80.");
  EXPECT_EQ(explained().causes[0].verdict, Verdict::fits_every_fact);
}

TEST_F(DeskTest, OurOwnRuleSaysSo) {
  const CallId call = b.enter(client, Call::connect, c, TraceBuilder::to(inet(0x01020304, 80)));
  b.put(event::Notice{"not-here", "no"});
  b.fail(call, EPERM);
  EXPECT_EQ(explained().plain, "Sockscope did not let it through: 1.2.3.4:80 is not on this machine.");
}

class Connected : public DeskTest {
 protected:
  Connected() {
    b.bind(server, s, loopback(9999), loopback(9999)).listen(server, s, 5);
    b.connect(client, c, loopback(9999), loopback(40000));
    conn = b.accepted(b.enter(server, Call::accept, s), s, loopback(9999), loopback(40000));
    b.name(NameKind::socket, conn, "conn");
  }
  SocketId conn = 0;
};

TEST_F(Connected, ResetBecauseThePeerClosedWithBytesUnread) {
  b.sendall(client, c, "hello").close(server, conn);
  const CallId call = b.enter(client, Call::recv, c, TraceBuilder::numbers(1024));
  b.fail(call, ECONNRESET);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "The peer at 127.0.0.1:9999 ended the connection with an RST.");
  ASSERT_NE(cause(out, "server's conn was closed with 5 bytes unread"), nullptr) << out.causes[0].title;
}

TEST_F(Connected, BrokenPipeAfterBytesCameForAClosedSocket) {
  b.close(server, conn).sendall(client, c, "first");
  const CallId call = b.enter(client, Call::send, c, TraceBuilder::bytes("second"));
  b.fail(call, EPIPE);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "The connection to 127.0.0.1:9999 is over: nobody takes these bytes.");
  EXPECT_NE(cause(out, "bytes came for it after that"), nullptr) << out.causes[0].title;
}

TEST_F(Connected, BrokenPipeAfterOurOwnShutdown) {
  b.ret(b.enter(client, Call::shutdown, c, TraceBuilder::numbers(SHUT_WR)));
  const CallId call = b.enter(client, Call::send, c, TraceBuilder::bytes("x"));
  b.fail(call, EPIPE);
  EXPECT_EQ(explained().plain, "client's c was shut down for writing, so nothing more can be sent.");
}

TEST_F(Connected, TheListenerCarriesNoBytes) {
  const CallId call = b.enter(server, Call::recv, s, TraceBuilder::numbers(10));
  b.fail(call, ENOTCONN);
  EXPECT_EQ(explained().plain, "server's s listens: it carries no bytes itself.");
  EXPECT_EQ(explained().causes[0].tries[0].line, "conn, addr = s.accept()");
}

TEST_F(Connected, PythonsOwnTimeoutHasNoNumber) {
  b.ret(b.enter(client, Call::settimeout, c, TraceBuilder::numbers(kSecond / 2)));
  const CallId call = b.enter(client, Call::recv, c, TraceBuilder::numbers(10));
  event::CallReturned back;
  back.result = -1;
  back.error = ETIMEDOUT;
  back.timed_out = true;
  b.ret(call, back);
  const Explanation out = explained();
  EXPECT_EQ(out.plain, "Nothing came on client's c within its timeout of 0.5 s.");
  EXPECT_EQ(out.python, "TimeoutError: timed out");
  EXPECT_EQ(out.name, "");
  EXPECT_EQ(out.number, 0);
  EXPECT_EQ(out.windows, 10060);
}

TEST_F(Connected, AClosedSocketNamesTheThreadThatClosedIt) {
  b.close(server, c);
  const CallId call = b.enter(client, Call::recv, c, TraceBuilder::numbers(10));
  b.fail(call, EBADF);
  EXPECT_EQ(explained().plain, "client's c is closed.");
  EXPECT_NE(cause(explained(), "Thread server closed it"), nullptr);
}

TEST_F(DeskTest, EveryErrorOfEveryCallHasPlainWordsAndACause) {
  std::set<std::pair<Call, int>> all;
  for (const CallInfo& call : catalogue())
    for (const ErrorCase& known : errors_of(call.call)) all.insert({call.call, known.error});
  for (const auto& [call, error] : all) {
    b.fail(b.enter(client, call, c, TraceBuilder::to(loopback(9999))), error);
    const Explanation out = explained();
    EXPECT_TRUE(out.plain.ends_with('.')) << info(call).python << " " << error << ": " << out.plain;
    EXPECT_FALSE(out.causes.empty());
    EXPECT_FALSE(out.means.empty()) << info(call).python << " " << error;
    EXPECT_TRUE(std::is_sorted(out.causes.begin(), out.causes.end(),
                               [](const Cause& a, const Cause& z) { return a.verdict < z.verdict; }));
    for (const Cause& one : out.causes) EXPECT_LE(one.tries.size(), 3U);
  }
}

TEST_F(DeskTest, WhatDidNotFailOrHasNoStartIsNotExplained) {
  const CallId call = b.enter(client, Call::getsockname, c);
  b.ret(call);
  const Trace trace = b.trace();
  const std::uint64_t last = trace.size() - 1;
  EXPECT_FALSE(explain(trace, fold(trace, last), last, untranslated));
  EXPECT_FALSE(explain(trace, fold(trace, last), last - 1, untranslated));
  EXPECT_FALSE(explain(trace, fold(trace), trace.size(), untranslated));
  Trace torn;
  event::CallReturned back;
  back.call = 7;
  back.thread = 9;
  back.error = EBADF;
  torn.append(Event{1, back}, false);
  EXPECT_FALSE(explain(torn, State(), 0, untranslated));
}

// ---- lines that made no call

class LineTest : public DeskTest {
 protected:
  std::string plain_of(std::string_view text, std::string_view exception, std::string_view message) {
    const LineId line = b.line(client, ++number, text);
    b.line_raised(line, client, exception, 0, message);
    const Trace trace = b.trace();
    const auto out = explain_line(trace, fold(trace, trace.size() - 1), trace.size() - 1, untranslated);
    EXPECT_TRUE(out && !out->causes.empty());
    return out ? out->plain : "";
  }
  int number = 0;
};

TEST_F(LineTest, SaysWhatPythonMeans) {
  EXPECT_EQ(plain_of("c.send('x')", "TypeError", "a bytes-like object is required, not 'str'"),
            "A socket carries bytes, and this is text.");
  EXPECT_EQ(plain_of("c.connect(('127.0.0.1', 70000))", "OverflowError", "connect(): port must be 0-65535."),
            "A port is a number from 0 to 65535.");
  EXPECT_EQ(plain_of("nosuch", "NameError", "name 'nosuch' is not defined"), "Nothing has the name nosuch.");
  EXPECT_EQ(plain_of("d.decode()", "UnicodeDecodeError",
                     "'utf-8' codec can't decode bytes in position 1023-1024: unexpected end of data"),
            "The bytes end in the middle of a character: it begins at byte 1023.");
  EXPECT_EQ(plain_of("d.decode()", "UnicodeDecodeError",
                     "'utf-8' codec can't decode byte 0xa5 in position 0: invalid start byte"),
            "Byte 0 begins no character.");
  EXPECT_EQ(plain_of("c.connect(('127.0.0.1', '80'))", "TypeError",
                     "'str' object cannot be interpreted as an integer"),
            "A number is needed here, and this is text.");
  EXPECT_EQ(plain_of("x", "NoSuchError", ""), "Python refused this before the kernel was asked.");
  EXPECT_EQ(plain_of("%serve S", "RuntimeError", "cannot bind 127.0.0.1:9999: EADDRINUSE (98)"),
            "The address of this server is taken already.");
  EXPECT_EQ(plain_of("%wire A B", "RuntimeError", "no host is called 'B'"),
            "Sockscope could not do what this line asks.");
}

TEST_F(LineTest, ALineWhoseCallFailedIsExplainedByItsCall) {
  const LineId line = b.line(client, 1, "c.connect(('127.0.0.1', 9999))");
  b.fail(b.enter(client, Call::connect, c, TraceBuilder::to(loopback(9999))), ECONNREFUSED);
  b.line_raised(line, client, "ConnectionRefusedError", ECONNREFUSED, "[Errno 111] Connection refused");
  const Trace trace = b.trace();
  const std::uint64_t last = trace.size() - 1;
  EXPECT_FALSE(explain_line(trace, fold(trace, last), last, untranslated));
}

}  // namespace
}  // namespace sockscope
