#include "cli/lesson_score.h"

#include <fmt/format.h>

namespace sockscope::cli {

std::string quiz_said(const Progress& all, int questions, const LessonWords& words) {
  std::string said;
  const auto add = [&](std::string_view round, std::string_view pattern) {
    const auto found = all.find(std::string(round));
    if (found == all.end() || found->second.guesses.empty()) return;
    said += said.empty() ? "" : words.quiz_between;
    said += fmt::format(fmt::runtime(pattern), quiz_score(found->second).right, questions);
  };
  add(kQuizBefore, words.quiz_before);
  add(kQuizAfter, words.quiz_after);
  return said;
}

}  // namespace sockscope::cli
