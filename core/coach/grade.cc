#include "coach/grade.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "play/recall.h"
#include "play/syntax.h"
#include "trace/recording.h"

namespace sockscope {
namespace {

constexpr Time kNever = std::numeric_limits<Time>::max();
// So many moments of a recording are judged; of a longer one, some are passed over.
constexpr std::size_t kMostMoments = 200'000;

// A condition that is looked for in one step's time.
struct Sought {
  GradedMark* mark = nullptr;
  const play::directive::Expect* what = nullptr;
  Time since = kNever;  // it holds without a break
};

struct Watched {
  GradedStep step;
  const ReadyStep* of = nullptr;
  std::vector<Sought> sought;
  bool tried = false;
};

const play::directive::Expect& expect_of(const PlayLine& line) {
  return std::get<play::directive::Expect>(line.directive->what);
}

class Grading {
 public:
  Grading(const ReadyLesson& lesson, const Trace& trace) : lesson_(lesson), trace_(trace), recall_(trace) {
    int number = 0;
    for (const ReadyStep& step : lesson.steps) {
      if (step.step->title.empty()) continue;
      Watched watched;
      watched.of = &step;
      watched.step.number = ++number;
      watched.step.title = step.step->title;
      watched_.push_back(std::move(watched));
    }
    for (Watched& watched : watched_) seek(watched);
    for (std::size_t i = 0; i < trace.size() && !told_; ++i)
      if (const auto* reached = std::get_if<event::StepReached>(&trace[i].body))
        told_ = reached->lesson.view() == lesson.lesson->head.id;
    at_ = told_ ? watched_.size() : 0;
  }

  Graded run() {
    Graded graded;
    Time clock = trace_.empty() ? 0 : trace_[0].at;
    while (recall_.more()) {
      const Event& event = recall_.next();
      // What held up to here held until this moment.
      if (at_ < watched_.size()) settle(watched_[at_], std::max(clock, event.at));
      clock = std::max(clock, event.at);
      look_at(event, graded);
      recall_.step();
      const bool moment = recall_.state().next() % (1 + trace_.size() / kMostMoments) == 0 || !recall_.more();
      if (moment && at_ < watched_.size()) look(watched_[at_], clock);
    }
    graded.refused = hosts_.so();
    if (at_ < watched_.size()) settle(watched_[at_], clock);
    for (Watched& watched : watched_) {
      finish(watched);
      if (!watched.sought.empty()) graded.steps.push_back(std::move(watched.step));
    }
    return graded;
  }

 private:
  void seek(Watched& watched) {
    std::vector<std::pair<bool, const PlayLine*>> asks;  // of a check?
    for (const ReadyBlock& block : watched.of->blocks) {
      if (const auto* check = std::get_if<lesson::Check>(&block.block->what))
        for (std::size_t i = 0; i < check->marks.size(); ++i) {
          const lesson::Mark& mark = check->marks[i];
          watched.step.marks.push_back(
              {mark.words.empty() ? mark.condition : mark.words, mark.condition, false, {}});
          asks.emplace_back(true, &*block.asks[i]);
        }
      if (const auto* predict = std::get_if<lesson::Predict>(&block.block->what))
        for (std::size_t i = 0; i < block.asks.size(); ++i)
          if (block.asks[i] && predict->what.choices[i].right) {
            const lesson::Choice& choice = predict->what.choices[i];
            watched.step.predicted.push_back({choice.text, choice.condition, false, {}});
            asks.emplace_back(false, &*block.asks[i]);
          }
    }
    std::size_t mark = 0, predicted = 0;
    for (const auto& [check, line] : asks)
      watched.sought.push_back({check ? &watched.step.marks[mark++] : &watched.step.predicted[predicted++],
                                &expect_of(*line), kNever});
  }

  void look_at(const Event& event, Graded& graded) {
    hosts_.take(event);
    if (const auto* reached = std::get_if<event::StepReached>(&event.body);
        reached && told_ && reached->lesson.view() == lesson_.lesson->head.id)
      at_ = reached->step >= 1 ? static_cast<std::size_t>(reached->step - 1) : watched_.size();
    if (const auto* line = std::get_if<event::LineStarted>(&event.body)) {
      const bool directive = line->text.view().starts_with('%');
      if (at_ < watched_.size()) watched_[at_].tried = watched_[at_].tried || !directive;
    }
    if (const auto* notice = std::get_if<event::Notice>(&event.body);
        notice && notice->code.view() == kGuessNotice)
      take_guess(notice->text.view(), graded);
  }

  void take_guess(std::string_view text, Graded& graded) {
    const auto equals = text.rfind('=');
    std::size_t number = 0;
    if (equals == text.npos) return;
    std::from_chars(text.data() + equals + 1, text.data() + text.size(), number);
    std::string_view id = text.substr(0, equals);
    const bool because = id.ends_with(".because");
    if (because) id.remove_suffix(std::string_view(".because").size());
    for (const ReadyStep& step : lesson_.steps)
      for (const ReadyBlock& block : step.blocks) {
        const auto* predict = std::get_if<lesson::Predict>(&block.block->what);
        if (predict == nullptr || predict->id != id || (because && !predict->because)) continue;
        const auto& choices = because ? predict->because->choices : predict->what.choices;
        GradedGuess guess{std::string(text.substr(0, equals)), {}, false};
        if (number >= 1 && number <= choices.size()) {
          guess.right = choices[number - 1].right;
          guess.misconception = choices[number - 1].misconception;
        }
        graded.guesses.push_back(std::move(guess));
      }
  }

