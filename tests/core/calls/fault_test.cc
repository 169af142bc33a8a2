// Calls that are made to fail (calls/fault.h): only a build with SOCKSCOPE_FAULTS has them.

#include "calls/fault.h"

#include <gtest/gtest.h>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

#ifdef SOCKSCOPE_FAULTS

class FaultTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(FaultTest, TheKthCallFailsOnceAndIsInTheTrace) {
  room.faults().fail(2, ENOMEM);
  EXPECT_TRUE(perform(caller, request(Call::socket, 0, AF_INET, SOCK_STREAM)).ok());
  EXPECT_EQ(perform(caller, request(Call::socket, 0, AF_INET, SOCK_STREAM)).error, ENOMEM);
  EXPECT_TRUE(perform(caller, request(Call::socket, 0, AF_INET, SOCK_STREAM)).ok());
  EXPECT_EQ(room.faults().asked(), 3u);
  house.fold_all();
  EXPECT_EQ(house.all<event::CallReturned>()[1].error, ENOMEM);
}

TEST_F(FaultTest, ACloseThatFailsHasClosed) {
  const SocketId socket = new_socket(caller);
  room.faults().fail(1, EIO, SYS_close);
  EXPECT_EQ(perform(caller, request(Call::close, socket)).error, EIO);
  EXPECT_TRUE(room.sockets().open().empty());
  house.fold_all();
  const int number = house.all<event::SocketOpened>()[0].fd;
  EXPECT_EQ(room.sockets().find(new_socket(caller))->fd.load(), number);  // the number is free again
}

TEST_F(FaultTest, AnEintrThatNobodyAskedForIsRetried) {
  const Connection c = new_connection(caller);
  perform(caller, request(Call::send, c.client, "hello"));
  room.faults().fail(1, EINTR, SYS_recvfrom);
  EXPECT_EQ(perform(caller, request(Call::recv, c.server, 10)).data, "hello");
  EXPECT_EQ(room.faults().asked(), 2u);
}

#endif

}  // namespace
}  // namespace sockscope::testing
