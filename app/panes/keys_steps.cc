// Steps through a trace by call and by packet, and how fast a replay runs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "panes/keys.h"
#include "panes/timeline_tools.h"

namespace sockscope {
namespace steps {

constexpr std::array kSpeeds = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0};

// The last call of the lane that began before t, or the first after it; size() if there is none.
std::size_t neighbour(const Spans& calls, Time t, bool next) {
  if (next) {
    const std::size_t last = calls.at(t);
    return last == calls.size() ? 0 : last + 1;
  }
  const std::size_t last = calls.at(t - 1);
  return last;
}

}  // namespace steps

void step_call(const Scene& scene, View& view, int by) {
  const TimelineIndex& index = lanes_of(view, scene).index;
  const bool next = by > 0;
  Time best = 0;
  std::uint32_t seq = 0;
  bool found = false;
  for (const ThreadLane& lane : index.threads()) {
    const std::size_t i = steps::neighbour(lane.calls, scene.cursor, next);
    if (i >= lane.calls.size()) continue;
    const Time at = lane.calls[i].t0;
    if (found && (next ? at >= best : at <= best)) continue;
    best = at;
    seq = lane.calls[i].seq;
    found = true;
  }
  view.follow = false;
  if (!found) {
    view.cursor = next ? scene.trace.end() : scene.trace.start();
    return;
  }
  go_to_time(view, scene, best);
  tools_of(view).reveal = true;
  if (const auto* entered = std::get_if<event::CallEntered>(&scene.trace[seq].body))
    view.selection = {Selection::Kind::call, entered->call, seq};
}

void step_packet(const Scene& scene, View& view, int by) {
  const Packets& packets = scene.end.packets();
  std::size_t low = 0, high = packets.size();
  const Time bound = by > 0 ? scene.cursor + 1 : scene.cursor;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    (packets[middle].sent < bound ? low : high) = packets[middle].sent < bound ? middle + 1 : middle;
  }
  if (by > 0 ? low == packets.size() : low == 0) return;
  const PacketState& packet = packets[by > 0 ? low : low - 1];
  if (packet.id == 0) return;
  go_to_time(view, scene, packet.sent);
  view.selection = {Selection::Kind::packet, packet.id, 0};
}

void change_speed(View& view, int by) {
  const auto nearest =
      std::min_element(steps::kSpeeds.begin(), steps::kSpeeds.end(), [&](double a, double b) {
        return std::abs(std::log(a / view.replay_speed)) < std::abs(std::log(b / view.replay_speed));
      });
  const auto at = nearest - steps::kSpeeds.begin() + by;
  const auto most = static_cast<std::ptrdiff_t>(steps::kSpeeds.size()) - 1;
  view.replay_speed = steps::kSpeeds[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, most))];
}

std::string speed_text(double speed) {
  return fmt::format("{:g}×", speed);
}

}  // namespace sockscope
