#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/lesson_asker.h"
#include "cli/lesson_found.h"
#include "cli/lesson_score.h"
#include "cli/output.h"
#include "cli/transcript.h"
#include "coach/grade.h"
#include "lesson/lessons.h"
#include "session/progress_file.h"

namespace sockscope::cli {
namespace {

template <typename T>
const T* as(const ReadyBlock& block) {
  return std::get_if<T>(&block.block->what);
}

// Asks, runs, and tells what the kernel did, one step after the other.
class Quiz {
 public:
  Quiz(const ReadyLesson& lesson, const std::string& language, ProgressFile& kept, std::string round)
      : lesson_(lesson),
        words_(lesson_words(language)),
        kept_(kept),
        round_(std::move(round)),
        driver_(terminal_options(transcript_, signals_)),
        asker_(driver_, signals_, words_) {}

  int run() {
    const bool anew = kept_.of(round_).finished;
    say_line(fmt::format("# {}", lesson_.lesson->head.title));
    bool through = true;
    for (const ReadyStep& step : lesson_.steps)
      if (through && (anew || !answered(step))) through = ask(step);
    driver_.end();
    if (through) finish();
    return signals_.exit_code(kDone);
  }

 private:
  bool answered(const ReadyStep& step) const {
    for (const ReadyBlock& block : step.blocks)
      if (const auto* predict = as<lesson::Predict>(block))
        return kept_.of(round_).guesses.contains(predict->id);
    return false;
  }

  // False: the input has ended, or it was stopped.
  bool ask(const ReadyStep& step) {
    if (!step.step->title.empty()) say_line(fmt::format("\n## {}\n", step.step->title));
    const ReadyBlock* question = nullptr;
    std::size_t guess = 0;
    for (const ReadyBlock& block : step.blocks) {
      if (const auto* prose = as<lesson::Prose>(block)) say_line(prose->markdown);
      if (const auto* predict = as<lesson::Predict>(block)) {
        const auto choice = asker_.choose(predict->what);
        if (!choice) return false;
        question = &block;
        guess = *choice;
        driver_.guessed(guess_text(predict->id, guess, predict->what.choices.size()));
      }
      if (script_of(*block.block) == nullptr) continue;
      if (as<lesson::Setup>(block) != nullptr) driver_.begin();
      if (!block.play.lines.empty() && driver_.run(block.play) == LessonDriver::Ran::stopped) return false;
      if (question == nullptr) continue;
      judge(*question, guess);
      question = nullptr;
    }
    return true;
  }

  void judge(const ReadyBlock& question, std::size_t guess) {
    const auto* predict = as<lesson::Predict>(question);
    const auto& asked = question.asks[right_choice(predict->what)];
    const auto result = asked ? driver_.ask(*asked, false) : Runner::ExpectationResult{};
    if (asked && !result.ok) {
      say_line(fmt::format("○ {}{} ({})", words_.not_seen, predict->what.ask, result.saw));
      return;
    }
    asker_.tell(predict->what, guess);
    LessonProgress now;
    now.guesses[predict->id] = guess_made(predict->what, guess, asked.has_value());
    keep(now);
  }

  void finish() {
    LessonProgress now;
    for (std::size_t i = 0; i < lesson_.steps.size(); ++i) now.done.insert(step_number(*lesson_.lesson, i));
    now.finished = true;
    keep(now);
    const std::string score = quiz_said(kept_.progress(), questions_of(*lesson_.lesson), words_);
    say_line(fmt::format("\n{}", score));
  }

  void keep(const LessonProgress& now) {
    if (const std::string told = kept_.record(round_, now); !told.empty())
      complain("sockscope lesson quiz: " + told);
  }

  const ReadyLesson& lesson_;
  const LessonWords& words_;
  ProgressFile& kept_;
  const std::string round_;
  Signals signals_;
  Transcript transcript_;
  LessonDriver driver_;
  LessonAsker asker_;
};

std::string json_of(const Progress& all, std::string_view round) {
  const auto found = all.find(std::string(round));
  if (found == all.end() || found->second.guesses.empty()) return "null";
  const QuizScore score = quiz_score(found->second);
  return fmt::format(R"({{"right": {}, "answered": {}}})", score.right, score.answered);
}

}  // namespace

int run_lesson_quiz(const LessonQuizCommand& command) {
  const auto lesson = find_ready_lesson("lesson quiz", std::string(kQuizId), command.language);
  if (!lesson) {
    complain(lesson.error());
    return kBadInput;
  }
  ProgressFile kept(progress_path().value_or(""));
  if (const std::string bad = kept.load(); !bad.empty()) complain("sockscope lesson quiz: " + bad);
  if (command.json) {
    say_line(fmt::format(R"({{"questions": {}, "before": {}, "after": {}}})", questions_of(*lesson->lesson),
                         json_of(kept.progress(), kQuizBefore), json_of(kept.progress(), kQuizAfter)));
    return kDone;
  }
  const std::string_view round = command.before  ? kQuizBefore
                                 : command.after ? kQuizAfter
                                                 : quiz_now(kept.progress());
  return Quiz(*lesson, command.language, kept, std::string(round)).run();
}

}  // namespace sockscope::cli
