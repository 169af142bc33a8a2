// Each call against the real kernel, on the test's own thread.

#include "calls/calls.h"

#include <gmock/gmock.h>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

class CallsTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(CallsTest, BytesGoFromClientToServerAndBack) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(make(request(Call::send, c.client, "hello\n")).result, 6);
  const Reply got = make(request(Call::recv, c.server, 1024, 0));
  EXPECT_EQ(got.data, "hello\n");
  EXPECT_EQ(got.result, 6);
  EXPECT_TRUE(make(request(Call::sendall, c.server, "HELLO\n")).ok());
  EXPECT_EQ(make(request(Call::recv, c.client, 1024, 0)).data, "HELLO\n");
}

TEST_F(CallsTest, NamesAreTheTwoEndsOfOneConnection) {
  const Connection c = new_connection(caller);
  const Address local = make(request(Call::getsockname, c.client)).address;
  EXPECT_EQ(make(request(Call::getpeername, c.server)).address, local);
  EXPECT_EQ(make(request(Call::getpeername, c.client)).address,
            make(request(Call::getsockname, c.server)).address);
}

TEST_F(CallsTest, BothSidesOfEveryCallAreInTheTrace) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "hello"));
  make(request(Call::recv, c.server, 3, 0));
  house.fold_all();
  const auto entered = house.all<event::CallEntered>();
  const auto returned = house.all<event::CallReturned>();
  ASSERT_EQ(entered.size(), returned.size());
  ASSERT_GE(entered.size(), 2u);
  for (std::size_t i = 0; i < entered.size(); ++i) EXPECT_EQ(entered[i].call, returned[i].call);
  EXPECT_EQ(entered[entered.size() - 2].args.data.view(), "hello");
  EXPECT_EQ(returned[returned.size() - 2].result, 5);
  EXPECT_EQ(entered.back().args.numbers[0], 3);
  EXPECT_EQ(returned.back().data.view(), "hel");
}

TEST_F(CallsTest, StatesOfAConnectionAreToldByTheCallsThatChangeThem) {
  const Connection c = new_connection(caller);
  house.fold_all();
  EXPECT_EQ(house.state.socket(c.listener)->state, TcpState::LISTEN);
  EXPECT_EQ(house.state.socket(c.client)->state, TcpState::ESTABLISHED);
  EXPECT_EQ(house.state.socket(c.server)->state, TcpState::ESTABLISHED);
  EXPECT_EQ(house.state.socket(c.server)->from, c.listener);
  EXPECT_NE(house.state.socket(c.client)->cookie, house.state.socket(c.server)->cookie);
  EXPECT_EQ(house.state.socket(c.client)->local, house.state.socket(c.server)->peer);
  make(request(Call::shutdown, c.client, SHUT_WR));
  house.fold_all();
  EXPECT_THAT(house.state.socket(c.client)->state,
              ::testing::AnyOf(TcpState::FIN_WAIT1, TcpState::FIN_WAIT2));
}

TEST_F(CallsTest, ASocketIsOpenedBeforeItsCallReturnsAndClosedBeforeItsNumberIsFree) {
  const SocketId first = new_socket(caller);
  make(request(Call::close, first));
  const SocketId second = new_socket(caller);
  house.fold_all();
  const auto opened = house.all<event::SocketOpened>();
  ASSERT_EQ(opened.size(), 2u);
  EXPECT_EQ(opened[0].fd, opened[1].fd);
  EXPECT_NE(first, second);
  std::string order;
  for (std::size_t i = 0; i < house.trace.size(); ++i) {
    const Body& body = house.trace[i].body;
    if (std::holds_alternative<event::CallEntered>(body)) order += 'e';
    if (std::holds_alternative<event::CallReturned>(body)) order += 'r';
    if (std::holds_alternative<event::SocketOpened>(body)) order += 'O';
    if (std::holds_alternative<event::SocketClosed>(body)) order += 'C';
  }
  EXPECT_EQ(order, "eOreCreOr");
}

TEST_F(CallsTest, ListenSaysTheLimitAndAcceptTheQueue) {
  const Listener listener = new_listener(caller, 2);
  const SocketId client = new_socket(caller);
  ASSERT_TRUE(make(request(Call::connect, client, listener.address)).ok());
  ASSERT_TRUE(make(request(Call::accept, listener.id)).ok());
  house.fold_all();
  EXPECT_EQ(house.state.socket(listener.id)->limit, 2u);
  EXPECT_EQ(house.state.socket(listener.id)->accept_queue, 0u);
}

TEST_F(CallsTest, ANegativeBacklogIsZeroAsInPython) {
  const SocketId listener = new_socket(caller);
  make(request(Call::bind, listener, loopback(0)));
  ASSERT_TRUE(make(request(Call::listen, listener, -1)).ok());
  house.fold_all();
  ASSERT_EQ(house.all<event::ListenerSampled>().size(), 1u);
  EXPECT_EQ(house.all<event::ListenerSampled>()[0].limit, 0u);
}

