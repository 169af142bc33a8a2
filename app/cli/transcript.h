#pragma once
// Prints a play as a Python prompt shows it: each line, then what came of it; what Python's message of an
// error does not say is said under it, as a comment.

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope::cli {

class Transcript {
 public:
  void follow(const Trace& trace);
  // Lines from now on were typed by the one who reads this: they are not said again.
  void typed(bool so) { typed_ = so; }

 private:
  void show(const event::LineStarted& line);
  void show(const event::LineEnded& line);
  void show(const event::Expectation& expectation);
  void show(const event::HandlerPrinted& printed);
  void show(const event::CallReturned& call);
  void show(const event::Notice& notice);
  void show(const event::SettleTimedOut& settle);
  template <typename T>
  void show(const T&) {}

  std::string plain_words(const event::LineEnded& line) const;

  bool typed_ = false;
  const Trace* trace_ = nullptr;            // while it follows
  std::map<ThreadId, std::string> failed_;  // the plain words of the latest failed call of its line
  std::set<ThreadId> deadlocked_;           // told since the last line
  State state_;
  std::map<LineId, std::int32_t> lines_;  // that run now: their number
  LineId last_ = 0;                       // shown last
};

}  // namespace sockscope::cli
