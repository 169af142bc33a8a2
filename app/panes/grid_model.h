#pragma once
// The grid of families, types and protocols as it is shown: what was tried on this machine, summed up a cell.
// Pure.

#include <string>
#include <string_view>
#include <vector>

#include "net/grid.h"

namespace sockscope {

struct NamedNumber {
  int value = 0;
  std::string name;        // "AF_INET"; a protocol without a name is its number
  std::string_view means;  // plain English, or empty
};
std::vector<NamedNumber> grid_families(const Grid* grid);
std::vector<NamedNumber> grid_types(const Grid* grid);
// The protocols that were tried for this family and type; the first is 0, the default.
std::vector<NamedNumber> grid_protocols(const Grid* grid, int family, int type);

const GridCell* cell_at(const Grid* grid, int family, int type, int protocol);  // nullptr: not tried

// One cell of the picture stands for every protocol of its family and type: the best of them.
struct CellSummary {
  const GridCell* best = nullptr;  // nullptr: nothing was tried
  std::string name;                // "TCP", "UDP", "ICMP", "ESOCKTNOSUPPORT"
};
CellSummary summary_of(const Grid* grid, int family, int type);

// The protocol as a play line spells it: "0", "IPPROTO_ICMP", "CAN_RAW", "77".
std::string protocol_name(int family, int protocol);

}  // namespace sockscope
