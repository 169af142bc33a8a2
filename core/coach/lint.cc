#include "coach/lint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "coach/grade.h"
#include "lesson/compare.h"
#include "lesson/human_text.h"
#include "play/syntax.h"

namespace sockscope {
namespace {

constexpr int kFewestMinutes = 6, kMostMinutes = 12;
constexpr std::size_t kManySteps = 5, kManyTerms = 3;

class Lint {
 public:
  explicit Lint(LintedLesson& linted) : linted_(linted) {}

  void run() {
    linted_.english = read("en");
    linted_.chinese = read("zh");
    if (linted_.english) look(*linted_.english);
    if (linted_.english) look_at_golden(*linted_.english);
    if (linted_.chinese) look_at_head(*linted_.chinese->lesson);
    if (!linted_.english || !linted_.chinese) return;
    const Lesson& chinese = *linted_.chinese->lesson;
    for (const LessonDifference& difference : compare_languages(*linted_.english->lesson, chinese))
      error(chinese.file, difference.line, difference.message);
    tell_figures();
  }

 private:
  void error(const std::string& file, int line, std::string message) {
    linted_.findings.push_back({Finding::Weight::error, file, line, std::move(message)});
  }
  void note(const std::string& file, int line, std::string message) {
    linted_.findings.push_back({Finding::Weight::note, file, line, std::move(message)});
  }

  std::optional<ReadyLesson> read(std::string_view language) {
    auto lesson = load_lesson(linted_.folder, language);
    auto ready = lesson ? make_ready(std::move(*lesson)) : tl::unexpected(lesson.error());
    if (ready) return std::move(*ready);
    const LessonFault& fault = ready.error();
    error(fault.file, fault.line, fault.message);
    return std::nullopt;
  }

  void look_at_head(const Lesson& lesson) {
    if (lesson.head.id.empty())
      error(lesson.file, 1, fmt::format("the head has no id; write id: {}", linted_.id));
    else if (lesson.head.id != linted_.id)
      error(lesson.file, 1,
            fmt::format("the id is {}, the folder {}; they are one name", lesson.head.id, linted_.id));
    if (lesson.head.minutes == 0)
      error(lesson.file, 1, "the head says no minutes; write minutes: 8, or how long it takes");
  }

  void look(const ReadyLesson& ready) {
    const Lesson& lesson = *ready.lesson;
    look_at_head(lesson);
    const int minutes = lesson.head.minutes;
    if (minutes != 0 && (minutes < kFewestMinutes || minutes > kMostMinutes))
      note(lesson.file, 1,
           fmt::format("{} minutes; a lesson has {} to {}", minutes, kFewestMinutes, kMostMinutes));
    const auto steps = static_cast<std::size_t>(std::count_if(
        lesson.steps.begin(), lesson.steps.end(), [](const auto& step) { return !step.title.empty(); }));
    if (steps == 0) error(lesson.file, 0, "no step; a step begins with ## and its title");
    if (steps > kManySteps) note(lesson.file, 0, fmt::format("{} steps; five are enough", steps));
    bool checks = false, makes_hosts = false;
    for (const ReadyStep& step : ready.steps) {
      look(step, lesson);
      for (const ReadyBlock& block : step.blocks) {
        checks = checks || std::holds_alternative<lesson::Check>(block.block->what);
        for (const PlayLine& line : block.play.lines)
          makes_hosts = makes_hosts || (line.directive &&
                                        std::holds_alternative<play::directive::Host>(line.directive->what));
      }
    }
    if (!checks) error(lesson.file, 0, "no check; nothing says when the learner has done it");
    if (makes_hosts != (lesson.head.place == lesson::Place::lab))
      error(lesson.file, 1,
            makes_hosts ? "it makes hosts; write place: lab" : "it makes no host; write place: loopback");
  }

  // The golden recordings show what the lesson says.
  void look_at_golden(const ReadyLesson& ready) {
    const auto golden = grade_golden(ready);
    if (!golden) {
      error(golden.error().file, golden.error().line, golden.error().message);
      return;
    }
    if (!*golden) {
      if (ready.lesson->head.place == lesson::Place::lab)
        note(ready.lesson->file, 0, "no recording block; where hosts are forbidden there is nothing to show");
      return;
    }
    for (const GradedStep& step : (*golden)->steps)
      for (const auto* marks : {&step.marks, &step.predicted})
        for (const GradedMark& mark : *marks)
          if (!mark.met)
            error(ready.lesson->file, 0,
                  fmt::format(
                      "step {}: its recordings do not show '{}'; make them again with lesson run --auto "
                      "--record",
                      step.number, mark.text));
  }

  // A check is led to by something that runs.
  void look(const ReadyStep& step, const Lesson& lesson) {
    bool runs = false;
    for (const ReadyBlock& block : step.blocks) {
      runs = runs || (script_of(*block.block) != nullptr &&
                      !std::holds_alternative<lesson::Setup>(block.block->what));
      if (std::holds_alternative<lesson::Check>(block.block->what) && !runs)
        error(lesson.file, block.block->line,
              "nothing of this step leads to this check; put a play or a solution before it");
      if (const auto* predict = std::get_if<lesson::Predict>(&block.block->what)) look(*predict, lesson);
    }
  }

  void look(const lesson::Predict& predict, const Lesson& lesson) {
    const auto reasons = [&](const lesson::Question& question) {
      for (const lesson::Choice& choice : question.choices)
        if (!choice.right && choice.refutation.empty())
          note(lesson.file, choice.line, "this wrong choice has no sentence that refutes it");
    };
    reasons(predict.what);
    for (const lesson::Choice& choice : predict.what.choices)
      if (choice.right && choice.condition.empty())
        note(lesson.file, choice.line, "the kernel does not judge this; a condition behind = would");
  }

  void tell_figures() {
    const Lesson &english = *linted_.english->lesson, &chinese = *linted_.chinese->lesson;
    std::size_t terms = 0, others = 0, predicts = 0, steps = 0;
    for (const std::string& item : english.head.fresh)
      ++(std::any_of(item.begin(), item.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
                 !item.ends_with("()")
             ? terms
             : others);
    for (const auto& step : english.steps) steps += !step.title.empty();
    for (const auto& step : english.steps)
      for (const auto& block : step.blocks) predicts += std::holds_alternative<lesson::Predict>(block.what);
    const ReadingFigures en = reading_figures(english), zh = reading_figures(chinese);
    note(linted_.folder, 0,
         fmt::format("{} minutes, {} steps, {} predictions; new: {} terms, {} calls and names; English {} "
                     "words, reads like school year {:.0f}; Chinese {} characters, {:.0f} a sentence",
                     english.head.minutes, steps, predicts, terms, others, en.words, en.grade(),
                     zh.characters, zh.characters_a_sentence()));
    if (terms > kManyTerms) note(english.file, 1, fmt::format("{} new terms; three are enough", terms));
  }

  LintedLesson& linted_;
};

std::string folder_name(const std::string& folder) {
  return folder.substr(folder.rfind('/') + 1);
}

}  // namespace

std::string Finding::to_string() const {
  const std::string_view kind = weight == Weight::note ? "note: " : "";
  if (line == 0) return fmt::format("{}: {}{}", file, kind, message);
  return fmt::format("{}:{}: {}{}", file, line, kind, message);
}

bool has_errors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.weight == Finding::Weight::error; });
}

LintedLesson lint_lesson(const std::string& folder) {
  std::string clean = folder;
  while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
  LintedLesson linted{folder_name(clean), clean, {}, {}, {}};
  Lint(linted).run();
  return linted;
}

}  // namespace sockscope
