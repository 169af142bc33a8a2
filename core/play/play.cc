#include "play/play.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/names.h"
#include "play/check.h"
#include "play/parse_directive.h"
#include "play/parser.h"

namespace sockscope {
namespace play {

PlayError play_error(const std::string& file, int line, std::string_view text, const SyntaxError& error) {
  const std::size_t at = std::min(error.at, text.size());
  return {file,          line,       static_cast<int>(characters(text.substr(0, at))) + 1, std::string(text),
          error.message, error.later};
}

namespace {

constexpr std::size_t kLargestPlay = std::size_t{16} << 20;

std::size_t skip_blanks(std::string_view line, std::size_t at) {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '\f')) ++at;
  return at;
}

struct Prompt {
  std::string thread, host;
  std::size_t end = 0;  // behind >>>; 0: there is no prompt
};

Prompt read_prompt(std::string_view line) {
  Prompt prompt;
  std::size_t at = skip_blanks(line, 0);
  const std::size_t begin = at;
  at += name_length(line, at);
  prompt.thread = line.substr(begin, at - begin);
  if (at < line.size() && line[at] == '@' && !prompt.thread.empty()) {
    const std::size_t host = ++at;
    at += name_length(line, at);
    prompt.host = line.substr(host, at - host);
    if (prompt.host.empty()) throw SyntaxError{host, "a host's name is missing behind the @"};
  }
  if (!line.substr(at).starts_with(">>>")) return {};
  prompt.end = at + 3;
  return prompt;
}

void check_thread(const Prompt& prompt, std::string_view line) {
  if (!prompt.thread.empty() && reserved(prompt.thread))
    throw SyntaxError{skip_blanks(line, 0),
                      fmt::format("'{}' has a meaning of its own; choose another name", prompt.thread)};
}

// Text without newline. `typed_at`: empty for a line of a file, which needs a prompt.
PlayLine read_line(std::string_view text, int number, const std::string& typed_at) {
  PlayLine line{number, std::string(text), typed_at.empty() ? "main" : typed_at, {}, nullptr, nullptr, {}};
  if (text.size() > kLongestPlayLine)
    throw SyntaxError{0,
                      fmt::format("this line has {} bytes; {} are the most", text.size(), kLongestPlayLine)};
  if (const std::size_t broken = broken_utf8(text); broken != text.npos)
    throw SyntaxError{broken, "this byte is not UTF-8 text"};
  if (const std::size_t nul = text.find('\0'); nul != text.npos)
    throw SyntaxError{nul, "a NUL byte: this is not a text file"};
  std::size_t at = skip_blanks(text, 0);
  if (at == text.size() || text[at] == '#') return line;
  const Prompt prompt = read_prompt(text);
  if (prompt.end > 0) {
    at = skip_blanks(text, prompt.end);
    if (at == text.size() || text[at] == '#') return line;
  }
  line.said = text.substr(at);
  if (text[at] == '%') {
    line.directive = std::make_shared<const Directive>(parse_directive(text, at));
    return line;
  }
  if (prompt.end == 0 && typed_at.empty())
    throw SyntaxError{at, "a line begins with a prompt like server>>> , with a % directive or with #"};
  check_thread(prompt, text);
  if (!prompt.thread.empty()) line.thread = prompt.thread;
  line.host = prompt.host;
  line.statement = std::make_shared<const Statement>(Parser(text, at).statement());
  return line;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

PlayError file_error(const std::string& path, std::string message) {
  return {path, 0, 0, {}, std::move(message), false};
}

tl::expected<std::string, PlayError> read_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return tl::unexpected(file_error(path, fmt::format("cannot be opened: {}", errno_text(errno))));
  struct Closer {
    int fd;
    ~Closer() { close(fd); }
  } const closer{fd};
  struct stat status {};
  if (fstat(fd, &status) != 0 || S_ISDIR(status.st_mode))
    return tl::unexpected(file_error(path, "is a directory; name a play file"));
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count == 0) return text;
    if (count < 0)
      return tl::unexpected(file_error(path, fmt::format("cannot be read: {}", errno_text(errno))));
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > kLargestPlay)
      return tl::unexpected(
          file_error(path, fmt::format("is too large for a play: {} MB are the most", kLargestPlay >> 20)));
  }
}

