#pragma once
// One frame of the state diagram: its fonts for the room there is, and what is painted with them.

#include <optional>

#include "panes/states_layout.h"
#include "panes/states_words.h"

namespace sockscope {

struct DiagramLook {
  ImFont *name = nullptr, *token = nullptr, *label = nullptr;
  int label_lines = 0;  // 0: the ways have no labels
  bool glyphs = true, two_lines = true, upright = false;
  ImVec2 box{};
};
// The largest look whose boxes and labels have room; no value: not even the smallest has.
std::optional<DiagramLook> diagram_look(const ui::Ui& ui, ImVec2 room);

struct DiagramFrame {
  ui::Ui& ui;
  View& view;
  const DiagramCast& cast;
  const DiagramLook& look;
  StateDiagram diagram;
  Rect where;
};

// A filled disc for the first end, a square for the second; hollow where it is not known to be there.
void paint_mark(const ui::Ui& ui, ImVec2 centre, float radius, std::size_t end, bool known);
ImU32 end_colour(const ui::Ui& ui, std::size_t end);
void paint_ways(DiagramFrame& frame);
void paint_states(DiagramFrame& frame);
void paint_labels(DiagramFrame& frame);  // and the cause of the last step, on its way
// A way's label: the call or the RFC's event, then the RFC's action.
struct PlacedLabel {
  std::vector<std::string> lines;
  Rect place{};
  float line_height = 0;
  std::size_t over = 0;  // how many of the lines stand over a level way; the others under it
};
PlacedLabel place_label(const ui::Ui& ui, const DiagramLook& look, const StateDiagram& diagram,
                        std::size_t edge);
// Its lines, at most this many.

std::vector<std::string> label_lines(const ui::Ui& ui, std::size_t edge, int most);

}  // namespace sockscope
