#pragma once
// One TCP connection as a ladder: two lines for its ends, an arrow a packet, time running down. Moments stand
// in equal steps, so that microseconds and seconds can be read on one page. Pure.

#include <cstddef>
#include <vector>

#include "trace/state.h"

namespace sockscope {

struct LadderArrow {
  PacketId packet = 0;
  bool to_right = false;
  std::size_t begins = 0, ends = 0;  // places in Ladder::moments
  friend bool operator==(const LadderArrow&, const LadderArrow&) = default;
};

struct Ladder {
  HostId left = 0, right = 0;  // the left end is the one that sent the first packet
  Address left_end, right_end;
  SocketId left_socket = 0, right_socket = 0;  // 0: none of ours, or not known
  std::vector<Time> moments;                   // ascending; of each arrow's begin and end
  std::vector<LadderArrow> arrows;             // in the order they were sent
  std::size_t left_out = 0;                    // packets before those
  bool empty() const { return arrows.empty(); }
};

inline constexpr std::size_t kMostLadder = 400;  // packets

// The connection of that socket, or with 0, or where it has none, the one whose packet was sent last. Packets
// that were sent after `now` are not in it; one that is on its way ends at `now`. Empty: no TCP packet is
// known.
Ladder ladder_of(const State& state, SocketId socket, Time now, std::size_t most = kMostLadder);

// How far down a moment is, in steps; between two moments of the ladder in proportion.
double ladder_step(const Ladder& ladder, Time at);

}  // namespace sockscope
