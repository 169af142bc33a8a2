#pragma once
// Lint of one lesson with its run: what the kernel says of its checks and predictions.

#include "coach/lint.h"
#include "session/lesson_driver.h"

namespace sockscope {

// Runs the English lesson if it can be read, and adds what is not as it says.
void lint_by_running(LintedLesson& linted, LessonDriver::Options options);

}  // namespace sockscope
