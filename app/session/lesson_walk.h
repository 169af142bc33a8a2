#pragma once
// One learner's way through a lesson: where they are, what was guessed, shown and met. A passive state
// machine on whichever live session is at hand: tick() looks and starts what may start. One owner thread.

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coach/progress.h"
#include "coach/ready.h"
#include "session/golden.h"
#include "session/session.h"

namespace sockscope {

class LessonWalk {
 public:
  // What the learner is to do now.
  enum class At { guess, lines, running, reason, end };
  struct Answered {
    const ReadyBlock* block = nullptr;  // of a predict
    std::size_t guess = 0;              // as many as there are choices: not known
    std::optional<std::size_t> reason;
    bool told = false;  // the kernel's word is there, or will not come
    bool seen = false;  // the right choice's condition held, or nothing can judge it
    std::string saw;    // what was so instead
  };
  struct Line {  // of an order block
    std::string thread, text;
    bool pressed = false;
  };

  explicit LessonWalk(ReadyLesson lesson);

  const ReadyLesson& lesson() const { return lesson_; }
  std::size_t step() const { return step_; }
  const ReadyStep& here() const { return lesson_.steps[step_]; }
  At at() const { return at_; }
  std::size_t shown() const { return block_; }  // blocks before this one were taken
  const std::vector<Answered>& answered() const { return answered_; }
  const std::vector<Line>& order() const { return order_; }
  bool met(const lesson::Mark& mark) const { return met_.contains(&mark); }
  bool all_met() const;               // of a step that has checks
  bool done(std::size_t step) const;  // left behind, or the last one with nothing unmet
  LessonProgress progress() const;    // what this walk has seen done and guessed
  std::size_t hints() const { return hints_; }
  // What their own lines of this step came to can be a hint: they typed some, and a check is not met.
  bool may_say_so_far() const;
  const lesson::Mark* first_unmet() const;               // nullptr: there is none
  const std::string& so_far() const { return so_far_; }  // as it was said; empty: it was not
  bool may_show() const;                                 // Show me is there
  // The one that a solution's Show me left out; pressed again, it runs that one. Empty: none was.
  const std::string& last_line() const { return last_line_; }
  bool tried() const { return tried_here_; }  // something of this step was guessed, shown or typed
  bool looks() const;                         // tick() again soon, also when nothing happens

  void remember(const std::set<int>& done);  // steps of an earlier walk, by step_number()
  // A step's start, on a session of its own where it needs one: its setup, or again.
  void go_to(std::size_t step, bool anew);
  bool wants_session() const { return wants_session_; }  // the owner gives a fresh one by began()
  void began() { wants_session_ = false; }
  void show();
  void choose(std::size_t choice, Session& session);  // at guess or reason
  void next();                                        // the next block, or the next step at its end
  // The next one: first what their own lines came to, where that can be said; then those written.
  void hint(std::string so_far = {});
  void typed();                           // the learner ran a line of their own
  const Line* press(std::size_t number);  // an order line; the owner runs it

  // The same lesson read once more: the step of the same title or else place is at hand and begins anew.
  void go_on_from(const LessonWalk& before);
  // From here on the lesson's recordings are shown instead of runs; the step begins anew. At running the
  // owner shows lines_at_hand() of the step's recording, then says was_shown().
  void use_golden(Golden golden);
  const Golden* golden() const { return golden_ ? &*golden_ : nullptr; }
  const Play& lines_at_hand() const;  // at lines and running
  void was_shown();

  // One look. Returns whether something changed.
  bool tick(Session& session, bool grew);

 private:
  void take_blocks();
  bool judge_marks(Session& session);
  bool judge_guesses(Session& session);
  bool run_next(Session& session);
  Answered* open_guess();
  void judge_golden_marks();
  void go_on();  // what was guessed is judged: the reason is asked for, or the next block is taken

  ReadyLesson lesson_;
  std::size_t step_ = 0, block_ = 0, hints_ = 0;
  At at_ = At::end;
  std::vector<Answered> answered_;
  std::vector<Line> order_;
  std::set<const lesson::Mark*> met_;
  std::set<std::size_t> done_;
  std::deque<Play> to_run_;
  std::string last_line_, so_far_;
  std::optional<Golden> golden_;
  bool wants_session_ = false, told_step_ = false, loaded_ = false, tried_ = false, typed_ = false,
       tried_here_ = false;
  bool look_ = true;
  Time asked_ = 0, changed_ = 0, judge_since_ = 0, through_ = 0;
};

}  // namespace sockscope
