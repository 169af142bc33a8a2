#include "trace/base64.h"

#include <array>
#include <cstdint>

namespace sockscope {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xff;

constexpr std::array<std::uint8_t, 256> values() {
  std::array<std::uint8_t, 256> all{};
  all.fill(kNone);
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    all[static_cast<unsigned char>(kLetters[i])] = static_cast<std::uint8_t>(i);
  }
  return all;
}
constexpr auto kValues = values();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    const char four[4] = {kLetters[group >> 18], kLetters[group >> 12 & 63],
                          i + 1 < bytes.size() ? kLetters[group >> 6 & 63] : '=',
                          i + 2 < bytes.size() ? kLetters[group & 63] : '='};
    out.append(four, sizeof four);
  }
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes(text.size() * 3 / 4, '\0');
  char* to = bytes.data();
  const auto value = [&](std::size_t i) {
    return std::uint32_t{kValues[static_cast<unsigned char>(text[i])]};
  };
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t a = value(i), b = value(i + 1), c = value(i + 2), d = value(i + 3);
    if (((a | b | c | d) & 0x80) != 0) return std::nullopt;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    *to++ = static_cast<char>(group >> 16);
    *to++ = static_cast<char>(group >> 8 & 0xff);
    *to++ = static_cast<char>(group & 0xff);
  }
  std::uint32_t group = 0;
  int bits = 0;
  for (; i < text.size(); ++i) {  // two or three letters before the padding
    if (value(i) == kNone) return std::nullopt;
    group = group << 6 | value(i);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *to++ = static_cast<char>(group >> bits & 0xff);
  }
  // Bits that no byte takes are zero in what anybody writes.
  if ((group & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace sockscope
