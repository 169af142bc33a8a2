#pragma once
// The marks of the look: state glyphs, hatch, byte cells, cards, dashes. Drawn on a list; no state.

#include <string_view>

#include "ui/ui.h"

namespace sockscope::ui {

// A state's glyph in a box of 2 × radius around `centre`. Right half: what I send; left half: what the peer
// sends.
void state_glyph(ImDrawList* list, const Ui& ui, ImVec2 centre, float radius, TcpState state);
// A rounded square for what is not TCP: 0 empty (unbound), 1 half (bound), 2 solid (connected).
void other_glyph(ImDrawList* list, const Ui& ui, ImVec2 centre, float radius, int fill);

// 45° lines rising to the right, clipped, on their ground, with an edge: blocked.
void hatch(ImDrawList* list, const Ui& ui, ImVec2 min, ImVec2 max, bool warn);
void dashed_line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 colour, float weight, float on, float off);
void dashed_rect(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 colour, float weight, float on, float off);
void card(ImDrawList* list, const Ui& ui, ImVec2 min, ImVec2 max, bool selected, bool hovered);
void cross(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight);
void tick(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight);

// 1.013 s, 34 µs, 2 ms: as many digits as are known.
std::string duration_text(std::int64_t nanoseconds);

}  // namespace sockscope::ui
