#include "lesson/read_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lesson/read_lesson.h"

namespace sockscope::lesson {
namespace {

constexpr int kLongestMinutes = 120;

bool id_like(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// What stands between commas, in either script.
std::vector<std::string> items_of(std::string_view value, int line) {
  static constexpr std::string_view kCommas[] = {",", "，", "、"};
  std::vector<std::string> items;
  while (!value.empty()) {
    std::size_t end = value.npos, length = 0;
    for (const std::string_view comma : kCommas)
      if (const auto at = value.find(comma); at < end) end = at, length = comma.size();
    const std::string_view item = trimmed(value.substr(0, end));
    if (!item.empty()) items.emplace_back(item);
    value.remove_prefix(std::min(end == value.npos ? value.size() : end + length, value.size()));
  }
  if (items.size() > kMostHeadItems)
    throw Fault{line, fmt::format("{} items; {} are the most", items.size(), kMostHeadItems)};
  return items;
}

int minutes_of(std::string_view value, int line) {
  int minutes = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), minutes);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size() || minutes < 1 ||
      minutes > kLongestMinutes)
    throw Fault{line, fmt::format("minutes is a number from 1 to {}", kLongestMinutes)};
  return minutes;
}

template <typename T>
T one_of(std::string_view key, std::string_view value, std::string_view first, std::string_view second,
         int line) {
  if (value == first) return static_cast<T>(0);
  if (value == second) return static_cast<T>(1);
  throw Fault{line, fmt::format("{} is {} or {}", key, first, second)};
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

void HeadReader::line(std::string_view line, int number) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0)
    throw Fault{number, "the head has lines like 'title: The backlog'; end it with a line ---"};
  const std::string_view key = trimmed(line.substr(0, colon)), value = trimmed(line.substr(colon + 1));
  if (value.size() > kLongestLessonItem && key != "new")
    throw Fault{number, fmt::format("{} is longer than {} bytes", key, kLongestLessonItem)};
  const std::string word = fmt::format(" {} ", key);
  if (seen_.find(word) != seen_.npos) throw Fault{number, fmt::format("{} is there twice", key)};
  seen_ += word;
  if (key == "title") {
    head_.title = value;
  } else if (key == "id") {
    if (!id_like(value)) throw Fault{number, "an id is the folder's name, like 11-backlog"};
    head_.id = value;
  } else if (key == "minutes") {
    head_.minutes = minutes_of(value, number);
  } else if (key == "needs") {
    head_.needs = items_of(value, number);
    for (const std::string& id : head_.needs)
      if (!id_like(id)) throw Fault{number, fmt::format("'{}' is no id like 02-five-steps", id)};
  } else if (key == "place") {
    head_.place = one_of<Place>(key, value, "loopback", "lab", number);
  } else if (key == "detail") {
    head_.detail = one_of<Detail>(key, value, "simple", "full", number);
  } else if (key == "new") {
    head_.fresh = items_of(value, number);
  } else {
    throw Fault{number, fmt::format("the head knows no '{}'; it has title, id, minutes, needs, place, "
                                    "detail and new",
                                    key)};
  }
}

Head HeadReader::finish(int number) {
  if (head_.title.empty()) throw Fault{number, "the head has no title; write title: and the lesson's name"};
  return std::move(head_);
}

}  // namespace sockscope::lesson
