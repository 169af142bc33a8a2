#pragma once
// A packet as an arrow: in the Timeline's strips, in the ladder. Drawn on a list; no state.

#include "panes/packet_look.h"

namespace sockscope {

// From where it was sent to where it is. `dropped`: it ends there. A FIN has a square behind its head, a RST
// a cross.
void draw_packet_arrow(ImDrawList* list, const ui::Ui& ui, ImVec2 begin, ImVec2 end, const PacketLook& look,
                       bool dropped);

}  // namespace sockscope
