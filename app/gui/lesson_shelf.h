#pragma once
// The lessons as the window shows them.

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "coach/ready.h"
#include "lesson/lessons.h"
#include "panes/panes.h"

namespace sockscope {

struct LessonShelf {
  std::string root;  // lessons_root(); empty: there are none
  std::string opened =
      {};  // the folder of a lesson that was opened by its path, wherever it is; empty: none was
  std::vector<LessonItem> items(std::string_view language) const;
  // Where its files are. Error: one line.
  tl::expected<std::string, std::string> folder(std::string_view id) const;
  // A lesson's text in this language. Error: one line.
  tl::expected<std::string, std::string> text(std::string_view id, std::string_view language) const;
  // Ready to be walked through; English where it has no file of this language. Error: one line: its first
  // fault.
  tl::expected<ReadyLesson, std::string> ready(std::string_view id, std::string_view language) const;
  // The path of one of its plays. Error: one line: no such lesson, or no such play in it.
  tl::expected<std::string, std::string> play(std::string_view id, const std::string& file) const;
};

}  // namespace sockscope
