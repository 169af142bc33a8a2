#pragma once
// What the bar and the projector's bar share.

#include <string>

#include "panes/panes.h"

namespace sockscope {

// The lesson's title, the file's name, "Free play".
std::string what_is_open(const ui::Ui& ui, const Scene& scene);
// "localhost", "lab: 2 hosts", or in red what other machines can reach, ending at `right`; returns what is
// left of it. Pressed, it asks for the consent to leave loopback, when `view` is given.
float draw_place_badge(ui::Ui& ui, const Scene& scene, View* view, Rect where, float right);

}  // namespace sockscope
