#pragma once
// What panes share when they place things: rectangles, boxes of text, buttons of a known size, colours
// between.

#include <initializer_list>
#include <string>
#include <string_view>

#include "panes/panes.h"

namespace sockscope {

inline constexpr float kPaneHeader = 36;  // at scale 1, as all measures here

inline Rect rect(float x, float y, float width, float height) {
  return {{x, y}, {x + width, y + height}};
}
Rect shrink(Rect box, float by);
bool contains(Rect outer, Rect inner);
bool overlap(Rect a, Rect b);

// `text` in `box`, cut with an ellipsis where the box ends, centred up and down.
enum class Align { left, centre, right };
ImVec2 text_in(ui::Ui& ui, Rect box, ImU32 colour, ImFont* font, std::string_view text,
               Align align = Align::left);
// The first of `says` that fits into `width`, longest first; the last where none does.
std::string fitting(const ui::Ui& ui, ImFont* font, float width, std::initializer_list<std::string> says);
ImVec2 button_size(const ui::Ui& ui, std::string_view english);
// A button with its left top corner at `at`, or its right top corner when `from_right`; moves at.x past it.
bool button_at(ui::Ui& ui, ImVec2& at, const char* key, std::string_view english, bool primary = false,
               bool from_right = false);
bool link_at(ui::Ui& ui, ImVec2& at, const char* key, std::string_view english, bool from_right = false);

ImU32 faded(ImU32 colour, float alpha);
// The key of a pane's scope and of its window: "stage", "new-socket".
const char* key_of(Pane pane);

}  // namespace sockscope
