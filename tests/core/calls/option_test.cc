// getsockopt and setsockopt, and what the options a learner meets really do on loopback.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/time.h>

#include <cstring>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

template <typename T>
std::string bytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string group_on(const char* group, const char* interface) {
  return bytes(inet_addr(group)) + bytes(inet_addr(interface));
}

class OptionTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  Reply set(SocketId socket, int level, int option, const std::string& value) {
    Request made = request(Call::setsockopt, socket, level, option);
    made.data = value;
    made.numbers[3] = 1;
    return make(made);
  }
  Reply set(SocketId socket, int level, int option, int value) {
    return make(request(Call::setsockopt, socket, level, option, value));
  }
  Reply get(SocketId socket, int level, int option, int length = 0) {
    return make(request(Call::getsockopt, socket, level, option, length));
  }
  Reply send_to(SocketId socket, std::string_view data, const Address& to) {
    Request made = request(Call::sendto, socket, data);
    made.address = to;
    return make(made);
  }
  Address named(SocketId socket) { return make(request(Call::getsockname, socket)).address; }
  std::size_t notices() {
    house.fold_all();
    return house.all<event::Notice>().size();
  }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(OptionTest, AnIntWithoutALengthAndBytesWithOne) {
  const SocketId s = new_socket(caller);
  ASSERT_TRUE(set(s, SOL_SOCKET, SO_REUSEADDR, 1).ok());
  EXPECT_EQ(get(s, SOL_SOCKET, SO_REUSEADDR).result, 1);
  EXPECT_EQ(get(s, SOL_SOCKET, SO_REUSEADDR, 64).data, bytes(1));
  EXPECT_EQ(get(s, SOL_SOCKET, SO_REUSEADDR, 2).data, bytes(1).substr(0, 2));
  EXPECT_EQ(get(s, SOL_SOCKET, SO_LINGER, 1024).data.size(), sizeof(linger));
  EXPECT_EQ(get(s, SOL_SOCKET, 12345).error, ENOPROTOOPT);
  EXPECT_EQ(set(s, SOL_SOCKET, SO_RCVBUF, std::string()).error, EINVAL);
  EXPECT_EQ(set(s, SOL_SOCKET, SO_LINGER, 1).error, EINVAL);  // it wants eight bytes
}

TEST_F(OptionTest, ALengthPythonDoesNotTakeIsAnOsErrorWithoutErrno) {
  const SocketId s = new_socket(caller);
  EXPECT_EQ(get(s, SOL_SOCKET, SO_RCVBUF, -1).raised, Raised::os_error);
  EXPECT_EQ(get(s, SOL_SOCKET, SO_RCVBUF, 1025).raised, Raised::os_error);
}

TEST_F(OptionTest, TheKernelDoublesABufferSize) {
  const SocketId s = new_socket(caller);
  ASSERT_TRUE(set(s, SOL_SOCKET, SO_RCVBUF, 8192).ok());
  EXPECT_EQ(get(s, SOL_SOCKET, SO_RCVBUF).result, 16384);
}

TEST_F(OptionTest, NumbersThatALearnerMeetsReadBackAsSet) {
  const SocketId tcp = new_socket(caller), tcp6 = new_socket(caller, AF_INET6);
  struct Case {
    SocketId socket;
    int level, option, value;
  };
  for (const Case& c : {Case{tcp, SOL_SOCKET, SO_REUSEPORT, 1}, Case{tcp, SOL_SOCKET, SO_KEEPALIVE, 1},
                        Case{tcp, SOL_SOCKET, SO_BROADCAST, 1}, Case{tcp, IPPROTO_TCP, TCP_NODELAY, 1},
                        Case{tcp, IPPROTO_TCP, TCP_CORK, 1}, Case{tcp, IPPROTO_TCP, TCP_QUICKACK, 1},
                        Case{tcp, IPPROTO_IP, IP_TTL, 7}, Case{tcp6, IPPROTO_IPV6, IPV6_V6ONLY, 1}}) {
    EXPECT_TRUE(set(c.socket, c.level, c.option, c.value).ok()) << c.level << ' ' << c.option;
    EXPECT_EQ(get(c.socket, c.level, c.option).result, c.value) << c.level << ' ' << c.option;
  }
  ASSERT_TRUE(set(tcp, IPPROTO_TCP, TCP_DEFER_ACCEPT, 3).ok());
  EXPECT_GE(get(tcp, IPPROTO_TCP, TCP_DEFER_ACCEPT).result, 3);  // rounded up to a retransmission
  EXPECT_EQ(get(tcp, SOL_SOCKET, SO_ERROR).result, 0);
  EXPECT_EQ(notices(), 0u);
}

