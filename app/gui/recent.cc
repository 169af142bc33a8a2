#include "gui/recent.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "session/own_files.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestRecent = std::size_t{64} << 10;

tl::expected<std::string, std::string> recent_path() {
  auto made = state_folder();
  if (made) *made += "/recent";
  return made;
}

bool is_kept(std::string_view path) {
  return path.starts_with('/') && path.find_first_of(std::string_view("\n\0", 2)) == path.npos;
}

}  // namespace

tl::expected<std::vector<RecentFile>, std::string> load_recent() {
  const auto path = recent_path();
  if (!path) return tl::unexpected(path.error());
  const auto text = read_small_file(*path, kLongestRecent);
  if (!text) return tl::unexpected(text.error());
  std::vector<RecentFile> recent;
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  while (!rest.empty() && recent.size() < kMostRecent) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!is_kept(line)) continue;
    std::error_code error;
    recent.push_back({std::string(line), std::filesystem::exists(line, error)});
  }
  return recent;
}

tl::expected<std::vector<RecentFile>, std::string> remember_opened(const std::string& path) {
  // A file that cannot be read is begun anew.
  std::vector<RecentFile> recent = load_recent().value_or(std::vector<RecentFile>());
  if (!is_kept(path)) return recent;
  std::erase_if(recent, [&](const RecentFile& file) { return file.path == path; });
  recent.insert(recent.begin(), RecentFile{path, true});
  if (recent.size() > kMostRecent) recent.resize(kMostRecent);
  std::string text;
  for (const RecentFile& file : recent) text += file.path + "\n";
  const auto place = recent_path();
  if (!place) return tl::unexpected(place.error());
  if (const auto saved = replace_file(*place, text); !saved) return tl::unexpected(saved.error());
  return recent;
}

}  // namespace sockscope
