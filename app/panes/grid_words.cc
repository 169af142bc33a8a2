#include "panes/grid_words.h"

#include <fmt/format.h>

#include "explain/cell_text.h"

namespace sockscope {

std::string grid_words(const ui::Translator& tr, const GridCell& cell) {
  const CellText text = cell_text(cell, [&tr](std::string_view english) { return std::string(tr(english)); });
  if (text.where.empty()) return text.why;
  return fmt::format(fmt::runtime(tr("{0} Where it is allowed: {1}")), text.why, text.where);
}

}  // namespace sockscope
