#include "play/value.h"

namespace sockscope::play {

std::size_t characters(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::size_t byte_of(std::string_view utf8, std::size_t index) {
  std::size_t at = 0;
  for (; at < utf8.size(); ++at) {
    if ((static_cast<unsigned char>(utf8[at]) & 0xc0) == 0x80) continue;
    if (index == 0) return at;
    --index;
  }
  return at;
}

}  // namespace sockscope::play
