#pragma once
// Text panes are scrolled by the keyboard too.

#include "panes/panes.h"

namespace sockscope {

// Inside the pane's child window: Up, Down, Page Up and Page Down, while the pane has the keyboard.
void scroll_by_keys(const ui::Ui& ui, const View& view, Pane pane);

}  // namespace sockscope
