// Why a port cannot be had: a closed connection that rests, a program, nobody.
#include "session/port_look.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "trace/clock.h"

namespace sockscope {
namespace port_look_test {

// Sockets of the test itself: what another program has done.
struct Pair {
  int listener = -1, client = -1, served = -1;
  std::uint16_t port = 0;
  Pair() {
    listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(listener, 1) != 0) return;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
    client = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(client, reinterpret_cast<sockaddr*>(&at), size) != 0) return;
    served = ::accept(listener, nullptr, nullptr);
    port = ntohs(at.sin_port);
  }
  ~Pair() {
    for (const int fd : {listener, client, served})
      if (fd >= 0) ::close(fd);
  }
};

TEST(PortLook, AClosedConnectionThatRestsIsTimed) {
  Pair pair;
  ASSERT_GE(pair.served, 0);
  // The server's side closes first: its port goes to TIME_WAIT.
  ::close(std::exchange(pair.served, -1));
  ::close(std::exchange(pair.client, -1));
  ::close(std::exchange(pair.listener, -1));
  std::optional<PortHolder> holder;
  const Time deadline = now() + 20 * kSecond;
  while ((!holder || holder->free_at == 0) && now() < deadline) holder = holder_of_port(pair.port);
  ASSERT_TRUE(holder);
  EXPECT_GT(holder->free_at, now() + 20 * kSecond);
  EXPECT_LE(holder->free_at, now() + 61 * kSecond);
  EXPECT_EQ(holder->who, "");
}

TEST(PortLook, AProgramThatListensIsNamed) {
  const Pair pair;
  ASSERT_GE(pair.served, 0);
  const auto holder = holder_of_port(pair.port);
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->free_at, 0);
  EXPECT_NE(holder->who.find(std::to_string(::getpid())), std::string::npos) << holder->who;
}

TEST(PortLook, AFreePortIsHeldByNobody) {
  std::uint16_t port = 0;
  {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    port = ntohs(at.sin_port);
    ::close(fd);
  }
  EXPECT_FALSE(holder_of_port(port));
}

}  // namespace port_look_test
}  // namespace sockscope
