#include "explain/ladder.h"

#include <algorithm>

namespace sockscope {
namespace {

constexpr Time kSameMoment = 2'000'000;  // nanoseconds: at once

bool is_segment(const PacketState& packet) {
  return packet.id != 0 && packet.known && packet.header.protocol == Packet::Protocol::tcp;
}

// Both directions of one connection.
bool same_connection(const PacketState& a, const PacketState& b) {
  const Packet& x = a.header;
  const Packet& y = b.header;
  return (a.from == b.from && a.to == b.to && x.source == y.source && x.destination == y.destination) ||
         (a.from == b.to && a.to == b.from && x.source == y.destination && x.destination == y.source);
}

const PacketState* chosen(const State& state, SocketId socket, Time now) {
  const Packets& packets = state.packets();
  const PacketState* latest = nullptr;
  for (std::size_t i = packets.size(); i-- > 0;) {
    const PacketState& packet = packets[i];
    if (!is_segment(packet) || packet.sent > now) continue;
    if (socket == 0 || packet.sender == socket || packet.receiver == socket) return &packet;
    if (latest == nullptr) latest = &packet;
  }
  return latest;
}

Time end_of(const PacketState& packet, Time now) {
  return packet.ended != 0 && packet.ended <= now ? packet.ended : now;
}

// Each arrow begins and ends on a moment of its own; but what is sent at once after something arrived leaves
// where that arrived.
void set_moments(Ladder& ladder, const std::vector<const PacketState*>& members, Time now) {
  struct Point {
    Time at;
    std::size_t arrow;
    bool begins;
  };
  std::vector<Point> points;
  for (std::size_t i = 0; i < members.size(); ++i) {
    points.push_back({members[i]->sent, i, true});
    points.push_back({std::max(members[i]->sent, end_of(*members[i], now)), i, false});
  }
  std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.at < b.at; });
  bool arrival_alone = false;
  for (const Point& point : points) {
    const bool answers = point.begins && arrival_alone && point.at - ladder.moments.back() <= kSameMoment;
    if (!answers) ladder.moments.push_back(point.at);
    arrival_alone = !point.begins;
    const std::size_t place = ladder.moments.size() - 1;
    (point.begins ? ladder.arrows[point.arrow].begins : ladder.arrows[point.arrow].ends) = place;
  }
}

std::size_t place_of(const std::vector<Time>& moments, Time at) {
  const auto found = std::upper_bound(moments.begin(), moments.end(), at);
  return found == moments.begin() ? 0 : static_cast<std::size_t>(found - moments.begin()) - 1;
}

}  // namespace

Ladder ladder_of(const State& state, SocketId socket, Time now, std::size_t most) {
  Ladder ladder;
  const PacketState* any = chosen(state, socket, now);
  if (any == nullptr) return ladder;
  std::vector<const PacketState*> members;
  const Packets& packets = state.packets();
  for (std::size_t i = 0; i < packets.size(); ++i)
    if (is_segment(packets[i]) && packets[i].sent <= now && same_connection(packets[i], *any))
      members.push_back(&packets[i]);
  const PacketState& first = *members.front();
  ladder.left = first.from;
  ladder.right = first.to;
  ladder.left_end = first.header.source;
  ladder.right_end = first.header.destination;
  if (members.size() > most) {
    ladder.left_out = members.size() - most;
    members.erase(members.begin(), members.end() - static_cast<std::ptrdiff_t>(most));
  }
  for (const PacketState* packet : members) {
    const bool right = packet->header.source == ladder.left_end && packet->from == ladder.left;
    if (packet->sender != 0) (right ? ladder.left_socket : ladder.right_socket) = packet->sender;
    if (packet->receiver != 0) (right ? ladder.right_socket : ladder.left_socket) = packet->receiver;
    ladder.arrows.push_back({packet->id, right, 0, 0});
  }
  set_moments(ladder, members, now);
  return ladder;
}

double ladder_step(const Ladder& ladder, Time at) {
  if (ladder.moments.empty() || at <= ladder.moments.front()) return 0;
  const std::size_t place = place_of(ladder.moments, at);
  if (place + 1 >= ladder.moments.size()) return static_cast<double>(ladder.moments.size() - 1);
  const Time from = ladder.moments[place], to = ladder.moments[place + 1];
  if (to <= from) return static_cast<double>(place);
  return static_cast<double>(place) + static_cast<double>(at - from) / static_cast<double>(to - from);
}

}  // namespace sockscope
