#pragma once
// A lesson walked through in a terminal: its text, its questions, and a prompt for lines that really run.

#include <string>

#include "coach/ready.h"

namespace sockscope::cli {

// Reads commands and lines from stdin until the lesson or the input ends. Exit code.
// `record`: where, empty: nowhere.
int run_by_hand(const ReadyLesson& lesson, const std::string& language, const std::string& record);

}  // namespace sockscope::cli
