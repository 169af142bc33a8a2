#pragma once
// The window: GLFW, an input pump and a loop that sleeps while nothing happens.

#include <functional>
#include <optional>
#include <string>

#include "ui/language.h"
#include "ui/theme.h"

namespace sockscope {

struct WindowOptions {
  std::string file;                      // a recording, a play or a lesson; empty: the first-run screen
  std::optional<ui::Language> language;  // none: as it was chosen last, else the locale's
  std::optional<ui::ThemeName> theme;    // none: as it was chosen last
  // When `stop` says so the window closes as if the person had closed it; `stop_fd` is readable then (a
  // signalfd).
  int stop_fd = -1;
  std::function<bool()> stop;
};

// Opens the window and runs until it is closed. Returns an exit code: 0; 2: the file is bad; 3: there is no
// display or no OpenGL 3.3 (both with one line on stderr, and before a window opens). Everything that happens
// in a live session is recorded as it happens into last.jsonl under XDG_STATE_HOME/sockscope, and the
// recording before it is kept as previous.jsonl. On the main thread.
int run_window(const WindowOptions& options);

}  // namespace sockscope
