// Who has the address that a call failed on: asked of the real kernel.

#include "kernel/address_look.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "house.h"
#include "kernel/diag.h"
#include "requests.h"
#include "run.h"

namespace sockscope::testing {
namespace {

class AddressLookTest : public ::testing::Test {
 protected:
  AddressLookTest() { room.set_failure_look(look_at_address); }
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  // A call that fails with `error`, and what was found out about it.
  void fails(const Request& made, int error) {
    const Reply reply = make(made);
    ASSERT_EQ(reply.error, error) << errno_name(reply.error);
    house.fold_all();
    looked = house.all<event::AddressLooked>();
    held = house.all<event::AddressHeld>();
    ASSERT_FALSE(looked.empty());
    const CallId call = looked.back().call;
    std::erase_if(held, [&](const event::AddressHeld& h) { return h.call != call; });
    EXPECT_EQ(looked.back().found, held.size());
    EXPECT_EQ(looked.back().error, 0);
    // Another program may have the same port of another of this machine's addresses.
    std::erase_if(
        held, [&](const event::AddressHeld& h) { return h.socket == 0 && h.local != looked.back().asked; });
  }
  const event::AddressHeld* held_in(TcpState state) const {
    const auto found =
        std::find_if(held.begin(), held.end(), [&](const event::AddressHeld& h) { return h.state == state; });
    return found == held.end() ? nullptr : &*found;
  }

  House house;
  CallRoom room{house.inbox};
  std::vector<event::AddressLooked> looked;
  std::vector<event::AddressHeld> held;
  Caller caller{room, 1};
};

TEST_F(AddressLookTest, OurOwnListenerIsNamedByItsId) {
  const Listener listener = new_listener(caller);
  fails(request(Call::bind, new_socket(caller), listener.address), EADDRINUSE);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, listener.id);
  EXPECT_EQ(held[0].state, TcpState::LISTEN);
  EXPECT_EQ(held[0].protocol, IPPROTO_TCP);
  EXPECT_EQ(held[0].local, listener.address);
  EXPECT_EQ(held[0].uid, geteuid());
  EXPECT_TRUE(held[0].holder.empty());
  EXPECT_EQ(looked.back().asked, listener.address);
}

TEST_F(AddressLookTest, OneThatIsBoundAndDoesNotListenIsClosed) {
  const SocketId bound = new_socket(caller);
  ASSERT_TRUE(make(request(Call::bind, bound, loopback(0))).ok());
  const Address address = make(request(Call::getsockname, bound)).address;
  fails(request(Call::bind, new_socket(caller), address), EADDRINUSE);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, bound);
  EXPECT_EQ(held[0].state, TcpState::CLOSED);
}

TEST_F(AddressLookTest, AConnectionsClientSeesWhoIsBoundThere) {
  const SocketId bound = new_socket(caller);
  ASSERT_TRUE(make(request(Call::bind, bound, loopback(0))).ok());
  const Address address = make(request(Call::getsockname, bound)).address;
  fails(request(Call::connect, new_socket(caller), address), ECONNREFUSED);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, bound);
}

TEST_F(AddressLookTest, NothingIsFoundWhereNothingIs) {
  const Listener gone = new_listener(caller);
  ASSERT_TRUE(make(request(Call::close, gone.id)).ok());
  fails(request(Call::connect, new_socket(caller), gone.address), ECONNREFUSED);
  EXPECT_TRUE(held.empty());
}

TEST_F(AddressLookTest, TheOtherFamilysListenerIsSeen) {
  const Listener listener = new_listener(caller);
  Address six;
  six.family = AF_INET6;
  six.port = listener.address.port;
  six.ip[15] = 1;
  fails(request(Call::connect, new_socket(caller, AF_INET6), six), ECONNREFUSED);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, listener.id);
  EXPECT_EQ(held[0].local.family, AF_INET);
}

TEST_F(AddressLookTest, ASocketThatFailsToListenDoesNotFindItself) {
  const Listener listener = new_listener(caller);
  const SocketId second = new_socket(caller);
  // Two sockets that ask for it may share an address until one listens.
  const SocketId first = new_socket(caller);
  for (const SocketId id : {first, second})
    ASSERT_TRUE(make(request(Call::setsockopt, id, SOL_SOCKET, SO_REUSEADDR, 1)).ok());
  ASSERT_TRUE(make(request(Call::bind, first, loopback(0))).ok());
  const Address address = make(request(Call::getsockname, first)).address;
  ASSERT_TRUE(make(request(Call::bind, second, address)).ok());
  ASSERT_TRUE(make(request(Call::listen, first, 1)).ok());
  fails(request(Call::listen, second, 1), EADDRINUSE);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, first);
}

TEST_F(AddressLookTest, AConnectionInTimeWaitHoldsThePortThoughNoDescriptorReachesIt) {
  const Connection c = new_connection(caller);
  const Address address = make(request(Call::getsockname, c.server)).address;
  make(request(Call::close, c.listener));
  make(request(Call::close, c.server));  // this side first
  EXPECT_EQ(make(request(Call::recv, c.client, 1)).data, "");
  make(request(Call::close, c.client));
  const event::AddressHeld* waiting = nullptr;
  const Time deadline = now() + 20 * kSecond;
  while (waiting == nullptr && now() < deadline) {  // the last FIN is on its way
    fails(request(Call::bind, new_socket(caller), address), EADDRINUSE);
    waiting = held_in(TcpState::TIME_WAIT);
  }
  ASSERT_NE(waiting, nullptr);
  EXPECT_EQ(waiting->local, address);
  EXPECT_EQ(waiting->socket, 0U);
  EXPECT_TRUE(waiting->holder.empty());
}

