// A hostile recording as a program: whatever its lines hold, the Python parses to nothing but the expected
// calls, and the C holds no text of the recording outside its literals and comments. What does not begin with
// a brace is taken as the lines of a play, run by three threads.
//
// $SOCKSCOPE_EXPORT_TO names a directory: each program is written there too, for
// tests/core/export/only_calls.py, which asks Python itself.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "export/program.h"
#include "play/lexer.h"
#include "play/value.h"
#include "trace/recording.h"

namespace sockscope {
namespace {

using namespace std::string_view_literals;

void require(bool so) {
  if (!so) std::abort();
}

constexpr std::string_view kHeader =
    R"({"sockscope":"recording","version":1,"program":"0.1.0","clock":"CLOCK_MONOTONIC","start":1000})"
    "\n";

Trace of_lines(std::string_view text) {
  static constexpr std::array kThreads = {"main"sv, "a"sv, "线程"sv};
  Trace trace;
  Time at = 1000;
  for (ThreadId id = 1; id <= kThreads.size(); ++id)
    trace.append({++at, event::ThreadStarted{id, 0, 0, ThreadRole::play, kThreads[id - 1], "localhost", {}}},
                 false);
  LineId line = 0;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const ThreadId thread = 1 + line++ % kThreads.size();
    trace.append({++at, event::LineStarted{line, thread, static_cast<std::int32_t>(line), "x.play", one}},
                 false);
    trace.append({++at, event::LineEnded{line, thread, 0, {}, one}}, false);
  }
  return trace;
}

// A row of a program, cut into names, literals and single characters.
struct Token {
  enum class Kind { name, literal, other } kind = Kind::other;
  std::string_view text;
};

void require_plain(std::string_view text) {
  require(play::broken_utf8(text) == text.npos);
  require(std::none_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
}

std::size_t literal_end(std::string_view row, std::size_t at) {
  const char quote = row[at];
  for (++at; at < row.size() && row[at] != quote; ++at)
    if (row[at] == '\\') ++at;
  require(at < row.size());  // closed on its row
  return at + 1;
}

// `comment`: what begins one; the rest of the row is then nobody's.
std::vector<Token> tokens(std::string_view row, std::string_view comment) {
  std::vector<Token> found;
  for (std::size_t at = 0; at < row.size() && !row.substr(at).starts_with(comment);) {
    const bool number = row[at] >= '0' && row[at] <= '9';
    std::size_t length = number ? 1 : play::name_length(row, at);
    while (number && at + length < row.size() && std::isalnum(static_cast<unsigned char>(row[at + length])))
      ++length;
    Token token{number || length == 0 ? Token::Kind::other : Token::Kind::name, {}};
    if (length == 0 && (row[at] == '\'' || row[at] == '"')) {
      length = literal_end(row, at) - at;
      token.kind = Token::Kind::literal;
    }
    token.text = row.substr(at, std::max<std::size_t>(length, 1));
    at += token.text.size();
    if (token.text != " ") found.push_back(token);
  }
  return found;
}

bool among(std::string_view words, std::string_view name) {
  return (" " + std::string(words) + " ").find(" " + std::string(name) + " ") != std::string::npos;
}

constexpr std::string_view kFunctions =
    "socket socketpair create_connection create_server getaddrinfo gethostbyname getdefaulttimeout "
    "setdefaulttimeout "
    "fromfd dup bytes bytearray str len print open show keep line serve stop load write";
constexpr std::string_view kMethods =
    "setsockopt getsockopt bind listen accept connect connect_ex send sendall sendto sendmsg sendfile recv "
    "recv_into "
    "recvfrom recvmsg shutdown close detach dup fileno getsockname getpeername settimeout gettimeout "
    "setblocking "
    "getblocking encode decode upper lower strip split join format read write seek poll register unregister "
    "modify "
    "append select pack unpack sleep pthread_kill main_thread";
constexpr std::string_view kNever =
    "import from exec eval compile lambda class try while return yield async await nonlocal if else elif for "
    "assert "
    "del_ builtins getattr setattr globals locals vars os sys subprocess";

void check_python_row(std::string_view row) {
  const auto all = tokens(row, "#");
  if (all.empty()) return;
  require(row.starts_with("        ") || all[0].text == "global" || all[0].text == "with");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Token& token = all[i];
    require(token.text != ";" && token.text != "\\" && token.text != "`" && token.text != "@");
    if (token.kind != Token::Kind::name) continue;
    require(!token.text.starts_with("_") && !among(kNever, token.text));
    const bool called = i + 1 < all.size() && all[i + 1].text == "(" && token.text != "with";
    const bool member = i > 0 && all[i - 1].text == ".";
    require(!called || among(member ? kMethods : kFunctions, token.text));
  }
}

template <typename F>
void each_row(std::string_view text, F f) {
  while (!text.empty()) {
    const std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), row.size() + 1));
    require_plain(row);
    f(row);
  }
}

