// Connections that the kernel has made and nobody has accepted.

#include <fcntl.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <string>

#include "observed.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

namespace sockscope::testing {
namespace {

using QueueWatchTest = ObservedTest;

TEST_F(QueueWatchTest, AnotherProgramsClientIsASocketThatAcceptKeeps) {
  const Listener listener = new_listener(caller, 3);
  const Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(listener.address));
  ASSERT_TRUE(until([&] { return queued(listener.id).size() == 1; }));
  const SocketId waits = queued(listener.id).front();
  ASSERT_TRUE(reaches(waits, TcpState::ESTABLISHED));  // it may have been seen before the last ACK came
  const bool half_made = seen(waits).how == SocketHow::syn_queue;
  EXPECT_EQ(seen(waits).known, How::sample);
  EXPECT_FALSE(seen(waits).open);
  EXPECT_EQ(seen(waits).fd, -1);
  EXPECT_EQ(seen(listener.id).waiting, std::vector{waits});  // nobody of ours: its own seat
  const Reply accepted = make(request(Call::accept, listener.id));
  EXPECT_EQ(accepted.socket, waits);
  EXPECT_TRUE(seen(waits).open);
  EXPECT_GE(seen(waits).fd, 0);
  EXPECT_TRUE(seen(listener.id).waiting.empty());
  EXPECT_EQ(states_of(waits).front().to, TcpState::SYN_RECV);
  EXPECT_EQ(states_of(waits).front().how, half_made ? How::sample : How::derived);
}

TEST_F(QueueWatchTest, AClientOfOursSitsInItsOwnName) {
  const Listener listener = new_listener(caller, 3);
  const SocketId client = new_socket(caller);
  ASSERT_TRUE(make(request(Call::connect, client, listener.address)).ok());
  ASSERT_TRUE(until([&] { return queued(listener.id).size() == 1; }));
  EXPECT_EQ(seen(listener.id).waiting, std::vector{client});
  EXPECT_EQ(seen(client).peer_id, queued(listener.id).front());
}

TEST_F(QueueWatchTest, BytesSentBeforeAcceptWait) {
  const Listener listener = new_listener(caller, 3);
  const SocketId client = new_socket(caller);
  ASSERT_TRUE(make(request(Call::connect, client, listener.address)).ok());
  make(request(Call::send, client, "early"));
  ASSERT_TRUE(until(
      [&] { return queued(listener.id).size() == 1 && seen(queued(listener.id).front()).recv_queue == 5; }));
}

TEST_F(QueueWatchTest, WhoClosesWhileWaitingKeepsTheSeatAndItsBytesAreBytes) {
  const Listener listener = new_listener(caller, 3);
  Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(listener.address));
  ASSERT_EQ(::send(client.fd(), "bye", 3, 0), 3);
  client.close();
  ASSERT_TRUE(until([&] { return queued(listener.id).size() == 1; }));
  const SocketId waits = queued(listener.id).front();
  ASSERT_TRUE(reaches(waits, TcpState::CLOSE_WAIT));
  EXPECT_EQ(seen(waits).recv_queue, 3u);  // not four: the FIN is no byte
  EXPECT_EQ(seen(listener.id).accept_queue, 1u);
  EXPECT_EQ(make(request(Call::accept, listener.id)).socket, waits);
}

TEST_F(QueueWatchTest, AResetClientIsClosedAndStillAccepted) {
  const Listener listener = new_listener(caller, 3);
  Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(listener.address));
  ASSERT_TRUE(until([&] { return queued(listener.id).size() == 1; }));
  const SocketId waits = queued(listener.id).front();
  const linger at_once{1, 0};
  ASSERT_EQ(::setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  client.close();
  ASSERT_TRUE(reaches(waits, TcpState::CLOSED));
  EXPECT_EQ(seen(listener.id).accept_queue, 1u);
  EXPECT_EQ(make(request(Call::accept, listener.id)).socket, waits);
}

