#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/lesson_score.h"
#include "cli/lesson_words.h"
#include "cli/output.h"
#include "lesson/lessons.h"
#include "lesson/read_lesson.h"
#include "session/places.h"
#include "session/progress_file.h"

namespace sockscope::cli {

namespace {

// Behind the title, so that the columns before it stay where scripts look for them.
std::string done_mark(const LessonProgress& now, const LessonWords& words) {
  return now.begun() ? fmt::format("  {}", now.finished ? words.list_done : words.list_begun) : std::string();
}

// Under the lessons, with its score.
void list_quiz(const Progress& all, const std::string& language, const LessonWords& words) {
  const auto quiz = quiz_in(lessons_root(), language);
  const auto lesson = quiz ? load_lesson(quiz->folder, "en") : tl::expected<Lesson, LessonFault>();
  if (!quiz || !lesson) return;
  const std::string said = quiz_said(all, questions_of(*lesson), words);
  say_line(fmt::format("{:<24} {}  ({})", quiz->id, quiz->title, said.empty() ? words.quiz_line : said));
}

}  // namespace

int run_lesson_list(const LessonListCommand& command) {
  ProgressFile kept(progress_path().value_or(""));
  if (const std::string bad = command.ids ? "" : kept.load(); !bad.empty())
    complain("sockscope lesson list: " + bad);
  const LessonWords& words = lesson_words(command.language);
  for (const LessonEntry& lesson : list_lessons(lessons_root(), command.language)) {
    say_line(command.ids
                 ? lesson.id
                 : fmt::format("{:<24} {}{}", lesson.id, lesson.title, done_mark(kept.of(lesson.id), words)));
  }
  if (!command.ids) list_quiz(kept.progress(), command.language, words);
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
