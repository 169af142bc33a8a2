#include "session/lesson_walk.h"

#include <algorithm>

#include "coach/grade.h"
#include "play/syntax.h"

namespace sockscope {
namespace walk {

constexpr Time kSettles = 500 * kMillisecond;

template <typename T>
const T* as(const ReadyBlock& block) {
  return std::get_if<T>(&block.block->what);
}

bool is_setup(const ReadyBlock& block) {
  return as<lesson::Setup>(block) != nullptr;
}

// What is to hold for a while cannot hold while the lines that bring it about run.
bool lasts(const PlayLine& ask) {
  const auto* what = ask.directive ? std::get_if<play::directive::Expect>(&ask.directive->what) : nullptr;
  return what != nullptr && what->throughout >= 0;
}

bool has_setup(const ReadyStep& step) {
  return std::any_of(step.blocks.begin(), step.blocks.end(), is_setup);
}

// Always the same way, and never the right one: by the lines' own letters.
std::vector<LessonWalk::Line> shuffled(const Play& play) {
  std::vector<LessonWalk::Line> lines;
  for (const PlayLine& line : play.lines) lines.push_back({line.thread, line.said, false});
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    return std::make_pair(a.text.size() % 7, a.text) < std::make_pair(b.text.size() % 7, b.text);
  });
  const auto same = [](const LessonWalk::Line& a, const PlayLine& b) { return a.text == b.said; };
  if (lines.size() > 1 && std::equal(lines.begin(), lines.end(), play.lines.begin(), play.lines.end(), same))
    std::rotate(lines.begin(), lines.begin() + 1, lines.end());
  return lines;
}

void tell_guess(Session& session, std::string_view guess) {
  if (session.is_live()) session.tell(event::Notice{kGuessNotice, guess});
}

}  // namespace walk

LessonWalk::LessonWalk(ReadyLesson lesson) : lesson_(std::move(lesson)) {
  go_to(0, false);
}

bool LessonWalk::all_met() const {
  bool any = false;
  for (const ReadyBlock& block : here().blocks)
    if (const auto* check = walk::as<lesson::Check>(block))
      for (const lesson::Mark& mark : check->marks) {
        any = true;
        if (!met(mark)) return false;
      }
  return any;
}

bool LessonWalk::may_show() const {
  if (at_ != At::lines) return false;
  return golden_ || walk::as<lesson::Play>(here().blocks[block_]) != nullptr || tried_;
}

bool LessonWalk::done(std::size_t step) const {
  if (done_.contains(step)) return true;
  const bool last = step == step_ && step + 1 == lesson_.steps.size() && at_ == At::end;
  const auto& blocks = here().blocks;
  return last && (all_met() || std::none_of(blocks.begin(), blocks.end(), [](const ReadyBlock& block) {
                    return walk::as<lesson::Check>(block) != nullptr;
                  }));
}

bool LessonWalk::looks() const {
  return at_ == At::running || wants_session_ || loaded_ || !to_run_.empty() || look_;
}

void LessonWalk::go_to(std::size_t step, bool anew) {
  step_ = std::min(step, lesson_.steps.size() - 1);
  block_ = hints_ = 0;
  answered_.clear();
  met_.clear();
  to_run_.clear();
  told_step_ = loaded_ = typed_ = tried_here_ = false;
  so_far_.clear();
  std::size_t from = step_;
  while (anew && from > 0 && !walk::has_setup(lesson_.steps[from])) --from;
  wants_session_ = anew || walk::has_setup(here());
  for (std::size_t i = from; i < step_; ++i)
    for (const ReadyBlock& block : lesson_.steps[i].blocks)
      if (!block.play.lines.empty()) to_run_.push_back(block.play);
  for (const ReadyBlock& block : here().blocks)
    if (walk::is_setup(block) && !block.play.lines.empty()) to_run_.push_back(block.play);
  if (golden_) {
    to_run_.clear();
    wants_session_ = !golden_->recording_of(step_).empty();
  }
  take_blocks();
}

// On to the next block that asks for something.
void LessonWalk::take_blocks() {
  tried_ = false;
  look_ = true;
  order_.clear();
  last_line_.clear();
  for (; block_ < here().blocks.size(); ++block_) {
    const ReadyBlock& block = here().blocks[block_];
    if (walk::as<lesson::Predict>(block) != nullptr) {
      at_ = At::guess;
      return;
    }
    if (script_of(*block.block) == nullptr || walk::is_setup(block)) continue;
    if (walk::as<lesson::Order>(block) != nullptr) order_ = walk::shuffled(block.play);
    at_ = At::lines;
    return;
  }
  at_ = At::end;
}

void LessonWalk::show() {
  if (!may_show() || !to_run_.empty()) return;
  tried_here_ = true;
  if (golden_) {
    at_ = At::running;
    return;
  }
  Play play = here().blocks[block_].play;
  const bool solution = walk::as<lesson::Play>(here().blocks[block_]) == nullptr;
  if (solution && last_line_.empty()) {
    last_line_ = play.lines.back().text;
    play.lines.pop_back();
  } else {
    if (solution) play.lines.erase(play.lines.begin(), play.lines.end() - 1);
    last_line_.clear();
    at_ = At::running;
  }
  look_ = true;
  if (!play.lines.empty()) to_run_.push_back(std::move(play));
}

LessonWalk::Answered* LessonWalk::open_guess() {
  for (Answered& answer : answered_) {
    const auto* predict = walk::as<lesson::Predict>(*answer.block);
    if (!answer.told || (answer.seen && predict->because && !answer.reason)) return &answer;
  }
  return nullptr;
}

