#include "play/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "trace/clock.h"

namespace sockscope::play {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\f';
}

// Letters beyond ASCII, roughly as Python's identifiers: not the spaces, not punctuation (also full-width).
bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  if (c == 0xd7 || c == 0xf7) return false;
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  return !within(0x2000, 0x2bff) && !within(0x2e00, 0x2e7f) && !within(0x3000, 0x303f) &&
         !within(0xd800, 0xf8ff) && !within(0xfe00, 0xfe6f) && !within(0xfeff, 0xff20) &&
         !within(0xff3b, 0xff40) && !within(0xff5b, 0xff65) && !within(0xffe0, 0xffff) && c < 0xe0000;
}

// What a keyboard set to Chinese types where Python wants ASCII.
std::string_view ascii_of(char32_t c) {
  static constexpr std::pair<char32_t, std::string_view> kLookalikes[] = {
      {U'（', "("}, {U'）', ")"}, {U'，', ","}, {U'：', ":"}, {U'；', ";"}, {U'“', "\""},
      {U'”', "\""}, {U'‘', "'"},  {U'’', "'"},  {U'【', "["}, {U'】', "]"}, {U'＝', "="},
      {U'。', "."}, {U'　', " "}, {U'》', ">"}, {U'＞', ">"}};
  for (const auto& [wide, plain] : kLookalikes)
    if (wide == c) return plain;
  return {};
}

[[noreturn]] void refuse_character(std::string_view line, std::size_t at) {
  std::size_t end = at;
  const auto c = next_character(line, end, false);
  if (!c) throw SyntaxError{at, "this byte is not UTF-8 text"};
  if (const auto plain = ascii_of(*c); !plain.empty())
    throw SyntaxError{
        at, fmt::format("'{}' is a full-width character; Python wants {}", line.substr(at, end - at),
                        plain == " " ? "a plain space" : fmt::format("'{}'", plain))};
  if (*c < 0x20 || *c == 0x7f || (*c >= 0x80 && *c < 0xa0))
    throw SyntaxError{
        at, fmt::format("a control character (\\x{:02x}) cannot stand here", static_cast<unsigned>(*c))};
  throw SyntaxError{at, fmt::format("'{}' cannot stand here", line.substr(at, end - at))};
}

std::size_t digits_end(std::string_view line, std::size_t at, bool (*digit)(char)) {
  while (at < line.size() &&
         (digit(line[at]) || (line[at] == '_' && at + 1 < line.size() && digit(line[at + 1]))))
    ++at;
  return at;
}

std::string without_underscores(std::string_view text) {
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  return plain;
}

Token integer_token(std::string_view line, std::size_t begin, std::size_t end, int base) {
  Token token{TokenKind::integer, begin, end, line.substr(begin, end - begin), {}};
  const std::string plain = without_underscores(token.spelled.substr(base == 16 ? 2 : 0));
  std::int64_t number = 0;
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), number, base);
  if (read.ec == std::errc::result_out_of_range) token.kind = TokenKind::too_big;
  if (base == 10 && plain.size() > 1 && plain[0] == '0' && plain.find_first_not_of('0') != plain.npos)
    throw SyntaxError{begin, "a whole number does not begin with 0"};
  token.value = number;
  return token;
}

Token real_token(std::string_view line, std::size_t begin, std::size_t end) {
  Token token{TokenKind::real, begin, end, line.substr(begin, end - begin), {}};
  const std::string plain = without_underscores(token.spelled);
  double number = 0;
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), number);
  if (read.ec == std::errc::result_out_of_range)
    number = plain.find("e-") == plain.npos && plain.find("E-") == plain.npos ? HUGE_VAL : 0.0;
  token.value = number;
  return token;
}

Token lex_hex(std::string_view line, std::size_t at) {
  const std::size_t end = digits_end(line, at + 2, is_hex);
  if (end == at + 2) throw SyntaxError{at, "0x needs hexadecimal digits"};
  if (name_length(line, end) > 0) throw SyntaxError{end, "this is no hexadecimal digit"};
  return integer_token(line, at, end, 16);
}