TEST_F(QueueWatchTest, AClosedListenerTakesItsQueueWithIt) {
  const Listener listener = new_listener(caller, 3);
  const Foreign one(AF_INET), two(AF_INET);
  ASSERT_TRUE(one.connect(listener.address));
  ASSERT_TRUE(two.connect(listener.address));
  ASSERT_TRUE(until([&] { return queued(listener.id).size() == 2; }));
  const auto waited = queued(listener.id);
  make(request(Call::close, listener.id));
  EXPECT_TRUE(reaches(waited[0], TcpState::CLOSED));
  EXPECT_TRUE(reaches(waited[1], TcpState::CLOSED));
  EXPECT_EQ(seen(listener.id).state, TcpState::CLOSED);
}

TEST_F(QueueWatchTest, ADeferredAcceptIsASynReceived) {
  const Listener listener = new_listener(caller, 3);
  ASSERT_TRUE(make(request(Call::setsockopt, listener.id, IPPROTO_TCP, TCP_DEFER_ACCEPT, 10)).ok());
  const Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(listener.address));
  ASSERT_TRUE(until([&] { return seen(listener.id).syn_queue == 1 && queued(listener.id).size() == 1; }));
  const SocketId waits = queued(listener.id).front();
  EXPECT_EQ(seen(waits).state, TcpState::SYN_RECV);
  EXPECT_EQ(seen(waits).known, How::sample);
  ASSERT_EQ(::send(client.fd(), "x", 1, 0), 1);
  ASSERT_TRUE(reaches(waits, TcpState::ESTABLISHED));  // the request's cookie is the connection's
  EXPECT_TRUE(until([&] { return seen(listener.id).syn_queue == 0; }));
  EXPECT_EQ(make(request(Call::accept, listener.id)).socket, waits);
}

TEST_F(QueueWatchTest, AFullQueueDropsAndItsClientTriesAgain) {
  const Listener listener = new_listener(caller, 0);
  const Foreign sits(AF_INET);
  ASSERT_TRUE(sits.connect(listener.address));
  ASSERT_TRUE(until([&] { return seen(listener.id).accept_queue == 1; }));
  const SocketId knocks = new_socket(caller);
  make(request(Call::setblocking, knocks, 0));
  EXPECT_EQ(make(request(Call::connect, knocks, listener.address)).error, EINPROGRESS);
  ASSERT_TRUE(until([&] { return seen(listener.id).drops >= 1 && seen(knocks).timer == Timer::retransmit; }));
  EXPECT_EQ(seen(knocks).state, TcpState::SYN_SENT);
  EXPECT_GT(seen(knocks).timer_ends, now());
  EXPECT_LT(seen(knocks).timer_ends, now() + 2 * kSecond);
  EXPECT_TRUE(until([&] { return seen(knocks).timer_tries >= 1 && seen(listener.id).drops >= 2; }));
}

TEST_F(QueueWatchTest, AnIpv6ListenerHasIpv4ClientsToo) {
  const SocketId listener = new_socket(caller, AF_INET6);
  ASSERT_TRUE(make(request(Call::setsockopt, listener, IPPROTO_IPV6, IPV6_V6ONLY, 0)).ok());
  Address any;
  any.family = AF_INET6;
  ASSERT_TRUE(make(request(Call::bind, listener, any)).ok());
  ASSERT_TRUE(make(request(Call::listen, listener, 3)).ok());
  const std::uint16_t port = make(request(Call::getsockname, listener)).address.port;
  const Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(loopback(port)));
  ASSERT_TRUE(until([&] { return queued(listener).size() == 1; }));
  const SocketId waits = queued(listener).front();
  EXPECT_EQ(make(request(Call::accept, listener)).socket, waits);
}

TEST_F(QueueWatchTest, WhileOneOfTwoDescriptorsListensTheQueueIsThere) {
  const Listener listener = new_listener(caller, 3);
  const SocketId copy = make(request(Call::dup, listener.id)).socket;
  const Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(listener.address));
  ASSERT_TRUE(until([&] { return queued(listener.id).size() + queued(copy).size() == 1; }));
  const SocketId waits = queued(listener.id).empty() ? queued(copy).front() : queued(listener.id).front();
  ASSERT_TRUE(reaches(waits, TcpState::ESTABLISHED));
  make(request(Call::close, listener.id));
  for (int i = 0; i < 50; ++i) observer.poll();
  EXPECT_EQ(seen(waits).state, TcpState::ESTABLISHED);
  EXPECT_EQ(make(request(Call::accept, copy)).socket, waits);
  EXPECT_TRUE(seen(listener.id).waiting.empty());
  EXPECT_TRUE(seen(copy).waiting.empty());
}

