// The keeper's child and the hosts it makes, on this machine's own kernel.

#include "lab/keeper.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "lab/netlink.h"
#include "lab_support.h"
#include "trace/clock.h"

namespace sockscope::testing {
namespace {

class KeeperTest : public LabTest {
 protected:
  void SetUp() override {
    LabTest::SetUp();
    if (IsSkipped()) return;
    auto started = Keeper::start(kKeeper);
    ASSERT_TRUE(started) << describe(started.error());
    keeper = std::move(*started);
  }
  Keeper::Ends add(unsigned number) {
    auto ends = keeper->add_host(number, usual_address(number), usual_address6(number));
    EXPECT_TRUE(ends) << describe(ends.error());
    return ends ? std::move(*ends) : Keeper::Ends{};
  }
  Descriptor socket(unsigned host, int family, int type, int protocol = 0) {
    Descriptor made(keeper->socket(host, family, type, protocol));
    EXPECT_GE(made.get(), 0) << strerror(-made.get());
    return made;
  }
  std::unique_ptr<Keeper> keeper;
};

// What is read from one end is written to the other, until `end` is closed.
void forward_one(int from, int to, int patience_ms) {
  std::array<char, 2048> frame{};
  pollfd ready{from, POLLIN, 0};
  if (::poll(&ready, 1, patience_ms) <= 0) return;
  const ssize_t size = ::recv(from, frame.data(), frame.size(), MSG_DONTWAIT);
  if (size > 0) ::send(to, frame.data(), static_cast<std::size_t>(size), 0);
}

bool bind_to(const Descriptor& socket, const Address& address) {
  sockaddr_storage to{};
  const socklen_t length = to_sockaddr(address, to);
  return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&to), length) == 0;
}
bool connect_to(const Descriptor& socket, const Address& address) {
  sockaddr_storage to{};
  const socklen_t length = to_sockaddr(address, to);
  return ::connect(socket.get(), reinterpret_cast<sockaddr*>(&to), length) == 0 || errno == EINPROGRESS;
}

