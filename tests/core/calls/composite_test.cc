// create_connection and create_server: what they are made of, and that nothing is left of a failure.

#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

class CompositeTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  Reply connect_to(const std::string& host, int port, std::int64_t timeout = kDefaultTimeout,
                   const Address& source = {}) {
    Request made = request(Call::create_connection, 0, source);
    made.text = host;
    made.numbers = {port, timeout};
    return make(made);
  }
  Reply serve_at(const Address& address, int family = AF_INET, int backlog = -1, bool reuse_port = false,
                 bool dual = false) {
    Request made = request(Call::create_server, 0, address);
    made.numbers = {family, backlog, reuse_port ? 1 : 0, dual ? 1 : 0};
    return make(made);
  }
  Address name_of(SocketId socket) { return make(request(Call::getsockname, socket)).address; }
  int option(SocketId socket, int level, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    ::getsockopt(room.sockets().find(socket)->fd, level, name, &value, &length);
    return value;
  }
  // The names of the calls entered, and a ')' for each that returned.
  std::string calls() {
    house.fold_all();
    std::string text;
    for (std::size_t i = 0; i < house.trace.size(); ++i) {
      const Body& body = house.trace[i].body;
      if (const auto* entered = std::get_if<event::CallEntered>(&body))
        text += std::string(info(entered->name).python) + '(';
      if (std::holds_alternative<event::CallReturned>(body)) text += ')';
    }
    return text;
  }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(CompositeTest, AServerIsASocketWithReuseaddrBoundAndListening) {
  const Reply made = serve_at(loopback(0), AF_INET, 3);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(calls(), "create_server(socket()setsockopt()bind()listen())");
  EXPECT_EQ(house.state.socket(made.socket)->limit, 3u);
  EXPECT_EQ(option(made.socket, SOL_SOCKET, SO_REUSEADDR), 1);
  EXPECT_EQ(made.result, room.sockets().find(made.socket)->fd);
}

TEST_F(CompositeTest, AServersBacklogIs128WhenNotGiven) {
  const Reply made = serve_at(loopback(0));
  house.fold_all();
  EXPECT_EQ(house.state.socket(made.socket)->limit, 128u);
}

TEST_F(CompositeTest, AnIpv6ServerTakesIpv4OnlyWhenAsked) {
  const Address six = *numeric_address("::1", 0);
  EXPECT_EQ(option(serve_at(six, AF_INET6).socket, IPPROTO_IPV6, IPV6_V6ONLY), 1);
  const Reply both = serve_at(*numeric_address("::", 0), AF_INET6, -1, true, true);
  ASSERT_TRUE(both.ok()) << errno_name(both.error);
  EXPECT_EQ(option(both.socket, IPPROTO_IPV6, IPV6_V6ONLY), 0);
  EXPECT_EQ(option(both.socket, SOL_SOCKET, SO_REUSEPORT), 1);
  EXPECT_TRUE(connect_to("127.0.0.1", name_of(both.socket).port).ok());
}

TEST_F(CompositeTest, NothingIsLeftOfAServerThatCannotBind) {
  const Reply first = serve_at(loopback(0));
  const Reply second = serve_at(name_of(first.socket));
  EXPECT_EQ(second.error, EADDRINUSE);
  EXPECT_EQ(second.socket, 0u);
  EXPECT_EQ(room.sockets().open().size(), 1u);
  EXPECT_EQ(serve_at(loopback(0), 77).error, EAFNOSUPPORT);
  EXPECT_EQ(room.sockets().open().size(), 1u);
}

TEST_F(CompositeTest, AConnectionIsALookupASocketAndAConnect) {
  const Reply server = serve_at(loopback(0));
  const std::size_t before = calls().size();
  const Reply made = connect_to("127.0.0.1", name_of(server.socket).port);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(calls().substr(before), "getsockname()create_connection(getaddrinfo()socket()connect())");
  EXPECT_EQ(house.all<event::CallReturned>().back().makes, made.socket);
  EXPECT_TRUE(make(request(Call::accept, server.socket)).ok());
}

TEST_F(CompositeTest, ATimeoutAndASourceAreSetBeforeTheConnect) {
  const Reply server = serve_at(loopback(0));
  const Address to = name_of(server.socket);
  const std::size_t before = calls().size();
  const Reply made = connect_to("127.0.0.1", to.port, 5 * kSecond, *numeric_address("127.0.0.2", 0));
  ASSERT_TRUE(made.ok()) << errno_name(made.error);
  EXPECT_EQ(calls().substr(before), "create_connection(getaddrinfo()socket()settimeout()bind()connect())");
  EXPECT_EQ(host_of(name_of(made.socket)), "127.0.0.2");
  EXPECT_EQ(make(request(Call::gettimeout, made.socket)).result, 5 * kSecond);
}

TEST_F(CompositeTest, ATimeoutOfNoneIsSetToo) {
  const Reply server = serve_at(loopback(0));
  make(request(Call::setdefaulttimeout, 0, 5 * kSecond));
  const Address to = name_of(server.socket);
  EXPECT_EQ(make(request(Call::gettimeout, connect_to("127.0.0.1", to.port).socket)).result, 5 * kSecond);
  EXPECT_EQ(make(request(Call::gettimeout, connect_to("127.0.0.1", to.port, -1).socket)).result, -1);
}

TEST_F(CompositeTest, ARefusedConnectionLeavesNoSocket) {
  const SocketId bound = new_socket(caller);
  make(request(Call::bind, bound, loopback(0)));
  const Address nobody = name_of(bound);
  const std::size_t before = calls().size();
  EXPECT_EQ(connect_to("127.0.0.1", nobody.port).error, ECONNREFUSED);
  EXPECT_EQ(calls().substr(before), "create_connection(getaddrinfo()socket()connect()close())");
  EXPECT_EQ(connect_to("127.0.0.1", nobody.port, 0).error, EINPROGRESS);
  EXPECT_EQ(connect_to("127.0.0.1", nobody.port, kDefaultTimeout, inet(0xc0000201, 0)).error, EPERM);
  EXPECT_EQ(connect_to("::1", nobody.port, kDefaultTimeout, loopback(0)).error, EAI_ADDRFAMILY);
  EXPECT_EQ(room.sockets().open().size(), 1u);
}

TEST_F(CompositeTest, EveryAddressIsTriedAndTheLastErrorGiven) {
  const SocketId bound = new_socket(caller);
  make(request(Call::bind, bound, loopback(0)));
  Request made = request(Call::getaddrinfo, 0, 0, SOCK_STREAM);
  made.numbers[4] = static_cast<std::int64_t>(PortKind::integer);
  made.text = "localhost" + std::string(1, '\0') + "1";
  const std::size_t addresses = make(made).rows.size();
  const std::size_t before = calls().size();
  EXPECT_EQ(connect_to("localhost", name_of(bound).port).error, ECONNREFUSED);
  std::string expected = "getsockname()create_connection(getaddrinfo()";
  for (std::size_t i = 0; i < addresses; ++i) expected += "socket()connect()close()";
  EXPECT_EQ(calls().substr(before), expected + ")");
}

TEST_F(CompositeTest, AnUnknownHostMakesNoSocket) {
  EXPECT_EQ(connect_to("no-such-host.example", 80).error, EAI_NONAME);
  EXPECT_EQ(connect_to("", 80).error, EAI_NONAME);
  EXPECT_TRUE(room.sockets().open().empty());
}

}  // namespace
}  // namespace sockscope::testing
