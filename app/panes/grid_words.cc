#include "panes/grid_words.h"

#include <fmt/format.h>

#include "net/names.h"

namespace sockscope {

std::string grid_words(const ui::Translator& tr, const GridCell& cell) {
  if (cell.error == 0) return std::string(tr("It works here."));
  return fmt::format(fmt::runtime(tr("The kernel refuses it with {0}.")), errno_name(cell.error));
}

}  // namespace sockscope
