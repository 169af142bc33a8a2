#pragma once
// Where everything on the Stage stands. Pure: a model and a rectangle in, rectangles out. Nothing overlaps,
// whatever the numbers: rows get lower, then become chips, then counts.

#include <vector>

#include "panes/panes.h"
#include "panes/stage_model.h"

namespace sockscope {

// How much a row shows: three lines, two, one, a chip with glyph and name, or only how many there are.
enum class RowForm { full, two_lines, one_line, chips, count };
enum class SeatForm { none, cards, chips, bar };

struct StageCell {
  StageRow row;
  Rect thread{}, socket{};  // empty: it has none, or (chips) the socket's stands for both
};

struct StageColumn {
  RowForm form = RowForm::full;
  std::vector<StageCell> cells;
  Rect fold{};  // form count: the card with the counts
  Rect past{};  // how many more there are in TIME_WAIT
};

struct StageBlock {
  StageServer server;
  // queue: "Accept queue 3 of 6 seats"; note: "Full."; knocks: who asks in vain. The last two may be empty.
  Rect listener{}, title{}, queue{}, note{}, knocks{};
  SeatForm seat_form = SeatForm::none;
  std::vector<Rect> seats;  // seat 1 first, which is the rightmost: next to accept()
  Rect bar{};               // form bar
  Rect lane{};              // under the listener: accepted connections pass here
  StageColumn served;
};

struct StageLayout {
  Rect desk{}, title{}, clients_area{}, servers_area{};
  StageColumn clients;
  std::vector<StageBlock> blocks;
  std::size_t hidden_servers = 0;  // that found no room
  Rect hidden{};                   // where that is said
  bool stacked = false;            // clients above, servers below
};

inline bool is_empty(Rect box) {
  return box.max.x <= box.min.x || box.max.y <= box.min.y;
}
StageLayout stage_layout(const StageModel& model, Rect area, float scale);

}  // namespace sockscope
