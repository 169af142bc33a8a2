#include "session/golden.h"

#include <algorithm>

namespace sockscope {
namespace {

int first_number(const ReadyLesson& lesson) {
  return lesson.steps.empty() || lesson.steps.front().step->title.empty() ? 0 : 1;
}

}  // namespace

tl::expected<std::optional<Golden>, LessonFault> Golden::of(const ReadyLesson& lesson) {
  auto graded = grade_golden(lesson);
  if (!graded) return tl::unexpected(graded.error());
  if (!*graded) return std::optional<Golden>();
  Golden golden;
  golden.graded_ = std::move(**graded);
  golden.first_ = first_number(lesson);
  const std::string folder = lesson.lesson->file.substr(0, lesson.lesson->file.rfind('/') + 1);
  std::string at;  // a step without one goes on in the recording of the step before it
  for (const ReadyStep& step : lesson.steps) {
    for (const ReadyBlock& block : step.blocks)
      if (const auto* named = std::get_if<lesson::Recording>(&block.block->what)) at = folder + named->file;
    golden.files_.push_back(only_text(step) ? std::string() : at);
  }
  return std::optional(std::move(golden));
}

bool Golden::met(std::size_t step, std::string_view condition) const {
  if (condition.empty()) return true;
  const int number = first_ + static_cast<int>(step);
  for (const GradedStep& graded : graded_.steps) {
    if (graded.number != number) continue;
    for (const auto* marks : {&graded.marks, &graded.predicted})
      for (const GradedMark& mark : *marks)
        if (mark.condition == condition) return mark.met;
  }
  return false;
}

Time step_begins(const Trace& trace, const ReadyLesson& lesson, std::size_t step) {
  const int number = first_number(lesson) + static_cast<int>(step);
  for (std::size_t i = 0; i < trace.size(); ++i)
    if (const auto* reached = std::get_if<event::StepReached>(&trace[i].body))
      if (reached->step == number && reached->lesson.view() == lesson.lesson->head.id) return trace[i].at;
  return trace.start();
}

Time lines_end(const Trace& trace, Time from, const Play& play) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const auto* started = std::get_if<event::LineStarted>(&trace[i].body);
    if (started == nullptr || trace[i].at < from) continue;
    if (found == play.lines.size()) return trace[i].at - 1;
    if (started->text.view() == play.lines[found].said) ++found;
  }
  return trace.end();
}

}  // namespace sockscope
