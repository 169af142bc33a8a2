#include "gui/as_lesson.h"

#include <fmt/format.h>

#include "gui/saves.h"
#include "net/catalogue.h"
#include "play/play.h"

namespace sockscope {

std::string play_block(const Trace& trace, const State& end) {
  std::string text;
  bool lines = false;
  const auto add = [&](const std::string& line) {
    if (!parse_line(line, "main")) return false;
    text += line + "\n";
    return true;
  };
  each_play_line(
      trace, trace.size(), [&](const std::string& line) { lines = add(line) || lines; },
      [&](const std::string& thread, const event::LineEnded& ended) {
        if (!ended.exception.view().empty())
          add(fmt::format("%expect {} raised {}", thread, ended.exception.view()));
      });
  if (!lines) return {};
  for (const ThreadState& thread : end.threads())
    if (thread.alive && thread.role == ThreadRole::play && !thread.calls.empty() && thread.blocked)
      add(fmt::format("%expect {} blocked in {}", thread.name, info(thread.calls.front().name).python));
  return "```play\n" + text + "```\n";
}

}  // namespace sockscope
