// What threads may do to each other's calls: signals and close.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "calls/proc.h"
#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

constexpr Time kPatience = 20 * kSecond;

// Spins, giving the processor away, until `so` or the deadline.
bool until(const std::function<bool()>& so) {
  const Time deadline = now() + kPatience;
  while (!so()) {
    if (now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

class RaceTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  // A thread that makes one call. `there` sees its Caller while it lives.
  std::thread calling(Request made, Reply& reply, std::atomic<Caller*>& there, ThreadId id) {
    return std::thread([this, made, &reply, &there, id] {
      Caller other(room, id);
      there = &other;
      reply = perform(other, made);
      until([&] { return there.load() == nullptr; });  // whoever looks lets us go
    });
  }
  static bool asleep(const Caller& other) { return sleeping_in(other.tid()) == other.system_call(); }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(RaceTest, AStaleSignalNeverHitsTheNextCall) {
  const Connection c = new_connection(caller);
  room.set_tracing(false);  // thousands of calls; their events are not the point
  std::atomic<int> stage{0};
  std::atomic<bool> finished{false};
  std::atomic<int> strays{0};
  std::atomic<Caller*> there{nullptr};
  SocketHandle server = room.sockets().find(c.server);
  std::thread reader([&] {
    Caller other(room, 2);
    there = &other;
    std::array<char, 8> buffer{};
    // Raw recv after each traced one: were the signal still on its way, it would be EINTR.
    for (int i = 0; i < 2000; ++i) {
      stage = i;
      int error = 0;
      call_recv(other, server, buffer.data(), 1, 0, error);
      if (error != 0) ++strays;
      const int fd = server->fd;
      if (::recv(fd, buffer.data(), 1, 0) != 1) ++strays;
    }
    finished = true;
    until([&] { return there.load() == nullptr; });
  });
  ASSERT_TRUE(until([&] { return there.load() != nullptr; }));
  SocketHandle client = room.sockets().find(c.client);
  for (int i = 0; i < 2000 && !finished; ++i) {
    ASSERT_TRUE(until([&] { return stage == i && there.load()->inside() != 0; }));
    const CallId call = there.load()->inside();
    int error = 0;
    call_send(caller, client, "a", error);  // the traced recv comes back while we poke it
    for (int k = 0; k < 3; ++k) there.load()->poke(call);
    call_send(caller, client, "b", error);
  }
  ASSERT_TRUE(until([&] { return finished.load(); }));
  there = nullptr;
  reader.join();
  EXPECT_EQ(strays, 0);
}

TEST_F(RaceTest, ASignalNobodyAskedForIsRetried) {
  const Connection c = new_connection(caller);
  Reply reply;
  std::atomic<Caller*> there{nullptr};
  std::thread reader = calling(request(Call::recv, c.server, 10, 0), reply, there, 2);
  ASSERT_TRUE(
      until([&] { return there.load() != nullptr && there.load()->inside() != 0 && asleep(*there.load()); }));
  EXPECT_TRUE(there.load()->poke(there.load()->inside()));
  EXPECT_FALSE(there.load()->poke(there.load()->inside() + 1));
  perform(caller, request(Call::send, c.client, "x"));
  ASSERT_TRUE(until([&] { return there.load()->inside() == 0; }));
  there = nullptr;
  reader.join();
  EXPECT_EQ(reply.data, "x");
  EXPECT_FALSE(reply.interrupted);
}

TEST_F(RaceTest, CloseDoesNotWakeAnothersRecvButShutdownDoes) {
  const Connection c = new_connection(caller);
  Reply reply;
  std::atomic<Caller*> there{nullptr};
  std::thread reader = calling(request(Call::recv, c.server, 10, 0), reply, there, 2);
  ASSERT_TRUE(
      until([&] { return there.load() != nullptr && there.load()->inside() != 0 && asleep(*there.load()); }));
  EXPECT_TRUE(perform(caller, request(Call::close, c.server)).ok());
  EXPECT_TRUE(asleep(*there.load()));
  EXPECT_NE(there.load()->inside(), 0u);
  perform(caller, request(Call::send, c.client, "still there"));  // the kernel holds the file for recv
  ASSERT_TRUE(until([&] { return there.load()->inside() == 0; }));
  there = nullptr;
  reader.join();
  EXPECT_EQ(reply.data, "still ther");
}

TEST_F(RaceTest, ShutdownWakesAnothersRecv) {
  const Connection c = new_connection(caller);
  Reply reply;
  std::atomic<Caller*> there{nullptr};
  std::thread reader = calling(request(Call::recv, c.server, 10, 0), reply, there, 2);
  ASSERT_TRUE(
      until([&] { return there.load() != nullptr && there.load()->inside() != 0 && asleep(*there.load()); }));
  EXPECT_TRUE(perform(caller, request(Call::shutdown, c.server, SHUT_RDWR)).ok());
  ASSERT_TRUE(until([&] { return there.load()->inside() == 0; }));
  there = nullptr;
  reader.join();
  EXPECT_TRUE(reply.ok());
  EXPECT_EQ(reply.data, "");
}

// A reader in a loop on a socket that is closed under it; the number is at once another socket's, with a byte
// waiting that the reader must never get.
TEST_F(RaceTest, AClosedNumberIsNeverReadAgain) {
  room.set_tracing(false);
  int wrong = 0;
  for (int i = 0; i < 300; ++i) {
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()), 0);
    SocketHandle mine = room.sockets().add(pair[0], AF_UNIX, SOCK_DGRAM, 0);
    std::atomic<bool> reading{false};
    std::atomic<bool> got{false};
    std::thread reader([&] {
      Caller other(room, 2);
      std::array<char, 4> buffer{};
      for (int error = 0; error != EBADF;) {
        reading = true;
        if (call_recv(other, mine, buffer.data(), buffer.size(), 0, error) > 0) got = true;
      }
    });
    EXPECT_TRUE(until([&] { return reading.load(); }));
    perform(caller, request(Call::close, mine->id));
    std::array<int, 2> next{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, next.data()), 0);
    EXPECT_EQ(next[0], pair[0]);
    EXPECT_EQ(::send(next[1], "x", 1, 0), 1);
    reader.join();
    wrong += got ? 1 : 0;
    for (const int fd : {pair[1], next[0], next[1]}) ::close(fd);
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace sockscope::testing
