// What becomes of a connection after close, and what the kernel's timers say.

#include <netinet/tcp.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "kernel/diag.h"
#include "observed.h"

namespace sockscope::testing {
namespace {

using WatchListTest = ObservedTest;

bool passed(const std::vector<event::StateChanged>& changes, TcpState state, How how) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const event::StateChanged& one) { return one.to == state && one.how == how; });
}

TEST_F(WatchListTest, WhoClosesFirstEndsInTimeWaitForAMinute) {
  const Connection c = new_connection(caller);
  make(request(Call::close, c.client));
  EXPECT_TRUE(passed(states_of(c.client), TcpState::FIN_WAIT1, How::call) ||
              passed(states_of(c.client), TcpState::FIN_WAIT1, How::derived));
  ASSERT_TRUE(reaches(c.client, TcpState::FIN_WAIT2));
  EXPECT_FALSE(seen(c.client).open);
  make(request(Call::close, c.server));
  ASSERT_TRUE(reaches(c.client, TcpState::TIME_WAIT));
  EXPECT_EQ(seen(c.client).known, How::sample);
  ASSERT_TRUE(until([&] { return seen(c.client).timer == Timer::time_wait; }));
  EXPECT_GT(seen(c.client).timer_ends, now() + 50 * kSecond);
  EXPECT_LT(seen(c.client).timer_ends, now() + 70 * kSecond);
}

TEST_F(WatchListTest, WhoClosesLastIsDoneAtOnceByLastAck) {
  const Connection c = new_connection(caller);
  make(request(Call::close, c.client));
  ASSERT_TRUE(reaches(c.server, TcpState::CLOSE_WAIT));
  make(request(Call::close, c.server));
  ASSERT_TRUE(reaches(c.server, TcpState::CLOSED));
  const auto changes = states_of(c.server);  // however soon the last ACK came
  EXPECT_TRUE(passed(changes, TcpState::LAST_ACK, How::call) ||
              passed(changes, TcpState::LAST_ACK, How::sample) ||
              passed(changes, TcpState::LAST_ACK, How::derived));
}

TEST_F(WatchListTest, UnreadBytesMakeCloseAReset) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "never read"));
  ASSERT_TRUE(until([&] { return seen(c.server).recv_queue == 10; }));
  make(request(Call::close, c.server));
  EXPECT_EQ(seen(c.server).state, TcpState::CLOSED);  // told by the call itself
  for (const TcpState never : {TcpState::FIN_WAIT1, TcpState::LAST_ACK, TcpState::TIME_WAIT})
    EXPECT_FALSE(passed(states_of(c.server), never, How::derived)) << name_of(never);
  EXPECT_TRUE(reaches(c.client, TcpState::CLOSED));
}

TEST_F(WatchListTest, LingerWithoutTimeIsAReset) {
  const Connection c = new_connection(caller);
  const linger at_once{1, 0};
  Request set = request(Call::setsockopt, c.client, SOL_SOCKET, SO_LINGER, 0);
  set.numbers[3] = 1;
  set.data = {reinterpret_cast<const char*>(&at_once), sizeof at_once};
  ASSERT_TRUE(make(set).ok());
  make(request(Call::close, c.client));
  EXPECT_EQ(seen(c.client).state, TcpState::CLOSED);
  EXPECT_FALSE(passed(states_of(c.client), TcpState::FIN_WAIT1, How::derived));
}

TEST_F(WatchListTest, TheFirstOfTwoDescriptorsEndsNothing) {
  const Connection c = new_connection(caller);
  const SocketId copy = make(request(Call::dup, c.client)).socket;
  make(request(Call::close, c.client));
  observer.poll();
  EXPECT_EQ(seen(copy).state, TcpState::ESTABLISHED);
  EXPECT_EQ(seen(c.server).state, TcpState::ESTABLISHED);
  make(request(Call::close, copy));
  EXPECT_TRUE(reaches(c.server, TcpState::CLOSE_WAIT));
}

TEST_F(WatchListTest, WhatNeverWasAnywhereIsClosed) {
  const SocketId fresh = new_socket(caller);
  make(request(Call::close, fresh));
  EXPECT_EQ(seen(fresh).state, TcpState::CLOSED);
  const Listener listener = new_listener(caller);
  make(request(Call::close, listener.id));
  EXPECT_EQ(seen(listener.id).state, TcpState::CLOSED);
}

TEST_F(WatchListTest, ARefusedConnectHasSentItsSyn) {
  const SocketId nobody = new_socket(caller);  // has the port and does not listen
  ASSERT_TRUE(make(request(Call::bind, nobody, loopback(0))).ok());
  const Address address = make(request(Call::getsockname, nobody)).address;
  const SocketId client = new_socket(caller);
  EXPECT_EQ(make(request(Call::connect, client, address)).error, ECONNREFUSED);
  house.fold_all();
  const auto changes = states_of(client);
  ASSERT_GE(changes.size(), 3u);
  EXPECT_EQ(changes[1].to, TcpState::SYN_SENT);
  EXPECT_EQ(changes[1].how, How::derived);
  EXPECT_EQ(changes[2].to, TcpState::CLOSED);
  EXPECT_EQ(changes[2].how, How::call);
}

