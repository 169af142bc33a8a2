#pragma once
// How far one learner has come in the lessons, as a value and as the text that is kept of it. Pure.

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lesson/lesson.h"

namespace sockscope {

// How a question was answered last.
struct GuessMade {
  enum class Was { right, wrong, unknown } was = Was::unknown;
  std::string misconception;  // of a wrong one: "m3a"; may be empty
  int seen = 0;  // the number of the choice, from 1, that the kernel showed to be so; 0: nothing could judge
  friend bool operator==(const GuessMade&, const GuessMade&) = default;
};
struct LessonProgress {
  std::set<int> done;                        // steps, by step_number()
  std::map<std::string, GuessMade> guesses;  // by question: "fourth-client", "fourth-client.because"
  bool finished = false;                     // every step was done
  bool begun() const { return !done.empty() || !guesses.empty() || finished; }
  friend bool operator==(const LessonProgress&, const LessonProgress&) = default;
};
using Progress = std::map<std::string, LessonProgress>;  // by the lesson's id

// As recordings number steps: from 1, the opening is 0.
int step_number(const Lesson& lesson, std::size_t place);
// `choice`: as many as there are: "I don't know". `judged`: the right choice's condition was seen to hold.
GuessMade guess_made(const lesson::Question& question, std::size_t choice, bool judged);
// Every step is done, whatever is so of the opening.
bool all_done(const Lesson& lesson, const std::set<int>& done);

// Adds what is so `now`: nothing done is undone, a question's newer answer has the older one's place.
void merge(LessonProgress& into, const LessonProgress& now);

// The quiz is kept as two lessons: before and after.
inline constexpr std::string_view kQuizBefore = "quiz-before", kQuizAfter = "quiz-after";
// Under which the quiz is answered now: as before, until that is finished.
std::string_view quiz_now(const Progress& all);
struct QuizScore {
  int right = 0, answered = 0;
  friend bool operator==(const QuizScore&, const QuizScore&) = default;
};
QuizScore quiz_score(const LessonProgress& quiz);
int questions_of(const Lesson& lesson);

// Lines: "sockscope progress 1", then for each lesson "lesson ID", "done 0 1 2", "guess QUESTION right 3",
// "guess QUESTION wrong 2 m3a", "finished". What is no single word is left out.
std::string progress_text(const Progress& all);
struct ReadProgress {
  Progress progress;   // what was good
  std::string notice;  // the first bad line, for the person; empty: there was none
};
// Any bytes give what is good of them. Text without the first line is of another program, and gives nothing.
ReadProgress read_progress(std::string_view text);

}  // namespace sockscope
