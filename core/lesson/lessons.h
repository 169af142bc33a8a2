#pragma once
// The lessons on disk: lessons/NN-name/{en,zh}.md and the plays beside them. Text as it is; checks come
// later. Lessons are data from strangers: sizes and counts are capped, symbolic links are not followed out of
// them, control characters are taken out.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace sockscope {

struct LessonEntry {
  std::string id;  // the folder's name, "02-five-steps"
  std::string folder;
  std::string title;               // of the language asked for, else English, else the id
  std::vector<std::string> plays;  // file names in it
};

inline constexpr std::size_t kLongestLessonText = std::size_t{256} << 10;
inline constexpr std::size_t kMostLessons = 500;
inline constexpr std::size_t kMostPlaysOfALesson = 100;

// In order of id. A folder without en.md and without a play is not a lesson. A missing root has no lessons.
std::vector<LessonEntry> list_lessons(const std::string& root, std::string_view language);
// The questions before and after the lessons are written as a lesson, and are none of the list.
inline constexpr std::string_view kQuizId = "quiz";
std::optional<LessonEntry> quiz_in(const std::string& root, std::string_view language);
// The lesson in this folder, wherever it is; none: there is no en.md and no play in it.
std::optional<LessonEntry> lesson_in(const std::string& folder, std::string_view language);
// By id or by the part after its number ("five-steps"); nullptr: no such lesson.
const LessonEntry* find_lesson(const std::vector<LessonEntry>& lessons, std::string_view id);
// The Markdown after its key: value head; English when the language has none. Error: one line.
tl::expected<std::string, std::string> lesson_text(const LessonEntry& lesson, std::string_view language);

}  // namespace sockscope