TEST_F(WatchListTest, AnotherConnectionOnTheSameAddressesIsNotTakenForTheOldOne) {
  const Listener listener = new_listener(caller);
  ASSERT_TRUE(make(request(Call::setsockopt, listener.id, SOL_SOCKET, SO_REUSEADDR, 1)).ok());
  const auto connect_from = [&](const Address& own) {
    const SocketId client = new_socket(caller);
    EXPECT_TRUE(make(request(Call::setsockopt, client, SOL_SOCKET, SO_REUSEADDR, 1)).ok());
    EXPECT_TRUE(make(request(Call::bind, client, own)).ok());
    EXPECT_TRUE(make(request(Call::connect, client, listener.address)).ok());
    return client;
  };
  const SocketId first = connect_from(loopback(0));
  const Address own = make(request(Call::getsockname, first)).address;
  const SocketId served = make(request(Call::accept, listener.id)).socket;
  make(request(Call::close, served));  // the server's side is the one in TIME_WAIT
  ASSERT_TRUE(reaches(first, TcpState::CLOSE_WAIT));
  make(request(Call::close, first));
  ASSERT_TRUE(reaches(served, TcpState::TIME_WAIT));
  const SocketId second = connect_from(own);  // takes the addresses over
  EXPECT_TRUE(reaches(served, TcpState::CLOSED) || seen(served).state == TcpState::TIME_WAIT);
  EXPECT_EQ(seen(second).state, TcpState::ESTABLISHED);
  EXPECT_EQ(seen(first).state, TcpState::CLOSED);
}

TEST_F(WatchListTest, AReaderThatStopsShutsTheWindowAndTheKernelProbes) {
  const Connection c = new_connection(caller);
  make(request(Call::setblocking, c.client, 0));
  const std::string much(1 << 20, 'x');
  while (make(request(Call::send, c.client, std::string_view(much))).ok()) {
  }
  ASSERT_TRUE(until([&] {
    const SocketState& s = seen(c.client);
    return s.send_window == 0 && s.unsent > 0 && s.send_queue >= s.unsent && s.timer == Timer::probe;
  }));
  EXPECT_GT(seen(c.client).send_buffer, 0u);
  EXPECT_GT(seen(c.server).recv_queue, 0u);
}

TEST_F(WatchListTest, KeepaliveIsATimerToo) {
  const Connection c = new_connection(caller);
  ASSERT_TRUE(make(request(Call::setsockopt, c.client, SOL_SOCKET, SO_KEEPALIVE, 1)).ok());
  ASSERT_TRUE(until([&] { return seen(c.client).timer == Timer::keepalive; }));
  EXPECT_GT(seen(c.client).timer_ends, now() + 3600 * kSecond);
}

TEST_F(WatchListTest, DatagramsThatFindNoRoomAreCounted) {
  const SocketId receiver = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(make(request(Call::setsockopt, receiver, SOL_SOCKET, SO_RCVBUF, 2304)).ok());
  ASSERT_TRUE(make(request(Call::bind, receiver, loopback(0))).ok());
  const Address to = make(request(Call::getsockname, receiver)).address;
  const SocketId sender = new_socket(caller, AF_INET, SOCK_DGRAM);
  const std::string letter(700, 'x');
  for (int i = 0; i < 20; ++i) {
    Request send = request(Call::sendto, sender, std::string_view(letter));
    send.address = to;
    make(send);
  }
  ASSERT_TRUE(until([&] { return seen(receiver).drops > 0; }));
  EXPECT_GT(seen(receiver).recv_queue, 700u);
}

// Four threads that connect, accept and close, and one that looks: each connection has one id.
TEST_F(WatchListTest, UnderARaceEveryConnectionHasOneId) {
  constexpr int kRounds = 400;
  const Listener listener = new_listener(caller, 128);
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (ThreadId t = 2; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Caller its(room, t);
      for (int i = 0; i < kRounds; ++i) {
        const SocketId client = new_socket(its);
        EXPECT_TRUE(perform(its, request(Call::connect, client, listener.address)).ok());
        perform(its, request(Call::close, client));
      }
      ++done;
    });
    threads.emplace_back([&, t] {
      Caller its(room, t + 2);
      for (int i = 0; i < kRounds; ++i) {
        const Reply accepted = perform(its, request(Call::accept, listener.id));
        EXPECT_TRUE(accepted.ok());
        perform(its, request(Call::close, accepted.socket));
      }
      ++done;
    });
  }
  while (done < 4) observer.poll();
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(until([&] {
    return std::all_of(house.state.sockets().begin(), house.state.sockets().end(), [&](const SocketState& s) {
      return s.id == 0 || s.id == listener.id || s.state == TcpState::CLOSED ||
             s.state == TcpState::TIME_WAIT;
    });
  }));
  std::set<std::uint64_t> cookies;
  std::size_t accepted = 0;
  auto diag = Diag::open();
  ASSERT_TRUE(diag);
  for (const SocketState& s : house.state.sockets()) {
    if (s.id == 0) continue;
    if (s.state == TcpState::CLOSED && s.peer.known()) {
      const auto kept = diag->connection(s.local, s.peer, s.cookie);
      EXPECT_FALSE(kept && *kept) << "#" << s.id << " was told CLOSED on its way into TIME_WAIT";
    }
    EXPECT_TRUE(cookies.insert(s.cookie).second) << "#" << s.id << " is another one's socket";
    accepted += s.accepted ? 1 : 0;
  }
  EXPECT_EQ(accepted, 2u * kRounds);
}

}  // namespace
}  // namespace sockscope::testing
