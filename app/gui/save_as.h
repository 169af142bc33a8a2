#pragma once
// What was done, saved where the person says.

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "trace/trace.h"

namespace sockscope {

enum class SavedAs { recording, play };
// By the ending: .jsonl or .play; neither: none.
std::optional<SavedAs> saved_as(std::string_view path);

// The whole trace as a recording, or its lines as a play. Written to a file beside it first, on the disk, and
// then put in the place of what was there, whose mode it keeps: whatever fails, the old file is whole. A link
// stays, and what it leads to is replaced. Error: one line that names the file.
tl::expected<void, std::string> save_as(const std::string& path, const Trace& trace, SavedAs kind);

}  // namespace sockscope
