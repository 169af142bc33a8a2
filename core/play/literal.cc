// Text and bytes literals with Python's escapes.

#include <fmt/format.h>

#include "play/lexer.h"

namespace sockscope::play {
namespace {

struct Prefix {
  std::size_t length = 0;
  bool bytes = false, raw = false, known = true;
};

Prefix prefix_of(std::string_view line, std::size_t at) {
  Prefix prefix;
  while (at + prefix.length < line.size() && prefix.length < 3) {
    const char c = line[at + prefix.length];
    if (c == '\'' || c == '"') return prefix;
    if (c == 'b' || c == 'B')
      prefix.bytes = true;
    else if (c == 'r' || c == 'R')
      prefix.raw = true;
    else if (c == 'f' || c == 'F')
      prefix.known = false;
    else if (c != 'u' && c != 'U')
      break;
    ++prefix.length;
  }
  return {.length = line.npos};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class StringReader {
 public:
  StringReader(std::string_view line, std::size_t at, Prefix prefix)
      : line_(line), at_(at), begin_(at), prefix_(prefix) {}

  Token read() {
    const char quote = line_[at_ + prefix_.length];
    at_ += prefix_.length + 1;
    for (;;) {
      if (at_ >= line_.size())
        throw SyntaxError{begin_, fmt::format("this literal is not closed: {} is missing", quote)};
      if (line_[at_] == quote) break;
      if (line_[at_] == '\\' && at_ + 1 < line_.size())
        prefix_.raw ? raw_pair() : escape();
      else
        character();
    }
    ++at_;
    Token token{prefix_.bytes ? TokenKind::bytes : TokenKind::text,
                begin_,
                at_,
                line_.substr(begin_, at_ - begin_),
                {}};
    token.value = prefix_.bytes ? Value(Bytes{std::move(out_), false}) : Value(Text{std::move(out_)});
    return token;
  }

 private:
  // As it stands, backslash included: a raw literal keeps both.
  void raw_pair() {
    out_ += line_[at_++];
    character();
  }

  void character() {
    const std::size_t begin = at_;
    const auto c = next_character(line_, at_, false);
    if (!c) throw SyntaxError{begin, "this byte is not UTF-8 text"};
    if (prefix_.bytes && *c >= 0x80)
      throw SyntaxError{begin, "bytes hold only ASCII here; write the text and encode it: 'text'.encode()"};
    out_ += line_.substr(begin, at_ - begin);
  }

  void escape() {
    const char c = line_[at_ + 1];
    static constexpr std::string_view kFrom = "\\'\"abfnrtv", kTo = "\\'\"\a\b\f\n\r\t\v";
    if (const auto known = kFrom.find(c); known != kFrom.npos) {
      out_ += kTo[known];
      at_ += 2;
    } else if (c >= '0' && c <= '7') {
      octal();
    } else if (c == 'x') {
      numbered(2);
    } else if (!prefix_.bytes && (c == 'u' || c == 'U')) {
      numbered(c == 'u' ? 4 : 8);
    } else if (!prefix_.bytes && c == 'N') {
      throw SyntaxError{at_, "\\N{…} names are not part of a play; write \\uXXXX"};
    } else {
      raw_pair();  // Python keeps an escape it does not know
    }
  }

  void octal() {
    char32_t number = 0;
    ++at_;
    for (int i = 0; i < 3 && at_ < line_.size() && line_[at_] >= '0' && line_[at_] <= '7'; ++i)
      number = number * 8 + static_cast<char32_t>(line_[at_++] - '0');
    put(prefix_.bytes ? number & 0xff : number);
  }

  void numbered(std::size_t digits) {
    char32_t number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int digit = at_ + 2 + i < line_.size() ? hex_digit(line_[at_ + 2 + i]) : -1;
      if (digit < 0)
        throw SyntaxError{at_, fmt::format("\\{} needs {} hexadecimal digits", line_[at_ + 1], digits)};
      number = number << 4 | static_cast<char32_t>(digit);
    }
    if (number > 0x10ffff) throw SyntaxError{at_, "there is no such character: the greatest is \\U0010ffff"};
    at_ += 2 + digits;
    put(number);
  }

  void put(char32_t number) {
    if (prefix_.bytes)
      out_ += static_cast<char>(static_cast<unsigned char>(number));
    else
      append_utf8(out_, number);
  }

  std::string_view line_;
  std::size_t at_, begin_;
  Prefix prefix_;
  std::string out_;
};

}  // namespace

bool begins_string(std::string_view line, std::size_t at) {
  return prefix_of(line, at).length != line.npos;
}

Token lex_string(std::string_view line, std::size_t& at) {
  const Prefix prefix = prefix_of(line, at);
  if (!prefix.known) throw SyntaxError{at, "f'…' is not part of a play; use format: '{}'.format(x)"};
  const Token token = StringReader(line, at, prefix).read();
  at = token.end;
  return token;
}

}  // namespace sockscope::play
