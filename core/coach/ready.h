#pragma once
// A lesson whose plays and conditions have been read: ready to be run, and known to be without a mistake that
// can be seen before. Pure; no call is made.

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <tl/expected.hpp>

#include "lesson/read_lesson.h"
#include "play/play.h"
#include "trace/clock.h"

namespace sockscope {

struct ReadyBlock {
  const lesson::Block* block = nullptr;  // of the lesson
  Play play;                             // of a setup, play, order or solution: its blanks filled in
  // %expect lines: of a predict one for each choice, of a check one for each mark. Nothing: no condition.
  std::vector<std::optional<PlayLine>> asks;
};
struct ReadyStep {
  const lesson::Step* step = nullptr;
  std::vector<ReadyBlock> blocks;
};
struct ReadyLesson {
  std::shared_ptr<const Lesson> lesson;
  std::vector<ReadyStep> steps;
};

// Of its checks the first condition that is not among those met; nullptr: there is none.
const lesson::Mark* first_unmet(const ReadyStep& step, const std::set<const lesson::Mark*>& met);

// Nothing of it runs or is judged.
bool only_text(const ReadyStep& step);

// A learner does not wait longer for one line.
inline constexpr Time kLongestLessonWait = 60 * kSecond;

// The first fault of its plays, conditions or their order, with its place in the lesson or in the play beside
// it.
tl::expected<ReadyLesson, LessonFault> make_ready(Lesson lesson);

}  // namespace sockscope
