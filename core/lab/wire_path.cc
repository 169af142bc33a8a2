#include "lab/wire_path.h"

#include <algorithm>

namespace sockscope {

void WirePath::set(const WireSettings& settings) {
  if (!seeded_ || settings.seed != settings_.seed)
    random_.seed(settings.seed * std::uint64_t{0x9E3779B97F4A7C15} + direction_);
  seeded_ = true;
  settings_ = settings;
}

bool WirePath::picks(std::uint32_t millionths) {
  return random_() % 1'000'000 < millionths;
}

WirePath::Plan WirePath::plan(Time sent, std::size_t length) {
  const bool lost = picks(settings_.loss);
  const bool twice = picks(settings_.duplicate);
  const bool overtakes = picks(settings_.reorder);
  const auto share = static_cast<double>(random_() >> 11) / 9007199254740992.0;  // of 2^53: 0 to 1

  Plan plan;
  Time leaves = sent;
  if (settings_.rate != 0) {
    const auto bits = static_cast<double>(length) * 8;
    const Time begins = std::max(sent, free_);
    if (begins - sent > kLongestQueue) {
      plan.loss = Loss::full;
      plan.middle = plan.due = sent;
      return plan;
    }
    leaves = begins + static_cast<Time>(bits * 1e9 / static_cast<double>(settings_.rate));
    free_ = leaves;
  }
  if (overtakes) {
    plan.due = leaves + settings_.delay / 2;
  } else {
    plan.due = leaves + settings_.delay + static_cast<Time>(share * static_cast<double>(settings_.jitter));
    plan.due = last_ = std::max(plan.due, last_);
  }
  plan.middle = sent + (plan.due - sent) / 2;
  plan.twice = twice;
  if (lost) plan.loss = Loss::lost;
  return plan;
}

}  // namespace sockscope
