#include "play/parse_directive.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "play/open_file.h"
#include "play/parse_load.h"
#include "play/parse_wire.h"
#include "play/parser.h"
#include "play/words.h"

namespace sockscope::play {
namespace {

using Input = DirectiveInput;

constexpr std::array<std::string_view, 2> kServerTypes = {"stream", "dgram"};

[[noreturn]] void refuse_later(std::size_t at, std::string_view what) {
  throw SyntaxError{at, fmt::format("'{}' belongs to a later version", what), true};
}

Directive serve(const Input& in) {
  Words words(in.line, in.from);
  directive::Serve made;
  const std::size_t subject = words.at();
  made.options.name = words.name("the server's name");
  while (words.more()) {
    const Word word = words.take();
    if (word.key == "model") {
      one_of(word, server_models());
      made.options.model = plain_value(word);
    } else if (word.key == "handler") {
      one_of(word, handlers());
      made.options.handler = plain_value(word);
    } else if (word.key == "port") {
      made.options.address = loopback(static_cast<std::uint16_t>(whole_number(word, 0, 65535)));
    } else if (word.key == "host") {
      made.options.host = host_value(word);
    } else if (word.key == "backlog") {
      made.options.backlog = static_cast<int>(whole_number(word, 0, 65535));
    } else if (word.key == "work") {
      made.options.work = time_value(word);
    } else if (word.spelled == "reuse-addr") {
      made.options.reuse_addr = true;
    } else if (word.key == "workers") {
      made.options.workers = static_cast<int>(whole_number(word, 1, kMostWorkers));
    } else if (word.spelled == "daemon-threads") {
      made.options.daemon_threads = true;
    } else if (word.key == "type") {
      one_of(word, kServerTypes);
      made.options.type = plain_value(word) == "dgram" ? SOCK_DGRAM : SOCK_STREAM;
    } else if (word.key == "path") {
      made.options.address = unix_address(text_value(in.line, word));
      if (made.options.address.path.empty()) throw SyntaxError{word.value_at, "path is a name"};
    } else {
      throw SyntaxError{word.begin,
                        fmt::format("no option of %serve is called '{}'; allowed are model, handler, port, "
                                    "host, path, type, backlog, work, workers, reuse-addr, daemon-threads",
                                    word.key)};
    }
  }
  return {"serve", std::move(made), subject};
}

Directive stop(const Input& in) {
  Words words(in.line, in.from);
  const std::size_t subject = words.at();
  directive::Stop made{words.name("the name of a server or load")};
  if (words.more()) {
    const Word word = words.take();
    if (word.spelled != "close")
      throw SyntaxError{word.begin, "behind the name %stop takes nothing but close"};
    made.closes = true;
  }
  words.expect_end("%stop takes one name, and close behind it");
  return {"stop", std::move(made), subject};
}

Directive interrupt(const Input& in) {
  Words words(in.line, in.from);
  const std::size_t subject = words.at();
  if (!words.more()) throw SyntaxError{in.line.size(), "the name of a thread is missing"};
  directive::Interrupt made{std::string(words.take().spelled)};
  words.expect_end("%interrupt takes one thread");
  return {"interrupt", std::move(made), subject};
}

Directive deadline(const Input& in) {
  Parser parser(in.line, in.from);
  const directive::Deadline made{parser.time()};
  parser.expect_end("%deadline takes one time");
  return {"deadline", made, in.name_at};
}

Directive wait(const Input& in) {
  Parser parser(in.line, in.from);
  if (!parser.accept_word("until")) {
    if (parser.peek().kind != TokenKind::time)
      parser.fail("%wait needs a time like 500ms, or until and a condition");
    const directive::Wait made{parser.time()};
    parser.expect_end("%wait takes one time");
    return {"wait", made, in.name_at};
  }
  directive::WaitUntil made{parser.condition(), -1};
  if (parser.accept_word("within")) made.within = parser.time();
  parser.expect_end("allowed are and, or, within");
  return {"wait", std::move(made), in.name_at};
}

Directive expect(const Input& in) {
  Parser parser(in.line, in.from);
  directive::Expect made{parser.condition(), -1, -1};
  if (parser.accept_word("within"))
    made.within = parser.time();
  else if (parser.accept_word("for"))
    made.throughout = parser.time();
  parser.expect_end("allowed are and, or, within, for");
  return {"expect", std::move(made), in.name_at};
}

// 100, 64k, 3M: bytes, at most those of a file. Nothing: not a size.
std::optional<std::int64_t> file_size(std::string_view spelled) {
  std::int64_t number = 0;
  const auto read = std::from_chars(spelled.data(), spelled.data() + spelled.size(), number);
  if (read.ec != std::errc() || spelled.empty() || spelled[0] == '-') return std::nullopt;
  const std::string_view unit(read.ptr, static_cast<std::size_t>(spelled.data() + spelled.size() - read.ptr));
  const int shift = unit.empty() ? 0 : unit == "k" ? 10 : unit == "M" ? 20 : -1;
  if (shift < 0) return std::nullopt;
  return number > kMostFile >> shift ? kMostFile + 1 : number << shift;
}

Directive file(const Input& in) {
  static constexpr std::string_view kWanted = "%file needs a size like 64k or its text in quotes";
  Words words(in.line, in.from);
  if (!words.more()) throw SyntaxError{in.line.size(), "the file's name is missing"};
  const std::size_t subject = words.at();
  directive::File made{literal_or_bare(in.line, words.take()), -1, {}};
  if (!is_plain_name(made.name))
    throw SyntaxError{subject, "a file's name is plain, without '/': a play has a directory of its own"};
  if (!words.more()) throw SyntaxError{in.line.size(), std::string(kWanted)};
  const Word word = words.take();
  if (begins_string(in.line, word.begin)) {
    made.text = literal_or_bare(in.line, word);
  } else {
    const auto size = file_size(word.spelled);
    if (!size) throw SyntaxError{word.begin, std::string(kWanted)};
    if (*size > kMostFile) throw SyntaxError{word.begin, "a file of a play has at most 64M"};
    made.size = *size;
  }
  words.expect_end("%file takes a name, and a size or a text");
  return {"file", std::move(made), subject};
}

Directive watch(const Input& in) {
  Words words(in.line, in.from);
  if (!words.more()) throw SyntaxError{in.line.size(), "%watch needs a name: %watch NAME -- COMMAND"};
  const Word name = words.take();
  const auto at = name.spelled.find('@');
  if (!is_name(name.spelled.substr(0, at)) ||
      (at != name.spelled.npos && !is_name(name.spelled.substr(at + 1))))
    throw SyntaxError{name.begin, "%watch needs a name: %watch NAME[@HOST] -- COMMAND"};
  if (!words.more() || words.take().spelled != "--" || !words.more())
    throw SyntaxError{words.at(), "a command is missing: %watch NAME -- COMMAND"};
  refuse_later(in.name_at, "%watch");
}

struct Entry {
  std::string_view name;
  Directive (*parse)(const Input&);
};
constexpr Entry kDirectives[] = {{"serve", serve},        {"load", parse_load}, {"stop", stop},
                                 {"wait", wait},          {"expect", expect},   {"interrupt", interrupt},
                                 {"deadline", deadline},  {"host", parse_host}, {"wire", parse_wire},
                                 {"release", parse_held}, {"drop", parse_held}, {"double", parse_held},
                                 {"file", file},          {"watch", watch}};

}  // namespace

Directive parse_directive(std::string_view line, std::size_t from) {
  const std::size_t length = name_length(line, from + 1);
  const std::string_view name = line.substr(from + 1, length);
  for (const Entry& entry : kDirectives)
    if (entry.name == name) return entry.parse({line, from, from + 1 + length});
  std::string names;
  for (const Entry& entry : kDirectives) (names += " %") += entry.name;
  throw SyntaxError{from, fmt::format("no directive is called '%{}'; there are{}", name, names)};
}

}  // namespace sockscope::play
