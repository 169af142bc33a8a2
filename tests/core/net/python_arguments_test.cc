// Arguments as a learner types them, of every kind a parameter can be.

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "net/names.h"
#include "net/python_text.h"

namespace sockscope {
namespace {

Args with_numbers(Numbers numbers) {
  Args args;
  args.numbers = numbers;
  return args;
}
Args with_text(std::string_view text, Numbers numbers = {}) {
  Args args = with_numbers(numbers);
  args.text = Blob(text);
  return args;
}
Args with_data(std::string_view data, Numbers numbers = {}, Address to = {}) {
  Args args = with_numbers(numbers);
  args.data = Blob(data);
  args.address = std::move(to);
  return args;
}

TEST(PythonArguments, ADescriptorTakenOverIsAKeyword) {
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({-1, -1, -1, 7})), "fileno=7");
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({AF_INET6, SOCK_DGRAM, 0, 7})),
            "AF_INET6, SOCK_DGRAM, fileno=7");
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({AF_INET, SOCK_STREAM, 0, -1})),
            "AF_INET, SOCK_STREAM");
  EXPECT_EQ(python_arguments(Call::fromfd, with_numbers({7, AF_INET, SOCK_STREAM, 0})),
            "7, AF_INET, SOCK_STREAM");
}

TEST(PythonArguments, ATypesFlagsAndAFamilysProtocol) {
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0, -1})),
            "AF_INET, SOCK_STREAM | SOCK_NONBLOCK");
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({AF_INET, SOCK_RAW, 1, -1})),
            "AF_INET, SOCK_RAW, IPPROTO_ICMP");
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({AF_CAN, SOCK_RAW, 1, -1})),
            "AF_CAN, SOCK_RAW, CAN_RAW");
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({AF_UNIX, SOCK_STREAM, 1, -1})),
            "AF_UNIX, SOCK_STREAM, 1");
  EXPECT_EQ(python_arguments(Call::socket, with_numbers({99, -5, 0, -1})), "99, -5");
}

TEST(PythonArguments, SendtoNeedsNoFlagsBeforeItsAddress) {
  EXPECT_EQ(python_arguments(Call::sendto, with_data("hi", {}, loopback(9))), "b'hi', ('127.0.0.1', 9)");
  EXPECT_EQ(python_arguments(Call::sendto, with_data("hi", {MSG_DONTWAIT}, loopback(9))),
            "b'hi', MSG_DONTWAIT, ('127.0.0.1', 9)");
}

TEST(PythonArguments, SendmsgsBuffersAreAListAndItsAncillaryDataAnEmptyOne) {
  Args args = with_data("helloabc");
  args.text = Blob("5 0 3");
  EXPECT_EQ(python_arguments(Call::sendmsg, args), "[b'hello', b'', b'abc']");
  args.numbers[0] = MSG_NOSIGNAL;
  EXPECT_EQ(python_arguments(Call::sendmsg, args), "[b'hello', b'', b'abc'], [], MSG_NOSIGNAL");
  args.numbers[0] = 0;
  args.address = loopback(9);
  EXPECT_EQ(python_arguments(Call::sendmsg, args), "[b'hello', b'', b'abc'], [], 0, ('127.0.0.1', 9)");
}

TEST(PythonArguments, BuffersWhoseLengthsAreWrongShowWhatIsThere) {
  Args args = with_data("abc");
  args.text = Blob("2 9 18446744073709551615 x");
  EXPECT_EQ(python_arguments(Call::sendmsg, args),
            "[b'ab', b'c'… (9 bytes), b''… (18446744073709551615 bytes)]");
}

TEST(PythonArguments, ADefaultBeforeWhatIsGivenStandsInItsPlace) {
  EXPECT_EQ(python_arguments(Call::recv_into, with_numbers({0, 0, 16})), "bytearray(16)");
  EXPECT_EQ(python_arguments(Call::recv_into, with_numbers({0, MSG_PEEK, 16})), "bytearray(16), 0, MSG_PEEK");
  EXPECT_EQ(python_arguments(Call::recvmsg, with_numbers({5, MSG_PEEK, 0})), "5, 0, MSG_PEEK");
  EXPECT_EQ(python_arguments(Call::sendfile, with_text("f", {0, -1})), "f");
  EXPECT_EQ(python_arguments(Call::sendfile, with_text("f", {0, 5})), "f, 0, 5");
  EXPECT_EQ(python_arguments(Call::sendfile, with_text("f", {3, -1})), "f, 3");
}

TEST(PythonArguments, ABacklogAndAFamilyBehindTheStarAreKeywords) {
  Args args = with_numbers({AF_INET, -1, 0, 0});
  args.address = loopback(9999);
  EXPECT_EQ(python_arguments(Call::create_server, args), "('127.0.0.1', 9999)");
  args.numbers = {AF_INET6, 5, 1, 1};
  EXPECT_EQ(python_arguments(Call::create_server, args),
            "('127.0.0.1', 9999), family=AF_INET6, backlog=5, reuse_port=True, dualstack_ipv6=True");
}

TEST(PythonArguments, CreateConnectionNamesWhatFollowsATimeoutNotGiven) {
  Args args = with_text("localhost", {9999, kDefaultTimeout, 0});
  EXPECT_EQ(python_arguments(Call::create_connection, args), "('localhost', 9999)");
  args.address = loopback(0);
  EXPECT_EQ(python_arguments(Call::create_connection, args),
            "('localhost', 9999), source_address=('127.0.0.1', 0)");
  args.numbers[1] = 1'500'000'000;
  args.numbers[2] = 1;
  EXPECT_EQ(python_arguments(Call::create_connection, args),
            "('localhost', 9999), 1.5, ('127.0.0.1', 0), all_errors=True");
  args.numbers[1] = -1;
  args.address = Address{};
  EXPECT_EQ(python_arguments(Call::create_connection, args), "('localhost', 9999), None, all_errors=True");
}

