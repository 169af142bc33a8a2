// Several descriptors of a socket, several sockets of a descriptor, and the default timeout.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <unistd.h>

#include <limits>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

class DescriptorTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  Reply make(Call call, SocketId socket = 0) { return make(request(call, socket)); }
  Reply adopt(std::int64_t fd, int family = -1, int type = -1, int protocol = -1) {
    Request made = request(Call::socket, 0, family, type, protocol);
    made.numbers[3] = fd;
    return make(made);
  }
  Reply pair(int family = AF_UNIX, int type = SOCK_STREAM) {
    return make(request(Call::socketpair, 0, family, type, 0));
  }
  std::int64_t number_of(SocketId socket) { return make(Call::fileno, socket).result; }
  const SocketEntry& entry(SocketId socket) { return *room.sockets().find(socket); }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(DescriptorTest, APairIsConnectedToEachOther) {
  const Reply made = pair();
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(make(request(Call::send, made.socket, "hello")).ok());
  EXPECT_EQ(make(request(Call::recv, made.also, 10, 0)).data, "hello");
  house.fold_all();
  const auto returned = house.all<event::CallReturned>();
  EXPECT_EQ(returned.front().makes, made.socket);
  EXPECT_EQ(returned.front().also_makes, made.also);
  EXPECT_EQ(house.all<event::SocketOpened>()[1].how, SocketHow::pair);
  EXPECT_EQ(pair(AF_INET).error, EOPNOTSUPP);
}

TEST_F(DescriptorTest, ANonblockingPairHasATimeoutOfZero) {
  const Reply made = pair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK);
  EXPECT_EQ(make(Call::gettimeout, made.socket).result, 0);
  EXPECT_EQ(make(Call::getblocking, made.also).result, 0);
  EXPECT_EQ(entry(made.also).type, SOCK_DGRAM);
  EXPECT_EQ(make(request(Call::recv, made.socket, 10, 0)).error, EAGAIN);
}

TEST_F(DescriptorTest, ADupIsTheSameSocketUnderAnotherNumber) {
  const Reply made = pair();
  const Reply copy = make(Call::dup, made.socket);
  ASSERT_TRUE(copy.ok());
  EXPECT_NE(number_of(copy.socket), number_of(made.socket));
  make(Call::close, made.socket);
  EXPECT_TRUE(make(request(Call::send, copy.socket, "still here")).ok());
  EXPECT_EQ(make(request(Call::recv, made.also, 20, 0)).data, "still here");
  house.fold_all();
  const auto opened = house.all<event::SocketOpened>();
  EXPECT_EQ(opened[2].how, SocketHow::dup);
  EXPECT_EQ(opened[2].from, made.socket);
  EXPECT_EQ(opened[2].cookie, opened[0].cookie);
  make(Call::close, copy.socket);
  EXPECT_EQ(make(request(Call::recv, made.also, 20, 0)).data, "");  // both are closed: the end
  EXPECT_EQ(make(Call::dup, copy.socket).error, EBADF);
}

