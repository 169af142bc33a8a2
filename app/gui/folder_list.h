#pragma once
// A folder as the card of files lists it. Nothing else reads folders for it.

#include <cstddef>
#include <string>

#include "panes/files.h"

namespace sockscope {

inline constexpr std::size_t kMostFiles = 20'000;

// At most `most` entries of it, hidden ones left out. Links are followed: one that leads nowhere, or in a
// circle, is a file nothing opens. What a file is, is told by its name; a folder with an en.md is a lesson.
// A folder that cannot be read has an error.
FolderListing list_folder(const std::string& path, std::size_t most = kMostFiles);
bool is_folder(const std::string& path);
bool is_lesson_folder(const std::string& path);
// Without "." and "..", from `folder` on when it is relative, from HOME on when it begins with "~/".
std::string absolute_path(const std::string& path, const std::string& folder);

}  // namespace sockscope
