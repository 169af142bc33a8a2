#include "session/lesson_walk.h"

namespace sockscope {

LessonProgress LessonWalk::progress() const {
  LessonProgress made;
  const Lesson& lesson = *lesson_.lesson;
  for (std::size_t step = 0; step < lesson_.steps.size(); ++step)
    if (done(step)) made.done.insert(step_number(lesson, step));
  for (const Answered& answer : answered_) {
    if (!answer.told || !answer.seen) continue;
    const auto& predict = std::get<lesson::Predict>(answer.block->block->what);
    const auto right = right_choice(predict.what);
    const bool judged = right < answer.block->asks.size() && answer.block->asks[right].has_value();
    made.guesses[predict.id] = guess_made(predict.what, answer.guess, judged);
    if (answer.reason)
      made.guesses[predict.id + ".because"] = guess_made(*predict.because, *answer.reason, false);
  }
  made.finished = all_done(lesson, made.done);
  return made;
}

void LessonWalk::remember(const std::set<int>& done) {
  for (std::size_t step = 0; step < lesson_.steps.size(); ++step)
    if (done.contains(step_number(*lesson_.lesson, step))) done_.insert(step);
}

}  // namespace sockscope
