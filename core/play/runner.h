#pragma once
// Runs play lines on an engine by the waiting rule. A passive state machine: poll() looks at what is so and
// starts what may start; it never blocks. Owner thread of the engine.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "lab/lab.h"
#include "play/play.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

class Runner {
 public:
  struct ExpectationResult {
    int line = 0;
    std::string text;
    bool ok = false;
    std::string saw;
  };
  struct Options {
    std::string file;
    Lab* lab = nullptr;        // where %host makes hosts; nullptr: there can be none. It outlives the runner
    bool interactive = false;  // the console: a line for a blocked thread is queued, no deadline, no end
  };

  // `trace` and `state` are the session's, folded by its owner between polls.
  Runner(Engine& engine, const Trace& trace, const State& state, Options options);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void load(const Play& play);  // its lines are queued in order
  // More plays will be loaded when the loaded ones are through: it ends by end() alone.
  void keep_open();
  bool through() const;  // every loaded line was run, or it gave up
  // What an %expect says, asked outside of the play: it is no line and no event. `since`: when it was asked;
  // `at_once`: whether it holds at that moment, whatever its within or for. Nothing: not decided yet.
  std::optional<ExpectationResult> ask(const PlayLine& expect, Time since, bool at_once) const;
  // One line typed at `thread`'s prompt (interactive). A parse error is returned and nothing is queued.
  tl::expected<void, PlayError> type(std::string_view text, const std::string& thread);
  // Lines typed and still waiting for their thread, oldest first (interactive).
  struct Waiting {
    std::string thread, text, why;
  };
  std::vector<Waiting> waiting() const;

  // Everything that happened at or before `horizon` is in the trace and folded into the state. Called by the
  // session after each commit-and-fold, before poll(): a condition asked at time T is judged by a state that
  // holds all up to T.
  void committed(Time horizon);
  bool caught_up(Time with) const;  // committed() came so far
  // Advances as far as it can now. Call after each commit-and-fold, and at next_wake().
  void poll();
  Time next_wake() const;  // when poll() has something to do even if nothing happens; −1: only then

  // A play: all lines were run (or it gave up) and every blocked call was interrupted and is back.
  bool finished() const;
  // 0 all held; 1 an expectation failed or the deadline passed; 2 bad input found while running (a host given
  // twice, one name for two kinds); 3 not possible here or of a later version.
  int exit_code() const;
  // Why, in one line; empty if nothing but expectations failed (those are in expectations()).
  const std::string& error() const;
  const std::vector<ExpectationResult>& expectations() const;
  // These hosts have ended by themselves: calls that are blocked there come back with an error.
  void hosts_ended(const std::vector<std::string>& hosts);
  // Interrupts every blocked call and takes no more lines: finished() comes true.
  void end();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockscope
