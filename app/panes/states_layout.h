#pragma once
// Where the state diagram's boxes, ways and labels stand. Pure. It reads from left to right, opening to
// closing, the end that closes first above; a pane too narrow for that has it upright, as the RFC draws it.

#include <array>
#include <optional>
#include <span>

#include "panes/frame.h"
#include "panes/states_graph.h"

namespace sockscope {

// The states' boxes in the order of kDiagramStates, and CLOSED once more: where a connection ends.
inline constexpr std::size_t kEndBox = kDiagramStates.size(), kStateBoxes = kEndBox + 1;

struct StateWay {  // a cubic curve from box to box
  ImVec2 a, b, via_a, via_b;
  ImVec2 anchor;               // of its label
  int side_x = 0, side_y = 0;  // to which side of the anchor the label stands; 0, 0: across it
  bool straight = true;
  ImVec2 at(float t) const;
};

struct StateDiagram {
  bool upright = false;
  std::array<Rect, kStateBoxes> boxes{};
  std::array<StateWay, kStateEdges> ways{};
};

// All boxes have the size `box` and lie in `where`.
StateDiagram state_diagram(Rect where, ImVec2 box, bool upright);
// What it takes for the boxes to stand apart by `gap`.
ImVec2 diagram_room(ImVec2 box, ImVec2 gap, bool upright);
// A level way's label has a line over it and the others under it: how wide they may be.
float level_room(const StateWay& way, float scale);
// A label of this size beside the middle of its way.
Rect label_place(const StateWay& way, ImVec2 size, float scale);
// The same, moved along the way and off it until it lies in `where` and touches no box and nothing `taken`;
// no value: there is no such place.
std::optional<Rect> free_place(const StateDiagram& diagram, const StateWay& way, ImVec2 size, Rect where,
                               std::span<const Rect> taken, float scale);

// The box of a state; CLOSED is the first of its two until a connection was there.
std::size_t box_of(TcpState state, bool ended);

}  // namespace sockscope
