#pragma once
// What was opened last: XDG_STATE_HOME/sockscope/recent, a path a line, the latest first.

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "panes/files.h"

namespace sockscope {

inline constexpr std::size_t kMostRecent = 10;

// And whether each is still there. What is no absolute path is left out. Error: one line; the file cannot be
// read.
tl::expected<std::vector<RecentFile>, std::string> load_recent();
// Puts an absolute path on top, also of what another window has put there since, and keeps the file whole
// whatever happens. A path of more than one line is not kept. Error: one line; the file is as it was.
tl::expected<std::vector<RecentFile>, std::string> remember_opened(const std::string& path);

}  // namespace sockscope
