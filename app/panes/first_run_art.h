#pragma once
// The small pictures on the first screen's cards. They show what each way in is about, and nothing that is
// not so.

#include "panes/panes.h"

namespace sockscope {

void draw_two_hosts(ui::Ui& ui, Rect area);    // one send of 13 bytes is one packet of 13 cells
void draw_two_clients(ui::Ui& ui, Rect area);  // accept blocks; two clients are served, one after the other
void draw_grid(ui::Ui& ui, Rect area);         // families and types; one to try

}  // namespace sockscope
