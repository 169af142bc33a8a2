// What the kernel says of our sockets, as events for what changed.

#include "kernel/observer.h"

#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <functional>
#include <string>
#include <thread>

#include "calls/tcp_info.h"
#include "observed.h"

namespace sockscope::testing {
namespace {

class ObserverTest : public ObservedTest {
 protected:
  // What was told of sockets so far. A notice of the observer's own pace may come at any time.
  std::size_t told_of_sockets() {
    house.fold_all();
    return house.all<event::StateChanged>().size() + house.all<event::QueuesSampled>().size() +
           house.all<event::TimerSampled>().size();
  }
  std::size_t unacknowledged(SocketId id) {
    int bytes = -1;
    room.sockets().with_fd(*room.sockets().find(id), [&](int fd) { ::ioctl(fd, SIOCOUTQ, &bytes); });
    return static_cast<std::size_t>(bytes);
  }
};

TEST_F(ObserverTest, TheAcceptQueueFillsAndEmpties) {
  const Listener listener = new_listener(caller, 4);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(make(request(Call::connect, new_socket(caller), listener.address)).ok());
  }
  ASSERT_TRUE(until([&] { return seen(listener.id).accept_queue == 3; }));
  EXPECT_EQ(seen(listener.id).limit, 4u);
  make(request(Call::accept, listener.id));
  EXPECT_EQ(seen(listener.id).accept_queue, 2u);  // told by the call itself
  make(request(Call::connect, new_socket(caller), listener.address));
  ASSERT_TRUE(until([&] { return seen(listener.id).accept_queue == 3; }));
}

TEST_F(ObserverTest, BytesWaitInTheReceiveQueue) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "hello"));
  ASSERT_TRUE(until([&] { return seen(c.server).recv_queue == 5; }));
  make(request(Call::recv, c.server, 2, 0));
  ASSERT_TRUE(until([&] { return seen(c.server).recv_queue == 3; }));
  EXPECT_GT(seen(c.server).cwnd, 0u);
}

TEST_F(ObserverTest, NothingWaitsToBeSentOnAConnectionThatWasRefused) {
  const Listener gone = new_listener(caller, 1);
  make(request(Call::close, gone.id));
  const SocketId refused = new_socket(caller);
  ASSERT_EQ(make(request(Call::connect, refused, gone.address)).error, ECONNREFUSED);
  EXPECT_GT(unacknowledged(refused), 0u) << "SIOCOUTQ counts what was never sent: the test asks nothing else";
  const Time settled = now();
  ASSERT_TRUE(until([&] { return observer.complete() > settled; }));
  house.fold_all();
  for (const auto& sampled : house.all<event::QueuesSampled>()) {
    EXPECT_EQ(sampled.send_queue, 0u);
  }
}

TEST_F(ObserverTest, ThePeersCloseIsSeenAsASample) {
  const Connection c = new_connection(caller);
  make(request(Call::close, c.server));
  ASSERT_TRUE(until([&] { return seen(c.client).state == TcpState::CLOSE_WAIT; }));
  EXPECT_EQ(seen(c.client).known, How::sample);
  EXPECT_EQ(house.all<event::StateChanged>().back().from, TcpState::ESTABLISHED);
}

TEST_F(ObserverTest, WhenNothingMovesNothingIsPut) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "hello"));
  ASSERT_TRUE(until([&] { return seen(c.server).recv_queue == 5 && unacknowledged(c.client) == 0; }));
  const Time settled = now();
  ASSERT_TRUE(until([&] { return observer.complete() > settled; }));
  const std::size_t told = told_of_sockets();
  for (int i = 0; i < 100; ++i) observer.poll();
  EXPECT_EQ(told_of_sockets(), told);
}

TEST_F(ObserverTest, AChangeIsToldOnceWhoeverSeesIt) {
  const Connection c = new_connection(caller);
  observer.poll();
  house.fold_all();
  int established = 0;
  for (const auto& change : house.all<event::StateChanged>()) {
    established += change.socket == c.client && change.to == TcpState::ESTABLISHED ? 1 : 0;
    EXPECT_NE(change.from, change.to);
  }
  EXPECT_EQ(established, 1);
}

TEST_F(ObserverTest, LocalStreamsHaveQueuesAndDatagramsAreLeftAlone) {
  const SocketId listener = new_socket(caller, AF_UNIX, SOCK_STREAM);
  Address name;
  name.family = AF_UNIX;
  name.path = std::string_view(std::string(1, '\0') + "sockscope-observer-" + std::to_string(getpid()));
  ASSERT_TRUE(make(request(Call::bind, listener, name)).ok());
  ASSERT_TRUE(make(request(Call::listen, listener, 1)).ok());
  const SocketId client = new_socket(caller, AF_UNIX, SOCK_STREAM);
  ASSERT_TRUE(make(request(Call::connect, client, name)).ok());
  const SocketId server = make(request(Call::accept, listener)).socket;
  new_socket(caller, AF_INET, SOCK_DGRAM);
  make(request(Call::send, client, "abc"));
  ASSERT_TRUE(until([&] { return seen(server).recv_queue == 3; }));
  EXPECT_EQ(seen(server).state, TcpState::not_known);
}

TEST_F(ObserverTest, OfWhatTheKernelHasForgottenNothingIsTold) {
  const Connection c = new_connection(caller);
  for (const SocketId id : {c.client, c.server, c.listener}) make(request(Call::close, id));
  ASSERT_TRUE(until(
      [&] { return seen(c.client).timer == Timer::time_wait && seen(c.server).state == TcpState::CLOSED; }));
  const std::size_t told = told_of_sockets();
  observer.poll();
  EXPECT_EQ(told_of_sockets(), told);  // TIME_WAIT lasts a minute, and nothing moves in it
}

TEST_F(ObserverTest, SocketsOpenAndCloseWhileItLooks) {
  std::thread churning([this] {
    Caller other(room, 2);
    for (int i = 0; i < 100; ++i) {
      const Connection c = new_connection(other);
      for (const SocketId id : {c.client, c.server, c.listener}) perform(other, request(Call::close, id));
    }
  });
  for (int i = 0; i < 2000; ++i) observer.poll();
  churning.join();
  house.fold_all();
  for (const SocketState& socket : house.state.sockets()) EXPECT_FALSE(socket.open);
}

TEST(TcpStateOf, WhatIsNotTcpIsNotKnown) {
  EXPECT_EQ(tcp_state_of(-1), TcpState::not_known);
  EXPECT_EQ(tcp_state_of(0), TcpState::not_known);
}

}  // namespace
}  // namespace sockscope::testing
