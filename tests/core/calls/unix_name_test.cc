// AF_UNIX and AF_VSOCK names: what lies in the private directory and what belongs to another program.

#include <gmock/gmock.h>
#include <linux/vm_sockets.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include "calls/private_directory.h"
#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

Address unix_name(std::string_view path) {
  Address address;
  address.family = AF_UNIX;
  address.path = path;
  return address;
}

class UnixNameTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  // On a thread of its own, as the engine's are: in the private directory.
  void inside(const std::function<void(Caller&)>& work) {
    std::thread([&] {
      Caller caller(room, 2);
      caller.enter_directory();
      work(caller);
    }).join();
  }
  std::size_t refusals() {
    house.fold_all();
    const auto notices = house.all<event::Notice>();
    return static_cast<std::size_t>(std::count_if(notices.begin(), notices.end(),
                                                  [](const auto& n) { return n.code.view() == "not-here"; }));
  }

  House house;
  CallRoom room{house.inbox};
};

TEST_F(UnixNameTest, ARelativeNameLivesInThePrivateDirectoryAndIsWhatWasTyped) {
  const std::string before = std::filesystem::current_path();
  inside([&](Caller& caller) {
    ASSERT_TRUE(caller.in_directory());
    const SocketId server = new_socket(caller, AF_UNIX, SOCK_STREAM);
    ASSERT_TRUE(perform(caller, request(Call::bind, server, unix_name("s"))).ok());
    EXPECT_EQ(perform(caller, request(Call::getsockname, server)).address, unix_name("s"));
    ASSERT_TRUE(perform(caller, request(Call::listen, server, 1)).ok());
    EXPECT_TRUE(std::filesystem::is_socket(room.directory() + "/s"));
    const SocketId client = new_socket(caller, AF_UNIX, SOCK_STREAM);
    EXPECT_TRUE(perform(caller, request(Call::connect, client, unix_name("s"))).ok());
    const Reply accepted = perform(caller, request(Call::accept, server));
    EXPECT_EQ(accepted.address, unix_name(""));  // the client has no name
    const SocketId again = new_socket(caller, AF_UNIX, SOCK_STREAM);
    EXPECT_EQ(perform(caller, request(Call::bind, again, unix_name("s"))).error, EADDRINUSE);
    EXPECT_TRUE(perform(caller, request(Call::connect, again, unix_name(room.directory() + "/s"))).ok());
  });
  EXPECT_EQ(std::filesystem::current_path(), before);  // nobody else moved
  EXPECT_EQ(refusals(), 0u);
}

TEST_F(UnixNameTest, WhatIsNotThereGivesTheKernelsErrors) {
  inside([&](Caller& caller) {
    const SocketId socket = new_socket(caller, AF_UNIX, SOCK_STREAM);
    EXPECT_EQ(perform(caller, request(Call::connect, socket, unix_name("nobody"))).error, ENOENT);
    EXPECT_EQ(perform(caller, request(Call::connect, socket, unix_name("no/body"))).error, ENOENT);
    EXPECT_EQ(perform(caller, request(Call::connect, socket, unix_name(""))).error, EINVAL);
    const std::string absent("\0sockscope-nobody", 17);
    EXPECT_EQ(perform(caller, request(Call::connect, socket, unix_name(absent))).error, ECONNREFUSED);
  });
  EXPECT_EQ(refusals(), 0u);
}

TEST_F(UnixNameTest, APathThatLeavesTheDirectoryIsRefused) {
  std::filesystem::create_directory_symlink("/tmp", room.directory() + "/out");
  std::filesystem::create_symlink("/tmp/sockscope-not-there", room.directory() + "/dangling");
  const std::string past_nul("../x\0/s", 7);
  inside([&](Caller& caller) {
    const SocketId socket = new_socket(caller, AF_UNIX, SOCK_DGRAM);
    for (const std::string& path :
         {std::string("/tmp/x"), std::string("../x"), std::string("a/../../x"), std::string("out/x"),
          std::string("dangling"), room.directory() + "/../x", room.directory() + "x", past_nul}) {
      EXPECT_EQ(perform(caller, request(Call::bind, socket, unix_name(path))).error, EPERM) << path;
      Request sent = request(Call::sendto, socket, "x");
      sent.address = unix_name(path);
      EXPECT_EQ(perform(caller, sent).error, EPERM) << path;
      EXPECT_EQ(perform(caller, request(Call::connect, socket, unix_name(path))).error, EPERM) << path;
    }
  });
  EXPECT_EQ(refusals(), 24u);
}

TEST_F(UnixNameTest, AThreadWithoutTheDirectoryHasNoPathNames) {
  Caller caller(room, 1);
  const SocketId socket = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  EXPECT_EQ(perform(caller, request(Call::bind, socket, unix_name("s"))).error, EPERM);
  EXPECT_EQ(refusals(), 1u);
}

