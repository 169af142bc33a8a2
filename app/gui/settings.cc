#include "gui/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "session/own_files.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestSettings = 64 << 10;

struct Measure {
  std::string_view key;
  float Settings::*value;
  float least, most;
};
constexpr std::array kMeasures = {Measure{"size", &Settings::size, 0.5f, 3},
                                  Measure{"right_width", &Settings::right_width, 360, 2000},
                                  Measure{"stage_height", &Settings::stage_height, 100, 800},
                                  Measure{"console_height", &Settings::console_height, 84, 1200},
                                  Measure{"lesson_height", &Settings::lesson_height, 40, 800},
                                  Measure{"code_height", &Settings::code_height, 40, 800}};
constexpr std::array<std::string_view, 2> kDetails = {"simple", "full"};
constexpr std::array<std::string_view, 3> kCodes = {"python", "c", "servers"};

template <typename Enum, std::size_t N>
bool read_word(std::string_view word, const std::array<std::string_view, N>& words, Enum& value) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] != word) continue;
    value = static_cast<Enum>(i);
    return true;
  }
  return false;
}

bool read_measure(std::string_view text, const Measure& measure, Settings& settings) {
  float value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stopped != text.data() + text.size()) return false;
  if (!(value >= measure.least && value <= measure.most)) return false;
  settings.*measure.value = value;
  return true;
}

// "zoom 2": how often it may still be shown.
bool read_hint(std::string_view value, Settings& settings) {
  const std::size_t space = std::min(value.find(' '), value.size());
  const std::string_view count = value.substr(std::min(space + 1, value.size()));
  const auto hint = std::find(kHintNames.begin(), kHintNames.end(), value.substr(0, space));
  if (hint == kHintNames.end()) return true;  // of another version
  if (count.size() != 1 || count[0] < '0' || count[0] > '0' + Hints::kTimes) return false;
  settings.hints_left[static_cast<std::size_t>(hint - kHintNames.begin())] =
      static_cast<std::uint8_t>(count[0] - '0');
  return true;
}

bool read_setting(std::string_view key, std::string_view value, Settings& settings) {
  if (key == "language") {
    if (value != "en" && value != "zh") return false;
    settings.language = value == "zh" ? ui::Language::zh : ui::Language::en;
    return true;
  }
  if (key == "theme") {
    const auto theme = ui::theme_name(value);
    if (theme) settings.theme = *theme;
    return theme.has_value();
  }
  if (key == "detail") return read_word(value, kDetails, settings.detail);
  if (key == "hint") return read_hint(value, settings);
  if (key == "hints") {
    settings.hints_off = value == "off";
    return value == "on" || value == "off";
  }
  if (key == "code") return read_word(value, kCodes, settings.code);
  for (const Measure& measure : kMeasures)
    if (measure.key == key) return read_measure(value, measure, settings);
  return true;  // of another version
}

}  // namespace

Settings settings_of(const View& view) {
  return {view.language,      view.theme,       view.size,         view.detail,
          view.code,          view.right_width, view.stage_height, view.console_height,
          view.lesson_height, view.code_height, view.hints.off,    view.hints.left};
}

void apply(const Settings& settings, View& view) {
  view.language = settings.language;
  view.theme = settings.theme;
  view.size = settings.size;
  view.detail = settings.detail;
  view.code = settings.code;
  view.right_width = settings.right_width;
  view.stage_height = settings.stage_height;
  view.console_height = settings.console_height;
  view.lesson_height = settings.lesson_height;
  view.code_height = settings.code_height;
  view.hints.off = settings.hints_off;
  view.hints.left = settings.hints_left;
}

std::string settings_text(const Settings& settings) {
  std::string text =
      fmt::format("language {}\ntheme {}\ndetail {}\ncode {}\n", ui::code_of(settings.language),
                  ui::name_of(settings.theme), kDetails[static_cast<std::size_t>(settings.detail)],
                  kCodes[static_cast<std::size_t>(settings.code)]);
  for (const Measure& measure : kMeasures)
    text += fmt::format("{} {}\n", measure.key, settings.*measure.value);
  text += settings.hints_off ? "hints off\n" : "hints on\n";
  for (std::size_t i = 0; i < kHints; ++i)
    text += fmt::format("hint {} {}\n", kHintNames[i], settings.hints_left[i]);
  return text;
}

ReadSettings read_settings(std::string_view text, const Settings& before) {
  ReadSettings read{before, {}};
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const std::size_t space = line.find(' ');
    if (line.empty() || line.starts_with('#')) continue;
    const bool good =
        space != line.npos && read_setting(line.substr(0, space), line.substr(space + 1), read.settings);
    if (!good && read.notice.empty())
      read.notice = fmt::format("line {} means nothing and is ignored", number);
  }
  return read;
}

tl::expected<std::string, std::string> settings_path() {
  auto folder = xdg_folder("XDG_CONFIG_HOME", "/.config");
  if (!folder) return folder;
  return *folder + "/settings";
}

ReadSettings load_settings(const std::string& path, const Settings& before) {
  const auto text = read_small_file(path, kLongestSettings);
  if (!text) return {before, text.error()};
  if (!*text) return {before, {}};
  ReadSettings read = read_settings(**text, before);
  if (!read.notice.empty()) read.notice = path + ": " + read.notice;
  return read;
}

tl::expected<void, std::string> save_settings(const std::string& path, const Settings& settings) {
  return replace_file(path, settings_text(settings));
}

}  // namespace sockscope
