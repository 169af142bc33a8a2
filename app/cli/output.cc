#include "cli/output.h"

#include <cerrno>
#include <cstdio>
#include <string>

#include "cli/command.h"
#include "net/names.h"

namespace sockscope::cli {

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void say_line(std::string_view text) {
  std::string line(text);
  line.push_back('\n');
  say(line);
}

bool flush() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

void complain(std::string_view text) {
  std::string line(text);
  line.push_back('\n');
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int finish(int exit) {
  errno = 0;
  if (flush()) return exit;
  complain("sockscope: cannot write to standard output" +
           (errno == 0 ? std::string() : ": " + std::string(errno_text(errno))));
  return exit == kDone ? kFailed : exit;
}

}  // namespace sockscope::cli
