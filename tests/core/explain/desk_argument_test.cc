// Which argument was wrong: said as exactly as the call itself shows it.

#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cerrno>
#include <string>

#include "explain/error_desk.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

class ArgumentDesk : public ::testing::Test {
 protected:
  Explanation failed(Call call, SocketId socket, Args args, int error) {
    b.fail(b.enter(main, call, socket, std::move(args)), error);
    const Trace trace = b.trace();
    const std::uint64_t last = trace.size() - 1;
    const auto out = explain(trace, fold(trace, last), last, untranslated);
    EXPECT_TRUE(out.has_value());
    return out.value_or(Explanation{});
  }
  static Args numbers(std::int64_t a, std::int64_t b = 0, std::int64_t c = 0, std::int64_t d = 0) {
    Args args;
    args.numbers = {a, b, c, d, 0};
    return args;
  }
  std::string line_plain(std::string_view text, std::string_view exception, std::string_view message) {
    b.line_raised(b.line(main, ++line_, text), main, exception, 0, message);
    const Trace trace = b.trace();
    const std::uint64_t last = trace.size() - 1;
    const auto out = explain_line(trace, fold(trace, last), last, untranslated);
    return out ? out->plain : "";
  }

  TraceBuilder b;
  int line_ = 0;
  const ThreadId main = b.thread("main");
  const SocketId s = b.socket(main, "s");
};

TEST_F(ArgumentDesk, APingSocketIsForAGroup) {
  const Explanation out = failed(Call::socket, 0, numbers(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), EACCES);
  EXPECT_EQ(out.plain, "You are not permitted to make such a socket.");
  EXPECT_NE(out.causes.at(0).title.find("ping_group_range"), std::string::npos);
}

TEST_F(ArgumentDesk, NumbersWithoutANameAreNumbers) {
  EXPECT_EQ(failed(Call::socket, 0, numbers(12345, SOCK_STREAM), EAFNOSUPPORT).plain,
            "No address family has the number 12345.");
  EXPECT_EQ(failed(Call::socket, 0, numbers(AF_INET, 77), EINVAL).plain,
            "No type of socket has the number 77.");
  EXPECT_EQ(failed(Call::socketpair, 0, numbers(AF_INET, SOCK_STREAM), EOPNOTSUPP).plain,
            "AF_INET makes no pairs: on Linux AF_UNIX does.");
}

TEST_F(ArgumentDesk, AnOptionOfAnotherFamilyOrTypeIsSaidSo) {
  EXPECT_EQ(failed(Call::setsockopt, s, numbers(IPPROTO_IPV6, IPV6_V6ONLY, 1), ENOPROTOOPT).plain,
            "IPV6_… is for AF_INET6, and main's s is of AF_INET.");
  EXPECT_EQ(failed(Call::setsockopt, s, numbers(IPPROTO_IP, IP_HDRINCL, 1), ENOPROTOOPT).plain,
            "IP_HDRINCL is for SOCK_RAW, and main's s is SOCK_STREAM.");
  EXPECT_EQ(failed(Call::setsockopt, s, numbers(SOL_SOCKET, SO_ERROR, 1), ENOPROTOOPT).plain,
            "This option can be read and not be set.");
  EXPECT_EQ(failed(Call::setsockopt, s, numbers(SOL_SOCKET, 9999, 1), ENOPROTOOPT).plain,
            "This level has no such option.");
}

TEST_F(ArgumentDesk, AValueOfTheWrongSizeOffersARightOne) {
  const Explanation out = failed(Call::setsockopt, s, numbers(SOL_SOCKET, SO_SNDTIMEO, 5), EINVAL);
  EXPECT_EQ(out.causes.at(0).tries.at(0).line,
            "s.setsockopt(SOL_SOCKET, SO_SNDTIMEO, struct.pack('ll', 5, 0))");
}

