#pragma once
// The console's history: one line that was run and how it came out, as values to draw.

#include <string>

#include "panes/panes.h"

namespace sockscope {

struct ConsoleRow {
  enum class Mark { none, returned, failed, blocked, running, waiting, printed } mark = Mark::none;
  std::string prompt;  // "client>>>"
  std::string text;    // what was typed
  std::string result;  // "None", "ConnectionRefusedError 111", "blocked in connect"
  Time lasted = -1;    // −1: not said
};

// The row of an entry of view.log at the cursor; `now` is the clock for what still runs.
ConsoleRow console_row(const ui::Ui& ui, const Scene& scene, const ConsoleLog::Entry& entry, Time now);
ConsoleRow waiting_row(const ui::Ui& ui, const WaitingLine& line);

}  // namespace sockscope
