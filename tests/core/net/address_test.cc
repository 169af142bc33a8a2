#include "net/address.h"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

namespace sockscope {
namespace {

Address through_kernel_form(const Address& address) {
  sockaddr_storage storage{};
  const socklen_t length = to_sockaddr(address, storage);
  return from_sockaddr(storage, length);
}

TEST(Address, EveryFormReadsBackFromItsText) {
  for (const char* text : {"127.0.0.1:9999", "0.0.0.0:0", "[::1]:80", "[fe80::1%3]:65535", "/tmp/a b",
                           "./relative", "@hidden", "unix:", "./@file"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(*address), text);
  }
}

TEST(Address, EveryFormSurvivesTheKernelsForm) {
  for (const char* text : {"127.0.0.1:9999", "[::1]:80", "[fe80::1%3]:65535", "/tmp/a b", "@hidden"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(through_kernel_form(*address), *address) << text;
  }
}

TEST(Address, WhatIsNoAddressIsRefused) {
  for (const char* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:-1", "1.2.3:1",
                           "::1:80", "[::1]", "[::1:80", "[]:1", "localhost:80", ":80", "[::1%x]:1"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(Address, AnAbstractNameKeepsItsNulInside) {
  Address address;
  address.family = AF_UNIX;
  address.path = Blob(std::string_view("\0a\0b", 4));
  EXPECT_EQ(through_kernel_form(address), address);
  EXPECT_EQ(to_python(address), "b'\\x00a\\x00b'");
}

TEST(Address, APathTooLongForSunPathHasNoKernelForm) {
  Address address;
  address.family = AF_UNIX;
  address.path = Blob(std::string(sizeof(sockaddr_un::sun_path) + 1, 'x'));
  sockaddr_storage storage{};
  EXPECT_EQ(to_sockaddr(address, storage), 0U);
  address.path = Blob(std::string(sizeof(sockaddr_un::sun_path), 'x'));
  EXPECT_EQ(through_kernel_form(address), address);
}

TEST(Address, AnEmptyPathIsTheFamilyAlone) {
  Address address;
  address.family = AF_UNIX;
  sockaddr_storage storage{};
  EXPECT_EQ(to_sockaddr(address, storage), offsetof(sockaddr_un, sun_path));
  EXPECT_EQ(through_kernel_form(address), address);
}

TEST(Address, ATruncatedKernelFormIsNotReadPastItsLength) {
  sockaddr_storage storage{};
  std::memset(&storage, 0x41, sizeof storage);
  storage.ss_family = AF_INET;
  EXPECT_EQ(from_sockaddr(storage, sizeof(sa_family_t)).port, 0);
  storage.ss_family = AF_UNIX;
  EXPECT_TRUE(from_sockaddr(storage, sizeof(sa_family_t)).path.empty());
  EXPECT_EQ(from_sockaddr(storage, offsetof(sockaddr_un, sun_path) + 3).path.view(), "AAA");
}

TEST(Address, PythonSpellsEachFamilyItsWay) {
  EXPECT_EQ(to_python(loopback(9999)), "('127.0.0.1', 9999)");
  EXPECT_EQ(to_python(*parse_address("[::1]:80")), "('::1', 80, 0, 0)");
  EXPECT_EQ(to_python(*parse_address("/tmp/s")), "'/tmp/s'");
  EXPECT_EQ(to_python(Address{}), "None");
}

TEST(Address, AVsockAddressKeepsAllThirtyTwoBitsOfItsPort) {
  const Address any = vsock(0xFFFFFFFFU, 0xFFFFFFFEU);
  EXPECT_EQ(to_python(any), "(4294967295, 4294967294)");
  EXPECT_EQ(to_text(vsock(1, 1234)), "vsock:1:1234");
  EXPECT_EQ(parse_address(to_text(any)), any);
  for (const char* bad : {"vsock:", "vsock:1", "vsock:1:", "vsock:-1:2", "vsock:4294967296:1", "vsock:1:2:3"})
    EXPECT_FALSE(parse_address(bad)) << bad;
  sockaddr_storage storage;
  const socklen_t length = to_sockaddr(any, storage);
  EXPECT_EQ(from_sockaddr(storage, length), any);
  EXPECT_EQ(from_sockaddr(storage, length - 1).ip, Address{}.ip);
}

TEST(Address, AUnixPathAsTextReadsBackAsItWas) {
  for (const char* path :
       {"s", "./s", "././s", "@s", "dir/s", "/tmp/s", "vsock:1:2", "unix:", "127.0.0.1:80"}) {
    Address address;
    address.family = AF_UNIX;
    address.path = path;
    EXPECT_EQ(parse_address(to_text(address)), address) << path;
  }
}

TEST(Address, ANumericHostIsNeverLookedUp) {
  EXPECT_EQ(numeric_address("", 5)->port, 5);
  EXPECT_EQ(to_text(*numeric_address("", 5)), "0.0.0.0:5");
  EXPECT_FALSE(numeric_address("localhost", 1));
  EXPECT_FALSE(numeric_address(std::string_view("127.0.0.1\0x", 11), 1));
}

TEST(Blob, ACopyIsDeepAndAMoveLeavesNothing) {
  Blob a("hello", 900);
  Blob b = a;
  EXPECT_EQ(a, b);
  EXPECT_TRUE(b.cut());
  EXPECT_NE(a.view().data(), b.view().data());
  const Blob c = std::move(a);
  EXPECT_EQ(c.total(), 900U);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  b = Blob();
  EXPECT_EQ(b.view(), "");
}

TEST(Blob, APreviewKeepsTheCountOfAll) {
  const std::string long_text(kPreview + 10, 'x');
  const Blob blob = preview_of(long_text);
  EXPECT_EQ(blob.view().size(), kPreview);
  EXPECT_EQ(blob.total(), kPreview + 10);
  EXPECT_FALSE(preview_of("short").cut());
}

}  // namespace
}  // namespace sockscope
