#include "panes/timeline_density.h"

#include <algorithm>

namespace sockscope {

std::size_t TimelineDensity::bucket(Time at) {
  if (!begun_) {
    begun_ = true;
    start_ = at;
  }
  if (at <= start_) return 0;
  const std::uint64_t since = static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(start_);
  while (since / static_cast<std::uint64_t>(width_) >= kBuckets) halve();
  return static_cast<std::size_t>(since / static_cast<std::uint64_t>(width_));
}

// Two neighbours become one, which lasts twice as long.
void TimelineDensity::halve() {
  for (std::size_t i = 0; i < kBuckets / 2; ++i) {
    const DensityColumn a = buckets_[2 * i], b = buckets_[2 * i + 1];
    buckets_[i] = {a.count + b.count, std::max(a.worst, b.worst)};
  }
  std::fill(buckets_.begin() + kBuckets / 2, buckets_.end(), DensityColumn{});
  used_ = (used_ + 1) / 2;
  width_ *= 2;
}

void TimelineDensity::add(Time at, Severity severity) {
  const std::size_t i = bucket(at);
  ++buckets_[i].count;
  buckets_[i].worst = std::max(buckets_[i].worst, severity);
  used_ = std::max(used_, i + 1);
}

void TimelineDensity::mark(Time at, Severity severity) {
  const std::size_t i = bucket(at);
  buckets_[i].worst = std::max(buckets_[i].worst, severity);
  used_ = std::max(used_, i + 1);
}

std::vector<DensityColumn> TimelineDensity::columns(Time from, Time to, std::size_t columns) const {
  std::vector<DensityColumn> out(columns);
  if (columns == 0 || to <= from) return out;
  const double per_column = static_cast<double>(to - from) / static_cast<double>(columns);
  for (std::size_t i = 0; i < used_; ++i) {
    if (buckets_[i].count == 0 && buckets_[i].worst == Severity::none) continue;
    const Time begin = start_ + static_cast<Time>(i) * width_;
    if (begin + width_ <= from || begin >= to) continue;
    const double at = static_cast<double>(std::max(begin, from) - from) / per_column;
    DensityColumn& column = out[std::min(columns - 1, static_cast<std::size_t>(at))];
    column.count += buckets_[i].count;
    column.worst = std::max(column.worst, buckets_[i].worst);
  }
  return out;
}

Severity severity_of(const Body& body) {
  if (const auto* back = std::get_if<event::CallReturned>(&body))
    return back->error != 0 ? Severity::bad : Severity::none;
  if (const auto* expected = std::get_if<event::Expectation>(&body))
    return expected->met ? Severity::none : Severity::bad;
  if (std::holds_alternative<event::PacketDropped>(body) ||
      std::holds_alternative<event::SettleTimedOut>(body))
    return Severity::bad;
  return std::holds_alternative<event::Notice>(body) ? Severity::notice : Severity::none;
}

}  // namespace sockscope
