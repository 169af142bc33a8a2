#pragma once
// What becomes of the packets of one direction of a wire: pure, and the same for the same seed and packets.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>

#include "trace/event.h"

namespace sockscope {

struct WireSettings {
  bool joined = true;  // false: cut
  bool hold = false;   // packets stop in the middle until they are let go
  bool arp = false;    // the hosts ask each other's hardware address
  std::uint32_t seed = 1;
  std::uint32_t loss = 0, duplicate = 0, reorder = 0;  // in a million
  Time delay = 0, jitter = 0;                          // jitter: up to so much more
  std::uint64_t rate = 0;                              // bits a second; 0: no limit
  bool operator==(const WireSettings&) const = default;
};

class WirePath {
 public:
  // More than this before a packet on a wire with a rate, and there is no room for it.
  static constexpr Time kLongestQueue = 1'000'000'000;

  // `direction` tells the two directions of one seed apart.
  explicit WirePath(std::uint64_t direction) : direction_(direction) { set(WireSettings{}); }
  // Counts for packets planned from now on. A new seed begins its numbers anew.
  void set(const WireSettings& settings);
  const WireSettings& settings() const { return settings_; }

  struct Plan {
    std::optional<Loss> loss;  // lost: in the middle; full: at once
    Time middle = 0, due = 0;
    bool twice = false;  // a copy goes right behind it
  };
  // A packet of `length` bytes leaves at `sent`. It stays behind the one before it, unless it is one that
  // overtakes: that goes with half of the delay and none of the jitter. Whatever the settings, each packet
  // takes the same count of random numbers, so that changing one setting leaves the others' picks as they
  // are.
  Plan plan(Time sent, std::size_t length);
  // When one that was held arrives, if it would at `due`: not before those let go or sent before it; those
  // sent later stay behind it.
  Time behind(Time due) { return last_ = std::max(due, last_); }

 private:
  bool picks(std::uint32_t millionths);
  std::uint64_t direction_;
  WireSettings settings_;
  bool seeded_ = false;
  std::mt19937_64 random_;
  Time free_ = 0;  // when the wire has taken in what was sent before
  Time last_ = 0;  // when the packet before arrives
};

}  // namespace sockscope
