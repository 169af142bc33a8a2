// Through a lesson by its golden recordings: nothing runs, what is shown has happened.
#include <algorithm>

#include "session/lesson_walk.h"

namespace sockscope {

void LessonWalk::use_golden(Golden golden) {
  golden_ = std::move(golden);
  go_to(step_, true);
}

const Play& LessonWalk::lines_at_hand() const {
  return here().blocks[block_].play;
}

// The checks that stand behind the lines just shown, up to the next lines.
void LessonWalk::judge_golden_marks() {
  const auto& blocks = here().blocks;
  for (std::size_t i = block_ + 1; i < blocks.size() && script_of(*blocks[i].block) == nullptr; ++i)
    if (const auto* check = std::get_if<lesson::Check>(&blocks[i].block->what))
      for (const lesson::Mark& mark : check->marks)
        if (golden_->met(step_, mark.condition)) met_.insert(&mark);
}

void LessonWalk::was_shown() {
  if (!golden_ || at_ != At::running) return;
  judge_golden_marks();
  for (Answered& answer : answered_) {
    if (answer.told) continue;
    const lesson::Question& asked = std::get<lesson::Predict>(answer.block->block->what).what;
    answer.seen = golden_->met(step_, asked.choices[right_choice(asked)].condition);
    answer.told = true;
  }
  go_on();
}

}  // namespace sockscope
