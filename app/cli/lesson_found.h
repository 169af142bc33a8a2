#pragma once
// A lesson named on the command line: by id, by the part after its number, or by its folder.

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "coach/ready.h"

namespace sockscope::cli {

// In this language, or in English where it has no other. Error: one line.
tl::expected<ReadyLesson, std::string> find_ready_lesson(std::string_view command, const std::string& id,
                                                         const std::string& language);

}  // namespace sockscope::cli