// Behind the digits of a number: a unit makes it a time; anything else that is a letter is wrong.
Token with_unit(std::string_view line, Token number) {
  const std::size_t more = name_length(line, number.end);
  if (more == 0) return number;
  const std::string_view whole = line.substr(number.begin, number.end - number.begin + more);
  const auto time = parse_time(whole);
  if (!time)
    throw SyntaxError{number.end, fmt::format("'{}' is neither a number nor a time like 300ms or 5s", whole)};
  return {TokenKind::time, number.begin, number.end + more, whole, Value(*time)};
}

Token lex_number(std::string_view line, std::size_t at) {
  if (line[at] == '0' && at + 1 < line.size() && (line[at + 1] == 'x' || line[at + 1] == 'X'))
    return lex_hex(line, at);
  if (line[at] == '0' && at + 1 < line.size() &&
      std::string_view("bBoO").find(line[at + 1]) != std::string_view::npos)
    throw SyntaxError{at, "whole numbers are decimal or hexadecimal (0x…)"};
  std::size_t end = digits_end(line, at, is_digit);
  bool real = false;
  if (end < line.size() && line[end] == '.') {
    real = true;
    end = digits_end(line, end + 1, is_digit);
  }
  if (end < line.size() && (line[end] == 'e' || line[end] == 'E')) {
    const bool sign = end + 1 < line.size() && (line[end + 1] == '-' || line[end + 1] == '+');
    const std::size_t digits = end + (sign ? 2 : 1);
    if (digits < line.size() && is_digit(line[digits])) {
      real = true;
      end = digits_end(line, digits, is_digit);
    }
  }
  return with_unit(line, real ? real_token(line, at, end) : integer_token(line, at, end, 10));
}

std::size_t op_length(std::string_view rest) {
  static constexpr std::array<std::string_view, 17> kLong = {
      "**=", "//=", "->", "==", "!=", "<=", ">=", "<<", ">>", "**", "//", ":=", "+=", "-=", "*=", "/=", "|="};
  for (const auto op : kLong)
    if (rest.starts_with(op)) return op.size();
  return std::string_view("()[]{},:.=<>|+-*/%&^~@;!?$").find(rest[0]) != std::string_view::npos ? 1 : 0;
}

Token lex_one(std::string_view line, std::size_t at) {
  if (begins_string(line, at)) {
    std::size_t end = at;
    return lex_string(line, end);
  }
  if (is_digit(line[at]) || (line[at] == '.' && at + 1 < line.size() && is_digit(line[at + 1])))
    return lex_number(line, at);
  if (const std::size_t length = name_length(line, at); length > 0)
    return {TokenKind::name, at, at + length, line.substr(at, length), {}};
  if (const std::size_t length = op_length(line.substr(at)); length > 0)
    return {TokenKind::op, at, at + length, line.substr(at, length), {}};
  refuse_character(line, at);
}

}  // namespace

std::size_t name_length(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size()) {
    if (end > at && is_digit(line[end])) {
      ++end;
      continue;
    }
    std::size_t next = end;
    const auto c = next_character(line, next, false);
    if (!c || !is_letter(*c)) break;
    end = next;
  }
  return end - at;
}

bool is_name(std::string_view text) {
  return !text.empty() && name_length(text, 0) == text.size();
}

std::optional<Time> parse_time(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (read.ec != std::errc() || read.ptr == text.data() || number < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  const Time scale = unit == "s" ? kSecond : unit == "ms" ? kMillisecond : unit == "us" ? kMicrosecond : 0;
  const double nanoseconds = number * static_cast<double>(scale);
  if (scale == 0 || !(nanoseconds <= 1e9 * 86400)) return std::nullopt;  // a day at most
  return static_cast<Time>(std::llround(nanoseconds));
}

std::vector<Token> lex(std::string_view line, std::size_t from) {
  std::vector<Token> tokens;
  std::size_t at = from;
  for (;;) {
    while (at < line.size() && is_space(line[at])) ++at;
    if (at >= line.size() || line[at] == '#') break;
    tokens.push_back(lex_one(line, at));
    at = tokens.back().end;
  }
  tokens.push_back({TokenKind::end, at, at, {}, {}});
  return tokens;
}

}  // namespace sockscope::play
