#pragma once
// Small line drawings in a box: no icon font, no file.

#include "panes/panes.h"

namespace sockscope::icon {

void corners(ImDrawList* list, Rect box, ImU32 colour, float weight,
             bool inward);                                          // fill, or back to its place
void desk(ImDrawList* list, Rect box, ImU32 colour, float weight);  // a computer: this machine
void mark(ImDrawList* list, ImVec2 centre, float radius, ImU32 left, ImU32 right);  // Sockscope's own
enum class Move { back, pause, run, step };
void move(ImDrawList* list, Rect box, ImU32 colour, Move what);
void sun(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight);
void moon(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, ImU32 ground);
void half(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight);  // contrast
void arrow(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 colour, float weight, float head);
void key_cap(ui::Ui& ui, Rect box, std::string_view text);

}  // namespace sockscope::icon
