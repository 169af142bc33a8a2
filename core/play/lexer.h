#pragma once
// Cuts a line into tokens. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "play/value.h"

namespace sockscope::play {

// Thrown inside this room while a line is read; the border (parse_play, parse_line) turns it into a
// PlayError.
struct SyntaxError {
  std::size_t at = 0;  // byte in the line
  std::string message;
  bool later = false;
};

enum class TokenKind { name, integer, too_big, real, time, text, bytes, op, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0, end = 0;  // bytes in the line
  std::string_view spelled;        // of the line
  Value value;                     // of a literal; a time in nanoseconds
};

// The tokens of line[from…], comments left out, an end token last. Throws SyntaxError.
std::vector<Token> lex(std::string_view line, std::size_t from);

// The literal that begins at `at` (a quote, or a prefix and a quote); moves `at` behind it. Throws
// SyntaxError.
Token lex_string(std::string_view line, std::size_t& at);
bool begins_string(std::string_view line, std::size_t at);
// "300ms", "5s", "1.5s", "20us" in nanoseconds.
std::optional<Time> parse_time(std::string_view text);

bool is_name(std::string_view text);
// How many bytes of line[at…] are a name; 0: none begins there.
std::size_t name_length(std::string_view line, std::size_t at);

}  // namespace sockscope::play
