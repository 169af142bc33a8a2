#pragma once
// Bookmarks of recordings, kept from run to run: XDG_STATE_HOME/sockscope/bookmarks, lines of "length start
// path" and under each the marked moments. A recording is known by its path, first moment and length, so that
// another one saved under the same name has none of them.

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "panes/timeline_tools.h"
#include "trace/trace.h"

namespace sockscope {

inline constexpr std::size_t kMostMarkedFiles = 50;  // those marked last

// Of this recording, opened from an absolute path. Error: one line; the file cannot be read, or means
// nothing.
tl::expected<std::vector<Bookmark>, std::string> load_bookmarks(const std::string& path, const Trace& trace);
// Puts them in the place of those kept before, also where another window has written since. A file that means
// nothing is put aside as bookmarks.bad. Error: one line; the file is as it was.
tl::expected<void, std::string> keep_bookmarks(const std::string& path, const Trace& trace,
                                               const std::vector<Bookmark>& bookmarks);

}  // namespace sockscope
