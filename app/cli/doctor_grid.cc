// The grid as a table: families down, types across, protocols named; then why, each reason once.

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "cli/doctor_text.h"
#include "explain/cell_text.h"
#include "net/names.h"

namespace sockscope::cli {
namespace {

constexpr std::size_t kFamilyColumn = 13, kTypeColumn = 17;

template <typename Field>
std::vector<int> each_once(const Grid& grid, Field field) {
  std::vector<int> found;
  for (const GridCell& cell : grid) {
    if (std::find(found.begin(), found.end(), field(cell)) == found.end()) found.push_back(field(cell));
  }
  return found;
}

std::string cell_mark(const GridCell& cell) {
  switch (verdict_of(cell)) {
    case CellVerdict::works:
      return "✓";
    case CellVerdict::needs_privilege:
      return "!";
    case CellVerdict::refused:
      break;
  }
  return "✗";
}

std::string short_type(int type) {
  constexpr std::string_view kPrefix = "SOCK_";
  const std::string name = constant_name("SOCK", type);
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

std::vector<GridCell> cells_of(const Grid& grid, int family, int type) {
  std::vector<GridCell> cells;
  std::copy_if(grid.begin(), grid.end(), std::back_inserter(cells),
               [&](const GridCell& cell) { return cell.family == family && cell.type == type; });
  return cells;
}

// As many lines as the type with the most protocols has.
std::string family_lines(const Grid& grid, int family, const std::vector<int>& types) {
  std::string text;
  bool more = true;
  for (std::size_t line = 0; more; ++line) {
    std::string row = padded(line == 0 ? constant_name("AF", family) : "", kFamilyColumn);
    more = false;
    bool any = false;
    for (const int type : types) {
      const std::vector<GridCell> cells = cells_of(grid, family, type);
      more = more || cells.size() > line + 1;
      any = any || cells.size() > line;
      row += padded(cells.size() > line
                        ? cell_mark(cells[line]) + ' ' + cell_protocol(family, cells[line].protocol)
                        : "",
                    kTypeColumn);
    }
    if (any) text += trimmed(row) + '\n';
  }
  return text;
}

// Cells that share a reason.
struct Reason {
  std::string why, where;
  GridCell first;
  std::vector<GridCell> cells;
};

std::vector<Reason> reasons(const Grid& grid, CellVerdict verdict, const Translate& tr) {
  std::vector<Reason> found;
  for (const GridCell& cell : grid) {
    if (verdict_of(cell) != verdict) continue;
    const CellText text = cell_text(cell, tr);
    const auto same = std::find_if(found.begin(), found.end(), [&](const Reason& reason) {
      return reason.why == text.why && reason.first.error == cell.error;
    });
    if (same == found.end()) {
      found.push_back({text.why, text.where, cell, {cell}});
    } else {
      same->cells.push_back(cell);
    }
  }
  return found;
}

// "AF_INET STREAM SCTP, SEQPACKET 0; AF_CAN (every type)".
std::string names_of_cells(const Reason& reason, const Grid& grid, const Translate& tr) {
  const auto in_family = [](const std::vector<GridCell>& cells, int family) {
    return std::count_if(cells.begin(), cells.end(),
                         [&](const GridCell& cell) { return cell.family == family; });
  };
  std::string text;
  int family = AF_UNSPEC;
  for (const GridCell& cell : reason.cells) {
    const bool next = cell.family != family;
    family = cell.family;
    const bool all = in_family(grid, family) == in_family(reason.cells, family);
    if (next)
      text +=
          (text.empty() ? "" : "; ") + constant_name("AF", family) + (all ? ' ' + tr("(every type)") : "");
    if (!all)
      text += (next ? " " : ", ") + short_type(cell.type) + ' ' + cell_protocol(family, cell.protocol);
  }
  return text;
}

std::string reason_lines(const Grid& grid, CellVerdict verdict, const Translate& tr) {
  std::string text;
  for (const Reason& reason : reasons(grid, verdict, tr)) {
    const std::string head =
        fmt::format("{} {}: {} ({})", cell_mark(reason.first), names_of_cells(reason, grid, tr),
                    errno_name(reason.first.error), reason.first.error);
    text += wrapped(head, 2, 4) + wrapped(reason.why, 6, 6);
    if (!reason.where.empty()) text += wrapped(reason.where, 6, 6);
  }
  return text;
}

}  // namespace

std::string grid_text(const Grid& grid, const Translate& tr) {
  const std::vector<int> types = each_once(grid, [](const GridCell& cell) { return cell.type; });
  std::string text = tr("What socket(family, type, protocol) comes to") + "   ✓ " + tr("works") + "   ! " +
                     tr("needs a privilege") + "   ✗ " + tr("refused") + "\n\n";
  std::string head(kFamilyColumn, ' ');
  for (const int type : types) head += padded(short_type(type), kTypeColumn);
  text += trimmed(head) + '\n';
  for (const int family : each_once(grid, [](const GridCell& cell) { return cell.family; }))
    text += family_lines(grid, family, types);
  const std::string locked = reason_lines(grid, CellVerdict::needs_privilege, tr);
  if (!locked.empty()) text += "\n" + tr("What needs a privilege") + "\n\n" + locked;
  const std::string refused = reason_lines(grid, CellVerdict::refused, tr);
  if (!refused.empty()) text += "\n" + tr("What is refused, and why") + "\n\n" + refused;
  return text;
}

}  // namespace sockscope::cli
