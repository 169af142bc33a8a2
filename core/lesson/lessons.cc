#include "lesson/lessons.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "lesson/files.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr int kLongestHead = 32;  // lines

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

bool ends_with_play(std::string_view name) {
  return name.size() > 5 && name.ends_with(".play");
}

// What is in `folder` itself: regular files, or folders; no links.
std::vector<std::string> names_in(const std::string& folder, mode_t kind, std::size_t most) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseDir> dir(opendir(folder.c_str()));
  if (!dir) return names;
  while (const dirent* entry = readdir(dir.get())) {
    struct stat info {};
    if (!lesson::plain_file_name(entry->d_name)) continue;
    if (fstatat(dirfd(dir.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if ((info.st_mode & S_IFMT) == kind) names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  if (names.size() > most) names.resize(most);
  return names;
}

// Control characters would reach the reader's terminal as commands.
std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 ? byte != 0x7f : c == '\n' || c == '\t') out.push_back(c);
  }
  return out;
}

tl::expected<std::string, std::string> read_text(const std::string& path) {
  auto text = lesson::read_file(path);
  if (!text) return tl::unexpected(path + ": " + text.error());
  return without_controls(*text);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// `line` as key and value; an empty key: it is none.
std::pair<std::string_view, std::string_view> key_and_value(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view key = line.substr(0, colon);
  const auto is_key = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (!std::all_of(key.begin(), key.end(), is_key)) return {};
  return {key, trim(line.substr(colon + 1))};
}

struct Parts {
  std::string_view title, body;
};

// The head is lines of key: value, between --- lines or up to the first line that is none.
Parts parts_of(std::string_view text) {
  Parts parts{{}, text};
  std::string_view rest = text;
  bool fenced = false;
  for (int i = 0; i < kLongestHead && !rest.empty(); ++i) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    const std::string_view after = rest.substr(std::min(end + 1, rest.size()));
    const auto [key, value] = key_and_value(line);
    if (line == "---") {
      rest = after;
      if (fenced) break;
      if (i > 0) break;
      fenced = true;
      continue;
    }
    if (key.empty()) break;
    if (key == "title") parts.title = value.substr(0, kLongestTitle);
    rest = after;
  }
  while (!rest.empty() && rest.front() == '\n') rest.remove_prefix(1);
  parts.body = rest;
  return parts;
}

std::string title_of(const std::string& folder, std::string_view language) {
  const auto text = read_text(folder + "/" + std::string(language) + ".md");
  return text ? std::string(parts_of(*text).title) : std::string();
}

bool good_language(std::string_view language) {
  return !language.empty() && language.size() <= 8 &&
         std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string_view last_part(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::optional<LessonEntry> lesson_in(const std::string& folder, std::string_view language) {
  LessonEntry lesson;
  bool has_text = false;
  for (std::string& name : names_in(folder, S_IFREG, 10'000)) {
    if (name == "en.md" || name == "zh.md") has_text = true;
    if (ends_with_play(name) && lesson.plays.size() < kMostPlaysOfALesson)
      lesson.plays.push_back(std::move(name));
  }
  if (!has_text && lesson.plays.empty()) return std::nullopt;
  lesson.folder = folder;
  lesson.id = std::string(last_part(folder));
  if (good_language(language)) lesson.title = title_of(folder, language);
  if (lesson.title.empty()) lesson.title = title_of(folder, "en");
  if (lesson.title.empty()) lesson.title = lesson.id;
  return lesson;
}

std::vector<LessonEntry> list_lessons(const std::string& root, std::string_view language) {
  std::vector<LessonEntry> lessons;
  for (const std::string& name : names_in(root, S_IFDIR, kMostLessons)) {
    if (name == kQuizId) continue;
    std::string folder = root;
    folder.append("/").append(name);
    if (auto lesson = lesson_in(folder, language)) lessons.push_back(std::move(*lesson));
  }
  return lessons;
}

std::optional<LessonEntry> quiz_in(const std::string& root, std::string_view language) {
  std::string folder = root;
  return lesson_in(folder.append("/").append(kQuizId), language);
}

const LessonEntry* find_lesson(const std::vector<LessonEntry>& lessons, std::string_view id) {
  for (const LessonEntry& lesson : lessons) {
    const std::string_view whole = lesson.id;
    const auto digits = std::min(whole.find_first_not_of("0123456789"), whole.size());
    const bool numbered = digits > 0 && digits < whole.size() && whole[digits] == '-';
    if (whole == id || (numbered && whole.substr(digits + 1) == id)) return &lesson;
  }
  return nullptr;
}

tl::expected<std::string, std::string> lesson_text(const LessonEntry& lesson, std::string_view language) {
  if (good_language(language)) {
    if (const auto text = read_text(lesson.folder + "/" + std::string(language) + ".md")) {
      return std::string(parts_of(*text).body);
    }
  }
  const auto text = read_text(lesson.folder + "/en.md");
  if (!text) return tl::unexpected(text.error());
  return std::string(parts_of(*text).body);
}

}  // namespace sockscope
