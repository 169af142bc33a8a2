#pragma once
// What a person reads of a lesson, and how hard it is. Pure.

#include <functional>
#include <string>
#include <string_view>

#include "lesson/lesson.h"

namespace sockscope {

// Every piece of text a learner reads, with its line: titles, prose, questions, choices, refutations, the
// words of checks (a condition where there are none), hints.
void human_texts(const Lesson& lesson, const std::function<void(std::string_view text, int line)>& each);

struct ReadingFigures {
  int words = 0;       // of Latin letters
  int characters = 0;  // Chinese ones
  int sentences = 0;
  int syllables = 0;
  // The school year that reads it with ease (Flesch and Kincaid), for English; at least 0.
  double grade() const;
  double characters_a_sentence() const;
};
ReadingFigures reading_figures(const Lesson& lesson);

}  // namespace sockscope
