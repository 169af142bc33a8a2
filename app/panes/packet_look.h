#pragma once
// How a packet looks, the same everywhere: colour, weight, words, and where it is at a moment. Pure.

#include <string>

#include "trace/packet_state.h"
#include "ui/ui.h"

namespace sockscope {

struct PacketLook {
  ImU32 colour = 0;     // of the line and the head
  float weight = 1.2f;  // at scale 1
  float head = 7;
  bool again = false;  // dashed
  bool fin = false, rst = false;
};
PacketLook packet_look(const ui::Theme& theme, const PacketState& packet);

// "300 ms, loss 10 %", "cut": how one direction is set.
std::string wire_settings_text(const ui::Ui& ui, const WireState& wire);

// "SYN", "5 B", "ACK", "Echo request"
std::string packet_gist(const PacketState& packet);
// "SYN  again, needless"; `tr` is ui.tr.
std::string packet_label(const ui::Ui& ui, const PacketState& packet);

// Where it is between its two hosts, 0 to 1; held: 0.5. Of one that was dropped: where.
float packet_way(const PacketState& packet, Time now);
// Where to begin to look for what is on a wire: of a busy wire the newest are on it, those before them have
// arrived.
std::size_t first_looked_at(const Packets& packets);
// Whether it is on the wire at that moment, or was dropped there a moment ago.
bool packet_on_wire(const PacketState& packet, Time now);

}  // namespace sockscope
