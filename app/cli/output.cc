#include "cli/output.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "cli/command.h"
#include "net/names.h"
#include "net/text.h"

namespace sockscope::cli {
namespace {

// A terminal would obey it: controls but for the newline and the tab, and what turns the direction of text.
bool is_obeyed(char32_t c) {
  const bool control = (c < 0x20 && c != U'\n' && c != U'\t') || (c >= 0x7f && c < 0xa0);
  return control || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto c = next_character(text, at, true);
    if (!c) {
      at = begin + 1;
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[begin]));
    } else if (is_obeyed(*c)) {
      out += *c < 0x20 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(*c))
                       : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(*c));
    } else {
      out.append(text, begin, at - begin);
    }
  }
  return out;
}

}  // namespace

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void say_line(std::string_view text) {
  std::string line = harmless(text);
  line.push_back('\n');
  say(line);
}

bool flush() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

void complain(std::string_view text) {
  std::string line = harmless(text);
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

bool same_file(const std::string& a, const std::string& b) {
  struct stat one {};
  struct stat other {};
  return stat(a.c_str(), &one) == 0 && stat(b.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

}  // namespace sockscope::cli
