#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/un.h>

#include <cstddef>

#include "generators.h"
#include "net/address.h"
#include "read_back.h"

namespace sockscope {
namespace {

RC_GTEST_PROP(Address, ItsTextReadsBack, ()) {
  const Address address = *any::address();
  const auto read = parse_address(to_text(address));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == address);
  RC_ASSERT(to_text(*read) == to_text(address));
}

RC_GTEST_PROP(Address, TheKernelsFormGivesItBack, ()) {
  const Address address = *any::address();
  sockaddr_storage kernel{};
  const socklen_t length = to_sockaddr(address, kernel);
  RC_ASSERT(length > 0U && length <= sizeof kernel);
  RC_ASSERT(from_sockaddr(kernel, length) == address);
}

// Any bytes of any length the kernel could answer with: nothing beyond is read, and what is read stays the
// same.
RC_GTEST_PROP(Address, WhateverTheKernelAnswersIsReadOnce, ()) {
  sockaddr_storage kernel{};
  const auto bytes =
      *rc::gen::container<std::vector<std::uint8_t>>(sizeof kernel, rc::gen::arbitrary<std::uint8_t>());
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<std::uint8_t*>(&kernel));
  kernel.ss_family =
      static_cast<sa_family_t>(*rc::gen::element(AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_PACKET));
  const auto length = *rc::gen::inRange<socklen_t>(0, sizeof(sockaddr_un) + 1);
  const Address address = from_sockaddr(kernel, length);
  sockaddr_storage again{};
  if (const socklen_t written = to_sockaddr(address, again); written > 0)
    RC_ASSERT(from_sockaddr(again, written) == address);
}

RC_GTEST_PROP(Address, PythonsSpellingIsThePlaysValue, ()) {
  const Address address = *any::address();
  const std::string_view path = address.path.view();
  const bool has_a_spelling = path.starts_with('\0') || play::broken_utf8(path) == path.npos;  // in UTF-8
  RC_PRE(has_a_spelling);
  const auto read = read_back(to_python(address));
  RC_ASSERT(read.has_value());
  RC_ASSERT(play::equal(*read, play::of_address(address)));
}

RC_GTEST_PROP(Address, TextThatIsReadIsPrintedAsItWasMeant, ()) {
  const std::string text = *any::bytes();
  if (const auto address = parse_address(text)) {
    const auto again = parse_address(to_text(*address));
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == *address);
  }
}

}  // namespace
}  // namespace sockscope
