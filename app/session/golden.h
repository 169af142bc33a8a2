#pragma once
// A lesson's own recordings, shown and judged where a run is not possible: real runs from another computer.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coach/grade.h"

namespace sockscope {

class Golden {
 public:
  // Nothing: the lesson names none. A fault: one of them cannot be loaded.
  static tl::expected<std::optional<Golden>, LessonFault> of(const ReadyLesson& lesson);

  // The path of the recording this step is in; empty: nothing of it was run.
  const std::string& recording_of(std::size_t step) const { return files_[step]; }
  // What a check or the right choice of a prediction says was so at some moment of the step. An empty
  // condition is not judged: true.
  bool met(std::size_t step, std::string_view condition) const;

 private:
  Graded graded_;
  std::vector<std::string> files_;  // one for each step of the lesson
  int first_ = 1;                   // the number of the lesson's first step
};

// Where this step begins in a recording; its start, if it does not say.
Time step_begins(const Trace& trace, const ReadyLesson& lesson, std::size_t step);
// When all that these lines did after `from` has been seen: the next line of the recording begins, or it
// ends.
Time lines_end(const Trace& trace, Time from, const Play& play);

}  // namespace sockscope
