#pragma once
// The question before a run may leave loopback: it names what becomes reachable. Over the whole window, until
// it is answered.

#include "panes/panes.h"

namespace sockscope {

void draw_consent(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size);

// What is reachable, for the badge: "192.0.2.7", or "the network" when this computer has no such address.
std::string place_when_leaving(const ui::Ui& ui, const State& state);

}  // namespace sockscope
