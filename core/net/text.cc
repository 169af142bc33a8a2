#include "net/text.h"

namespace sockscope {
namespace {

struct Lead {
  std::size_t more = 0;
  char32_t bits = 0, least = 0;
  bool good = false;
};

Lead lead_of(unsigned char c) {
  if (c < 0x80) return {0, c, 0, true};
  if (c >= 0xc2 && c <= 0xdf) return {1, static_cast<char32_t>(c & 0x1f), 0x80, true};
  if (c >= 0xe0 && c <= 0xef) return {2, static_cast<char32_t>(c & 0x0f), 0x800, true};
  if (c >= 0xf0 && c <= 0xf4) return {3, static_cast<char32_t>(c & 0x07), 0x10000, true};
  return {};
}

}  // namespace

std::optional<char32_t> next_character(std::string_view utf8, std::size_t& at, bool surrogates) {
  const Lead lead = lead_of(static_cast<unsigned char>(utf8[at]));
  if (!lead.good || at + lead.more >= utf8.size()) return std::nullopt;
  char32_t c = lead.bits;
  for (std::size_t i = 1; i <= lead.more; ++i) {
    const auto byte = static_cast<unsigned char>(utf8[at + i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    c = c << 6 | (byte & 0x3f);
  }
  if (c < lead.least || c > 0x10ffff) return std::nullopt;
  if (!surrogates && c >= 0xd800 && c <= 0xdfff) return std::nullopt;
  at += lead.more + 1;
  return c;
}

std::string_view first_character(std::string_view utf8) {
  std::size_t end = 0;
  if (!utf8.empty() && !next_character(utf8, end)) end = 1;
  return utf8.substr(0, end);
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

std::size_t broken_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (!next_character(text, at, false)) return at;
  return text.npos;
}

std::string_view first_characters(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return utf8;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xc0) == 0x80) --end;
  return utf8.substr(0, end);
}

std::size_t quoted_end(std::string_view line, std::size_t at) {
  const char quote = line[at];
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == quote) {
      return i + 1;
    }
  }
  return line.npos;
}

}  // namespace sockscope
