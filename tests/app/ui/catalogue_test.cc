#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace sockscope {
namespace {

struct Output {
  std::string text;
  int status = -1;
};

Output run(const std::string& command) {
  Output output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  char part[4096];
  while (const std::size_t got = std::fread(part, 1, sizeof part, pipe)) output.text.append(part, got);
  output.status = pclose(pipe);
  return output;
}

const std::string kSource = SOCKSCOPE_SOURCE_DIR;

TEST(Chinese, HasEveryTextOfTheWindowWithItsPlaceholders) {
  const Output output = run("python3 '" + kSource + "/tests/app/ui/catalogue.py' '" + kSource + "' 2>&1");
  EXPECT_EQ(output.status, 0) << output.text;
}

}  // namespace
}  // namespace sockscope
