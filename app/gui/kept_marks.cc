#include "gui/kept_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "session/own_files.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestMarks = std::size_t{1} << 20;
constexpr std::size_t kMostBookmarks = 1'000;  // of one recording

struct MarkedFile {
  std::uint64_t events = 0;
  Time start = 0;
  std::string path;
  std::vector<Bookmark> marks;

  bool is_of(const std::string& its, const Trace& trace) const {
    return path == its && events == trace.size() && start == trace.start();
  }
};
using MarkedFiles = std::vector<MarkedFile>;  // the one marked last first

// "123 rest": the number and a blank go. False: there is none.
template <typename Number>
bool take_number(std::string_view& line, Number& number) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc{}) return false;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (line.empty()) return true;
  if (line.front() != ' ') return false;
  line.remove_prefix(1);
  return true;
}

bool read_line(std::string_view line, MarkedFiles& files) {
  if (line.starts_with("at ")) {
    line.remove_prefix(3);
    Bookmark mark;
    if (files.empty() || !take_number(line, mark.at) || !take_number(line, mark.seq) || !line.empty())
      return false;
    files.back().marks.push_back(mark);
    return files.back().marks.size() <= kMostBookmarks;
  }
  MarkedFile file;
  if (!take_number(line, file.events) || !take_number(line, file.start) || !line.starts_with('/'))
    return false;
  file.path = line;
  files.push_back(std::move(file));
  return true;
}

tl::expected<std::string, std::string> marks_path() {
  auto place = state_place();
  if (place) *place += "/bookmarks";
  return place;
}

tl::expected<MarkedFiles, std::string> read_marks(const std::string& path) {
  const auto text = read_small_file(path, kLongestMarks);
  if (!text) return tl::unexpected(text.error());
  MarkedFiles files;
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (!read_line(rest.substr(0, end), files))
      return tl::unexpected(fmt::format("{}: line {} means nothing; no bookmark is read", path, number));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return files;
}

std::string marks_text(const MarkedFiles& files) {
  std::string text;
  for (const MarkedFile& file : files) {
    text += fmt::format("{} {} {}\n", file.events, file.start, file.path);
    for (const Bookmark& mark : file.marks) text += fmt::format("at {} {}\n", mark.at, mark.seq);
  }
  return text;
}

}  // namespace

tl::expected<std::vector<Bookmark>, std::string> load_bookmarks(const std::string& path, const Trace& trace) {
  const auto kept = marks_path();
  if (!kept) return tl::unexpected(kept.error());
  const auto files = read_marks(*kept);
  if (!files) return tl::unexpected(files.error());
  for (const MarkedFile& file : *files) {
    if (!file.is_of(path, trace)) continue;
    std::vector<Bookmark> marks;
    for (const Bookmark& mark : file.marks)
      if (mark.seq <= trace.size() && mark.at >= trace.start() && mark.at <= trace.end())
        marks.push_back(mark);
    std::sort(marks.begin(), marks.end(), [](const Bookmark& a, const Bookmark& b) {
      return std::pair{a.at, a.seq} < std::pair{b.at, b.seq};
    });
    return marks;
  }
  return {};
}

tl::expected<void, std::string> keep_bookmarks(const std::string& path, const Trace& trace,
                                               const std::vector<Bookmark>& bookmarks) {
  if (path.find('\n') != path.npos) return {};
  const auto kept = marks_path();
  if (!kept) return tl::unexpected(kept.error());
  if (const auto folder = state_folder(); !folder) return tl::unexpected(folder.error());
  auto files = read_marks(*kept);
  if (!files) {  // kept aside for a person to look at
    if (rename(kept->c_str(), (*kept + ".bad").c_str()) != 0) return tl::unexpected(files.error());
    files = MarkedFiles{};
  }
  std::erase_if(*files, [&](const MarkedFile& file) { return file.path == path; });
  if (!bookmarks.empty()) {
    const std::size_t most = std::min(bookmarks.size(), kMostBookmarks);
    files->insert(files->begin(),
                  MarkedFile{trace.size(),
                             trace.start(),
                             path,
                             {bookmarks.begin(), bookmarks.begin() + static_cast<std::ptrdiff_t>(most)}});
  }
  if (files->size() > kMostMarkedFiles) files->resize(kMostMarkedFiles);
  return replace_file(*kept, marks_text(*files));
}

}  // namespace sockscope
