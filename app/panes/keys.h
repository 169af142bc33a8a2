#pragma once
// The window's keyboard: shortcuts that work in every pane, and the overlay that lists them.

#include <span>
#include <string>

#include "panes/panes.h"

namespace sockscope {

// F1, F3, F5, F6, F11, Escape, Home, End, slash, < and >, Alt and arrows, Ctrl + N, L, D, F, R, O, S, T, Q,
// plus, minus, 0. Plain keys only while nobody types; while the card of files is open those of the whole
// window alone.
void run_shortcuts(ui::Ui& ui, const Scene& scene, View& view, Requests& requests,
                   std::span<const Pane> shown);
void draw_keys(ui::Ui& ui, View& view, ImVec2 size);

// The cursor to the event before or after it that a person can see (a call, a line, a state).
void step_cursor(const Scene& scene, View& view, int by);
// keys_steps.cc: to the call made, or the packet sent, before or after the cursor; it is selected.
void step_call(const Scene& scene, View& view, int by);
void step_packet(const Scene& scene, View& view, int by);
// A replay runs slower or faster: 0.01 to 100 times, in steps of 1, 2, 5.
void change_speed(View& view, int by);
std::string speed_text(double speed);  // "0.01×"
// Live: holds the view or follows again. Replay: runs or pauses.
void toggle_run(const Scene& scene, View& view, Requests& requests);
// Whether the cursor is at a moment whose lines may run again: any of a recording, a past one of a session.
bool may_run_again(const Scene& scene, const View& view);
// The state diagram in the Timeline's place, or the Timeline again.
void toggle_states(View& view);
void toggle_ladder(View& view);
void next_language(View& view);
void next_theme(View& view);
void next_size(View& view);
void next_detail(View& view);

}  // namespace sockscope
