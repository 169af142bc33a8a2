// The same thousand cases every time; RC_PARAMS="seed=7 max_success=100000" asks for others.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace sockscope {
namespace {

class Seed : public ::testing::Environment {
 public:
  void SetUp() override {
    ::setenv("RC_PARAMS", "seed=20260131 max_success=1000", 0);
    std::printf("RC_PARAMS: %s\n", ::getenv("RC_PARAMS"));
  }
};

const ::testing::Environment* const kSeed = ::testing::AddGlobalTestEnvironment(new Seed);

}  // namespace
}  // namespace sockscope
