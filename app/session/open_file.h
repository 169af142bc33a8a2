#pragma once
// What a FILE argument is: a recording, a play, or a lesson by folder, id or name.

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "lesson/lessons.h"

namespace sockscope {

struct FileArgument {
  enum class Kind { recording, play, lesson } kind = Kind::play;
  std::string path;    // of the recording or play; of a lesson: its first play, empty if it has none
  LessonEntry lesson;  // Kind::lesson
};

// Looks at what is there, not at the name. Error: one line that names the file. Whether it is a good play or
// recording is for its loader to say.
tl::expected<FileArgument, std::string> find_file(const std::string& argument, std::string_view language);

}  // namespace sockscope