TEST_F(UnixNameTest, AnEmptyNameIsBoundToAnAbstractOneOfTheKernelsChoice) {
  Caller caller(room, 1);
  const SocketId socket = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  EXPECT_EQ(perform(caller, request(Call::getsockname, socket)).address, unix_name(""));
  ASSERT_TRUE(perform(caller, request(Call::bind, socket, unix_name(""))).ok());
  const Address name = perform(caller, request(Call::getsockname, socket)).address;
  EXPECT_EQ(name.path.view().size(), 6u);
  EXPECT_EQ(name.path.view().front(), '\0');
  const SocketId other = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  Request sent = request(Call::sendto, other, "hi");
  sent.address = name;
  EXPECT_EQ(perform(caller, sent).result, 2);
  const Reply got = perform(caller, request(Call::recvfrom, socket, 10));
  EXPECT_EQ(got.data, "hi");
  EXPECT_EQ(got.address, Address{});  // nobody has no name
}

TEST_F(UnixNameTest, AnAbstractNameOfOursIsReached) {
  Caller caller(room, 1);
  const std::string name =
      std::string(1, '\0') + "sockscope" + std::string(1, '\0') + std::to_string(::getpid());
  const SocketId server = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  ASSERT_TRUE(perform(caller, request(Call::bind, server, unix_name(name))).ok());
  const SocketId client = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  EXPECT_TRUE(perform(caller, request(Call::connect, client, unix_name(name))).ok());
  perform(caller, request(Call::close, server));
  const SocketId late = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  EXPECT_EQ(perform(caller, request(Call::connect, late, unix_name(name))).error, ECONNREFUSED);
}

TEST_F(UnixNameTest, AnAbstractNameOfAnotherProgramIsNotReached) {
  // Not in the room's table: as good as another program's.
  const int foreign = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const std::string name =
      std::string(1, '\0') + "foreign\0" + std::string(1, '\0') + std::to_string(::getpid());
  sockaddr_storage bound{};
  const socklen_t length = to_sockaddr(unix_name(name), bound);
  ASSERT_EQ(::bind(foreign, reinterpret_cast<const sockaddr*>(&bound), length), 0);
  Caller caller(room, 1);
  const SocketId socket = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  EXPECT_EQ(perform(caller, request(Call::connect, socket, unix_name(name))).error, EPERM);
  Request sent = request(Call::sendto, socket, "x");
  sent.address = unix_name(name);
  EXPECT_EQ(perform(caller, sent).error, EPERM);
  EXPECT_EQ(perform(caller, request(Call::bind, socket, unix_name(name))).error, EADDRINUSE);
  EXPECT_EQ(refusals(), 2u);
  ::close(foreign);
}

TEST_F(UnixNameTest, ANameOf108BytesFitsAndOneMoreDoesNot) {
  Caller caller(room, 1);
  const SocketId socket = new_socket(caller, AF_UNIX, SOCK_DGRAM);
  const std::string longest = std::string(1, '\0') + std::string(107, 'a');
  EXPECT_EQ(perform(caller, request(Call::bind, socket, unix_name(longest + "a"))).error, EINVAL);
  ASSERT_TRUE(perform(caller, request(Call::bind, socket, unix_name(longest))).ok());
  EXPECT_EQ(perform(caller, request(Call::getsockname, socket)).address, unix_name(longest));
}

TEST_F(UnixNameTest, AVsockAddressElsewhereIsRefused) {
  Caller caller(room, 1);
  const SocketId socket = new_socket(caller, AF_INET, SOCK_STREAM);  // the rule does not look at the socket
  EXPECT_EQ(perform(caller, request(Call::connect, socket, vsock(2, 22))).error, EPERM);
  EXPECT_EQ(perform(caller, request(Call::bind, socket, vsock(3, 22))).error, EPERM);
  EXPECT_EQ(refusals(), 2u);
  EXPECT_NE(perform(caller, request(Call::bind, socket, vsock(VMADDR_CID_LOCAL, 22))).error, EPERM);
  EXPECT_EQ(refusals(), 2u);
}

TEST(PrivateDirectoryTest, ItIsOursAloneAndGoesWithAllThatIsInIt) {
  std::string path;
  {
    const PrivateDirectory directory;
    path = directory.path();
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_EQ(status.st_uid, ::geteuid());
    std::filesystem::create_directories(path + "/a/b");
    EXPECT_TRUE(directory.holds("a/b/c"));
    EXPECT_TRUE(directory.holds("a/../b"));
    EXPECT_TRUE(directory.holds(path));
    EXPECT_FALSE(directory.holds(".."));
    EXPECT_FALSE(directory.holds("/"));
    EXPECT_FALSE(directory.holds(path + "-other"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(PrivateDirectoryTest, WhatALinkInItPointsToStays) {
  const std::string outside = scratch_path("");
  std::filesystem::create_directory(outside);
  {
    const PrivateDirectory directory;
    std::filesystem::create_directory_symlink(outside, directory.path() + "/link");
    EXPECT_FALSE(directory.holds("link"));
    EXPECT_FALSE(directory.holds("link/x"));
  }
  EXPECT_TRUE(std::filesystem::exists(outside));
  std::filesystem::remove(outside);
}

}  // namespace
}  // namespace sockscope::testing
