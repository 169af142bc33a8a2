#pragma once
// A cell of the grid in plain words. Pure.

#include <string>

#include "net/grid.h"
#include "trace/narrate.h"

namespace sockscope {

struct CellText {
  std::string verdict;  // "works", "refused", "needs a privilege"
  std::string why;      // what it is good for, or why not: one or two sentences
  std::string where;    // needs a privilege: where it would be allowed; else empty
};
CellText cell_text(const GridCell& cell, const Translate& tr);

// The protocol as short as people say it: "TCP", "ICMPV6", "CAN_RAW"; 0 and unknown ones are digits.
std::string cell_protocol(int family, int protocol);

}  // namespace sockscope
