#pragma once
// The latest line of each thread of a play: running, or how it ended. Written by the workers, read by the
// owner.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "play/evaluate.h"

namespace sockscope::play {

struct ThreadLine {
  int number = 0;  // in its file; 0 when typed
  std::string text;
  std::vector<std::string> binds;
  bool running = false;
  Outcome outcome;  // when it is not running
};

class Lines {
 public:
  void start(const std::string& thread, ThreadLine line);
  void finish(const std::string& thread, Outcome outcome);
  std::optional<ThreadLine> latest(const std::string& thread) const;  // nothing: it has run none
  bool running(const std::string& thread) const;
  // The thread whose running line will bind `name`, and that line.
  std::optional<std::pair<std::string, ThreadLine>> binder(const std::string& name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, ThreadLine> latest_;
};

}  // namespace sockscope::play
