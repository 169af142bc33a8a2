#pragma once
// Questions of earlier lessons, asked once more as a lesson opens: what this learner missed. Pure.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coach/progress.h"

namespace sockscope {

struct RecallQuestion {
  std::string lesson, predict;  // whose it is, and its id there
  std::string title;            // of the step that asks it
  std::string lines;  // what it asks about: the lines that follow it, but none that tells the answer
  lesson::Question what;
};

inline constexpr std::size_t kMostRecalled = 2;

// At most kMostRecalled for this lesson: what was missed in the lessons before it, those it needs first, then
// the latest; else what was answered in those it needs, unless this lesson asks so itself (a predict whose id
// begins with "again-"). Only questions whose answer the kernel showed to this
// learner, and which their lesson still asks with that answer. `load`: a lesson by its id, or nullptr.
std::vector<RecallQuestion> recalled_for(
    const Lesson& opens, const Progress& progress,
    const std::function<std::shared_ptr<const Lesson>(const std::string& id)>& load);

}  // namespace sockscope
