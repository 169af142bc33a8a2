#include "cli/lesson_found.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "lesson/lessons.h"
#include "session/places.h"

namespace sockscope::cli {

std::optional<std::string> find_lesson_folder(std::string id, const std::string& language) {
  struct stat info {};
  while (id.size() > 1 && id.ends_with('/')) id.pop_back();
  if (stat(id.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return id;
  if (const auto quiz = quiz_in(lessons_root(), language); quiz && id == kQuizId) return quiz->folder;
  const auto lessons = list_lessons(lessons_root(), language);
  if (const LessonEntry* lesson = find_lesson(lessons, id)) return lesson->folder;
  return std::nullopt;
}

tl::expected<ReadyLesson, std::string> find_ready_lesson(std::string_view command, const std::string& id,
                                                         const std::string& language) {
  const auto folder = find_lesson_folder(id, language);
  if (!folder)
    return tl::unexpected(
        fmt::format("sockscope {}: there is no lesson {}; sockscope lesson list shows them", command, id));
  struct stat info {};
  const bool spoken = stat(fmt::format("{}/{}.md", *folder, language).c_str(), &info) == 0;
  auto lesson = load_lesson(*folder, spoken ? language : "en");
  if (!lesson) return tl::unexpected(lesson.error().to_string());
  auto ready = make_ready(std::move(*lesson));
  if (!ready) return tl::unexpected(ready.error().to_string());
  return std::move(*ready);
}

}  // namespace sockscope::cli
