#include "gui/folder_list.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "panes/file_rows.h"
#include "session/own_files.h"

namespace sockscope {
namespace {

namespace fs = std::filesystem;
using Kind = FolderEntry::Kind;

Kind kind_of_entry(const fs::directory_entry& entry, const std::string& name) {
  std::error_code error;
  const fs::file_status status = entry.status(error);
  if (error) return Kind::other;
  if (fs::is_directory(status)) return is_lesson_folder(entry.path().string()) ? Kind::lesson : Kind::folder;
  if (!fs::is_regular_file(status)) return Kind::other;
  return ends_as_play(name) ? Kind::play : ends_as_recording(name) ? Kind::recording : Kind::other;
}

// Folders, what can be opened, the rest.
int rank(Kind kind) {
  return kind == Kind::folder ? 0 : kind == Kind::other ? 2 : 1;
}

bool before(const FolderEntry& a, const FolderEntry& b) {
  if (rank(a.kind) != rank(b.kind)) return rank(a.kind) < rank(b.kind);
  return a.name < b.name;
}

}  // namespace

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool is_lesson_folder(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(joined(path, "en.md"), error);
}

std::string absolute_path(const std::string& path, const std::string& folder) {
  fs::path whole(path);
  if (path == "~" || path.starts_with("~/")) {
    const char* home = std::getenv("HOME");
    whole =
        std::string(home == nullptr ? "" : home) + "/" + path.substr(std::min<std::size_t>(path.size(), 2));
  }
  if (whole.is_relative()) whole = fs::path(folder) / whole;
  std::string text = whole.lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

FolderListing list_folder(const std::string& path, std::size_t most) {
  FolderListing listing;
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  listing.path = error ? path : real.string();
  fs::directory_iterator each;
  if (!error) each = fs::directory_iterator(real, error);
  std::size_t read = 0;
  while (!error && each != fs::directory_iterator()) {
    if (read++ == most) {
      listing.more = true;
      break;
    }
    std::string name = each->path().filename().string();
    if (!name.starts_with('.')) {
      const Kind kind = kind_of_entry(*each, name);
      listing.entries.push_back({kind, std::move(name)});
    }
    each.increment(error);
  }
  if (error) listing.error = file_failed(listing.path, error.value());
  std::sort(listing.entries.begin(), listing.entries.end(), before);
  return listing;
}

}  // namespace sockscope
