// Text to bytes and back: utf-8, ascii and latin-1, strict, ignore or replace.

#include <fmt/format.h>

#include <algorithm>

#include "play/operators.h"

namespace sockscope::play {
namespace {

enum class Codec { utf8, ascii, latin1 };
enum class Errors { strict, ignore, replace };

Codec codec_of(const Value* encoding) {
  if (encoding == nullptr) return Codec::utf8;
  std::string name(text_of(*encoding, "encoding"));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c == '_' || c == ' ' ? '-' : c;
  });
  if (name == "utf-8" || name == "utf8" || name == "u8") return Codec::utf8;
  if (name == "ascii" || name == "us-ascii") return Codec::ascii;
  if (name == "latin-1" || name == "latin1" || name == "iso-8859-1" || name == "l1") return Codec::latin1;
  throw PyError{"LookupError", 0,
                fmt::format("unknown encoding: {} (a play knows utf-8, ascii and latin-1)", name)};
}

Errors errors_of(const Value* errors) {
  if (errors == nullptr) return Errors::strict;
  const std::string_view name = text_of(*errors, "errors");
  if (name == "strict") return Errors::strict;
  if (name == "ignore") return Errors::ignore;
  if (name == "replace") return Errors::replace;
  throw PyError{"LookupError", 0, fmt::format("unknown error handler name '{}'", name)};
}

std::string_view codec_name(Codec codec) {
  return codec == Codec::utf8 ? "utf-8" : codec == Codec::ascii ? "ascii" : "latin-1";
}

bool fits(Codec codec, char32_t c) {
  if (codec == Codec::utf8) return c < 0xd800 || c > 0xdfff;
  return c < (codec == Codec::ascii ? 0x80U : 0x100U);
}

// The longest beginning of a character at `at` that could still have become one: what Python replaces as one.
std::size_t broken_length(std::string_view data, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(data[i]); };
  const unsigned lead = byte(at);
  const std::size_t wanted = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 1;
  std::size_t length = 1;
  for (; length < wanted && at + length < data.size(); ++length) {
    unsigned least = 0x80, most = 0xbf;
    if (length == 1 && lead == 0xe0) least = 0xa0;
    if (length == 1 && lead == 0xed) most = 0x9f;
    if (length == 1 && lead == 0xf0) least = 0x90;
    if (length == 1 && lead == 0xf4) most = 0x8f;
    if (byte(at + length) < least || byte(at + length) > most) break;
  }
  return length;
}

// Python's message: which bytes, and whether the rest of a character is missing or something else stands
// there.
std::string cannot_decode(Codec codec, std::string_view data, std::size_t at) {
  const unsigned lead = static_cast<unsigned char>(data[at]);
  const std::size_t length = codec == Codec::utf8 ? broken_length(data, at) : 1;
  const bool begins = lead >= 0xc2 && lead <= 0xf4;
  const std::string_view reason = codec != Codec::utf8         ? "ordinal not in range(128)"
                                  : !begins                    ? "invalid start byte"
                                  : at + length == data.size() ? "unexpected end of data"
                                                               : "invalid continuation byte";
  const std::string which = length == 1 ? fmt::format("byte 0x{:02x} in position {}", lead, at)
                                        : fmt::format("bytes in position {}-{}", at, at + length - 1);
  return fmt::format("'{}' codec can't decode {}: {}", codec_name(codec), which, reason);
}

}  // namespace

std::string encoded(const Value& value, const Value* encoding, const Value* errors) {
  const std::string_view utf8 = text_of(value, "argument");
  const Codec codec = codec_of(encoding);
  const Errors mode = errors_of(errors);
  std::string out;
  std::size_t position = 0;
  for (std::size_t at = 0; at < utf8.size(); ++position) {
    const std::size_t begin = at;
    const char32_t c = next_character(utf8, at, true).value_or(U'\ufffd');
    if (at == begin) ++at;
    if (fits(codec, c)) {
      if (codec == Codec::utf8)
        out += utf8.substr(begin, at - begin);
      else
        out += static_cast<char>(static_cast<unsigned char>(c));
    } else if (mode == Errors::strict) {
      throw PyError{"UnicodeEncodeError", 0,
                    fmt::format("'{}' codec can't encode character '\\u{:04x}' in position {}",
                                codec_name(codec), static_cast<unsigned>(c), position)};
    } else if (mode == Errors::replace) {
      out += '?';
    }
  }
  return out;
}

std::string decoded(std::string_view data, const Value* encoding, const Value* errors) {
  const Codec codec = codec_of(encoding);
  const Errors mode = errors_of(errors);
  std::string out;
  for (std::size_t at = 0; at < data.size();) {
    const auto byte = static_cast<unsigned char>(data[at]);
    if (codec == Codec::latin1 || byte < 0x80) {
      append_utf8(out, byte);
      ++at;
      continue;
    }
    std::size_t end = at;
    if (codec == Codec::utf8 && next_character(data, end, false)) {
      out += data.substr(at, end - at);
      at = end;
      continue;
    }
    if (mode == Errors::strict) throw PyError{"UnicodeDecodeError", 0, cannot_decode(codec, data, at)};
    if (mode == Errors::replace) out += "\xef\xbf\xbd";
    at += codec == Codec::utf8 ? broken_length(data, at) : 1;
  }
  return out;
}

}  // namespace sockscope::play
