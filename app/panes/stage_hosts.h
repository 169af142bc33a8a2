#pragma once
// Several computers on the Stage: their desks, and the wires between them with what is on its way. The layout
// is pure.

#include <algorithm>
#include <string>
#include <vector>

#include "panes/stage_draw.h"

namespace sockscope {

struct WirePair {  // a and b are joined, one way or both
  HostId a = 0, b = 0;
  friend bool operator==(const WirePair&, const WirePair&) = default;
};

inline WirePair pair_of(HostId from, HostId to) {
  return {std::min(from, to), std::max(from, to)};
}

struct HostsLayout {
  struct Desk {
    std::string host;  // its name; this machine: "localhost"
    Rect box{};
  };
  struct Lane {
    WirePair pair;
    Rect box{};
  };
  std::vector<Desk> desks;
  std::vector<Lane> lanes;
  std::size_t hidden_wires = 0;  // that found no room
  Rect hidden{};
};

std::vector<WirePair> wire_pairs(const State& state);
// This machine's desk is there only if something stands on it.
HostsLayout hosts_layout(const State& state, bool with_this_machine, Rect area, float scale);

// The wires' lanes, with the packets at `pen.now`.
void draw_wires(StagePen& pen, Requests& requests, const HostsLayout& layout);

}  // namespace sockscope
