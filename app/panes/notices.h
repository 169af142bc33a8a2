#pragma once
// What is said to the person over the foot of the panes. `size` is the window's.

#include "panes/panes.h"

namespace sockscope {

// One line, until it is pressed.
void draw_notice(ui::Ui& ui, const Scene& scene, View& view, ImVec2 size);
// How far the reading of a recording has come, above the place of notices.
void draw_loading(ui::Ui& ui, const Scene& scene, const View& view, Requests& requests, ImVec2 size);
// What was done just now, above these, and gone after a few seconds.
void draw_passing(ui::Ui& ui, const Scene& scene, View& view, ImVec2 size);

}  // namespace sockscope
