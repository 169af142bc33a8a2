#pragma once
// A walk through a lesson as the plain values the pane draws.

#include "panes/panes.h"
#include "session/lesson_walk.h"
#include "session/recall.h"

namespace sockscope {

// The glossary's words by the step whose text is the first to use them; none where the glossary has a fault.
using LessonTerms = std::vector<std::vector<LessonTerm>>;
LessonTerms terms_of(const Lesson& lesson);

// `recall`: what stands before it now; nullptr: nothing.
LessonShown shown_of(const LessonWalk& walk, const std::vector<LessonItem>& lessons, const LessonTerms& terms,
                     const Recall* recall = nullptr);

}  // namespace sockscope