TEST_F(CallsTest, WrongCallsGiveTheKernelsErrors) {
  const SocketId fresh = new_socket(caller);
  EXPECT_EQ(make(request(Call::recv, fresh, 10, 0)).error, ENOTCONN);
  EXPECT_EQ(make(request(Call::send, fresh, "x")).error, EPIPE);
  EXPECT_EQ(make(request(Call::accept, fresh)).error, EINVAL);
  EXPECT_EQ(make(request(Call::getpeername, fresh)).error, ENOTCONN);
  EXPECT_EQ(make(request(Call::setsockopt, fresh, SOL_SOCKET, 12345, 1)).error, ENOPROTOOPT);
  EXPECT_EQ(make(request(Call::recv, fresh, -1, 0)).error, EINVAL);
  EXPECT_EQ(make(request(Call::socket, 0, AF_INET, SOCK_SEQPACKET, 0)).error, ESOCKTNOSUPPORT);
  EXPECT_EQ(make(request(Call::socket, 0, 9999, SOCK_STREAM, 0)).error, EAFNOSUPPORT);
}

TEST_F(CallsTest, BindTwiceAndBindTaken) {
  const Listener listener = new_listener(caller);
  EXPECT_EQ(make(request(Call::bind, listener.id, loopback(0))).error, EINVAL);
  const SocketId other = new_socket(caller);
  EXPECT_EQ(make(request(Call::bind, other, listener.address)).error, EADDRINUSE);
}

TEST_F(CallsTest, ConnectWhereNobodyListens) {
  const SocketId bound = new_socket(caller);
  ASSERT_TRUE(make(request(Call::bind, bound, loopback(0))).ok());
  const Address nobody = make(request(Call::getsockname, bound)).address;
  const SocketId client = new_socket(caller);
  EXPECT_EQ(make(request(Call::connect, client, nobody)).error, ECONNREFUSED);
  house.fold_all();
  EXPECT_EQ(house.state.socket(client)->state, TcpState::CLOSED);
}

TEST_F(CallsTest, ConnectTwiceIsEisconn) {
  const Connection c = new_connection(caller);
  const Address to = make(request(Call::getpeername, c.client)).address;
  EXPECT_EQ(make(request(Call::connect, c.client, to)).error, EISCONN);
}

TEST_F(CallsTest, AfterTheirCloseRecvIsEmptyAndTheSecondSendBreaks) {
  const Connection c = new_connection(caller);
  ASSERT_TRUE(make(request(Call::close, c.server)).ok());
  const Reply end = make(request(Call::recv, c.client, 10, 0));
  EXPECT_TRUE(end.ok());
  EXPECT_EQ(end.data, "");
  EXPECT_TRUE(make(request(Call::send, c.client, "one")).ok());
  EXPECT_EQ(make(request(Call::send, c.client, "two")).error, EPIPE);  // and no SIGPIPE
}

TEST_F(CallsTest, EveryCallOnAClosedSocketIsEbadfButCloseItself) {
  const SocketId gone = new_socket(caller);
  ASSERT_TRUE(make(request(Call::close, gone)).ok());
  for (const Call call : {Call::bind, Call::connect}) {
    EXPECT_EQ(make(request(call, gone, loopback(1))).error, EBADF) << info(call).python;
  }
  for (const Call call : {Call::listen, Call::accept, Call::shutdown, Call::getsockname, Call::getpeername,
                          Call::settimeout, Call::setblocking, Call::setsockopt, Call::recv}) {
    EXPECT_EQ(make(request(call, gone, 1, 2, 3)).error, EBADF) << info(call).python;
  }
  EXPECT_EQ(make(request(Call::send, gone, "x")).error, EBADF);
  EXPECT_EQ(make(request(Call::sendall, gone, "x")).error, EBADF);
  EXPECT_TRUE(make(request(Call::close, gone)).ok());
  EXPECT_EQ(make(request(Call::recv, 77, 1, 0)).error, EBADF);  // never made
}

TEST_F(CallsTest, SendallIsALoopOverSend) {
  const Connection c = new_connection(caller);
  ASSERT_TRUE(make(request(Call::sendall, c.client, "abc")).ok());
  house.fold_all();
  const auto entered = house.all<event::CallEntered>();
  const auto returned = house.all<event::CallReturned>();
  ASSERT_GE(entered.size(), 2u);
  EXPECT_EQ(entered[entered.size() - 2].name, Call::sendall);
  EXPECT_EQ(entered.back().name, Call::send);
  EXPECT_EQ(returned[returned.size() - 2].call, entered.back().call);  // the inner one returns first
  EXPECT_EQ(returned[returned.size() - 2].result, 3);
  EXPECT_EQ(house.state.socket(c.client)->bytes_sent, 3u);
}

TEST_F(CallsTest, SendallOfNothingStillSendsOnce) {
  const Connection c = new_connection(caller);
  EXPECT_TRUE(make(request(Call::sendall, c.client, "")).ok());
  house.fold_all();
  EXPECT_EQ(house.all<event::CallEntered>().back().name, Call::send);
}

