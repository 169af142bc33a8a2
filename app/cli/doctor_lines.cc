// Text on a terminal: columns, indents, lines.

#include "cli/doctor_text.h"
#include "net/text.h"

namespace sockscope::cli {
namespace {

constexpr std::size_t kMostColumns = 100;

// Three bytes from U+2E80 on: what Chinese is written with. ✓ and … are below.
bool is_wide(std::string_view character) {
  return character.size() == 3 && static_cast<unsigned char>(character[0]) >= 0xe3;
}

// What is never parted: a word, or one wide character with the punctuation that follows it.
std::string_view first_piece(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::string_view character = first_character(text.substr(size));
    const bool stops = size > 0 && (character == " " || is_wide(character));
    const bool closes = character == "，" || character == "。" || character == "：" || character == "；" ||
                        character == "、" || character == "）";
    if (stops && !closes) break;
    size += character.size();
    if (is_wide(character) && size < text.size()) {
      const std::string_view next = first_character(text.substr(size));
      if (!is_wide(next) && next != " ") break;
    }
  }
  return text.substr(0, size);
}

}  // namespace

std::size_t columns_of(std::string_view utf8) {
  std::size_t columns = 0;
  while (!utf8.empty()) {
    const std::string_view character = first_character(utf8);
    columns += is_wide(character) ? 2 : 1;
    utf8.remove_prefix(character.size());
  }
  return columns;
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  if (used < columns) text.append(columns - used, ' ');
  return text;
}

std::string trimmed(std::string text) {
  text.resize(text.find_last_not_of(' ') + 1);
  return text;
}

std::string wrapped(std::string_view text, std::size_t first, std::size_t others) {
  std::string lines;
  std::string line(first, ' ');
  std::size_t used = first;
  bool empty = true, broken = false;
  while (!text.empty()) {
    const std::string_view piece = first_piece(text);
    text.remove_prefix(piece.size());
    if (used + columns_of(piece) > kMostColumns && !empty) {
      lines += trimmed(line) + '\n';
      line = std::string(others, ' ');
      used = others;
      broken = true;
    }
    const std::string_view shown = broken && piece.front() == ' ' ? piece.substr(1) : piece;
    empty = broken = false;
    line += shown;
    used += columns_of(shown);
  }
  return lines + trimmed(line) + '\n';
}

}  // namespace sockscope::cli
