#pragma once
// What a cell of the grid came to, in words: for a tooltip and under the grid.

#include <string>

#include "net/grid.h"
#include "ui/language.h"

namespace sockscope {

std::string grid_words(const ui::Translator& tr, const GridCell& cell);

}  // namespace sockscope
