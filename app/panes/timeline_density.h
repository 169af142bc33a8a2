#pragma once
// How much happened when, over a whole trace, in a fixed number of buckets: what the overview under the lanes
// shows. Pure; adding an event costs the same however long the trace is.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/event.h"

namespace sockscope {

// The worst that happened in a bucket or a column. It is never merged away.
enum class Severity : std::uint8_t { none, notice, bad };

struct DensityColumn {
  std::uint32_t count = 0;
  Severity worst = Severity::none;
};

class TimelineDensity {
 public:
  static constexpr std::size_t kBuckets = 2048;

  // In any order. What is older than the first event added counts as happening then.
  void add(Time at, Severity severity);
  // Nothing new happened, but what happened at `at` was as bad as this.
  void mark(Time at, Severity severity);

  bool empty() const { return !begun_; }
  Time bucket_width() const { return width_; }
  // [from, to) in `columns` equal parts. Every bucket is in at least one of them; one that reaches over a
  // column's edge is in the column where it begins.
  std::vector<DensityColumn> columns(Time from, Time to, std::size_t columns) const;

 private:
  std::size_t bucket(Time at);
  void halve();

  std::array<DensityColumn, kBuckets> buckets_{};
  std::size_t used_ = 0;  // buckets [0, used_) may hold something
  Time start_ = 0, width_ = 1'000;
  bool begun_ = false;
};

// Whether this is something that went wrong, or that a person should read.
Severity severity_of(const Body& body);

}  // namespace sockscope