  // `for 300ms`: it has held so long.
  static bool long_enough(const Sought& sought, Time clock) {
    return sought.since != kNever && clock - sought.since >= std::max<Time>(sought.what->throughout, 0);
  }

  void settle(Watched& watched, Time clock) {
    for (Sought& sought : watched.sought)
      if (!sought.mark->met && long_enough(sought, clock)) sought.mark->met = true;
    go_on();
  }

  void look(Watched& watched, Time clock) {
    for (Sought& sought : watched.sought) {
      if (sought.mark->met) continue;
      const auto judged = recall_.judge(*sought.what->condition);
      sought.mark->saw = judged.saw;
      if (judged.verdict != play::Verdict::holds)
        sought.since = kNever;
      else if (sought.since == kNever)
        sought.since = clock;
      sought.mark->met = long_enough(sought, clock);
    }
    go_on();
  }

  // Where the recording does not say which step is at hand: the next, when this one is met.
  void go_on() {
    if (told_ || at_ >= watched_.size()) return;
    const auto& sought = watched_[at_].sought;
    if (std::all_of(sought.begin(), sought.end(), [](const Sought& s) { return s.mark->met; })) ++at_;
  }

  static void finish(Watched& watched) {
    const auto& marks = watched.step.marks;
    const auto met = [](const GradedMark& mark) { return mark.met; };
    using Result = GradedStep::Result;
    watched.step.result = std::all_of(marks.begin(), marks.end(), met) ? Result::pass
                          : watched.tried                              ? Result::fail
                                                                       : Result::not_tried;
  }

  const ReadyLesson& lesson_;
  const Trace& trace_;
  play::Recall recall_;
  std::vector<Watched> watched_;
  HostsRefused hosts_;
  bool told_ = false;   // the recording says which step is at hand
  std::size_t at_ = 0;  // of watched_; its size: none
};

int rank(GradedStep::Result result) {
  return result == GradedStep::Result::pass ? 2 : result == GradedStep::Result::fail ? 1 : 0;
}

}  // namespace

bool Graded::passed() const {
  return std::all_of(steps.begin(), steps.end(),
                     [](const GradedStep& step) { return step.result == GradedStep::Result::pass; });
}

bool Graded::predicted() const {
  return std::all_of(steps.begin(), steps.end(), [](const GradedStep& step) {
    return std::all_of(step.predicted.begin(), step.predicted.end(),
                       [](const auto& mark) { return mark.met; });
  });
}

Graded grade(const ReadyLesson& lesson, const Trace& trace) {
  return Grading(lesson, trace).run();
}

void HostsRefused::take(const Event& event) {
  if (const auto* line = std::get_if<event::LineStarted>(&event.body))
    if (line->text.view().starts_with("%host")) asked_.push_back(line->line_id);
  if (const auto* line = std::get_if<event::LineEnded>(&event.body); line && !line->exception.empty())
    so_ = so_ || std::find(asked_.begin(), asked_.end(), line->line_id) != asked_.end();
}

bool HostsRefused::look(const Trace& trace) {
  while (seen_ < trace.size()) take(trace[seen_++]);
  return so_;
}

Graded together(std::vector<Graded> all) {
  Graded one;
  for (Graded& graded : all) {
    one.refused = one.refused || graded.refused;
    for (GradedGuess& guess : graded.guesses) one.guesses.push_back(std::move(guess));
    if (one.steps.empty()) {
      one.steps = std::move(graded.steps);
      continue;
    }
    for (std::size_t i = 0; i < one.steps.size() && i < graded.steps.size(); ++i)
      if (rank(graded.steps[i].result) > rank(one.steps[i].result)) one.steps[i] = std::move(graded.steps[i]);
  }
  return one;
}

tl::expected<std::optional<Graded>, LessonFault> grade_golden(const ReadyLesson& lesson) {
  const std::string& file = lesson.lesson->file;
  std::vector<Graded> all;
  for (const ReadyStep& step : lesson.steps)
    for (const ReadyBlock& block : step.blocks) {
      const auto* golden = std::get_if<lesson::Recording>(&block.block->what);
      if (golden == nullptr) continue;
      const auto trace = load_recording(file.substr(0, file.rfind('/') + 1) + golden->file);
      if (!trace) return tl::unexpected(LessonFault{file, block.block->line, trace.error().message});
      all.push_back(grade(lesson, *trace));
    }
  if (all.empty()) return std::optional<Graded>();
  return std::optional<Graded>(together(std::move(all)));
}

std::string guess_text(std::string_view question, std::size_t choice, std::size_t choices) {
  return fmt::format("{}={}", question, choice < choices ? choice + 1 : 0);
}

}  // namespace sockscope
