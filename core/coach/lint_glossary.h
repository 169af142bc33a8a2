#pragma once
// What is wrong with the glossary of a folder of lessons.

#include <string>
#include <vector>

#include "coach/lint.h"

namespace sockscope {

// `lessons`: those of the folder, in their order. A fault of either file is an error; a note tells of a word
// that a lesson's text uses before the lesson that introduces it.
std::vector<Finding> lint_glossary(const std::string& folder, const std::vector<LintedLesson>& lessons);

}  // namespace sockscope
