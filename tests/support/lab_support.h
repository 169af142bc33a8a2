#pragma once
// What tests of hosts share: the keeper's executable, and the skip, with its reason,
// where the machine allows no hosts.

#include <gtest/gtest.h>

#include "lab/lab.h"

namespace sockscope::testing {

inline const std::string kKeeper = SOCKSCOPE_BINARY_DIR "/lab_keeper";

class LabTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto possible = probe_lab(kKeeper); !possible) GTEST_SKIP() << describe(possible.error());
  }
};

}  // namespace sockscope::testing
