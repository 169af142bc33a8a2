// Python's timeouts: O_NONBLOCK in the kernel, poll(2) before the call.

#include <gtest/gtest.h>

#include <string>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

class TimeoutTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  void set_timeout(SocketId socket, Time timeout) {
    ASSERT_TRUE(make(request(Call::settimeout, socket, timeout)).ok());
  }
  // Sends until a send does not succeed, and gives that one. What is under way may make room for a while.
  Reply send_until_full(SocketId socket) {
    const std::string much(1 << 20, 'x');
    for (int i = 0; i < 1000; ++i) {
      if (const Reply reply = make(request(Call::send, socket, much)); !reply.ok()) return reply;
    }
    ADD_FAILURE() << "the send queue never filled";
    return {};
  }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(TimeoutTest, RecvAndAcceptRunOut) {
  const Connection c = new_connection(caller);
  set_timeout(c.server, 5 * kMillisecond);
  const Time before = now();
  const Reply late = make(request(Call::recv, c.server, 10, 0));
  EXPECT_TRUE(late.timed_out);
  EXPECT_EQ(late.error, ETIMEDOUT);
  EXPECT_GE(now() - before, 5 * kMillisecond);
  set_timeout(c.listener, 5 * kMillisecond);
  EXPECT_TRUE(make(request(Call::accept, c.listener)).timed_out);
  house.fold_all();
  EXPECT_TRUE(house.all<event::CallReturned>().back().timed_out);
}

TEST_F(TimeoutTest, WithATimeoutWhatIsThereComesAtOnce) {
  const Connection c = new_connection(caller);
  set_timeout(c.server, 100 * kSecond);
  set_timeout(c.client, 100 * kSecond);
  EXPECT_EQ(make(request(Call::send, c.client, "x")).result, 1);
  EXPECT_EQ(make(request(Call::recv, c.server, 10, 0)).data, "x");
}

TEST_F(TimeoutTest, AZeroTimeoutIsEagain) {
  const Connection c = new_connection(caller);
  set_timeout(c.server, 0);
  const Reply none = make(request(Call::recv, c.server, 10, 0));
  EXPECT_EQ(none.error, EAGAIN);
  EXPECT_FALSE(none.timed_out);
  ASSERT_TRUE(make(request(Call::setblocking, c.listener, 0)).ok());
  EXPECT_EQ(make(request(Call::accept, c.listener)).error, EAGAIN);
  EXPECT_EQ(room.sockets().find(c.listener)->timeout_ns, 0);
  ASSERT_TRUE(make(request(Call::setblocking, c.listener, 1)).ok());
  EXPECT_EQ(room.sockets().find(c.listener)->timeout_ns, -1);
}

TEST_F(TimeoutTest, AnAcceptedSocketBlocksWhateverItsListenerDoes) {
  const Listener listener = new_listener(caller);
  set_timeout(listener.id, 100 * kSecond);
  const SocketId client = new_socket(caller);
  make(request(Call::connect, client, listener.address));
  const Reply accepted = make(request(Call::accept, listener.id));
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ(room.sockets().find(accepted.socket)->timeout_ns, -1);
}

TEST_F(TimeoutTest, ConnectWithATimeoutWaitsForTheHandshakeOnly) {
  const Listener listener = new_listener(caller);
  const SocketId client = new_socket(caller);
  set_timeout(client, 100 * kSecond);
  EXPECT_TRUE(make(request(Call::connect, client, listener.address)).ok());
}

TEST_F(TimeoutTest, ConnectToAFullQueueRunsOutInSynSent) {
  const Listener listener = full_listener(caller);
  const SocketId waits = new_socket(caller);
  set_timeout(waits, 20 * kMillisecond);
  const Reply late = make(request(Call::connect, waits, listener.address));
  EXPECT_TRUE(late.timed_out);
  house.fold_all();
  EXPECT_EQ(house.state.socket(waits)->state, TcpState::SYN_SENT);
}

TEST_F(TimeoutTest, ConnectThatDoesNotBlockIsInProgress) {
  const Listener listener = new_listener(caller);
  const SocketId client = new_socket(caller);
  set_timeout(client, 0);
  EXPECT_EQ(make(request(Call::connect, client, listener.address)).error, EINPROGRESS);
}

TEST_F(TimeoutTest, ConnectWithATimeoutToNobodyIsRefused) {
  const SocketId bound = new_socket(caller);
  ASSERT_TRUE(make(request(Call::bind, bound, loopback(0))).ok());
  const SocketId client = new_socket(caller);
  set_timeout(client, 100 * kSecond);
  const Reply refused = make(request(Call::connect, client, make(request(Call::getsockname, bound)).address));
  EXPECT_EQ(refused.error, ECONNREFUSED);
}

TEST_F(TimeoutTest, SendallsTimeoutIsForTheWhole) {
  const Connection c = new_connection(caller);
  set_timeout(c.client, 30 * kMillisecond);
  const std::string much(64 << 20, 'x');  // more than any queue takes
  const Reply late = make(request(Call::sendall, c.client, much));
  EXPECT_TRUE(late.timed_out);
  house.fold_all();
  EXPECT_GT(house.state.socket(c.client)->bytes_sent, 0u);  // its inner sends say what is known
}

TEST_F(TimeoutTest, SendToAFullQueueRunsOutOrIsEagain) {
  const Connection c = new_connection(caller);
  set_timeout(c.client, 0);
  const Reply full = send_until_full(c.client);
  EXPECT_EQ(full.error, EAGAIN);
  EXPECT_FALSE(full.timed_out);
  set_timeout(c.client, 5 * kMillisecond);
  EXPECT_TRUE(send_until_full(c.client).timed_out);
}

TEST_F(TimeoutTest, ATimeoutBeyondAllTimeIsForEver) {
  const Connection c = new_connection(caller);
  set_timeout(c.server, std::numeric_limits<Time>::max());
  make(request(Call::send, c.client, "x"));
  EXPECT_EQ(make(request(Call::recv, c.server, 10, 0)).data, "x");
}

TEST_F(TimeoutTest, ASocketMadeNonblockingIsSoInPythonToo) {
  const Reply made = make(request(Call::socket, 0, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(room.sockets().find(made.socket)->timeout_ns, 0);
  EXPECT_EQ(room.sockets().find(made.socket)->type, SOCK_STREAM);
}

}  // namespace
}  // namespace sockscope::testing
