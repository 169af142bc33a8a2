#include "cli/line_reader.h"

#include <unistd.h>

#include <cerrno>

namespace sockscope::cli {
namespace {

constexpr std::size_t kLongestTyped = 64 * 1024;

}  // namespace

std::optional<std::string> LineReader::line() {
  while (!has_line()) {
    char piece[4096];
    const ssize_t got = read(fd_, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || text_.size() > kLongestTyped) {
      if (text_.empty() || text_.size() > kLongestTyped) return std::nullopt;
      text_ += '\n';  // the last line has no end
      break;
    }
    text_.append(piece, static_cast<std::size_t>(got));
  }
  const auto end = text_.find('\n');
  std::string line = text_.substr(0, end);
  text_.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace sockscope::cli
