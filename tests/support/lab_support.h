#pragma once
// What tests of hosts share: the keeper's executable, the hosts' addresses, and the skip, with its reason,
// where the machine allows no hosts.

#include <gtest/gtest.h>

#include "lab/keeper.h"

namespace sockscope::testing {

inline const std::string kKeeper = SOCKSCOPE_BINARY_DIR "/lab_keeper";

inline Address host_address(unsigned number) {
  return inet(0x0a000000 + number, 0);
}
inline Address host_address6(unsigned number) {
  Address address = *numeric_address("fd00::", 0);
  address.ip[15] = static_cast<std::uint8_t>(number);
  return address;
}

class LabTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto possible = probe_lab(kKeeper); !possible) GTEST_SKIP() << describe(possible.error());
  }
};

}  // namespace sockscope::testing
