#pragma once
// Runs a lesson by itself, on the real kernel, and judges every sentence of it that can be judged: a check
// does not hold before its step and holds after, of a prediction the right choice is what happens and no
// other is.

#include <functional>
#include <string>

#include "coach/ready.h"
#include "session/lesson_driver.h"

namespace sockscope {

struct Proved {
  enum class What {
    step,         // begins
    ran,          // a setup, play, order or solution
    expectation,  // of its lines
    predicted,    // the right choice
    refuted,      // a wrong choice that has a condition
    before,       // a mark of a check must not hold yet
    check,        // a mark of a check
    trouble       // nothing more can be run: `saw` says why
  } what = What::step;
  bool ok = true;
  const ReadyStep* step = nullptr;
  const lesson::Block* block = nullptr;  // nullptr: of the whole step
  std::string file;
  int line = 0;
  std::string text, saw;  // what was said or asked; what is so
};

// Runs all of it. Exit code: 0 all is so, 1 something is not, 3 not possible here. `told` hears of
// everything, in order.
int prove_lesson(const ReadyLesson& lesson, LessonDriver::Options options,
                 const std::function<void(const Proved&)>& told);

}  // namespace sockscope
