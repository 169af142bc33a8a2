#pragma once
// UTF-8: the one decoder, and text that has to be short.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sockscope {

// Decodes one character at `at`, which is inside, and moves it on; no value: not UTF-8 (RFC 3629: no overlong
// forms; surrogates pass if `surrogates`).
std::optional<char32_t> next_character(std::string_view utf8, std::size_t& at, bool surrogates = false);
// The character it begins with; a byte that begins none is one by itself. Empty only of nothing.
std::string_view first_character(std::string_view utf8);
void append_utf8(std::string& out, char32_t c);
// The first byte that is not UTF-8; npos: all of it is.
std::size_t broken_utf8(std::string_view text);

// At most the first `most` bytes of `utf8`, never half a character. What is not UTF-8 may be cut to nothing.
std::string_view first_characters(std::string_view utf8, std::size_t most);

// One past the closing quote of the Python text or bytes whose opening quote stands at `at`; npos: it does
// not end.
std::size_t quoted_end(std::string_view line, std::size_t at);

}  // namespace sockscope
