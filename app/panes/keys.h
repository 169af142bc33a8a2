#pragma once
// The window's keyboard: shortcuts that work in every pane, and the overlay that lists them.

#include <span>

#include "panes/panes.h"

namespace sockscope {

// F1, F6, F11, Escape, Space, Home, End, Ctrl + N, L, D, S, T, Q, plus, minus, 0. Plain keys only while
// nobody types.
void run_shortcuts(ui::Ui& ui, const Scene& scene, View& view, Requests& requests,
                   std::span<const Pane> shown);
void draw_keys(ui::Ui& ui, View& view, ImVec2 size);

// The cursor to the event before or after it that a person can see (a call, a line, a state).
void step_cursor(const Scene& scene, View& view, int by);
// Live: holds the view or follows again. Replay: runs or pauses.
void toggle_run(const Scene& scene, View& view, Requests& requests);
// The state diagram in the Timeline's place, or the Timeline again.
void toggle_states(View& view);
void toggle_ladder(View& view);
void next_language(View& view);
void next_theme(View& view);
void next_size(View& view);

}  // namespace sockscope
