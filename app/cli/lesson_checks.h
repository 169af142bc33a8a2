#pragma once
// The checks of one step, ticked in a terminal as they are met, by whatever way.

#include <set>

#include "cli/lesson_words.h"
#include "coach/ready.h"
#include "session/lesson_driver.h"

namespace sockscope::cli {

class LessonChecks {
 public:
  LessonChecks(LessonDriver& driver, const LessonWords& words) : driver_(driver), words_(words) {}

  void begin(const ReadyStep& step);
  // Says which hold now and did not before.
  void tick();
  // Waits for those of this check, and says of each whether it is so.
  void show(const ReadyBlock& block);
  const lesson::Mark* first_unmet() const { return sockscope::first_unmet(*step_, ticked_); }

 private:
  void tick(const lesson::Mark& mark);

  LessonDriver& driver_;
  const LessonWords& words_;
  const ReadyStep* step_ = nullptr;
  std::set<const lesson::Mark*> ticked_;
};

}  // namespace sockscope::cli
