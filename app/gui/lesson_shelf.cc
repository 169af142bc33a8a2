#include "gui/lesson_shelf.h"

#include <algorithm>
#include <filesystem>

#include "coach/progress.h"

namespace sockscope {

std::vector<LessonItem> LessonShelf::items(std::string_view language) const {
  std::vector<LessonItem> items;
  if (root.empty()) return items;
  for (LessonEntry& entry : list_lessons(root, language)) {
    items.push_back({std::move(entry.id), std::move(entry.title), std::move(entry.plays)});
  }
  if (auto quiz = quiz_in(root, language)) {
    const auto lesson = load_lesson(quiz->folder, "en");
    LessonItem item{std::move(quiz->id), std::move(quiz->title), std::move(quiz->plays)};
    if (lesson) item.questions = questions_of(*lesson);
    if (item.questions > 0) items.push_back(std::move(item));
  }
  return items;
}

namespace {

tl::expected<LessonEntry, std::string> entry_of(const LessonShelf& shelf, std::string_view id,
                                                std::string_view language) {
  if (!shelf.opened.empty()) {
    auto found = lesson_in(shelf.opened, language);
    if (found && found->id == id) return std::move(*found);
  }
  if (!shelf.root.empty()) {
    auto quiz = quiz_in(shelf.root, language);
    if (quiz && id == kQuizId) return std::move(*quiz);
    const std::vector<LessonEntry> all = list_lessons(shelf.root, language);
    if (const LessonEntry* found = find_lesson(all, id)) return *found;
  }
  return tl::unexpected("there is no lesson " + std::string(id));
}

}  // namespace

tl::expected<std::string, std::string> LessonShelf::folder(std::string_view id) const {
  auto entry = entry_of(*this, id, "en");
  if (!entry) return tl::unexpected(entry.error());
  return std::move(entry->folder);
}

tl::expected<std::string, std::string> LessonShelf::text(std::string_view id,
                                                         std::string_view language) const {
  const auto entry = entry_of(*this, id, language);
  if (!entry) return tl::unexpected(entry.error());
  return lesson_text(*entry, language);
}

tl::expected<ReadyLesson, std::string> LessonShelf::ready(std::string_view id,
                                                          std::string_view language) const {
  const auto entry = entry_of(*this, id, language);
  if (!entry) return tl::unexpected(entry.error());
  std::error_code none;
  const bool spoken = std::filesystem::exists(entry->folder + "/" + std::string(language) + ".md", none);
  auto lesson = load_lesson(entry->folder, spoken ? language : "en");
  if (!lesson) return tl::unexpected(lesson.error().to_string());
  if (lesson->steps.empty()) return tl::unexpected("lesson " + entry->id + " has no step");
  auto ready = make_ready(std::move(*lesson));
  if (!ready) return tl::unexpected(ready.error().to_string());
  return std::move(*ready);
}

tl::expected<std::string, std::string> LessonShelf::play(std::string_view id, const std::string& file) const {
  const auto entry = entry_of(*this, id, "en");
  if (!entry) return tl::unexpected(entry.error());
  if (std::find(entry->plays.begin(), entry->plays.end(), file) == entry->plays.end()) {
    return tl::unexpected("lesson " + entry->id + " has no play " + file);
  }
  return entry->folder + "/" + file;
}

}  // namespace sockscope
