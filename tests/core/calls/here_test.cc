// The address rule.

#include "calls/here.h"

#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <net/if.h>

#include <string>

#include "calls/reachable.h"
#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

Address numeric(std::string_view host) {
  return numeric_address(host, 80).value();
}

TEST(StaysHere, LoopbackAnyAndUnixDo) {
  for (const char* host :
       {"127.0.0.1", "127.255.0.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:0.0.0.0"}) {
    EXPECT_TRUE(stays_here(numeric(host))) << host;
  }
  Address local;
  local.family = AF_UNIX;
  EXPECT_TRUE(stays_here(local));
  EXPECT_TRUE(stays_here(Address{}));
}

TEST(StaysHere, EverythingElseDoesNot) {
  for (const char* host :
       {"8.8.8.8", "192.168.0.1", "128.0.0.1", "126.255.255.255", "255.255.255.255", "0.0.0.1", "224.0.0.1",
        "::2", "fe80::1", "2001:db8::1", "::ffff:8.8.8.8", "ff02::1", "::127.0.0.1"}) {
    EXPECT_FALSE(stays_here(numeric(host))) << host;
  }
  Address other;
  other.family = AF_VSOCK;
  EXPECT_FALSE(stays_here(other));
}

class HereTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  std::string device_of(SocketId socket) {
    std::string device(IFNAMSIZ, '\0');
    socklen_t length = IFNAMSIZ;
    room.sockets().with_fd(*room.sockets().find(socket), [&](int fd) {
      EXPECT_EQ(::getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device.data(), &length), 0);
    });
    return device.c_str();
  }
  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(HereTest, AnAddressElsewhereIsEpermAndTold) {
  const SocketId socket = new_socket(caller);
  for (const Call call : {Call::bind, Call::connect}) {
    const Reply refused = perform(caller, request(call, socket, numeric("8.8.8.8")));
    EXPECT_EQ(refused.error, EPERM);
    EXPECT_EQ(refused.result, -1);
  }
  house.fold_all();
  const auto notices = house.all<event::Notice>();
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_EQ(notices[0].code.view(), "not-here");
  EXPECT_NE(notices[0].text.view().find("8.8.8.8:80"), std::string_view::npos);
  EXPECT_EQ(house.all<event::CallReturned>().back().error, EPERM);
}

// UDP's connect sends nothing: the kernel looks for a route, and whether there is one is its own answer.
TEST_F(HereTest, WithConsentTheKernelAnswersAndWithoutItAgainItIsEperm) {
  const auto connects = [&] {
    return perform(caller,
                   request(Call::connect, new_socket(caller, AF_INET, SOCK_DGRAM), numeric("192.0.2.1")));
  };
  EXPECT_EQ(connects().error, EPERM);
  room.allow_elsewhere(true);
  EXPECT_NE(connects().error, EPERM);
  const SocketId any = new_socket(caller);
  EXPECT_TRUE(perform(caller, request(Call::bind, any, numeric_address("0.0.0.0", 0).value())).ok());
  EXPECT_EQ(device_of(any), "");
  room.allow_elsewhere(false);
  EXPECT_EQ(connects().error, EPERM);
}

TEST(ReachableAddresses, AreThoseOfInterfacesThatAreUpAndNeverLoopbacks) {
  for (const ReachableAddress& one : reachable_addresses()) {
    EXPECT_NE(::if_nametoindex(one.interface.c_str()), 0U) << one.interface;
    EXPECT_FALSE(stays_here(numeric(one.address))) << one.address;
    EXPECT_EQ(one.address.find('%'), std::string::npos);
  }
}

TEST_F(HereTest, ASocketBoundToAnyAddressAnswersOnLoopbackOnly) {
  const SocketId listener = new_socket(caller);
  ASSERT_TRUE(perform(caller, request(Call::bind, listener, numeric_address("0.0.0.0", 0).value())).ok());
  ASSERT_TRUE(perform(caller, request(Call::listen, listener, 1)).ok());
  house.fold_all();
  if (!house.all<event::Notice>().empty()) GTEST_SKIP() << "this kernel lets only root choose a device";
  EXPECT_EQ(device_of(listener), "lo");
  const Address bound = perform(caller, request(Call::getsockname, listener)).address;
  const SocketId client = new_socket(caller);
  EXPECT_TRUE(perform(caller, request(Call::connect, client, loopback(bound.port))).ok());
}

