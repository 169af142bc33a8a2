#pragma once
// Bytes in the colour of the send that made them: cells when there are few, a tank when there are many. Drawn
// on a list; no state.

#include <cstdint>
#include <span>
#include <string_view>

#include "ui/ui.h"

namespace sockscope::ui {

// So many bytes of one send; `send` counts from 1, 0 is not known.
struct SendRun {
  std::uint32_t send = 0;
  std::uint64_t bytes = 0;
};

// The ground of a send's bytes, and the same colour as a line.
ImU32 byte_fill(const Theme& theme, std::uint32_t send);
ImU32 byte_line(const Theme& theme, std::uint32_t send);

// Printable as itself, space ␣, newline ↵, others two hex digits; a character cut off at either end is drawn
// torn. `runs` says which send each byte is of, in order; bytes beyond them are of the last. At most `most`
// cells, then "+N". Returns the width used.
float byte_cells(ImDrawList* list, Ui& ui, ImVec2 at, std::string_view bytes, std::span<const SendRun> runs,
                 std::size_t most);

// How many of them byte_cells() draws within that width, with the "+N" of the others; 0: not even one.
std::size_t byte_cells_within(const Ui& ui, std::string_view bytes, float width);

// Bytes that wait, oldest at the right where they are taken: each run as wide as its share of `capacity` (0:
// of all of them), at least 3 px, with its count where that fits. `unknown`: bytes more that nobody of ours
// sent.
void byte_tank(ImDrawList* list, Ui& ui, ImVec2 min, ImVec2 max, std::span<const SendRun> runs,
               std::uint64_t unknown, std::uint64_t capacity);

// Whether text that begins (ends) here begins (ends) inside a UTF-8 character.
bool torn_at_start(std::string_view bytes);
bool torn_at_end(std::string_view bytes);

}  // namespace sockscope::ui
