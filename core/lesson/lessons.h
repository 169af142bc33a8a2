#pragma once
// The lessons on disk: lessons/NN-name/{en,zh}.md and the plays beside them. Text as it is; checks come
// later.

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

// In order of id. A folder without en.md and without a play is not a lesson. A missing root has no lessons.
std::vector<LessonEntry> list_lessons(const std::string& root, std::string_view language);
// The Markdown after its key: value head; English when the language has none. Error: one line.
tl::expected<std::string, std::string> lesson_text(const LessonEntry& lesson, std::string_view language);

}  // namespace sockscope