TEST_F(ArgumentDesk, LookupsSayWhatDoesNotFit) {
  Args args = numbers(AF_INET);
  args.text = Blob(std::string_view("::1"));
  const Explanation out = failed(Call::getaddrinfo, 0, args, EAI_ADDRFAMILY);
  EXPECT_EQ(out.plain, "::1 has no address of AF_INET.");
  EXPECT_EQ(out.causes.at(0).tries.at(0).line, "getaddrinfo('::1', 80)");
  EXPECT_EQ(failed(Call::getaddrinfo, 0, numbers(0), EAI_NONAME).plain,
            "Neither a host nor a port was given.");
  args = numbers(0, 0, 0, AI_NUMERICHOST);
  args.text = Blob(std::string_view("localhost"));
  EXPECT_EQ(failed(Call::getaddrinfo, 0, args, EAI_NONAME).plain,
            "localhost is no number, and AI_NUMERICHOST takes numbers only.");
}

TEST_F(ArgumentDesk, AFullUnixQueueIsNamed) {
  Address door;
  door.family = AF_UNIX;
  door.path = Blob(std::string_view("door"));
  EXPECT_EQ(failed(Call::connect, s, TraceBuilder::to(door), EAGAIN).plain,
            "The accept queue at ./door is full.");
}

TEST_F(ArgumentDesk, BroadcastNeedsAnOptionAlsoOnASubnet) {
  Address all = loopback(9);
  all.ip[1] = all.ip[2] = all.ip[3] = 255;
  const Explanation out = failed(Call::sendto, s, TraceBuilder::to(all), EACCES);
  EXPECT_EQ(out.causes.at(0).tries.at(0).line, "s.setsockopt(SOL_SOCKET, SO_BROADCAST, 1)");
}

TEST_F(ArgumentDesk, PortZeroIsNobodys) {
  EXPECT_EQ(failed(Call::connect, s, TraceBuilder::to(loopback(0)), ECONNREFUSED).plain,
            "Nobody can listen at 127.0.0.1:0: port 0 is no port.");
}

TEST_F(ArgumentDesk, AConnectionThatWaitsIsNoOtherProgram) {
  const CallId call = b.enter(main, Call::bind, s, TraceBuilder::to(loopback(9999)));
  b.put(event::AddressLooked{call, 2, 0, loopback(9999)});
  b.put(event::AddressHeld{call, s, IPPROTO_TCP, 0, TcpState::LISTEN, loopback(9999), Blob()});
  b.put(event::AddressHeld{call, 0, IPPROTO_TCP, 0, TcpState::ESTABLISHED, loopback(9999), Blob()});
  b.fail(call, EADDRINUSE);
  const Trace trace = b.trace();
  const auto out = explain(trace, fold(trace, trace.size() - 1), trace.size() - 1, untranslated);
  ASSERT_TRUE(out && out->now.size() >= 2);
  EXPECT_EQ(out->now[1].known, "a connection not accepted yet");
}

TEST_F(ArgumentDesk, LinesOfWrongShape) {
  EXPECT_EQ(line_plain("s.bind(('::1', 0))", "socket.gaierror",
                       "[Errno -9] Address family for hostname not supported"),
            "::1 is an address of another family than the socket's.");
  EXPECT_EQ(line_plain("s.connect_ex(('no.such', 1))", "socket.gaierror", "[Errno -2] Name or service"),
            "Nobody knows the name no.such.");
  EXPECT_EQ(line_plain("select.select([s], [], [], 0)", "ValueError",
                       "file descriptor cannot be a negative integer (-1)"),
            "One of the sockets is closed, so it has no descriptor.");
  EXPECT_EQ(
      line_plain("s.connect(address='x', port='80')", "TypeError", "connect() takes no keyword arguments"),
      "This method takes its arguments by their place, not by name.");
  EXPECT_EQ(
      line_plain("open('page', 'rb')", "FileNotFoundError", "[Errno 2] No such file or directory: 'page'"),
      "There is no file page in this run's own directory.");
}

}  // namespace
}  // namespace sockscope
