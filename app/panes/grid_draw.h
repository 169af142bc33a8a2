#pragma once
// The grid's marks: each verdict by colour, shape and text.

#include "net/grid.h"
#include "panes/frame.h"

namespace sockscope {

void verdict_mark(ImDrawList* list, const ui::Ui& ui, ImVec2 centre, CellVerdict verdict);
ImU32 verdict_text(const ui::Theme& theme, CellVerdict verdict);
ImU32 verdict_ground(const ui::Theme& theme, CellVerdict verdict);
// "✓ works  ✗ refused  key: needs a privilege", at the right end of `row` as far as it fits.
void draw_legend(ui::Ui& ui, Rect row);

}  // namespace sockscope
