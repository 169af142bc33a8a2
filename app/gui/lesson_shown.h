#pragma once
// A walk through a lesson as the plain values the pane draws.

#include "panes/panes.h"
#include "session/lesson_walk.h"
#include "session/recall.h"

namespace sockscope {

// `recall`: what stands before it now; nullptr: nothing.
LessonShown shown_of(const LessonWalk& walk, const std::vector<LessonItem>& lessons,
                     const Recall* recall = nullptr);

}  // namespace sockscope
