#pragma once
// Pieces of sentences. Private to trace/.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "trace/narrate.h"

namespace sockscope {

// The pattern filled in. A pattern that a translator broke is shown as it is, not thrown.
template <class... Args>
std::string say(std::string_view pattern, const Args&... args) {
  try {
    return fmt::format(fmt::runtime(pattern), args...);
  } catch (const fmt::format_error&) {
    return std::string(pattern);
  }
}

// Text of a program or a recording, safe to print on a terminal: control characters and what is not UTF-8 are
// shown as \x1b.
std::string plain(std::string_view text);

// "34 µs", "300 ms", "1.01 s"
std::string duration_text(Time span, const Translate& tr);

// As many digits as matter: 1.23, 12.3, 123; and 1.2, 12, 123.
std::string three_digits(double value);
std::string two_digits(double value);

}  // namespace sockscope
