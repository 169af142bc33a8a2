#pragma once
// Several computers on the Stage: their desks, and the wires between them with what is on its way. The layout
// is pure.

#include <algorithm>
#include <string>
#include <vector>

#include "panes/stage_draw.h"

namespace sockscope {

struct WirePair {
  HostId a = 0, b = 0;  // a ≤ b
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

// Hosts that are joined, one way or both, and those between which a packet was sent though they are not.
std::vector<WirePair> wire_pairs(const State& state);
// Between which hosts packets have been, and behind them each host that sent itself something: a = b.
std::vector<WirePair> packet_strips(const State& state);
// This machine's desk is there only if something stands on it. `order`: hosts as the person put their desks;
// those it does not name come behind, as they came.
HostsLayout hosts_layout(const State& state, bool with_this_machine, const std::vector<std::string>& order,
                         Rect area, float scale);

// stage_desks.cc. Of the last area, a desk's title: the desk goes with the mouse to another's place, and
// those between make room. `shown`: where each desk stands now.
void drag_desk(StagePen& pen, const HostsLayout& shown, const std::string& host);
// Back to the order in which the hosts came.
bool desks_moved(const View& view);
void put_desks_back(View& view);

// While packets are held and the Stage has the keys: Space lets the oldest through, Del drops it, D doubles
// it; of the wire that is selected, or whose packet is, else of all.
void held_keys(const Scene& scene, const View& view, Requests& requests);
// The wires' lanes, with the packets at `pen.now`.
void draw_wires(StagePen& pen, Requests& requests, const HostsLayout& layout);

}  // namespace sockscope