class AnotherPrograms : public AddressLookTest {
 protected:
  void expect_its_name_and_pid() {
    Process python({"/usr/bin/python3", "-c",
                    "import socket, sys\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\n"
                    "print(s.getsockname()[1], flush=True)\nsys.stdin.read()"});
    ASSERT_TRUE(python.until_out("\n")) << python.err();
    fails(request(Call::bind, new_socket(caller),
                  loopback(static_cast<std::uint16_t>(std::stoi(python.out())))),
          EADDRINUSE);
    ASSERT_EQ(held.size(), 1U);
    EXPECT_EQ(held[0].socket, 0U);
    EXPECT_EQ(held[0].holder.view(), "python3 (pid " + std::to_string(python.pid()) + ")");
    EXPECT_EQ(held[0].state, TcpState::LISTEN);
  }
};

TEST_F(AnotherPrograms, ListenerIsNamedWithItsPid) {
  expect_its_name_and_pid();
}

// It has so many descriptors that to look at them all takes longer than there is time.
TEST_F(AnotherPrograms, ListenerIsNotHiddenByAProcessWithManyDescriptors) {
  Process many({"/usr/bin/python3", "-c",
                "import os, resource, sys\nhard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
                "most = 30000 if hard == resource.RLIM_INFINITY else min(hard, 30000)\n"
                "resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))\n"
                "for _ in range(most - 20): os.dup(0)\nprint('ready', flush=True)\nsys.stdin.read()"});
  ASSERT_TRUE(many.until_out("ready")) << many.err();
  expect_its_name_and_pid();
}

TEST_F(AddressLookTest, DatagramSocketsAreLookedForAmongDatagramSockets) {
  const Listener stream = new_listener(caller);
  const SocketId bound = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_TRUE(make(request(Call::bind, bound, stream.address)).ok());
  fails(request(Call::bind, new_socket(caller, AF_INET, SOCK_DGRAM), stream.address), EADDRINUSE);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, bound);
  EXPECT_EQ(held[0].protocol, IPPROTO_UDP);
  EXPECT_EQ(held[0].state, TcpState::not_known);
}

Address unix_name(std::string_view name) {
  Address address;
  address.family = AF_UNIX;
  address.path = Blob(name);
  return address;
}

TEST_F(AddressLookTest, AnAbstractNameIsFoundByItsName) {
  const Address name = unix_name(std::string(1, '\0') + "sockscope-" + std::to_string(getpid()));
  const SocketId bound = new_socket(caller, AF_UNIX);
  ASSERT_TRUE(make(request(Call::bind, bound, name)).ok());
  fails(request(Call::bind, new_socket(caller, AF_UNIX), name), EADDRINUSE);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, bound);
  EXPECT_EQ(held[0].local.path.view(), name.path.view());
  EXPECT_EQ(held[0].state, TcpState::CLOSED);
  ASSERT_TRUE(make(request(Call::listen, bound, 1)).ok());
  fails(request(Call::bind, new_socket(caller, AF_UNIX), name), EADDRINUSE);
  ASSERT_NE(held_in(TcpState::LISTEN), nullptr);
}

TEST_F(AddressLookTest, APathLeftBehindIsHeldByNobody) {
  const SocketId bound = new_socket(caller, AF_UNIX);
  const Address name = unix_name(room.directory() + "/left.sock");
  ASSERT_TRUE(make(request(Call::bind, bound, name)).ok());
  fails(request(Call::bind, new_socket(caller, AF_UNIX), name), EADDRINUSE);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].socket, bound);
  make(request(Call::close, bound));
  fails(request(Call::connect, new_socket(caller, AF_UNIX), name), ECONNREFUSED);
  EXPECT_TRUE(held.empty());
}

TEST_F(AddressLookTest, ALookThatFailsSaysSo) {
  const Listener listener = new_listener(caller);
  const SocketId late = new_socket(caller);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};  // no descriptor above 2 can be made
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const Reply reply = make(request(Call::bind, late, listener.address));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(reply.error, EADDRINUSE);
  house.fold_all();
  looked = house.all<event::AddressLooked>();
  ASSERT_EQ(looked.size(), 1U);
  EXPECT_EQ(looked[0].error, EMFILE);
  EXPECT_EQ(looked[0].found, 0U);
  EXPECT_TRUE(house.all<event::AddressHeld>().empty());
}

TEST_F(AddressLookTest, AtMostSixteenAreToldTheListenerFirst) {
  const Listener listener = new_listener(caller, 64);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(make(request(Call::connect, new_socket(caller), listener.address)).ok());
    ASSERT_TRUE(make(request(Call::accept, listener.id)).ok());
  }
  fails(request(Call::bind, new_socket(caller), listener.address), EADDRINUSE);
  EXPECT_EQ(looked.back().found, kMostHeld);
  ASSERT_FALSE(held.empty());
  EXPECT_EQ(held[0].state, TcpState::LISTEN);
  EXPECT_EQ(held[0].socket, listener.id);
}

TEST(Diag, KnowsASocketsCookieAndInode) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(loopback(0), name);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&name), length), 0);
  socklen_t size = sizeof name;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  const Address local = from_sockaddr(name, size);
  std::uint64_t cookie = 0;
  size = sizeof cookie;
  ::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size);
  auto diag = Diag::open();
  ASSERT_TRUE(diag);
  const auto rows = diag->on_port(AF_INET, IPPROTO_UDP, local.port);
  ::close(fd);
  ASSERT_TRUE(rows);
  const auto found =
      std::find_if(rows->begin(), rows->end(), [&](const DiagRow& row) { return row.cookie == cookie; });
  ASSERT_NE(found, rows->end());
  EXPECT_EQ(found->local, local);
  EXPECT_NE(found->inode, 0U);
}

}  // namespace
}  // namespace sockscope::testing