TEST_F(OptionTest, RcvtimeoEndsABlockingRecvWithEagain) {
  const Connection c = new_connection(caller);
  ASSERT_TRUE(set(c.server, SOL_SOCKET, SO_RCVTIMEO, bytes(timeval{0, 20'000})).ok());
  EXPECT_EQ(get(c.server, SOL_SOCKET, SO_RCVTIMEO, 16).data.size(), sizeof(timeval));
  for (const Call call : {Call::recv, Call::recvfrom, Call::recvmsg}) {
    const Reply late = make(request(call, c.server, 10));
    EXPECT_EQ(late.error, EAGAIN);
    EXPECT_FALSE(late.timed_out);
  }
}

TEST_F(OptionTest, SndtimeoEndsABlockingSendWithWhatWentThenEagain) {
  const Connection c = new_connection(caller);
  ASSERT_TRUE(set(c.client, SOL_SOCKET, SO_SNDTIMEO, bytes(timeval{0, 20'000})).ok());
  const std::string much(64 << 20, 'x');
  const Reply part = make(request(Call::send, c.client, much));
  EXPECT_GT(part.result, 0);
  EXPECT_LT(part.result, static_cast<std::int64_t>(much.size()));
  Reply late = part;
  for (int i = 0; i < 1000 && late.ok(); ++i) late = make(request(Call::send, c.client, much));
  EXPECT_EQ(late.error, EAGAIN);
  EXPECT_FALSE(late.timed_out);
}

TEST_F(OptionTest, ASocketForIpv6AloneLeavesThePortToIpv4) {
  const SocketId six = new_socket(caller, AF_INET6);
  ASSERT_TRUE(set(six, IPPROTO_IPV6, IPV6_V6ONLY, 1).ok());
  ASSERT_TRUE(make(request(Call::bind, six, numeric_address("::1", 0).value())).ok());
  const SocketId four = new_socket(caller);
  EXPECT_TRUE(make(request(Call::bind, four, loopback(named(six).port))).ok());
}

TEST_F(OptionTest, AMulticastGroupIsJoinedAndReachedOnLoopback) {
  const SocketId receiver = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(make(request(Call::bind, receiver, numeric_address("0.0.0.0", 0).value())).ok());
  const std::size_t before = notices();  // "reachable", where a device may not be chosen
  ASSERT_TRUE(set(receiver, IPPROTO_IP, IP_ADD_MEMBERSHIP, group_on("224.0.0.200", "127.0.0.1")).ok());
  EXPECT_EQ(set(receiver, IPPROTO_IP, IP_ADD_MEMBERSHIP, group_on("224.0.0.200", "127.0.0.1")).error,
            EADDRINUSE);
  const SocketId sender = new_socket(caller, AF_INET, SOCK_DGRAM);
  const Address group = numeric_address("224.0.0.200", named(receiver).port).value();
  ASSERT_EQ(send_to(sender, "all", group).result, 3);
  make(request(Call::settimeout, receiver, 20 * kSecond));
  const Reply got = make(request(Call::recvfrom, receiver, 10));
  EXPECT_EQ(got.data, "all");
  EXPECT_EQ(got.address.ip[0], 127);  // it came by the loopback interface
  EXPECT_EQ(notices(), before);
}

TEST_F(OptionTest, AGroupJoinedOnNoInterfaceInParticularIsJoinedOnLoopback) {
  const SocketId s = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, group_on("224.0.0.201", "0.0.0.0")).ok());
  EXPECT_EQ(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, group_on("224.0.0.201", "127.0.0.1")).error, EADDRINUSE);
  // struct.pack('4sl', group, INADDR_ANY), as many programs have it
  const std::string long_form = group_on("224.0.0.202", "0.0.0.0") + std::string(8, '\0');
  ASSERT_TRUE(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, long_form).ok());
  EXPECT_TRUE(set(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, long_form).ok());
  const SocketId six = new_socket(caller, AF_INET6, SOCK_DGRAM);
  ipv6_mreq group{};
  inet_pton(AF_INET6, "ff02::123", &group.ipv6mr_multiaddr);
  ASSERT_TRUE(set(six, IPPROTO_IPV6, IPV6_JOIN_GROUP, bytes(group)).ok());
  group.ipv6mr_interface = 1;
  EXPECT_EQ(set(six, IPPROTO_IPV6, IPV6_JOIN_GROUP, bytes(group)).error, EADDRINUSE);
}

TEST_F(OptionTest, WhatWouldLetASocketOutIsRefusedAndTold) {
  const SocketId s = new_socket(caller, AF_INET, SOCK_DGRAM);
  ipv6_mreq other{};
  other.ipv6mr_interface = 2;
  struct Case {
    int level, option;
    std::string value;
  };
  const Case cases[] = {{IPPROTO_IP, IP_ADD_MEMBERSHIP, group_on("224.0.0.1", "10.0.0.1")},
                        {IPPROTO_IP, IP_ADD_MEMBERSHIP, group_on("224.0.0.1", "0.0.0.0") + bytes(2)},
                        {IPPROTO_IP, IP_MULTICAST_IF, bytes(inet_addr("10.0.0.1"))},
                        {IPPROTO_IP, IP_MULTICAST_IF, bytes(0)},
                        {IPPROTO_IP, IP_OPTIONS, bytes(0)},
                        {IPPROTO_IPV6, IPV6_MULTICAST_IF, bytes(2)},
                        {IPPROTO_IPV6, IPV6_JOIN_GROUP, bytes(other)},
                        {SOL_SOCKET, SO_BINDTODEVICE, "eth0"}};
  for (const Case& c : cases) EXPECT_EQ(set(s, c.level, c.option, c.value).error, EPERM) << c.option;
  EXPECT_EQ(notices(), std::size(cases));
  EXPECT_TRUE(set(s, IPPROTO_IP, IP_MULTICAST_IF, bytes(inet_addr("127.0.0.1"))).ok());
}

TEST_F(OptionTest, BroadcastNeedsItsOptionAndStaysOnLoopback) {
  const SocketId receiver = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(make(request(Call::bind, receiver, numeric_address("0.0.0.0", 0).value())).ok());
  const std::uint16_t port = named(receiver).port;
  const SocketId s = new_socket(caller, AF_INET, SOCK_DGRAM);
  const Address everyone = numeric_address("255.255.255.255", port).value();
  const Address everyone_on_loopback = numeric_address("127.255.255.255", port).value();
  EXPECT_EQ(send_to(s, "x", everyone_on_loopback).error, EACCES);
  ASSERT_TRUE(set(s, SOL_SOCKET, SO_BROADCAST, 1).ok());
  EXPECT_EQ(send_to(s, "one", everyone_on_loopback).result, 3);
  make(request(Call::settimeout, receiver, 20 * kSecond));
  EXPECT_EQ(make(request(Call::recvfrom, receiver, 10)).data, "one");
  const Reply all = send_to(s, "two", everyone);
  if (all.error == EPERM) GTEST_SKIP() << "this kernel lets only root choose a device";
  EXPECT_EQ(all.result, 3);
  EXPECT_EQ(make(request(Call::recvfrom, receiver, 10)).data, "two");
}

TEST_F(OptionTest, ARawPacketsOwnHeaderIsLookedAtToo) {
  const Reply made = make(request(Call::socket, 0, AF_INET, SOCK_RAW, IPPROTO_UDP));
  if (made.error == EPERM) GTEST_SKIP() << "raw sockets need CAP_NET_RAW";
  ASSERT_TRUE(set(made.socket, IPPROTO_IP, IP_HDRINCL, 1).ok());
  EXPECT_EQ(get(made.socket, IPPROTO_IP, IP_HDRINCL).result, 1);
  std::string packet(20, '\0');
  packet[0] = 0x45;
  packet[8] = 64;
  packet[9] = IPPROTO_UDP;
  packet.replace(16, 4, bytes(inet_addr("8.8.8.8")));
  EXPECT_EQ(send_to(made.socket, packet, loopback(0)).error, EPERM);
  EXPECT_EQ(notices(), 1u);
  packet.replace(16, 4, bytes(inet_addr("127.0.0.1")));
  EXPECT_EQ(send_to(made.socket, packet, loopback(0)).result, 20);
}

TEST_F(OptionTest, AFamilyWithoutARuleSendsNothing) {
  const Reply made = make(request(Call::socket, 0, AF_NETLINK, SOCK_RAW, 0));
  if (!made.ok()) GTEST_SKIP() << "no AF_NETLINK here";
  EXPECT_EQ(make(request(Call::send, made.socket, "x")).error, EPERM);
  EXPECT_EQ(make(request(Call::sendall, made.socket, "x")).error, EPERM);
  EXPECT_EQ(notices(), 2u);
}

TEST_F(OptionTest, AFamilyWithoutARuleSendsNothingUnderAnotherNameEither) {
  const Reply made = make(request(Call::socket, 0, AF_NETLINK, SOCK_RAW, 0));
  if (!made.ok()) GTEST_SKIP() << "no AF_NETLINK here";
  const std::int64_t number = make(request(Call::fileno, made.socket)).result;
  Request copy = request(Call::fromfd, 0, number, AF_INET, SOCK_STREAM);
  const Reply copied = make(copy);
  ASSERT_TRUE(copied.ok());
  EXPECT_EQ(make(request(Call::send, copied.socket, "x")).error, EPERM);
  Request adopt = request(Call::socket, 0, AF_INET, SOCK_STREAM, 0);
  adopt.numbers[3] = number;
  const Reply adopted = make(adopt);
  ASSERT_TRUE(adopted.ok());
  EXPECT_EQ(make(request(Call::send, adopted.socket, "x")).error, EPERM);
}

// The failure look

TEST_F(OptionTest, AFailureThatTheAddressExplainsIsLookedAtInsideTheCall) {
  struct Look {
    CallId call;
    SocketId socket;
    Address asked;
    int error;
  };
  std::vector<Look> looks;
  room.set_failure_look(
      [&](Caller& its_caller, CallId call, const SocketEntry& socket, const Address& asked, int error) {
        EXPECT_EQ(its_caller.inside(), call);
        looks.push_back({call, socket.id, asked, error});
        errno = EDOM;
      });
  const Listener listener = new_listener(caller);
  const SocketId s = new_socket(caller);
  EXPECT_EQ(make(request(Call::bind, s, listener.address)).error, EADDRINUSE);
  EXPECT_EQ(make(request(Call::connect, s, loopback(1))).error, ECONNREFUSED);
  EXPECT_EQ(make(request(Call::connect_ex, s, loopback(1))).result, ECONNREFUSED);
  EXPECT_EQ(make(request(Call::recv, s, 1)).error, ENOTCONN);  // no address explains that
  ASSERT_EQ(looks.size(), 3u);
  EXPECT_EQ(looks[0].asked, listener.address);
  EXPECT_EQ(looks[0].error, EADDRINUSE);
  EXPECT_EQ(looks[1].socket, s);
  EXPECT_EQ(looks[2].error, ECONNREFUSED);
}

}  // namespace
}  // namespace sockscope::testing
