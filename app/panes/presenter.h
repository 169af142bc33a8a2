#pragma once
// The window on a projector: what is under 28 px at a width of 1600 cannot be read from 10 m, so everything
// is twice as large and what does not fit is not shown. LOOK's presenter.

#include "panes/panes.h"
#include "panes/window_layout.h"

namespace sockscope {

// Letters are at least this high at scale 1 while presenting: 28 px at the scale of a window 1600 wide.
inline constexpr float kLeastLetterPresenting = 14;

// 2 at a width of 1600.
float presenting_scale(float width);
// How large everything is drawn in a window of this width; `monitor` is the screen's own scale.
float scale_of(const View& view, float width, float monitor);

void toggle_presenting(View& view);
// B, P, N, 1 to 8, 0 while presenting and nobody types; and which key was pressed just now.
void presenter_keys(View& view);

void draw_presenter_bar(ui::Ui& ui, const Scene& scene, Rect where);
void draw_last_call(ui::Ui& ui, const Scene& scene, const View& view, Rect where);
// Over everything: the pane below the Stage hidden with the answer, the show of hands where no question of a
// lesson counts them, a halo round the pointer.
void draw_presenter_over(ui::Ui& ui, const Scene& scene, const View& view, const WindowLayout& layout,
                         ImVec2 size);

}  // namespace sockscope
