#include "cli/narrator.h"

#include "cli/output.h"
#include "trace/narrate.h"

namespace sockscope::cli {

void Narrator::follow(const Trace& trace) {
  if (state_.next() >= trace.size()) return;
  while (state_.next() < trace.size()) {
    const Event& event = trace[state_.next()];
    const std::string line = narrate_line(event, state_, trace.start(), untranslated);
    if (!line.empty()) say_line(line);
    state_.apply(event, state_.next());
  }
  flush();
}

}  // namespace sockscope::cli
