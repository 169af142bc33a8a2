#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "lesson/lessons.h"
#include "session/places.h"

namespace sockscope::cli {

int run_lesson_list(const LessonListCommand& command) {
  for (const LessonEntry& lesson : list_lessons(lessons_root(), command.language)) {
    say_line(command.ids ? lesson.id : fmt::format("{:<24} {}", lesson.id, lesson.title));
  }
  return kDone;
}

int run_lesson_show(const LessonShowCommand& command) {
  const auto lessons = list_lessons(lessons_root(), command.language);
  const LessonEntry* lesson = find_lesson(lessons, command.id);
  if (lesson == nullptr) {
    complain(fmt::format("sockscope lesson show: there is no lesson {}; sockscope lesson list shows them",
                         command.id));
    return kBadInput;
  }
  const auto text = lesson_text(*lesson, command.language);
  if (!text) {
    complain(text.error());
    return kBadInput;
  }
  say_line(fmt::format("# {}\n", lesson->title));
  say(*text);
  return kDone;
}

}  // namespace sockscope::cli
