#include "panes/states_layout.h"

#include <algorithm>
#include <cmath>

namespace sockscope {
namespace {

struct Cell {
  int along, across;  // column and row, when it reads from left to right
};
constexpr std::array<Cell, kStateBoxes> kCells = {
    {{0, 1}, {1, 0}, {1, 2}, {1, 1}, {2, 1}, {3, 0}, {4, 0}, {4, 1}, {5, 0}, {3, 2}, {4, 2}, {5, 2}}};
constexpr int kColumns = 6, kRows = 3;
constexpr float kFirstGap = 1.4f;  // of the others: four ways and their labels meet there

// Where a way leaves one box and reaches the next, in parts of the box along and across, and where its label
// stands.
struct Joint {
  float a_along, a_across, b_along, b_across;
  int side_along, side_across;
  float at = 0.5f;
  bool bent = false;
};
constexpr std::array<Joint, kStateEdges> kJoints = {{
    {0.7f, 0, 0, 0.3f, -1, -1},               // CLOSED LISTEN
    {0, 0.75f, 0.95f, 0, 1, 1, 0.7f},         // LISTEN CLOSED
    {0.7f, 1, 0, 0.7f, -1, 1},                // CLOSED SYN_SENT
    {0, 0.25f, 0.95f, 1, 1, -1, 0.7f},        // SYN_SENT CLOSED
    {0.72f, 1, 0.72f, 0, 1, 0},               // LISTEN SYN_RECV
    {0.08f, 1, 0.08f, 0, -1, 0, 0.5f, true},  // LISTEN SYN_SENT
    {1, 0.3f, 0.4f, 1, 1, 1},                 // SYN_SENT ESTABLISHED
    {0.72f, 0, 0.72f, 1, 1, 0, 0.75f},        // SYN_SENT SYN_RECV
    {1, 0.5f, 0, 0.5f, 0, 0},                 // SYN_RECV ESTABLISHED
    {0.5f, 0, 0.5f, 1, -1, 0},                // SYN_RECV LISTEN
    {1, 0.1f, 0, 0.7f, -1, -1, 0.45f},        // SYN_RECV FIN_WAIT1
    {0.7f, 0, 0.15f, 1, 1, 1},                // ESTABLISHED FIN_WAIT1
    {0.7f, 1, 0.15f, 0, 1, -1},               // ESTABLISHED CLOSE_WAIT
    {1, 0.5f, 0, 0.5f, 0, 0},                 // FIN_WAIT1 FIN_WAIT2
    {0.7f, 1, 0.2f, 0, -1, 1},                // FIN_WAIT1 CLOSING
    {1, 0.5f, 0, 0.5f, 0, 0},                 // FIN_WAIT2 TIME_WAIT
    {0.7f, 0, 0.2f, 1, 1, 1},                 // CLOSING TIME_WAIT
    {1, 0.5f, 0, 0.5f, 0, 0},                 // CLOSE_WAIT LAST_ACK
    {1, 0.5f, 0, 0.5f, 0, 0},                 // LAST_ACK CLOSED
    {0.5f, 1, 0.5f, 0, -1, 0},                // TIME_WAIT CLOSED
}};

ImVec2 turned(ImVec2 v, bool upright) {
  return upright ? ImVec2{v.y, v.x} : v;
}

ImVec2 on(Rect box, float along, float across, bool upright) {
  const ImVec2 part = turned({along, across}, upright);
  return {box.min.x + box.width() * part.x, box.min.y + box.height() * part.y};
}

StateWay way_of(const StateDiagram& diagram, std::size_t edge) {
  const Joint& joint = kJoints[edge];
  const StateEdge& of = state_edges()[edge];
  const bool ends = of.from == TcpState::TIME_WAIT || of.from == TcpState::LAST_ACK;
  const Rect from = diagram.boxes[box_of(of.from, false)], to = diagram.boxes[box_of(of.to, ends)];
  StateWay way;
  way.a = on(from, joint.a_along, joint.a_across, diagram.upright);
  way.b = on(to, joint.b_along, joint.b_across, diagram.upright);
  way.straight = !joint.bent;
  const ImVec2 third{(way.b.x - way.a.x) / 3, (way.b.y - way.a.y) / 3};
  // Round the box between: as far out as it takes.
  const float out = !joint.bent ? 0 : diagram.upright ? from.height() * -0.45f : from.width() * -0.25f;
  const ImVec2 bend = turned({out, 0}, diagram.upright);
  way.via_a = {way.a.x + third.x + bend.x, way.a.y + third.y + bend.y};
  way.via_b = {way.b.x - third.x + bend.x, way.b.y - third.y + bend.y};
  way.anchor = way.at(joint.at);
  way.side_x = diagram.upright ? joint.side_across : joint.side_along;
  way.side_y = diagram.upright ? joint.side_along : joint.side_across;
  return way;
}

Rect beside(ImVec2 anchor, int side_x, int side_y, ImVec2 size, float scale) {
  const float x = anchor.x + static_cast<float>(side_x) * (size.x / 2 + 5 * scale);
  const float y = anchor.y + static_cast<float>(side_y) * (size.y / 2 + 4 * scale);
  return rect(x - size.x / 2, y - size.y / 2, size.x, size.y);
}

}  // namespace

ImVec2 StateWay::at(float t) const {
  const float u = 1 - t, c0 = u * u * u, c1 = 3 * u * u * t, c2 = 3 * u * t * t, c3 = t * t * t;
  return {c0 * a.x + c1 * via_a.x + c2 * via_b.x + c3 * b.x,
          c0 * a.y + c1 * via_a.y + c2 * via_b.y + c3 * b.y};
}

std::size_t box_of(TcpState state, bool ended) {
  if (state == TcpState::CLOSED && ended) return kEndBox;
  const auto found = std::find(kDiagramStates.begin(), kDiagramStates.end(), state);
  return found == kDiagramStates.end() ? 0 : static_cast<std::size_t>(found - kDiagramStates.begin());
}

ImVec2 diagram_room(ImVec2 box, ImVec2 gap, bool upright) {
  const ImVec2 flat = turned(box, upright), apart = turned(gap, upright);
  return turned(
      {flat.x * kColumns + apart.x * (kColumns - 2 + kFirstGap), flat.y * kRows + apart.y * (kRows - 1)},
      upright);
}

StateDiagram state_diagram(Rect where, ImVec2 box, bool upright) {
  StateDiagram diagram;
  diagram.upright = upright;
  const ImVec2 room = turned({where.width(), where.height()}, upright), flat = turned(box, upright);
  const float gap = (room.x - flat.x * kColumns) / (kColumns - 2 + kFirstGap);
  const float pitch = (room.y - flat.y) / (kRows - 1);
  for (std::size_t i = 0; i < kStateBoxes; ++i) {
    const float column = static_cast<float>(kCells[i].along), row = static_cast<float>(kCells[i].across);
    const float first = kCells[i].along > 0 ? (kFirstGap - 1) * gap : 0;
    const ImVec2 at = turned({column * (flat.x + gap) + first, row * pitch}, upright);
    diagram.boxes[i] = rect(where.min.x + at.x, where.min.y + at.y, box.x, box.y);
  }
  for (std::size_t i = 0; i < kStateEdges; ++i) diagram.ways[i] = way_of(diagram, i);
  return diagram;
}

Rect label_place(const StateWay& way, ImVec2 size, float scale) {
  return beside(way.anchor, way.side_x, way.side_y, size, scale);
}

float level_room(const StateWay& way, float scale) {
  return std::max(std::abs(way.b.x - way.a.x), std::abs(way.b.y - way.a.y)) - 4 * scale;
}

std::optional<Rect> free_place(const StateDiagram& diagram, const StateWay& way, ImVec2 size, Rect where,
                               std::span<const Rect> taken, float scale) {
  const auto is_free = [&](Rect place) {
    const auto clear = [&](Rect other) { return !overlap(other, place); };
    return contains(where, place) && std::all_of(diagram.boxes.begin(), diagram.boxes.end(), clear) &&
           std::all_of(taken.begin(), taken.end(), clear);
  };
  if (const Rect own = label_place(way, size, scale); is_free(own)) return own;
  const float off = (diagram.boxes[0].height() + size.y) / 2 + 4 * scale;  // beyond the boxes of a level way
  for (const float t : {0.5f, 0.4f, 0.6f, 0.3f, 0.7f}) {
    const ImVec2 on = way.at(t);
    for (const int x : {0, way.side_x, 1, -1}) {
      for (const int y : {0, way.side_y, 1, -1}) {
        if (const Rect place = beside(on, x, y, size, scale); is_free(place)) return place;
      }
    }
    for (const float y : {off, -off}) {
      if (const Rect place = beside({on.x, on.y + y}, 0, 0, size, scale); is_free(place)) return place;
    }
  }
  return std::nullopt;
}

}  // namespace sockscope
