#include "play/lines.h"

#include <algorithm>

namespace sockscope::play {

void Lines::start(const std::string& thread, ThreadLine line) {
  line.running = true;
  std::lock_guard lock(mutex_);
  latest_.insert_or_assign(thread, std::move(line));
}

void Lines::finish(const std::string& thread, Outcome outcome) {
  std::lock_guard lock(mutex_);
  ThreadLine& line = latest_[thread];
  line.running = false;
  line.outcome = std::move(outcome);
}

std::optional<ThreadLine> Lines::latest(const std::string& thread) const {
  std::lock_guard lock(mutex_);
  const auto found = latest_.find(thread);
  return found == latest_.end() ? std::nullopt : std::optional(found->second);
}

bool Lines::running(const std::string& thread) const {
  std::lock_guard lock(mutex_);
  const auto found = latest_.find(thread);
  return found != latest_.end() && found->second.running;
}

std::optional<std::pair<std::string, ThreadLine>> Lines::binder(const std::string& name) const {
  std::lock_guard lock(mutex_);
  for (const auto& [thread, line] : latest_)
    if (line.running && std::find(line.binds.begin(), line.binds.end(), name) != line.binds.end())
      return std::pair(thread, line);
  return std::nullopt;
}

}  // namespace sockscope::play
