#include "panes/stage_hosts.h"

#include <algorithm>
#include <cmath>

#include "panes/frame.h"

namespace sockscope {
namespace {

constexpr float kGap = 12, kLaneHigh = 66, kLeastLane = 50, kLeastDesk = 110, kTitleAlone = 34, kLowDesk = 80;

void put_in_order(std::vector<HostsLayout::Desk>& desks, const std::vector<std::string>& order) {
  std::stable_sort(desks.begin(), desks.end(), [&](const HostsLayout::Desk& a, const HostsLayout::Desk& b) {
    return std::find(order.begin(), order.end(), a.host) < std::find(order.begin(), order.end(), b.host);
  });
}

}  // namespace

std::vector<WirePair> wire_pairs(const State& state) {
  std::vector<WirePair> pairs;
  const auto add = [&](WirePair pair) {
    if (std::find(pairs.begin(), pairs.end(), pair) == pairs.end()) pairs.push_back(pair);
  };
  for (const WireState& wire : state.wires()) add(pair_of(wire.is.from, wire.is.to));
  for (const auto& [a, b] : state.packet_pairs())
    if (a != b) add({a, b});
  return pairs;
}

std::vector<WirePair> packet_strips(const State& state) {
  std::vector<WirePair> strips;
  for (const auto& [a, b] : state.packet_pairs()) strips.push_back({a, b});
  std::stable_partition(strips.begin(), strips.end(), [](const WirePair& pair) { return pair.a != pair.b; });
  return strips;
}

HostsLayout hosts_layout(const State& state, bool with_this_machine, const std::vector<std::string>& order,
                         Rect area, float scale) {
  HostsLayout layout;
  for (const HostState& host : state.hosts())
    if (host.id != 0) layout.desks.push_back({host.name, {}});
  if (with_this_machine) layout.desks.push_back({"localhost", {}});
  put_in_order(layout.desks, order);
  const float gap = kGap * scale;

  const std::size_t count = layout.desks.size();
  const bool narrow = area.width() < 560 * scale;
  const std::size_t columns = narrow       ? 1
                              : count <= 3 ? count
                              : count <= 8 ? (count + 1) / 2
                                           : (count + 2) / 3;
  const std::size_t rows = columns == 0 ? 0 : (count + columns - 1) / columns;

  // The wires lie under the desks, a lane each. In a low pane they matter more than what stands on the desks:
  // those keep their names.
  auto pairs = wire_pairs(state);
  const float desks = rows <= 1 ? kLeastDesk * scale : static_cast<float>(rows) * (kLowDesk * scale + gap);
  const bool low = area.height() < desks + kLeastLane * scale;
  const float names = static_cast<float>(rows) * (kTitleAlone * scale + gap);
  const float room = std::max(0.0f, area.height() - (low ? names : desks));
  const auto fit = static_cast<std::size_t>(room / (kLeastLane * scale));
  const std::size_t shown = std::min(pairs.size(), std::min<std::size_t>(fit, 4));
  layout.hidden_wires = pairs.size() - shown;
  if (layout.hidden_wires > 0)  // those that carried something first
    std::stable_partition(pairs.begin(), pairs.end(), [&](const WirePair& pair) {
      const auto& used = state.packet_pairs();
      return std::find(used.begin(), used.end(), std::pair{pair.a, pair.b}) != used.end();
    });
  const float lane = shown == 0 ? 0 : std::min(kLaneHigh * scale, room / static_cast<float>(shown));
  float bottom = area.max.y;
  if (layout.hidden_wires > 0) {
    layout.hidden = {{area.min.x, bottom - 20 * scale}, {area.max.x, bottom}};
    bottom -= 20 * scale;
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const float y = bottom - lane * static_cast<float>(shown - i);
    layout.lanes.push_back({pairs[i], {{area.min.x, y}, {area.max.x, y + lane}}});
  }
  if (shown > 0) bottom = layout.lanes.front().box.min.y - gap / 2;

  if (count == 0) return layout;
  const float wide = (area.width() - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float high = (bottom - area.min.y - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
  for (std::size_t i = 0; i < count; ++i) {
    const float x = area.min.x + static_cast<float>(i % columns) * (wide + gap);
    const float y = area.min.y + static_cast<float>(i / columns) * (high + gap);
    layout.desks[i].box = {{std::round(x), std::round(y)}, {std::round(x + wide), std::round(y + high)}};
  }
  return layout;
}

}  // namespace sockscope