TEST_F(CallsTest, AHugeRecvCostsNoHugeMemory) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "x"));
  EXPECT_EQ(make(request(Call::recv, c.server, std::int64_t{1} << 60, 0)).data, "x");
}

TEST_F(CallsTest, MsgTruncSaysMoreThanItGives) {
  const SocketId from = new_socket(caller, AF_INET, SOCK_DGRAM);
  const SocketId to = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(make(request(Call::bind, to, loopback(0))).ok());
  ASSERT_TRUE(make(request(Call::connect, from, make(request(Call::getsockname, to)).address)).ok());
  make(request(Call::send, from, "0123456789"));
  const Reply got = make(request(Call::recv, to, 4, MSG_TRUNC));
  EXPECT_EQ(got.result, 10);
  EXPECT_EQ(got.data, "0123");
}

TEST_F(CallsTest, ReuseaddrLetsATimeWaitPortBeBoundAgain) {
  const SocketId first = new_socket(caller);
  ASSERT_TRUE(make(request(Call::setsockopt, first, SOL_SOCKET, SO_REUSEADDR, 1)).ok());
  ASSERT_TRUE(make(request(Call::bind, first, loopback(0))).ok());
  ASSERT_TRUE(make(request(Call::listen, first, 1)).ok());
  const Address address = make(request(Call::getsockname, first)).address;
  const SocketId client = new_socket(caller);
  ASSERT_TRUE(make(request(Call::connect, client, address)).ok());
  const SocketId server = make(request(Call::accept, first)).socket;
  make(request(Call::close, server));  // closes first: TIME_WAIT is here
  make(request(Call::close, client));
  make(request(Call::close, first));
  const SocketId without = new_socket(caller);
  EXPECT_EQ(make(request(Call::bind, without, address)).error, EADDRINUSE);
  const SocketId with = new_socket(caller);
  make(request(Call::setsockopt, with, SOL_SOCKET, SO_REUSEADDR, 1));
  EXPECT_TRUE(make(request(Call::bind, with, address)).ok());
}

TEST_F(CallsTest, Ipv6AndUnixAndDatagramsWorkTheSame) {
  const SocketId six = new_socket(caller, AF_INET6, SOCK_STREAM);
  ASSERT_TRUE(make(request(Call::bind, six, *numeric_address("::1", 0))).ok());
  ASSERT_TRUE(make(request(Call::listen, six, 1)).ok());
  const SocketId six_client = new_socket(caller, AF_INET6, SOCK_STREAM);
  EXPECT_TRUE(make(request(Call::connect, six_client, make(request(Call::getsockname, six)).address)).ok());

  const SocketId local = new_socket(caller, AF_UNIX, SOCK_STREAM);
  Address name;
  name.family = AF_UNIX;
  name.path = std::string_view(std::string(1, '\0') + "sockscope-calls-" + std::to_string(getpid()));
  ASSERT_TRUE(make(request(Call::bind, local, name)).ok());
  ASSERT_TRUE(make(request(Call::listen, local, 1)).ok());
  const SocketId local_client = new_socket(caller, AF_UNIX, SOCK_STREAM);
  EXPECT_TRUE(make(request(Call::connect, local_client, name)).ok());
  EXPECT_TRUE(make(request(Call::accept, local)).ok());
}

TEST_F(CallsTest, NothingIsPutWhenNotTracing) {
  room.set_tracing(false);
  const Connection c = new_connection(caller);
  EXPECT_EQ(make(request(Call::send, c.client, "hello")).result, 5);
  EXPECT_EQ(make(request(Call::recv, c.server, 10, 0)).data, "hello");
  EXPECT_TRUE(make(request(Call::close, c.client)).ok());
  EXPECT_TRUE(house.inbox.take().empty());
}

TEST_F(CallsTest, TheShortSpellingsAreTheSameCalls) {
  const Listener listener = new_listener(caller);
  const SocketId client = new_socket(caller);
  make(request(Call::connect, client, listener.address));
  SocketHandle listening = room.sockets().find(listener.id);
  SocketHandle sending = room.sockets().find(client);
  SocketHandle made;
  ASSERT_TRUE(call_accept(caller, listening, made).ok());
  int error = 0;
  EXPECT_EQ(call_sendall(caller, sending, "hello", error), 5);
  EXPECT_EQ(call_send(caller, sending, "!", error), 1);
  std::array<char, 16> buffer{};
  EXPECT_EQ(call_recv(caller, made, buffer.data(), buffer.size(), 0, error), 6);
  EXPECT_EQ(std::string_view(buffer.data(), 6), "hello!");
  make(request(Call::close, made->id));
  EXPECT_EQ(call_recv(caller, made, buffer.data(), buffer.size(), 0, error), -1);
  EXPECT_EQ(error, EBADF);
}

}  // namespace
}  // namespace sockscope::testing