void LessonWalk::choose(std::size_t choice, Session& session) {
  if (at_ == At::guess) {
    const ReadyBlock& block = here().blocks[block_];
    const auto* predict = walk::as<lesson::Predict>(block);
    const std::size_t choices = predict->what.choices.size();
    Answered answer;
    answer.block = &block;
    answer.guess = std::min(choice, choices);
    walk::tell_guess(session, guess_text(predict->id, answer.guess, choices));
    answered_.push_back(std::move(answer));
    tried_here_ = true;
    ++block_;
    take_blocks();
  } else if (Answered* answer = at_ == At::reason ? open_guess() : nullptr) {
    const auto* predict = walk::as<lesson::Predict>(*answer->block);
    const std::size_t reasons = predict->because->choices.size();
    answer->reason = std::min(choice, reasons);
    walk::tell_guess(session, guess_text(predict->id + ".because", *answer->reason, reasons));
    if (open_guess() == nullptr) {
      ++block_;
      take_blocks();
    }
  }
}

void LessonWalk::next() {
  if (at_ == At::lines) {
    tried_here_ = true;
    at_ = At::running;  // the learner ran them: what was guessed is judged first
    judge_since_ = now();
    look_ = true;
  } else if (at_ == At::end && step_ + 1 < lesson_.steps.size()) {
    done_.insert(step_);
    go_to(step_ + 1, false);
  }
}

void LessonWalk::typed() {
  tried_ = typed_ = tried_here_ = true;
  look_ = true;
}

const lesson::Mark* LessonWalk::first_unmet() const {
  return sockscope::first_unmet(here(), met_);
}

bool LessonWalk::may_say_so_far() const {
  return typed_ && so_far_.empty() && first_unmet() != nullptr;
}

void LessonWalk::hint(std::string so_far) {
  if (may_say_so_far() && !so_far.empty())
    so_far_ = std::move(so_far);
  else
    ++hints_;
}

const LessonWalk::Line* LessonWalk::press(std::size_t number) {
  if (number >= order_.size()) return nullptr;
  order_[number].pressed = true;
  typed();
  return &order_[number];
}

// Lines of ours, one block after another. Whether some are on their way.
bool LessonWalk::run_next(Session& session) {
  if (loaded_ && !session.runner().through()) return true;
  if (loaded_) through_ = now();
  loaded_ = false;
  if (to_run_.empty()) return false;
  session.load(to_run_.front());
  to_run_.pop_front();
  loaded_ = true;
  changed_ = judge_since_ = now();
  return true;
}

bool LessonWalk::judge_marks(Session& session) {
  bool news = false;
  for (const ReadyBlock& block : here().blocks) {
    const auto* check = walk::as<lesson::Check>(block);
    for (std::size_t i = 0; check != nullptr && i < check->marks.size(); ++i) {
      const lesson::Mark& mark = check->marks[i];
      if (met(mark) || !block.asks[i]) continue;
      const auto result = session.runner().ask(*block.asks[i], asked_, true);
      if (!result) look_ = true;  // what is so now is not all in the trace yet
      if (!result || !result->ok) continue;
      met_.insert(&mark);
      news = true;
    }
  }
  return news;
}

// True: all that was guessed is judged.
bool LessonWalk::judge_guesses(Session& session) {
  for (Answered& answer : answered_) {
    if (answer.told) continue;
    const auto right = right_choice(walk::as<lesson::Predict>(*answer.block)->what);
    answer.seen = true;
    if (right < answer.block->asks.size() && answer.block->asks[right]) {
      const PlayLine& ask = *answer.block->asks[right];
      const Time since = walk::lasts(ask) ? std::max(judge_since_, through_) : judge_since_;
      const auto result = session.runner().ask(ask, since, false);
      if (!result) return false;
      answer.seen = result->ok;
      answer.saw = result->saw;
    }
    answer.told = true;
  }
  return true;
}

void LessonWalk::go_on_from(const LessonWalk& before) {
  const auto& steps = lesson_.steps;
  const auto place_of = [&](std::size_t was) {
    const std::string& title = before.lesson_.steps[was].step->title;
    const auto same = [&](const ReadyStep& step) { return step.step->title == title; };
    const auto found = std::find_if(steps.begin(), steps.end(), same);
    return found == steps.end() ? was : static_cast<std::size_t>(found - steps.begin());
  };
  for (const std::size_t was : before.done_)
    if (place_of(was) < steps.size()) done_.insert(place_of(was));
  go_to(place_of(before.step_), !before.wants_session_ && before.step_ > 0);
}

void LessonWalk::go_on() {
  if (open_guess() != nullptr) {
    at_ = At::reason;
  } else {
    ++block_;
    take_blocks();
  }
}

bool LessonWalk::tick(Session& session, bool grew) {
  if (golden_) {
    look_ = false;
    return false;
  }
  if (wants_session_ || !session.is_live()) return false;
  if (!told_step_) {
    told_step_ = true;
    session.tell(
        event::StepReached{step_number(*lesson_.lesson, step_), std::string_view(lesson_.lesson->head.id)});
  }
  if (grew || !look_) asked_ = now();
  if (grew) changed_ = now();
  look_ = look_ || grew;
  if (run_next(session)) return grew;
  if (!look_ && at_ != At::running) return false;
  if (!session.engine().settled(changed_) && now() - changed_ < walk::kSettles) return false;
  if (!session.runner().caught_up(asked_)) return false;
  look_ = false;
  const bool news = judge_marks(session);
  if (at_ != At::running) return news;
  if (!judge_guesses(session)) {  // too early to say: what lasts, or may still come
    look_ = true;
    asked_ = now();
    return news;
  }
  go_on();
  return true;
}

}  // namespace sockscope