TEST_F(HereTest, ListenWithoutBindAnswersOnLoopbackOnly) {
  const SocketId listener = new_socket(caller);
  ASSERT_TRUE(perform(caller, request(Call::listen, listener, 1)).ok());
  house.fold_all();
  if (!house.all<event::Notice>().empty()) GTEST_SKIP() << "this kernel lets only root choose a device";
  EXPECT_EQ(device_of(listener), "lo");
}

TEST_F(HereTest, TheDeviceCannotBeChosenAway) {
  const SocketId socket = new_socket(caller);
  EXPECT_EQ(perform(caller, request(Call::setsockopt, socket, SOL_SOCKET, SO_BINDTODEVICE, 0)).error, EPERM);
  EXPECT_EQ(perform(caller, request(Call::setsockopt, socket, SOL_SOCKET, SO_BINDTOIFINDEX, 0)).error, EPERM);
}

TEST_F(HereTest, ANullPointerIsAZeroAndTakesNoInterfaceAway) {
  const SocketId socket = new_socket(caller, AF_INET6, SOCK_DGRAM);
  Request none = request(Call::setsockopt, socket, IPPROTO_IPV6, IPV6_MULTICAST_IF);
  none.numbers[3] = 2;
  none.numbers[4] = sizeof(int);
  EXPECT_EQ(perform(caller, none).error, EPERM);
}

TEST_F(HereTest, AnOptionThatHoldsAnAddressOrChangesTheMachineIsRefused) {
  const SocketId socket = new_socket(caller, AF_INET6, SOCK_DGRAM);
  constexpr int kFlowLabel = 32, kConnectx = 110, kTables = 64, kRouting = 200;
  constexpr std::pair<int, int> kOptions[] = {{IPPROTO_IPV6, kFlowLabel}, {IPPROTO_SCTP, kConnectx},
                                              {IPPROTO_IP, kTables},      {IPPROTO_IPV6, kTables},
                                              {IPPROTO_IP, kRouting},     {IPPROTO_IPV6, kRouting}};
  for (const auto& [level, option] : kOptions)
    EXPECT_EQ(perform(caller, request(Call::setsockopt, socket, level, option, 1)).error, EPERM) << option;
}

TEST_F(HereTest, ASocketThatOnlySentAnswersOnLoopbackOnly) {
  const SocketId socket = new_socket(caller, AF_INET, SOCK_DGRAM);
  Request send = request(Call::sendto, socket, "x");
  send.address = loopback(9);
  ASSERT_TRUE(perform(caller, send).ok());
  house.fold_all();
  if (!house.all<event::Notice>().empty()) GTEST_SKIP() << "this kernel lets only root choose a device";
  EXPECT_EQ(device_of(socket), "lo");
}

TEST_F(HereTest, ASecondBroadcastGoesAsTheFirst) {
  const SocketId socket = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(perform(caller, request(Call::setsockopt, socket, SOL_SOCKET, SO_BROADCAST, 1)).ok());
  Request send = request(Call::sendto, socket, "x");
  send.address = numeric("255.255.255.255");
  if (!perform(caller, send).ok()) GTEST_SKIP() << "this kernel lets only root choose a device";
  EXPECT_TRUE(perform(caller, send).ok());
}

TEST_F(HereTest, ARawSocketSeesLoopbackOnlyAndSockPacketSendsNothing) {
  const Reply raw = perform(caller, request(Call::socket, 0, AF_INET, SOCK_RAW, IPPROTO_ICMP));
  if (raw.error == EPERM) GTEST_SKIP() << "raw sockets need CAP_NET_RAW";
  EXPECT_EQ(device_of(raw.socket), "lo");
  const Reply packet = perform(caller, request(Call::socket, 0, AF_INET, SOCK_PACKET, htons(ETH_P_ALL)));
  if (!packet.ok()) GTEST_SKIP() << "no AF_PACKET here";
  Request send = request(Call::sendto, packet.socket, std::string_view("01234567890123456789"));
  send.address = numeric_address("0.0.0.0", 0x6c6f).value();  // "lo", to the kernel
  EXPECT_EQ(perform(caller, send).error, EPERM);
}

}  // namespace
}  // namespace sockscope::testing
