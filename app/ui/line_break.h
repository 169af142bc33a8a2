#pragma once
// Where a line of Chinese and English may break. Each takes one whole character in UTF-8.

#include <string_view>

namespace sockscope::ui {

// Chinese characters and full-width marks (three bytes from U+2E80 on), between which a line may break.
bool is_wide(std::string_view one);
// Marks that may not begin a line, and that may not end one.
bool closes(std::string_view one);
bool opens(std::string_view one);

}  // namespace sockscope::ui
