#pragma once
// Whether two languages of a lesson are the same lesson: the same blocks, plays, conditions and ids; only
// what a person reads may differ. Pure.

#include <string>
#include <vector>

#include "lesson/lesson.h"

namespace sockscope {

struct LessonDifference {
  int line = 0;  // in the second
  std::string message;
};

// In the order of the second. After a difference in the blocks of a step the rest of that step is not
// compared.
std::vector<LessonDifference> compare_languages(const Lesson& first, const Lesson& second);

}  // namespace sockscope
