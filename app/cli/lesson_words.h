#pragma once
// What the program says between a lesson's own words, in the lesson's language.

#include <string_view>

namespace sockscope::cli {

struct LessonWords {
  std::string_view help, to_run, to_order, to_do, at_end;  // what can be typed now
  std::string_view choose, no_choice, unknown;             // a question
  std::string_view yes, no, it_was, not_seen;              // its answer
  std::string_view list_done, list_begun;                  // behind a lesson of the list
  std::string_view quiz_line, quiz_before, quiz_after,
      quiz_between;         // the quiz in the list, and its score so far
  std::string_view recall;  // before the first step
  std::string_view so_far, not_yet, no_hint, try_first, last_line, too_long, done;
};

const LessonWords& lesson_words(std::string_view language);

}  // namespace sockscope::cli
