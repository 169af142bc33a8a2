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
    if (line.writes("(('") || line.writes(", ('"))
      seen(out, say("A port is written without quotes"),
           say("('127.0.0.1', 9999), not ('127.0.0.1', '9999')."));
    else
      seen(out, say("A number is written without quotes"), say("5, not '5'; AF_INET, not 'AF_INET'."));
  } else if (line.says("takes no keyword arguments")) {
    out.plain = say("This method takes its arguments by their place, not by name.");
    if (line.writes("connect") || line.writes("bind"))
      seen(out, say("The address is one value: a host and a port in brackets of their own."),
           say("connect(('127.0.0.1', 9999)): the inner pair makes the tuple."));
    else
      seen(out, say("Python's socket methods have no names for them"));
  } else if (line.says("address must be a pair") || line.says("address must be a tuple")) {
    out.plain = say("The address has another number of parts than its family's.");
    seen(out, say("AF_INET takes (host, port), AF_INET6 (host, port[, flowinfo[, scope_id]])"));
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
  if (line.says("cannot be a negative integer (-1)")) {
    out.plain = say("One of the sockets is closed, so it has no descriptor.");
    seen(out, say("fileno() of a closed socket is -1"), say("Take it out of the list before you close it."));
  } else if (line.says("negative file descriptor")) {
    out.plain = say("A descriptor is a number from 0 on.");
    seen(out, say("fileno() of a closed socket is -1"));
  } else if (line.says("buffer too small")) {
    out.plain = say("The buffer is shorter than the number of bytes asked for.");
    seen(out, say("recv_into() writes into the buffer and cannot make it longer"),
         say("Without a number it takes as much as the buffer holds."));
  } else if (line.says("binary mode")) {
    out.plain = say("The file gives text, and a socket carries bytes.");
    seen(out, say("It was opened without a b in its mode"), say("open('page', 'rb') reads bytes."));
  } else if (line.says("negative buffersize")) {
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
  if (line.text.starts_with('%')) {
    out.plain = line.says("EADDRINUSE") ? say("The address of this server is taken already.")
                                        : say("Sockscope could not do what this line asks.");
    seen(out, plain(line.message));
    return;
  }
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
    if (line.says("Address family for hostname")) {
      out.plain = say("{0} is an address of another family than the socket's.", quoted_in(line.text));
      seen(out, say("127.0.0.1 is of AF_INET, ::1 is of AF_INET6"),
           say("Make the socket of the address's family, or take an address of the socket's."));
      return;
    }
    out.plain = say("Nobody knows the name {0}.", quoted_in(line.text));
    possible(out, say("It is misspelled, or not known on this machine"),
             say("Sockscope asks no name server: it knows numbers, localhost and what is in /etc/hosts."));
  } else if (line.exception == "FileNotFoundError") {
    out.plain = say("There is no file {0} in this run's own directory.", quoted_in(line.message));
    seen(out, say("open() sees that directory and nothing else"),
         say("The line %file page 'Hello' makes a file, open('page', 'wb') does too."));
  } else if (line.exception == "KeyError") {
    out.plain = say("This descriptor is not registered: {0}.", plain(line.message));
    possible(out, say("It was never registered, or unregister() took it out already"));
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