TEST(PythonArguments, GetaddrinfosHostAndPortMayBeNone) {
  const auto kind = [](PortKind k) { return static_cast<std::int64_t>(k); };
  EXPECT_EQ(python_arguments(Call::getaddrinfo, with_text("", {0, 0, 0, 0, kind(PortKind::none)})),
            "None, None");
  EXPECT_EQ(python_arguments(Call::getaddrinfo, with_text(std::string_view("localhost\0"
                                                                           "80",
                                                                           12),
                                                          {0, 0, 0, 0, kind(PortKind::integer)})),
            "'localhost', 80");
  EXPECT_EQ(python_arguments(Call::getaddrinfo, with_text(std::string_view("::1\0http", 8),
                                                          {0, SOCK_STREAM, 0, 1, kind(PortKind::text)})),
            "'::1', 'http', AF_UNSPEC, SOCK_STREAM, 0, AI_PASSIVE");
  EXPECT_EQ(python_arguments(Call::getaddrinfo,
                             with_text(std::string_view("\0f()", 4), {0, 0, 0, 0, kind(PortKind::integer)})),
            "'', 'f()'")
      << "a recording cannot smuggle in anything but a literal";
}

TEST(PythonArguments, AnOptionsValueIsAnIntOrBytesAndItsNameFollowsTheLevel) {
  EXPECT_EQ(python_arguments(Call::setsockopt,
                             with_data(std::string_view("\1\0\0\0", 4), {SOL_SOCKET, SO_LINGER, 0, 1})),
            "SOL_SOCKET, SO_LINGER, b'\\x01\\x00\\x00\\x00'");
  EXPECT_EQ(python_arguments(Call::setsockopt, with_numbers({0, 2, 64})), "IPPROTO_IP, IP_TTL, 64");
  EXPECT_EQ(python_arguments(Call::setsockopt, with_numbers({41, 26, 1})), "IPPROTO_IPV6, IPV6_V6ONLY, 1");
  EXPECT_EQ(python_arguments(Call::setsockopt, with_numbers({99, 2, -1})), "99, 2, -1");
  EXPECT_EQ(python_arguments(Call::getsockopt, with_numbers({SOL_SOCKET, SO_ERROR})), "SOL_SOCKET, SO_ERROR");
  EXPECT_EQ(python_arguments(Call::getsockopt, with_numbers({SOL_SOCKET, SO_LINGER, 8})),
            "SOL_SOCKET, SO_LINGER, 8");
}

TEST(PythonArguments, SelectsListsAndPollsPairsNameTheirSockets) {
  const NameOf name_of = [](std::uint32_t id) {
    return id == 1 ? std::string("c") : "#" + std::to_string(id);
  };
  const Args all = with_text("1 2||2", {-1});
  EXPECT_EQ(python_arguments(Call::select, all, name_of), "[c, #2], [], [#2]");
  EXPECT_EQ(python_arguments(Call::select, all), "[#1, #2], [], [#2]");
  EXPECT_EQ(python_arguments(Call::select, with_text("1", {0}), name_of), "[c], [], [], 0.0");
  EXPECT_EQ(python_arguments(Call::poll, with_text("1:5 2:1", {1000}), name_of),
            "[(c, POLLIN | POLLOUT), (#2, POLLIN)], 1000");
  EXPECT_EQ(python_arguments(Call::poll, with_text("1:16", {-1}), name_of), "[(c, POLLHUP)]");
  EXPECT_EQ(python_arguments(Call::poll, with_text("x:y ::: 99999999999", {-1}), name_of), "[]");
}

TEST(PythonArguments, NamesAndTimes) {
  EXPECT_EQ(python_arguments(Call::gethostbyname, with_text("it's")), "\"it's\"");
  EXPECT_EQ(python_arguments(Call::setdefaulttimeout, with_numbers({-1})), "None");
  EXPECT_EQ(python_arguments(Call::setdefaulttimeout, with_numbers({1})), "1e-09");
}

TEST(PythonArguments, EveryCallPrintsSomethingForEveryArgument) {
  for (const CallInfo& call : catalogue()) {
    Args args = with_text(std::string_view("a\0b", 3), {1, 1, 1, 1, 1});
    args.address = loopback(1);
    const std::string text = python_arguments(call.call, args);
    EXPECT_EQ(text.empty(), call.params.empty()) << call.python;
    EXPECT_EQ(text.find(", ,"), text.npos) << text;
  }
}

TEST(PythonArguments, WhatEpollIsToldAndTells) {
  Args args;
  args.numbers = {1, 0x80000001};
  EXPECT_EQ(python_arguments(Call::epoll_ctl, args), "EPOLL_CTL_ADD, EPOLLIN | EPOLLET");
  args.numbers = {9, 0};
  EXPECT_EQ(python_arguments(Call::epoll_ctl, args), "9, 0");
  EXPECT_EQ(python_ready("1:1 2:8216 3:4194304", [](std::uint32_t id) { return std::to_string(id); }),
            "[(1, EPOLLIN), (2, EPOLLERR | EPOLLHUP | EPOLLRDHUP), (3, 4194304)]");
}

}  // namespace
}  // namespace sockscope
