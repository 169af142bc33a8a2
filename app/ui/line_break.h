#pragma once
// Where a line of Chinese and English may break.

#include <string_view>

namespace sockscope::ui {

// Between these two characters, each whole in UTF-8 (`before` is empty at the start): at a space, or beside a
// Chinese character or full-width mark; never before a mark that closes or behind one that opens.
bool may_break(std::string_view before, std::string_view one);

}  // namespace sockscope::ui
