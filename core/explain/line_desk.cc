// A line that Python refused without a call of the kernel.

#include <cctype>
#include <string>
#include <string_view>

#include "explain/error_desk.h"
#include "explain/failure.h"

namespace sockscope {
namespace {

struct Line {
  const Say& say;
  std::string_view exception, message, text;
  bool says(std::string_view part) const { return message.find(part) != message.npos; }
  bool writes(std::string_view part) const { return text.find(part) != text.npos; }
};

// What stands between the first two of `quote` in `message`: NameError's name.
std::string quoted_in(std::string_view message, char quote = '\'') {
  const auto begin = message.find(quote);
  const auto end = begin == message.npos ? begin : message.find(quote, begin + 1);
  return end == message.npos ? std::string() : plain(message.substr(begin + 1, end - begin - 1));
}

// The first number behind `word`: "position 3" → "3", "position 0-1" → "0".
std::string number_after(std::string_view message, std::string_view word) {
  auto at = message.find(word);
  if (at == message.npos) return {};
  std::string digits;
  for (at += word.size(); at < message.size(); ++at) {
    const char c = message[at];
    if (std::isdigit(static_cast<unsigned char>(c)) != 0)
      digits += c;
    else if (!digits.empty() || c != ' ')
      break;
  }
  return digits;
}

void wrong_type(const Line& line, Explanation& out) {
  const Say& say = line.say;
  if (line.says("bytes-like object is required, not 'str'")) {
    out.plain = say("A socket carries bytes, and this is text.");
    seen(out, say("str and bytes are two types"),
         say("Write b'hello' instead of 'hello', or 'hello'.encode()."));
  } else if (line.says("'str' object cannot be interpreted as an integer")) {
    out.plain = say("A number is needed here, and this is text.");
    seen(out, say("A port is written without quotes"),
         say("('127.0.0.1', 9999), not ('127.0.0.1', '9999')."));
  } else if (line.says("address must be tuple") || line.says("takes exactly one argument (2 given)")) {
    out.plain = say("The address is one value: a host and a port in brackets of their own.");
    seen(out, say("Two pairs of brackets are needed"),
         say("connect(('127.0.0.1', 9999)): the inner pair makes the tuple."));
  } else if (line.says("can only concatenate") || line.says("can't concat")) {
    out.plain = say("Text and bytes cannot be joined.");
    seen(out, say("str and bytes are two types"),
         say("encode() makes bytes of text, decode() makes text of bytes."));
  } else if (line.says("null character") || line.says("null byte")) {
    out.plain = say("A name must not hold a NUL.");
    seen(out, say("In C a NUL ends a name"));
  } else {
    out.plain = say("A value of another type is needed here.");
  }
}

void cut_character(const Line& line, Explanation& out) {
  const Say& say = line.say;
  const std::string at = number_after(line.message, "position");
  if (line.says("unexpected end of data")) {
    out.plain = say("The bytes end in the middle of a character: it begins at byte {0}.", at);
    seen(out, say("recv() took a part of what was sent"),
         say("A stream keeps no messages, and UTF-8 writes 好 as three bytes. Keep what is left over for the "
             "next recv()."));
  } else if (line.says("invalid start byte")) {
    out.plain = say("Byte {0} begins no character.", at);
    possible(out, say("These bytes begin in the middle of a character"),
             say("The bytes before them were taken by an earlier recv()."));
    possible(out, say("They are no UTF-8 text"));
  } else if (line.says("ordinal not in range")) {
    out.plain = say("Byte {0} is not ASCII.", at);
    seen(out, say("ASCII has 128 characters; UTF-8 has all"), say("decode() alone takes UTF-8."));
  } else {
    out.plain = say("The bytes are no UTF-8 text: see byte {0}.", at);
    possible(out, say("They are no UTF-8 text"));
  }
}

void out_of_range(const Line& line, Explanation& out) {
  const Say& say = line.say;
  if (line.says("port must be 0-65535")) {
    out.plain = say("A port is a number from 0 to 65535.");
    seen(out, say("A port has 16 bits"));
  } else {
    out.plain = say("The number is too large.");
    seen(out, say("C has no room for a number of this size"));
  }
}

void wrong_value(const Line& line, Explanation& out) {
  const Say& say = line.say;
  if (line.says("negative buffersize")) {
    out.plain = say("recv() takes how many bytes at most: not a negative number.");
  } else if (line.says("Timeout value out of range") || line.says("timeout must be")) {
    out.plain = say("A timeout is a number of seconds from 0 on, or None.");
  } else if (line.says("not enough values to unpack") || line.says("too many values to unpack")) {
    out.plain = say("The result has another number of parts than there are names on the left.");
    if (line.writes("accept")) seen(out, say("accept() gives two: the new socket and the client's address"));
  } else {
    out.plain = say("The value is of the right type and makes no sense here.");
  }
}

void without_errno(const Line& line, Explanation& out) {
  const Say& say = line.say;
  if (line.says("path too long")) {
    out.plain = say("The path is too long: a Unix socket's has at most 107 bytes.");
    seen(out, say("The kernel's address has room for 108 bytes, with the NUL at the end"),
         say("A shorter relative path serves, or an abstract name."));
  } else {
    out.plain = say("Python refused this before the kernel was asked.");
  }
}

void describe(const Line& line, Explanation& out) {
  const Say& say = line.say;
  if (line.exception == "TypeError") return wrong_type(line, out);
  if (line.exception == "OverflowError") return out_of_range(line, out);
  if (line.exception == "UnicodeDecodeError") return cut_character(line, out);
  if (line.exception == "ValueError") return wrong_value(line, out);
  if (line.exception == "OSError") return without_errno(line, out);
  if (line.exception == "NameError") {
    out.plain = say("Nothing has the name {0}.", quoted_in(line.message));
    possible(out, say("The line that makes it has not run, or failed"));
    possible(out, say("The name is misspelled"));
  } else if (line.exception == "AttributeError") {
    out.plain = say("A {0} has nothing of this name.", quoted_in(line.message));
    possible(out, say("The name is misspelled"));
  } else if (line.exception == "UnicodeEncodeError") {
    out.plain = say("This encoding has no such character.");
    seen(out, say("ASCII has 128 characters; UTF-8 has all"), say("encode() alone takes UTF-8."));
  } else if (line.exception.ends_with("gaierror")) {
    out.plain = say("The name could not be looked up.");
    possible(out, say("It is misspelled, or not known on this machine"),
             say("Sockscope asks no name server: it knows numbers, localhost and what is in /etc/hosts."));
  } else {
    out.plain = say("Python refused this before the kernel was asked.");
  }
}

}  // namespace

std::optional<Explanation> explain_line(const Trace& trace, const State& before, std::uint64_t ended,
                                        const Translate& tr) {
  if (ended >= trace.size()) return std::nullopt;
  const auto* e = std::get_if<event::LineEnded>(&trace[ended].body);
  if (e == nullptr || e->exception.empty()) return std::nullopt;
  const ThreadState* thread = before.thread(e->thread);
  std::string_view text;
  if (thread != nullptr && thread->line_id == e->line_id && thread->line_seq < trace.size()) {
    if (thread->last_return > thread->line_seq && thread->last_error != 0) return std::nullopt;
    if (const auto* line = std::get_if<event::LineStarted>(&trace[thread->line_seq].body))
      text = line->text.view();
  }
  const Say say(tr);
  Explanation out;
  out.exception = plain(e->exception.view());
  out.python = plain(e->text.empty() ? e->exception.view()
                                     : std::string(e->exception.view()) + ": " + std::string(e->text.view()));
  out.number = e->error;
  if (e->error > 0) out.name = errno_name(e->error);
  describe({say, e->exception.view(), e->text.view(), text}, out);
  out.means = say("Python raised it before any call of the kernel failed.");
  if (out.causes.empty()) possible(out, out.plain);
  return out;
}

}  // namespace sockscope
