#pragma once
// Where the panes of the main window stand, for its size, its scale and what the person dragged. Pure.

#include <array>
#include <optional>
#include <vector>

#include "panes/panes.h"

namespace sockscope {

struct Splitter {
  enum class Which { right_width, stage_height, lesson_height, code_height, console_height } which;
  Rect line;  // 1 px; the grip reaches further on both sides
  bool upright = false;
};

struct WindowLayout {
  static constexpr auto kPanes = static_cast<std::size_t>(Pane::none);
  Rect bar{};
  Rect last_call{};                   // on the projector; empty: not there
  std::array<Rect, kPanes> places{};  // by Pane; empty: not shown
  std::vector<Pane> shown;            // in the order of F6
  Rect tabs{};                        // a narrow window's strip of tabs; empty: none
  std::vector<Pane> tab_panes;
  std::vector<Splitter> splitters;

  Rect place(Pane pane) const { return places[static_cast<std::size_t>(pane)]; }
};

WindowLayout window_layout(const View& view, ImVec2 size, float scale);

// The pane below the Stage on the projector; none: the Stage has all the height.
Pane presented_lower(const View& view);

// What a splitter moved by `by` pixels (right or down) makes of the view; no value: back to what it was at
// first.
void drag_splitter(View& view, Splitter::Which which, std::optional<float> by, ImVec2 size, float scale);

}  // namespace sockscope
