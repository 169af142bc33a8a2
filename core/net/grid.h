#pragma once
// The grid of socket(family, type, protocol): what each cell came to when it was tried on this machine.

#include <cerrno>
#include <cstdint>
#include <vector>

namespace sockscope {

struct GridCell {
  int family = 0, type = 0, protocol = 0;
  int error = 0;  // errno of socket(2); 0: it works
  friend bool operator==(const GridCell&, const GridCell&) = default;
};
using Grid = std::vector<GridCell>;  // in the order it is shown

enum class CellVerdict : std::uint8_t { works, refused, needs_privilege };
inline CellVerdict verdict_of(const GridCell& cell) {
  if (cell.error == 0) return CellVerdict::works;
  return cell.error == EPERM || cell.error == EACCES ? CellVerdict::needs_privilege : CellVerdict::refused;
}
}  // namespace sockscope
