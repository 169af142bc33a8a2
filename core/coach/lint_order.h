#pragma once
// Whether lessons that follow each other use only what one of them has introduced before. Pure.

#include <vector>

#include "coach/lint.h"

namespace sockscope {

// `lessons` in their order. Adds to each what it uses too early: calls of its plays and of its text, states,
// and the names and terms that some lesson introduces; and the lessons it needs that are not before it.
void lint_order(std::vector<LintedLesson>& lessons);

}  // namespace sockscope
