// The private directory as workers have it, and the calls on messages when they are interrupted.

#include <cstdio>
#include <filesystem>

#include "engine_house.h"

namespace sockscope::testing {
namespace {

class DirectoryTest : public EngineTest {
 protected:
  static Address unix_path(std::string_view path) {
    Address address;
    address.family = AF_UNIX;
    address.path = path;
    return address;
  }
  Reply interrupted(ThreadId thread, const Request& made) {
    const Pending pending = begin(thread, made);
    EXPECT_TRUE(until([&] { return blocked(thread); })) << info(made.call).python;
    EXPECT_TRUE(engine.interrupt(thread));
    return finish(pending);
  }
};

TEST_F(DirectoryTest, EveryThreadIsInItAndTheProgramIsNot) {
  const std::string before = std::filesystem::current_path();
  const ThreadId a = worker("a"), b = worker("b");
  const auto where = [](Caller&) { return std::filesystem::current_path().string(); };
  EXPECT_EQ(on(a, where), engine.room().directory());
  EXPECT_EQ(on(b, where), engine.room().directory());
  EXPECT_EQ(std::filesystem::current_path(), before);
  const SocketId socket = call(a, request(Call::socket, 0, AF_UNIX, SOCK_DGRAM)).socket;
  EXPECT_TRUE(call(a, request(Call::bind, socket, unix_path("s"))).ok());
  const SocketId other = call(b, request(Call::socket, 0, AF_UNIX, SOCK_DGRAM)).socket;
  EXPECT_TRUE(call(b, request(Call::connect, other, unix_path("s"))).ok());
}

TEST_F(DirectoryTest, ItGoesWhenTheEngineStops) {
  const ThreadId a = worker("a");
  const SocketId socket = call(a, request(Call::socket, 0, AF_UNIX, SOCK_DGRAM)).socket;
  ASSERT_TRUE(call(a, request(Call::bind, socket, unix_path("left-behind"))).ok());
  const std::string path = engine.room().directory();
  ASSERT_TRUE(std::filesystem::exists(path + "/left-behind"));
  EXPECT_TRUE(engine.stop().empty());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(DirectoryTest, CallsThatWaitForAMessageComeBackWhenAsked) {
  const ThreadId a = worker("a");
  const SocketId socket = call(a, request(Call::socket, 0, AF_INET, SOCK_DGRAM)).socket;
  ASSERT_TRUE(call(a, request(Call::bind, socket, loopback(0))).ok());
  for (const std::int64_t timeout : {std::int64_t{-1}, 60 * kSecond}) {
    ASSERT_TRUE(call(a, request(Call::settimeout, socket, timeout)).ok());
    for (const Call name : {Call::recvfrom, Call::recvmsg, Call::recv_into}) {
      const Reply reply = interrupted(a, request(name, socket, 10, 0, 10));
      EXPECT_EQ(reply.error, EINTR) << info(name).python;
      EXPECT_TRUE(reply.interrupted);
    }
  }
}

TEST_F(DirectoryTest, ASendfileThatWaitsForRoomComesBackAndThePositionSaysWhatWent) {
  const ThreadId a = worker("a");
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  std::FILE* file = std::tmpfile();
  const int fd = ::fileno(file);
  ASSERT_EQ(::ftruncate(fd, 64 << 20), 0);
  for (const std::int64_t timeout : {std::int64_t{-1}, 60 * kSecond}) {
    ASSERT_TRUE(call(a, request(Call::settimeout, c.client, timeout)).ok());
    ::lseek(fd, 0, SEEK_SET);
    Request made = request(Call::sendfile, c.client, 0, -1);
    made.file = fd;
    const Reply reply = interrupted(a, made);
    EXPECT_EQ(reply.error, EINTR);
    EXPECT_TRUE(reply.interrupted);
    if (timeout < 0) {  // it fills the queues; of the second nothing need go
      EXPECT_GT(::lseek(fd, 0, SEEK_CUR), 0);
    }
  }
  std::fclose(file);
}

}  // namespace
}  // namespace sockscope::testing
