#pragma once
// Reads lessons/NN-name/{en,zh}.md (docs/lessons.md). Lessons are data from strangers: sizes, counts and
// nesting are capped, a name leads nowhere but into the lesson's own folder, and nothing is run.

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "lesson/lesson.h"

namespace sockscope {

// One line: "en.md:12: what is wrong; what to do".
struct LessonFault {
  std::string file;
  int line = 0;  // 0: of the whole file
  std::string message;
  std::string to_string() const;
};

inline constexpr std::size_t kMostLessonSteps = 20;
inline constexpr std::size_t kMostLessonBlocks = 300;
inline constexpr std::size_t kMostChoices = 8;
inline constexpr std::size_t kMostMarks = 12;
inline constexpr int kDeepestList = 6;
inline constexpr std::size_t kMostHeadItems = 40;
inline constexpr std::size_t kLongestLessonItem = 1000;  // bytes: a title, a choice, a condition

// Any text: a lesson or the first fault. A script in a file beside it has no lines yet.
tl::expected<Lesson, LessonFault> read_lesson(std::string_view text, const std::string& file);

// The lesson of a folder in this language ("en", "zh"), with the lines of the files beside it.
tl::expected<Lesson, LessonFault> load_lesson(const std::string& folder, std::string_view language);

}  // namespace sockscope
