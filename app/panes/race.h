#pragma once
// A race in the Stage's place: each server a row of small multiples over one time axis, the same scale for
// all.

#include "explain/race.h"
#include "panes/panes.h"

namespace sockscope {

// Reads the trace as far as it has grown.
Race& race_of(View& view, const Scene& scene);
// Whether the Stage's place shows the race: as the person chose, else when there is one.
bool shows_race(View& view, const Scene& scene);
void draw_race(ui::Ui& ui, const Scene& scene, View& view, Rect area);

}  // namespace sockscope