TEST_F(DescriptorTest, ADupKeepsTheTimeoutAndFromfdTakesTheDefault) {
  const SocketId socket = new_socket(caller);
  make(request(Call::settimeout, socket, 3 * kSecond));
  EXPECT_EQ(make(Call::gettimeout, make(Call::dup, socket).socket).result, 3 * kSecond);
  const Reply copy = make(request(Call::fromfd, 0, number_of(socket), AF_INET, SOCK_STREAM));
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(make(Call::gettimeout, copy.socket).result, -1);
  EXPECT_TRUE((::fcntl(static_cast<int>(number_of(copy.socket)), F_GETFL) & O_NONBLOCK) != 0);
  EXPECT_TRUE((::fcntl(static_cast<int>(number_of(copy.socket)), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_F(DescriptorTest, FilenoIsAdoptedAndItsKindDetected) {
  const SocketId socket = new_socket(caller, AF_INET, SOCK_DGRAM);
  const Reply twin = adopt(number_of(socket));
  ASSERT_TRUE(twin.ok());
  EXPECT_EQ(number_of(twin.socket), number_of(socket));
  EXPECT_EQ(entry(twin.socket).family, AF_INET);
  EXPECT_EQ(entry(twin.socket).type, SOCK_DGRAM);
  EXPECT_EQ(entry(twin.socket).protocol, IPPROTO_UDP);
  house.fold_all();
  EXPECT_EQ(house.all<event::SocketOpened>()[1].how, SocketHow::adopted);
  EXPECT_EQ(house.all<event::SocketOpened>()[1].from, socket);
  const Reply told = adopt(number_of(socket), AF_INET6, SOCK_RAW | SOCK_NONBLOCK, 7);
  EXPECT_EQ(entry(told.socket).family, AF_INET6);
  EXPECT_EQ(entry(told.socket).type, SOCK_RAW);
  EXPECT_EQ(entry(told.socket).protocol, 7);
  EXPECT_EQ(make(Call::gettimeout, told.socket).result, 0);
}

TEST_F(DescriptorTest, ClosingOneOfTwoMakesTheOtherEbadfForEver) {
  const SocketId first = new_socket(caller);
  const SocketId second = adopt(number_of(first)).socket;
  const std::int64_t number = number_of(first);
  ASSERT_TRUE(make(Call::close, first).ok());
  EXPECT_EQ(number_of(first), -1);
  EXPECT_EQ(number_of(second), number);  // as in Python: it does not know
  const SocketId later = new_socket(caller);
  ASSERT_EQ(number_of(later), number);  // the number is another socket's now
  EXPECT_EQ(make(request(Call::bind, second, loopback(0))).error, EBADF);
  EXPECT_EQ(make(Call::close, second).error, EBADF);
  EXPECT_TRUE(make(Call::close, second).ok());
  EXPECT_EQ(number_of(second), -1);
  EXPECT_TRUE(make(request(Call::bind, later, loopback(0))).ok());
  house.fold_all();
  EXPECT_FALSE(house.state.socket(second)->open);
  EXPECT_EQ(house.all<event::SocketClosed>().size(), 2u);
}

TEST_F(DescriptorTest, OfThreeThatShareADescriptorEachCanCloseIt) {
  const SocketId first = new_socket(caller);
  const SocketId second = adopt(number_of(first)).socket;
  const SocketId third = adopt(number_of(second)).socket;
  ASSERT_TRUE(make(Call::close, second).ok());
  for (const SocketId gone : {first, third}) EXPECT_EQ(make(Call::close, gone).error, EBADF);
}

TEST_F(DescriptorTest, ADetachedDescriptorStaysOpenUntilItIsAdoptedAndClosed) {
  const Reply made = pair();
  const std::int64_t number = make(Call::detach, made.socket).result;
  ASSERT_GE(number, 0);
  EXPECT_EQ(number_of(made.socket), -1);
  EXPECT_EQ(make(Call::detach, made.socket).result, -1);
  EXPECT_EQ(make(request(Call::send, made.socket, "x")).error, EBADF);
  EXPECT_TRUE(make(Call::close, made.socket).ok());
  const Reply again = adopt(number);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(make(request(Call::send, again.socket, "it lives")).ok());
  EXPECT_EQ(make(request(Call::recv, made.also, 20, 0)).data, "it lives");
  house.fold_all();
  EXPECT_EQ(house.all<event::SocketOpened>().back().from, made.socket);
  make(Call::close, again.socket);
  EXPECT_EQ(make(request(Call::recv, made.also, 20, 0)).data, "");
}

TEST_F(DescriptorTest, DetachingOneOfTwoLeavesTheOtherAlone) {
  const Reply made = pair();
  const SocketId twin = adopt(number_of(made.socket)).socket;
  make(Call::detach, made.socket);
  EXPECT_TRUE(make(request(Call::send, twin, "x")).ok());
  EXPECT_TRUE(make(Call::close, twin).ok());
  EXPECT_EQ(make(request(Call::recv, made.also, 20, 0)).data, "x");
  EXPECT_EQ(make(request(Call::recv, made.also, 20, 0)).data, "");
}

TEST_F(DescriptorTest, FromfdReachesADetachedDescriptorToo) {
  const Reply made = pair();
  const std::int64_t number = make(Call::detach, made.socket).result;
  const Reply copy = make(request(Call::fromfd, 0, number, AF_UNIX, SOCK_STREAM));
  ASSERT_TRUE(copy.ok());
  EXPECT_NE(number_of(copy.socket), number);
  EXPECT_TRUE(make(request(Call::send, copy.socket, "x")).ok());
}

TEST_F(DescriptorTest, ADetachedDescriptorIsClosedAtTheEnd) {
  int number = -1;
  {
    House other;
    CallRoom of_its_own{other.inbox};
    Caller there{of_its_own, 1};
    number = static_cast<int>(perform(there, request(Call::detach, new_socket(there))).result);
    EXPECT_GE(::fcntl(number, F_GETFD), 0);
  }
  EXPECT_LT(::fcntl(number, F_GETFD), 0);
}

TEST_F(DescriptorTest, ANumberThatIsNotOursIsNeverTouched) {
  const int own = ::dup(2);
  for (const Call call : {Call::socket, Call::fromfd}) {
    Request asks = request(call, 0, own, AF_INET, SOCK_STREAM);
    if (call == Call::socket) asks.numbers = {-1, -1, -1, own};
    EXPECT_EQ(make(asks).error, EPERM);
  }
  ::close(own);
  EXPECT_EQ(adopt(own).error, EBADF);
  EXPECT_EQ(adopt(std::numeric_limits<std::int64_t>::max()).error, EBADF);
  EXPECT_EQ(make(request(Call::fromfd, 0, -1, AF_INET, SOCK_STREAM)).error, EBADF);
  house.fold_all();
  EXPECT_EQ(house.all<event::Notice>().size(), 2u);
  EXPECT_TRUE(house.all<event::SocketOpened>().empty());
}

TEST_F(DescriptorTest, TheDefaultTimeoutIsEveryNewSocketsFirst) {
  EXPECT_EQ(make(Call::getdefaulttimeout).result, -1);
  const SocketId before = new_socket(caller);
  make(request(Call::setdefaulttimeout, 0, 20 * kSecond));
  EXPECT_EQ(make(Call::getdefaulttimeout).result, 20 * kSecond);
  EXPECT_EQ(make(Call::gettimeout, before).result, -1);
  EXPECT_EQ(make(Call::gettimeout, pair().also).result, 20 * kSecond);
  const Connection c = new_connection(caller);
  EXPECT_EQ(make(Call::gettimeout, c.server).result, 20 * kSecond);
  EXPECT_TRUE((::fcntl(static_cast<int>(number_of(c.server)), F_GETFL) & O_NONBLOCK) != 0);
  EXPECT_EQ(make(Call::gettimeout, make(Call::dup, before).socket).result, -1);
  make(request(Call::setdefaulttimeout, 0, -1));
  EXPECT_EQ(make(Call::gettimeout, new_socket(caller)).result, -1);
}

TEST_F(DescriptorTest, TheTraceKnowsEveryTimeout) {
  const SocketId socket = new_socket(caller);
  make(request(Call::setdefaulttimeout, 0, 20 * kSecond));
  const Reply made = pair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
  const SocketId twin = adopt(number_of(socket)).socket;
  const SocketId copy = make(Call::dup, socket).socket;
  const SocketId other =
      make(request(Call::fromfd, 0, number_of(socket), AF_INET, SOCK_STREAM | SOCK_NONBLOCK)).socket;
  const Connection c = new_connection(caller);
  house.fold_all();
  for (const SocketId each : {socket, made.socket, made.also, twin, copy, other, c.client, c.server}) {
    EXPECT_EQ(house.state.socket(each)->deadline_ns, make(Call::gettimeout, each).result) << each;
  }
}

TEST_F(DescriptorTest, AnAcceptedSocketDoesNotInheritItsListenersTimeout) {
  const Listener listener = new_listener(caller);
  make(request(Call::settimeout, listener.id, 9 * kSecond));
  ASSERT_TRUE(make(request(Call::connect, new_socket(caller), listener.address)).ok());
  EXPECT_EQ(make(Call::gettimeout, make(Call::accept, listener.id).socket).result, -1);
}

TEST_F(DescriptorTest, ConnectExGivesItsErrorAsAResult) {
  const SocketId bound = new_socket(caller);
  make(request(Call::bind, bound, loopback(0)));
  const Address nobody = make(Call::getsockname, bound).address;
  const Reply refused = make(request(Call::connect_ex, new_socket(caller), nobody));
  EXPECT_TRUE(refused.ok());
  EXPECT_EQ(refused.result, ECONNREFUSED);
  const Listener listener = new_listener(caller);
  const SocketId client = new_socket(caller);
  EXPECT_EQ(make(request(Call::connect_ex, client, listener.address)).result, 0);
  EXPECT_EQ(make(request(Call::connect_ex, client, listener.address)).result, EISCONN);
  make(Call::close, client);
  EXPECT_EQ(make(request(Call::connect_ex, client, listener.address)).result, EBADF);
  EXPECT_EQ(make(request(Call::connect_ex, new_socket(caller), loopback(0))).result, ECONNREFUSED);
}

TEST_F(DescriptorTest, ConnectExOutOfTimeIsElevenAndThenAlready) {
  const Listener listener = full_listener(caller);
  const SocketId waits = new_socket(caller);
  make(request(Call::settimeout, waits, 20 * kMillisecond));
  const Reply late = make(request(Call::connect_ex, waits, listener.address));
  EXPECT_EQ(late.result, EAGAIN);
  EXPECT_TRUE(late.ok());
  EXPECT_EQ(make(request(Call::connect_ex, waits, listener.address)).result, EALREADY);
  EXPECT_EQ(make(request(Call::connect, waits, listener.address)).error, EALREADY);
}

TEST_F(DescriptorTest, ANonblockingConnectIsInProgressThenDoneThenConnected) {
  const Listener listener = new_listener(caller);
  const SocketId client = new_socket(caller);
  make(request(Call::setblocking, client, 0));
  EXPECT_EQ(make(request(Call::connect_ex, client, listener.address)).result, EINPROGRESS);
  EXPECT_TRUE(make(request(Call::connect, client, listener.address)).ok());  // loopback has answered
  EXPECT_EQ(make(request(Call::connect, client, listener.address)).error, EISCONN);
}

}  // namespace
}  // namespace sockscope::testing
