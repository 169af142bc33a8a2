#pragma once
// A picture of a session without a display: EGL without a surface, the same frame as the window's, a PNG
// file.

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "gui/lesson_shelf.h"
#include "session/session.h"
#include "ui/language.h"
#include "ui/theme.h"

namespace sockscope {

struct ShotOptions {
  std::string out;                  // a path; overwritten
  int width = 1600, height = 1000;  // of the picture, in pixels
  float scale = 1;                  // of all measures in it
  ui::ThemeName theme = ui::ThemeName::light;
  ui::Language language = ui::Language::en;
  Pane pane = Pane::none;           // none: the whole window
  std::string lesson;               // the id of the one to show beside it; empty: their list
  std::optional<std::size_t> step;  // of the lesson, from 1; what comes before it runs first
  std::optional<double> at;         // seconds after the first event; otherwise the end
  bool present = false;
};

inline constexpr int kLargestShot = 8192;
inline constexpr float kLargestScale = 4;

// Draws the session as it is at `at` (a live one must have come to its end) and writes the picture. A session
// in which nothing happened and no file is open is drawn as the first-run screen. The same session gives the
// same bytes. Gives one line on what the picture had to do without (a font), empty: nothing. Error: one line:
// a size out of range, no EGL here, a file that cannot be written.
tl::expected<std::string, std::string> take_shot(Session& session, const ShotOptions& options,
                                                 const LessonShelf& lessons);

}  // namespace sockscope