TEST_F(KeeperTest, NothingCrossesAWireThatNoCallCaused) {
  const Keeper::Ends a = add(1), b = add(2);
  std::array<pollfd, 2> ends{{{a.wire.get(), POLLIN, 0}, {b.wire.get(), POLLIN, 0}}};
  if (::poll(ends.data(), ends.size(), 3'000) == 0) return;
  std::array<unsigned char, 2048> frame{};
  const int from = ends[0].revents != 0 ? a.wire.get() : b.wire.get();
  const ssize_t size = ::recv(from, frame.data(), frame.size(), MSG_DONTWAIT);
  std::string text;
  for (ssize_t at = 0; at < size; ++at) text += fmt::format("{:02x} ", frame[static_cast<std::size_t>(at)]);
  ADD_FAILURE() << "a frame was sent: " << text;
}

TEST_F(KeeperTest, ASocketBelowPort1024IsBoundWithoutARight) {
  add(1);
  const Descriptor s = socket(1, AF_INET, SOCK_STREAM);
  Address address = usual_address(1);
  address.port = 80;
  EXPECT_TRUE(bind_to(s, address)) << strerror(errno);
  EXPECT_EQ(::listen(s.get(), 1), 0);
}

TEST_F(KeeperTest, TheMachinesOwnAddressesAreNotTheHosts) {
  add(1);
  const Descriptor here(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_TRUE(bind_to(here, loopback(0)));
  EXPECT_FALSE(bind_to(here, usual_address(1)));
  const Descriptor there = socket(1, AF_INET, SOCK_DGRAM);
  EXPECT_TRUE(bind_to(there, usual_address(1))) << strerror(errno);
}

TEST_F(KeeperTest, TwoHostsTalkThroughTheHubInBothFamilies) {
  const Keeper::Ends a = add(1), b = add(2);
  for (const bool six : {false, true}) {
    SCOPED_TRACE(six);
    Address to = six ? usual_address6(2) : usual_address(2);
    to.port = 5353;
    const int family = six ? AF_INET6 : AF_INET;
    const Descriptor receiver = socket(2, family, SOCK_DGRAM), sender = socket(1, family, SOCK_DGRAM);
    ASSERT_TRUE(bind_to(receiver, to)) << strerror(errno);
    ASSERT_TRUE(connect_to(sender, to)) << strerror(errno);
    ASSERT_EQ(::send(sender.get(), "hello", 5, 0), 5) << strerror(errno);
    forward_one(a.wire.get(), b.wire.get(), 2'000);
    std::array<char, 16> got{};
    pollfd ready{receiver.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&ready, 1, 2'000), 1);
    EXPECT_EQ(::recv(receiver.get(), got.data(), got.size(), 0), 5);
  }
}

TEST_F(KeeperTest, SegmentsAreWholeAndHaveTheirChecksum) {
  const Keeper::Ends a = add(1), b = add(2);
  Address to = usual_address(2);
  to.port = 80;
  const Descriptor sender = socket(1, AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
  ASSERT_TRUE(connect_to(sender, to));
  std::array<unsigned char, 2048> frame{};
  pollfd ready{a.wire.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&ready, 1, 2'000), 1);
  const ssize_t size = ::recv(a.wire.get(), frame.data(), frame.size(), 0);
  ASSERT_GT(size, 34);
  EXPECT_EQ(frame[23], IPPROTO_TCP);
  // The sum over pseudo header and segment, its checksum in it, is all ones.
  std::uint32_t sum = IPPROTO_TCP + static_cast<std::uint32_t>(size - 34);
  for (std::size_t at = 26; at < static_cast<std::size_t>(size); at += 2)
    sum += static_cast<std::uint32_t>(frame[at] << 8) +
           (at + 1 < static_cast<std::size_t>(size) ? frame[at + 1] : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  EXPECT_EQ(sum, 0xffffu);
}

TEST_F(KeeperTest, ARawSocketPingsTheHostsLoopback) {
  add(1);
  const Descriptor raw = socket(1, AF_INET, SOCK_RAW, IPPROTO_ICMP);
  icmphdr ping{};
  ping.type = ICMP_ECHO;
  ping.checksum = static_cast<std::uint16_t>(~htons(ICMP_ECHO << 8));
  ASSERT_TRUE(connect_to(raw, loopback(0)));
  ASSERT_EQ(::send(raw.get(), &ping, sizeof ping, 0), static_cast<ssize_t>(sizeof ping)) << strerror(errno);
  pollfd ready{raw.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&ready, 1, 2'000), 1);
}

TEST_F(KeeperTest, WhatCannotBeMadeIsTheKernelsOwnError) {
  add(1);
  EXPECT_EQ(keeper->socket(1, AF_INET, SOCK_SEQPACKET, 0), -ESOCKTNOSUPPORT);
  EXPECT_EQ(keeper->socket(9, AF_INET, SOCK_STREAM, 0), -ENODEV);
  EXPECT_FALSE(keeper->add_host(1, usual_address(1), usual_address6(1)));
  EXPECT_FALSE(keeper->add_host(17, usual_address(17), usual_address6(17)));
  EXPECT_FALSE(keeper->add_host(0, usual_address(1), usual_address6(1)));
}

TEST_F(KeeperTest, AHostWhoseAddressIsRefusedLeavesNothing) {
  add(1);
  Address wrong = usual_address(2);
  wrong.ip = {};  // 0.0.0.0
  const auto refused = keeper->add_host(2, wrong, wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().step, "an address");
  EXPECT_EQ(keeper->socket(2, AF_INET, SOCK_STREAM, 0), -ENODEV);
  add(2);  // its number, and its cable's name, are free
}

TEST_F(KeeperTest, SixteenHosts) {
  for (unsigned number = 1; number <= keeper::kMostHosts; ++number) add(number);
  EXPECT_GE(socket(16, AF_INET, SOCK_STREAM).get(), 0);
}

TEST_F(KeeperTest, AHostsNamespaceCanBeEntered) {
  const Keeper::Ends a = add(1);
  const auto namespaces = keeper->namespaces(1);
  ASSERT_TRUE(namespaces);
  EXPECT_GE(a.net, 0);
  const std::string path = "/proc/" + std::to_string(keeper->pid()) + "/fd/" + std::to_string(a.net);
  std::array<char, 64> link{};
  ASSERT_GT(::readlink(path.c_str(), link.data(), link.size() - 1), 0) << strerror(errno);
  EXPECT_EQ(std::string(link.data()).substr(0, 5), "net:[");
  struct stat named {};
  struct stat passed {};
  ASSERT_EQ(::stat(path.c_str(), &named), 0);
  ASSERT_EQ(::fstat(namespaces->net.get(), &passed), 0);
  EXPECT_EQ(named.st_ino, passed.st_ino);
  EXPECT_EQ(keeper->namespaces(2).error(), ENODEV);
}

TEST_F(KeeperTest, AKilledChildIsAnErrorNotASilence) {
  const Keeper::Ends a = add(1);  // the hub's end of the cable: without it the host's end, too, would go
  const Descriptor kept = socket(1, AF_INET, SOCK_DGRAM);
  EXPECT_FALSE(keeper->gone());
  ASSERT_EQ(::kill(keeper->pid(), SIGKILL), 0);
  pollfd hung{keeper->fd(), 0, 0};
  ASSERT_EQ(::poll(&hung, 1, 2'000), 1);
  EXPECT_TRUE(keeper->gone());
  EXPECT_EQ(keeper->socket(1, AF_INET, SOCK_STREAM, 0), -ENETDOWN);
  EXPECT_TRUE(bind_to(kept, usual_address(1)));  // its sockets live on
}

TEST_F(KeeperTest, AChildThatAnswersNoMoreCountsAsGone) {
  add(1);
  ASSERT_EQ(::kill(keeper->pid(), SIGSTOP), 0);
  EXPECT_EQ(keeper->socket(1, AF_INET, SOCK_STREAM, 0), -ENETDOWN);
  EXPECT_TRUE(keeper->gone());
  EXPECT_EQ(keeper->socket(1, AF_INET, SOCK_STREAM, 0), -ENETDOWN);
  ::kill(keeper->pid(), SIGCONT);
}

TEST_F(KeeperTest, ItEndsWithItsParentAlsoWhenThatIsKilled) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    const auto inner = Keeper::start(kKeeper);
    const pid_t pid = inner ? (*inner)->pid() : -1;
    [[maybe_unused]] const auto wrote = ::write(pipe[1], &pid, sizeof pid);
    for (;;) ::pause();
  }
  pid_t child = -1;
  ASSERT_EQ(::read(pipe[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  ASSERT_GT(child, 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  const Time give_up = now() + 5 * kSecond;
  // Gone, or a zombie that init has not reaped yet.
  const auto ended = [&] {
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string pid, name, state;
    return !(stat >> pid >> name >> state) || state == "Z";
  };
  while (!ended() && now() < give_up) ::poll(nullptr, 0, 1);
  EXPECT_TRUE(ended());
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(KeeperStart, AnExecutableThatIsNotThereIsNamed) {
  const auto started = Keeper::start("/nonexistent/sockscope");
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().step, "posix_spawn(/nonexistent/sockscope)");
  EXPECT_EQ(started.error().error, ENOENT);
}

TEST(KeeperStart, AnExecutableThatSaysNothingIsAnError) {
  const auto started = Keeper::start("/bin/true");
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().error, ECHILD);
}

}  // namespace
}  // namespace sockscope::testing
