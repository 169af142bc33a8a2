#pragma once
// Questions of a lesson asked in a terminal, and their answers told.

#include <cstddef>
#include <optional>
#include <string>

#include "cli/lesson_words.h"
#include "cli/line_reader.h"
#include "cli/signals.h"
#include "cli/transcript.h"
#include "lesson/lesson.h"
#include "session/lesson_driver.h"

namespace sockscope::cli {

// How a lesson is driven from a terminal: what happens goes into the transcript, which each session begins
// anew, and a signal stops it. Both outlive the driver.
LessonDriver::Options terminal_options(Transcript& transcript, Signals& signals);

class LessonAsker {
 public:
  LessonAsker(LessonDriver& driver, Signals& signals, const LessonWords& words);

  // A line of standard input without blanks round it, while what happens is shown; nothing: it has ended.
  std::optional<std::string> read(const std::string& prompt);
  // The number of a choice, from 0; as many as there are: I don't know. Nothing: the input has ended, or
  // `skipped` says that they went on without an answer.
  std::optional<std::size_t> choose(const lesson::Question& question, bool* skipped = nullptr);
  // What was right, and what refutes the guess.
  void tell(const lesson::Question& question, std::size_t guess);

 private:
  LessonDriver& driver_;
  Signals& signals_;
  const LessonWords& words_;
  LineReader in_;
};

}  // namespace sockscope::cli
