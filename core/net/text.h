#pragma once
// Text that has to be short.

#include <cstddef>
#include <string_view>

namespace sockscope {

// At most the first `most` bytes of `utf8`, never half a character. What is not UTF-8 may be cut to nothing.
std::string_view first_characters(std::string_view utf8, std::size_t most);

}  // namespace sockscope
