#include "trace/narrate_text.h"

#include "trace/clock.h"

#include <cstddef>

#include "net/text.h"

namespace sockscope {
namespace {

// Moves the cursor, sets colours, or turns the text round.
bool controls(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto c = next_character(text, at);
    if (!c) ++at;
    if (c && !controls(*c)) {
      out += text.substr(begin, at - begin);
      continue;
    }
    for (const char byte : text.substr(begin, at - begin))
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  }
  return out;
}

std::string three_digits(double value) {
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 99.95) return fmt::format("{:.1f}", value);
  return fmt::format("{:.0f}", value);
}

std::string two_digits(double value) {
  return value < 9.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

std::string duration_text(Time span, const Translate& tr) {
  if (span < 0) return tr("an unknown time");
  if (span < kMicrosecond) return say(tr("{0} ns"), span);
  if (span < kMillisecond) return say(tr("{0} µs"), two_digits(static_cast<double>(span) / 1e3));
  if (span < kSecond) return say(tr("{0} ms"), three_digits(static_cast<double>(span) / 1e6));
  return say(tr("{0} s"), three_digits(static_cast<double>(span) / 1e9));
}

}  // namespace sockscope
