#include "panes/console_log.h"

#include <algorithm>

namespace sockscope {

void ConsoleLog::follow(const Trace& trace) {
  if (trace.size() < next_ || trace.start() != start_) {
    *this = {};
    start_ = trace.start();
  }
  for (; next_ < trace.size(); ++next_) {
    const Body& body = trace[next_].body;
    if (const auto* line = std::get_if<event::LineStarted>(&body)) {
      running_[line->line_id] = entries_.size();
      entries_.push_back({next_, kNotYet});
    } else if (const auto* end = std::get_if<event::LineEnded>(&body)) {
      if (const auto at = running_.find(end->line_id); at != running_.end()) {
        entries_[at->second].end = next_;
        running_.erase(at);
      }
    } else if (std::holds_alternative<event::Expectation>(body) ||
               std::holds_alternative<event::HandlerPrinted>(body)) {
      entries_.push_back({next_, kNotYet});
    }
  }
}

std::size_t ConsoleLog::before(std::uint64_t seq) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), seq,
                                   [](const Entry& entry, std::uint64_t s) { return entry.seq < s; });
  return static_cast<std::size_t>(at - entries_.begin());
}

}  // namespace sockscope
