#pragma once
// How the quiz was answered, for a terminal.

#include <string>

#include "cli/lesson_words.h"
#include "coach/progress.h"

namespace sockscope::cli {

// "before 4 of 10, after 9 of 10"; empty: it was not begun.
std::string quiz_said(const Progress& all, int questions, const LessonWords& words);

}  // namespace sockscope::cli