TEST_F(QueueWatchTest, OfMultipathTcpNothingIsSaidThatTheKernelDoesNotSay) {
  const Reply made = make(request(Call::socket, 0, AF_INET, SOCK_STREAM, IPPROTO_MPTCP));
  if (!made.ok()) GTEST_SKIP() << "no Multipath TCP here: " << errno_name(made.error);
  ASSERT_TRUE(make(request(Call::bind, made.socket, loopback(0))).ok());
  ASSERT_TRUE(make(request(Call::listen, made.socket, 3)).ok());
  const Foreign client(AF_INET);
  ASSERT_TRUE(client.connect(make(request(Call::getsockname, made.socket)).address));
  for (int i = 0; i < 5; ++i) observer.poll();
  house.fold_all();
  EXPECT_TRUE(queued(made.socket).empty());
  const Reply accepted = make(request(Call::accept, made.socket));
  ASSERT_TRUE(accepted.ok());
  make(request(Call::close, accepted.socket));
  EXPECT_EQ(seen(accepted.socket).state, TcpState::not_known);
}

// Two listening sockets on one port: whose queue a client is in shows when one of them accepts it.
TEST_F(QueueWatchTest, WhereAPortIsSharedNobodyIsGivenASeat) {
  const auto listen_at = [&](const Address& address) {
    const SocketId listener = new_socket(caller);
    EXPECT_TRUE(make(request(Call::setsockopt, listener, SOL_SOCKET, SO_REUSEPORT, 1)).ok());
    EXPECT_TRUE(make(request(Call::bind, listener, address)).ok());
    EXPECT_TRUE(make(request(Call::listen, listener, 3)).ok());
    return listener;
  };
  const SocketId one = listen_at(loopback(0));
  const Address address = make(request(Call::getsockname, one)).address;
  const SocketId two = listen_at(address);
  const SocketId client = new_socket(caller);
  ASSERT_TRUE(make(request(Call::connect, client, address)).ok());
  ASSERT_TRUE(until([&] { return seen(one).accept_queue + seen(two).accept_queue == 1; }));
  observer.poll();
  EXPECT_TRUE(seen(one).waiting.empty());
  EXPECT_TRUE(seen(two).waiting.empty());
  EXPECT_TRUE(queued(one).empty() && queued(two).empty());
  const SocketId its = seen(one).accept_queue == 1 ? one : two;
  const Reply accepted = make(request(Call::accept, its));
  EXPECT_EQ(seen(accepted.socket).from, its);
  EXPECT_EQ(seen(client).peer_id, accepted.socket);
}

TEST_F(QueueWatchTest, OfAUnixListenerTheKernelTellsHowManyWait) {
  const SocketId listener = new_socket(caller, AF_UNIX);
  Address name;
  name.family = AF_UNIX;
  const std::string abstract = std::string(1, '\0') + "sockscope-queue-" + std::to_string(::getpid());
  name.path = Blob(abstract);
  ASSERT_TRUE(make(request(Call::bind, listener, name)).ok());
  ASSERT_TRUE(make(request(Call::listen, listener, 2)).ok());
  const Foreign stranger(AF_UNIX);
  ASSERT_TRUE(stranger.connect(name));
  const SocketId ours = new_socket(caller, AF_UNIX);
  ASSERT_TRUE(make(request(Call::connect, ours, name)).ok());
  ASSERT_TRUE(until([&] { return seen(listener).accept_queue == 2; }));
  EXPECT_EQ(seen(listener).limit, 2u);
  EXPECT_EQ(seen(listener).waiting, std::vector{ours});  // of the other one nothing but that it is there
  ASSERT_TRUE(make(request(Call::accept, listener)).ok());
  EXPECT_TRUE(until([&] { return seen(listener).accept_queue == 1; }));
}

}  // namespace
}  // namespace sockscope::testing
