// As the program itself it is its own child process: keepers of hosts, loads, fork servers.
#include <gtest/gtest.h>

#include <string_view>

#include "cli/commands.h"

int main(int argc, char** argv) {
  if (argc > 1 && !std::string_view(argv[1]).starts_with("--gtest")) return sockscope::cli::run(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
