#pragma once
// A lesson named on the command line: by id, by the part after its number, or by its folder.

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "coach/ready.h"

namespace sockscope::cli {

// Its folder; none: there is no such lesson.
std::optional<std::string> find_lesson_folder(std::string id, const std::string& language);
// In this language, or in English where it has no other. Error: one line.
tl::expected<ReadyLesson, std::string> find_ready_lesson(std::string_view command, const std::string& id,
                                                         const std::string& language);

}  // namespace sockscope::cli
