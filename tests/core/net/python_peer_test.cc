// The names and numbers are Python's: asked of the real python3.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "net/catalogue.h"
#include "net/names.h"

namespace sockscope {
namespace {

std::string ask_python(const std::string& script) {
  struct Close {
    void operator()(std::FILE* file) const { pclose(file); }
  };
  const std::string command = "/usr/bin/python3 -c \"" + script + "\"";
  const std::unique_ptr<std::FILE, Close> pipe(popen(command.c_str(), "r"));
  std::string answer;
  std::array<char, 4096> block{};
  while (pipe) {
    const std::size_t size = std::fread(block.data(), 1, block.size(), pipe.get());
    if (size == 0) break;
    answer.append(block.data(), size);
  }
  return answer;
}

TEST(PythonPeer, EveryConstantHasPythonsValue) {
  const std::string answer = ask_python(
      "import socket\nfor n in sorted(dir(socket)):\n  v = getattr(socket, n)\n  if isinstance(v, int): "
      "print(n, int(v))");
  ASSERT_NE(answer.find("AF_INET 2\n"), answer.npos) << answer;
  for (const Constant& known : constants()) {
    const std::string name = "\n" + std::string(known.name) + " ";
    const auto at = answer.find(name);
    if (at == answer.npos) continue;  // this python3 was built without it
    EXPECT_EQ(std::stoll(answer.substr(at + name.size())), known.value) << known.name;
  }
}

TEST(PythonPeer, EveryErrnoRaisesPythonsClass) {
  const std::string answer = ask_python(
      "import errno\nfor n in sorted(errno.errorcode): print(n, type(OSError(n, 'x')).__name__, flush=True)");
  ASSERT_FALSE(answer.empty());
  std::size_t at = 0;
  int compared = 0;
  while (at < answer.size()) {
    const auto end = answer.find('\n', at);
    const std::string line = answer.substr(at, end - at);
    const auto space = line.find(' ');
    EXPECT_EQ(python_exception(std::stoi(line)), line.substr(space + 1)) << line;
    ++compared;
    at = end + 1;
  }
  EXPECT_GT(compared, 100);
}

TEST(PythonPeer, TheDefaultBacklogIsPythons) {
  EXPECT_EQ(ask_python("import socket; print(min(socket.SOMAXCONN, 128))"),
            std::to_string(*info(Call::listen).params[0].absent) + "\n");
}

}  // namespace
}  // namespace sockscope
