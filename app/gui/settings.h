#pragma once
// How the person likes the window, from one run to the next: XDG_CONFIG_HOME/sockscope/settings, lines of
// `key value`. What it does not know it leaves out; a bad line is told and ignored.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "panes/panes.h"

namespace sockscope {

struct Settings {
  ui::Language language = ui::Language::en;
  ui::ThemeName theme = ui::ThemeName::light;
  float size = 1;
  Detail detail = Detail::full;
  CodeShown code = CodeShown::python;
  float right_width = 480, stage_height = 395, console_height = 150, lesson_height = 357, code_height = 172;
  bool hints_off = false;
  std::array<std::uint8_t, kHints> hints_left = Hints{}.left;
  friend bool operator==(const Settings&, const Settings&) = default;
};

Settings settings_of(const View& view);
void apply(const Settings& settings, View& view);

std::string settings_text(const Settings& settings);
struct ReadSettings {
  Settings settings;   // with what was good
  std::string notice;  // the first bad line, for the person; empty: there was none
};
// `before`: what is so of what the text does not say.
ReadSettings read_settings(std::string_view text, const Settings& before);

// Where they are, and the folder made. Error: one line.
tl::expected<std::string, std::string> settings_path();
// No file: `before`.
ReadSettings load_settings(const std::string& path, const Settings& before);
// The old file, or the whole new one; never half of it. Error: one line.
tl::expected<void, std::string> save_settings(const std::string& path, const Settings& settings);

}  // namespace sockscope
