#pragma once
// A recording held against a lesson: which of its checks were met, when, and what was guessed. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "coach/ready.h"
#include "trace/trace.h"

namespace sockscope {

// A check's mark, or the right choice of a prediction.
struct GradedMark {
  std::string text;       // its words, or its condition
  std::string condition;  // what was expected
  bool met = false;       // at some moment while the step was at hand
  std::string saw;        // what was so then; at the end, if it was never met
};
struct GradedStep {
  enum class Result { pass, fail, not_tried } result = Result::not_tried;
  int number = 0;  // from 1
  std::string title;
  std::vector<GradedMark> marks, predicted;
};
struct GradedGuess {
  std::string question;       // its id; "fourth-client.because" of a reason
  std::string misconception;  // of the choice that was made; empty: it was right, or "I don't know"
  bool right = false;
};
struct Graded {
  std::vector<GradedStep> steps;  // those that have a check
  std::vector<GradedGuess> guesses;
  bool refused = false;    // the machine permitted no hosts: nothing can be said about the learner
  bool passed() const;     // every step
  bool predicted() const;  // what is right of every prediction was seen
};

// A step is at hand from where the recording says that it was reached; where it says so of none, from where
// the step before it had been met.
Graded grade(const ReadyLesson& lesson, const Trace& trace);
// Whether the machine that events were made on permits no hosts: a line that asks for one has failed.
class HostsRefused {
 public:
  void take(const Event& event);
  bool look(const Trace& trace);  // takes what this trace has since the last look; then so()
  bool so() const { return so_; }

 private:
  std::vector<LineId> asked_;
  std::size_t seen_ = 0;
  bool so_ = false;
};
// Of several recordings of one learner: a step passes if it does in one of them.
Graded together(std::vector<Graded> all);

// The lesson's own golden recordings, together. Nothing: it names none. A fault: one cannot be loaded.
tl::expected<std::optional<Graded>, LessonFault> grade_golden(const ReadyLesson& lesson);

// A guess in a recording is a notice of this code; its text is ID=N, N the choice's number from 1, 0: not
// known; or ID.because=N.
inline constexpr std::string_view kGuessNotice = "guess";
std::string guess_text(std::string_view question, std::size_t choice, std::size_t choices);

}  // namespace sockscope
