#include "cli/lesson_checks.h"

#include <fmt/format.h>

#include "cli/output.h"

namespace sockscope::cli {
namespace {

const std::string& said(const lesson::Mark& mark) {
  return mark.words.empty() ? mark.condition : mark.words;
}

}  // namespace

void LessonChecks::begin(const ReadyStep& step) {
  step_ = &step;
  ticked_.clear();
}

void LessonChecks::tick() {
  for (const ReadyBlock& block : step_->blocks)
    if (const auto* check = std::get_if<lesson::Check>(&block.block->what))
      for (std::size_t i = 0; i < check->marks.size(); ++i) {
        const lesson::Mark& mark = check->marks[i];
        if (!ticked_.contains(&mark) && driver_.ask(*block.asks[i], true).ok) tick(mark);
      }
}

void LessonChecks::tick(const lesson::Mark& mark) {
  ticked_.insert(&mark);
  say_line(fmt::format("✓ {}", said(mark)));
}

void LessonChecks::show(const ReadyBlock& block) {
  const auto& marks = std::get<lesson::Check>(block.block->what).marks;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (ticked_.contains(&marks[i])) continue;
    const auto result = driver_.ask(*block.asks[i], false);
    if (result.ok)
      tick(marks[i]);
    else
      say_line(fmt::format("○ {}: {} ({})", words_.not_yet, said(marks[i]), result.saw));
  }
}

}  // namespace sockscope::cli
