#pragma once
// The card over the window in which a file is found and opened, or what was done is saved: by mouse, by keys
// alone, or by a path typed or pasted.

#include "panes/panes.h"

namespace sockscope {

void draw_files(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size);

// Ctrl O, Ctrl S. `as_play`: a play's name is proposed for what is saved.
void open_files(ui::Ui& ui, View& view, Requests& requests, bool saving, bool as_play = false);
// Escape: takes the question back, or closes.
void leave_files(View& view);

}  // namespace sockscope
