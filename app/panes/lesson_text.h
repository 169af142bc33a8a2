#pragma once
// A lesson's Markdown as blocks to draw. Pure; any input gives blocks, never an error.

#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

struct TextRun {
  std::string text;
  bool strong = false, code = false;
  friend bool operator==(const TextRun&, const TextRun&) = default;
};

struct TextBlock {
  enum class Kind { heading, paragraph, item, code, rule } kind = Kind::paragraph;
  int level = 0;     // heading: 1 to 6; item: depth of the list, from 1
  std::string mark;  // item: "•" or "3."; code: the word after the fence ("play")
  std::vector<TextRun> runs;
  friend bool operator==(const TextBlock&, const TextBlock&) = default;
};

// One line's words without the marks of code and strong type: where a line is drawn in one font.
std::string without_marks(std::string_view line);
std::vector<TextBlock> lesson_blocks(std::string_view source);

}  // namespace sockscope