// False: it has no threads, for nobody typed a line.
bool check_python(std::string_view program) {
  constexpr std::string_view kThreads = "# ---- the threads ----\n";
  const std::size_t begins = program.find(kThreads);
  if (begins == program.npos) {
    each_row(program, [](std::string_view row) { tokens(row, "#"); });
    return false;
  }
  // Once as a row of its own; a comment may quote it.
  require(program.find("\n" + std::string(kThreads), begins) == program.npos);
  each_row(program.substr(begins + kThreads.size()), [&, tail = false](std::string_view row) mutable {
    if (row.empty() || row.starts_with('#') || tail) return;
    if (row.starts_with("    ")) return check_python_row(row);
    tail = !row.starts_with("def ");
    const std::size_t name = tail ? 0 : play::name_length(row, 4);
    require(tail || (name > 0 && row.substr(4 + name) == "():"));
  });
  return true;
}

void check_c(std::string_view program) {
  const std::size_t begins = program.find("// ---- the threads ----\n");
  if (begins == program.npos) return;
  int depth = 0;
  bool commented = false;  // in a /* comment
  each_row(program.substr(begins), [&](std::string_view row) {
    if (const std::size_t begins = row.find("/*"); begins != row.npos || commented) {
      commented = row.find("*/", begins == row.npos ? 0 : begins + 2) == row.npos;
      return;
    }
    require(row.find("\?\?") == row.npos && !row.ends_with('\\'));
    for (const Token& token : tokens(row, "//")) {
      const auto first = static_cast<unsigned char>(token.text.front());
      require(first < 0x80 || token.kind == Token::Kind::literal);
      if (token.text == "{") ++depth;
      if (token.text == "}") require(--depth >= 0);
      require(token.kind != Token::Kind::name ||
              !among("system popen execve execl execvp asm __asm__ dlopen", token.text));
    }
  });
  require(depth == 0 && !commented);
}

void keep(const std::string& program) {
  const char* directory = std::getenv("SOCKSCOPE_EXPORT_TO");
  if (directory == nullptr) return;
  const std::string name = std::to_string(std::hash<std::string>{}(program));
  std::ofstream(std::string(directory) + "/" + name + ".py", std::ios::binary) << program;
}

}  // namespace
}  // namespace sockscope

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Trace trace;
  if (looks_like_recording(text)) {
    auto loaded = parse_recording(std::string(kHeader) + std::string(text), "any.jsonl");
    if (!loaded) return -1;  // not worth keeping
    trace = std::move(*loaded);
  } else {
    trace = of_lines(text);
  }
  const std::string python = program_text(export_program(trace, ProgramLanguage::python, trace.size()));
  if (!check_python(python)) return -1;
  keep(python);
  check_c(program_text(export_program(trace, ProgramLanguage::c, trace.size())));
  return 0;
}
