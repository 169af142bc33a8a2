#pragma once
// A lesson's files: regular ones, not behind a link, of a capped size.

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace sockscope::lesson {

// Error: why, without the path.
tl::expected<std::string, std::string> read_file(const std::string& path);

// Whether it names a file in the lesson's own folder: no '/', no control character, no leading dot.
bool plain_file_name(std::string_view name);

}  // namespace sockscope::lesson