// Spaces as wide as the first characters of `text` are on a terminal.
std::string blank_like(std::string_view text, std::size_t count) {
  std::string blank;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto c = at < text.size() ? next_character(text, at, true) : std::nullopt;
    if (!c) ++at;
    const bool wide =
        c && ((*c >= 0x1100 && *c <= 0x115f) || (*c >= 0x2e80 && *c <= 0xd7a3) ||
              (*c >= 0xf900 && *c <= 0xfaff) || (*c >= 0xff00 && *c <= 0xff60) || *c >= 0x1f300);
    blank += wide ? "  " : " ";
  }
  return blank;
}

}  // namespace
}  // namespace play

std::string PlayError::to_string() const {
  if (line == 0 && column == 0) return fmt::format("{}: {}", file, message);
  const std::string place = line == 0 ? std::string() : fmt::format("{}:{}:{}: ", file, line, column);
  // A long line is shown around the caret only.
  const auto caret = static_cast<std::size_t>(std::max(column - 1, 0));
  const std::size_t first = caret > 60 ? caret - 60 : 0;
  const std::size_t from = play::byte_of(text, first), to = play::byte_of(text, caret + 60);
  std::string shown = text.substr(from, to - from);
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return fmt::format("{}{}\n  {}\n  {}^", place, message, shown,
                     play::blank_like(text.substr(from), caret - first));
}

namespace play {
namespace {

// Throws PlayError.
Play read_lines(std::string_view text, const std::string& file, int first) {
  Play made{file, {}};
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  int number = first - 1;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    ++number;
    try {
      PlayLine read = read_line(line, number, {});
      if (!read.statement && !read.directive) continue;
      if (made.lines.size() == kMostPlayLines)
        throw SyntaxError{0, fmt::format("a play has at most {} lines", kMostPlayLines)};
      made.lines.push_back(std::move(read));
    } catch (const SyntaxError& error) {
      throw play_error(file, number, line, error);
    }
  }
  return made;
}

bool holds_line(const Play& piece, const PlayError& error) {
  return std::any_of(piece.lines.begin(), piece.lines.end(), [&](const PlayLine& line) {
    return line.number == error.line && line.text == error.text;
  });
}

}  // namespace
}  // namespace play

tl::expected<Play, PlayError> parse_play(std::string_view text, const std::string& file) {
  try {
    Play made = play::read_lines(text, file, 1);
    play::check_play(made);
    return made;
  } catch (PlayError& error) {
    return tl::unexpected(std::move(error));
  }
}

tl::expected<std::vector<Play>, PlayError> parse_pieces(const std::vector<PlayPiece>& pieces) {
  std::vector<Play> plays;
  try {
    Play whole;
    for (const PlayPiece& piece : pieces) {
      plays.push_back(play::read_lines(piece.text, piece.file, piece.first));
      whole.lines.insert(whole.lines.end(), plays.back().lines.begin(), plays.back().lines.end());
    }
    if (!pieces.empty()) whole.file = pieces.front().file;
    play::check_play(whole);
  } catch (PlayError& error) {
    for (const Play& piece : plays)
      if (play::holds_line(piece, error)) error.file = piece.file;
    return tl::unexpected(std::move(error));
  }
  return plays;
}

tl::expected<Play, PlayError> load_play(const std::string& path) {
  auto text = play::read_file(path);
  if (!text) return tl::unexpected(std::move(text.error()));
  if (text->find_first_not_of(" \t\r\n") == text->npos)
    return tl::unexpected(
        play::file_error(path, "is empty; a play has lines like server>>> s = socket(AF_INET, SOCK_STREAM)"));
  return parse_play(*text, path);
}

tl::expected<PlayLine, PlayError> parse_line(std::string_view text, const std::string& thread) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  try {
    return play::read_line(text, 0, thread.empty() ? "main" : thread);
  } catch (const play::SyntaxError& error) {
    return tl::unexpected(play::play_error("typed", 0, text, error));
  }
}

}  // namespace sockscope
