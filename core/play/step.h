#pragma once
// One line of a play being run: started, then looked at until it is over. Passive; owner thread.

#include <optional>
#include <string>

#include "play/crew.h"
#include "play/judge.h"
#include "play/runner.h"

namespace sockscope::play {

inline constexpr Time kSettleCap = 500 * kMillisecond;
inline constexpr Time kExpectWithin = 2 * kSecond;

// What the steps of one runner share.
struct Stage {
  Engine& engine;
  Crew& crew;
  Ground ground;
  Time horizon = 0;  // the state holds everything up to here
  Time deadline = 5 * kSecond;
  bool interactive = false;
  std::vector<Runner::ExpectationResult> expectations;
};

class Step {
 public:
  // `settles`: it is over only when every thread has settled (a play); a typed line is over when it has
  // started.
  Step(Stage& stage, PlayLine line, std::string file, bool settles)
      : stage_(stage), line_(std::move(line)), file_(std::move(file)), settles_(settles) {}

  // A failure ends the play.
  Crew::Done start();
  // True: it is over, the next line may be looked at.
  tl::expected<bool, Crew::Failure> poll();
  Time next_wake() const;  // −1: when something happens
  const PlayLine& line() const { return line_; }
  std::string why() const;  // what it waits for, for a person

 private:
  enum class Phase { load, stop, leave, wait, until, expect, held, settle, over };
  Crew::Done tell();
  Crew::Done begin(const Directive& directive);
  bool judged();
  bool let_go();
  void conclude(bool met, const std::string& saw);
  void settle();
  void tell_end(std::string_view failure);
  tl::expected<bool, Crew::Failure> overdue(const std::string& what);

  Stage& stage_;
  PlayLine line_;
  std::string file_;
  Phase phase_ = Phase::over;
  bool settles_;
  std::optional<Crew::Told> told_;  // its LineStarted is in the trace
  Time started_ = 0;
  Time settling_ = 0;  // since
  Time until_ = 0;     // of wait, until, expect: when it is decided
};

}  // namespace sockscope::play
