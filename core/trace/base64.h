#pragma once
// RFC 4648 base64 with padding.

#include <optional>
#include <string>
#include <string_view>

namespace sockscope {

void append_base64(std::string& out, std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);  // nothing: not base64

}  // namespace sockscope
