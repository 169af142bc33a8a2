#pragma once
// A walk through a lesson as the plain values the pane draws.

#include "panes/panes.h"
#include "session/lesson_walk.h"

namespace sockscope {

LessonShown shown_of(const LessonWalk& walk, const std::vector<LessonItem>& lessons);

}  // namespace sockscope
