#include "cli/lesson_by_hand.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "cli/command.h"
#include "cli/lesson_asker.h"
#include "cli/lesson_checks.h"
#include "cli/lesson_found.h"
#include "cli/lesson_words.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/transcript.h"
#include "coach/grade.h"
#include "lesson/glossary.h"
#include "session/lesson_driver.h"
#include "session/progress_file.h"
#include "session/recall.h"
#include "session/so_far.h"
#include "ui/language.h"

namespace sockscope::cli {
namespace {

constexpr int kStdin = 0;

enum class Go { on, again, quit };

template <typename T>
const T* as(const ReadyBlock& block) {
  return std::get_if<T>(&block.block->what);
}

class ByHand {
 public:
  ByHand(const ReadyLesson& lesson, const std::string& language, const std::string& record)
      : lesson_(lesson),
        language_(language),
        words_(lesson_words(language)),
        translator_(language == "zh" ? ui::Language::zh : ui::Language::en),
        driver_(options(record)),
        asker_(driver_, signals_, words_),
        kept_(progress_path().value_or("")),
        glossary_(glossary_beside(*lesson.lesson).value_or(Glossary())),
        uses_(first_uses(*lesson.lesson, glossary_)) {
    if (const auto path = progress_path(); !path)
      complain("sockscope lesson run: " + path.error());
    else if (const std::string bad = kept_.load(); !bad.empty())
      complain("sockscope lesson run: " + bad);
  }

  int run() {
    say_line(fmt::format("# {}\n\n{}", lesson_.lesson->head.title, words_.help));
    std::size_t at = ask_again() ? 0 : lesson_.steps.size() + 1;
    bool anew = false;
    while (at < lesson_.steps.size()) {
      const Go go = walk(at, anew);
      if (go == Go::quit) break;
      if (go == Go::on) done(at);
      anew = go == Go::again;
      at += go == Go::on;
    }
    if (at == lesson_.steps.size()) say_line(fmt::format("\n{}", words_.done));
    driver_.end();
    if (!driver_.trouble().empty()) complain(driver_.trouble());
    if (!driver_.trouble().empty() && exit_ == kDone) exit_ = kFailed;
    return signals_.exit_code(exit_);
  }

 private:
  // Questions of earlier lessons. False: the input has ended.
  bool ask_again() {
    if (kept_.of(lesson_.lesson->head.id).begun()) return true;
    const auto load = [this](const std::string& id) -> std::shared_ptr<const Lesson> {
      auto found = find_ready_lesson("lesson run", id, language_);
      return found ? found->lesson : nullptr;
    };
    Recall recall(recalled_for(*lesson_.lesson, kept_.progress(), load));
    if (!recall.over()) say_line(fmt::format("\n({})", words_.recall));
    while (!recall.over()) {
      const RecallQuestion& asked = recall.questions()[recall.answers().size()];
      say_line(fmt::format("\n### {} · {}\n\n{}", asked.lesson, asked.title, asked.lines));
      bool skipped = false;
      const auto choice = asker_.choose(asked.what, &skipped);
      if (!choice) return skipped;
      answered(asked.lesson, asked.predict, recall.choose(*choice));
      asker_.tell(asked.what, *choice);
    }
    return true;
  }

  LessonDriver::Options options(const std::string& record) {
    LessonDriver::Options made = terminal_options(transcript_, signals_);
    made.record = record;
    return made;
  }

  Go walk(std::size_t at, bool anew) {
    step_ = &lesson_.steps[at];
    hints_ = 0;
    said_so_far_ = false;
    guesses_.clear();
    checks_.begin(*step_);
    if (!step_->step->title.empty()) say_line(fmt::format("\n## {}", step_->step->title));
    if (!stand_at(at, anew)) return Go::quit;
    if (driver_.begun()) driver_.reached(lesson_.lesson->head.id, step_number(*lesson_.lesson, at));
    bool asked = false;
    for (const ReadyBlock& block : step_->blocks) {
      const Go go = take(block);
      if (go != Go::on) return go;
      asked = asked || script_of(*block.block) != nullptr;
    }
    if (step_->step->title.empty() && !asked) return Go::on;
    return prompt(nullptr, words_.at_end);
  }

  void done(std::size_t at) {
    LessonProgress now;
    now.done = kept_.of(lesson_.lesson->head.id).done;
    now.done.insert(step_number(*lesson_.lesson, at));
    now.finished = all_done(*lesson_.lesson, now.done);
    keep(lesson_.lesson->head.id, now);
  }
  void answered(const std::string& lesson, const std::string& question, GuessMade guess) {
    LessonProgress now;
    now.guesses[question] = std::move(guess);
    keep(lesson, now);
  }
  void keep(const std::string& lesson, const LessonProgress& now) {
    const std::string told = kept_.record(lesson, now);
    if (!told.empty()) complain("sockscope lesson run: " + told);
  }
  static bool is_setup(const ReadyBlock& block) { return as<lesson::Setup>(block) != nullptr; }
  bool has_setup(std::size_t at) const {
    const auto& blocks = lesson_.steps[at].blocks;
    return std::any_of(blocks.begin(), blocks.end(), is_setup);
  }

  // A step goes on from the one before it, unless it has a setup. Anew: all since the latest setup is run
  // again.
  bool stand_at(std::size_t at, bool anew) {
    if (!anew && driver_.begun() && !has_setup(at)) return true;
    if (!driver_.begun() && only_text(*step_)) return true;
    std::size_t from = at;
    while (anew && from > 0 && !has_setup(from)) --from;
    driver_.begin();
    for (std::size_t i = from; i < at; ++i)
      for (const ReadyBlock& block : lesson_.steps[i].blocks)
        if (!run_lines(block.play)) return false;
    for (const ReadyBlock& block : step_->blocks)
      if (is_setup(block) && !run_lines(block.play)) return false;
    return !refused();
  }

  // The machine permits no hosts: there is nothing to walk through.
  bool refused() {
    if (lesson_.lesson->head.place != lesson::Place::lab ||
        !grade(lesson_, driver_.session().trace()).refused)
      return false;
    complain(fmt::format(
        "sockscope lesson run: {} needs hosts, which are not permitted here; sockscope doctor says "
        "more, --auto judges its recordings",
        lesson_.lesson->head.id));
    exit_ = kNotPossible;
    return true;
  }

  bool run_lines(const Play& play) {
    if (play.lines.empty()) return true;
    const auto ran = driver_.run(play);
    if (ran == LessonDriver::Ran::too_long) say_line(words_.too_long);
    return ran != LessonDriver::Ran::stopped;
  }

  Go take(const ReadyBlock& block) {
    if (const auto* prose = as<lesson::Prose>(block)) {
      say_line(fmt::format("\n{}", prose->markdown));
      explain(*block.block);
    }
    if (const auto* predict = as<lesson::Predict>(block)) {
      say_line("");
      const auto guess = asker_.choose(predict->what);
      if (!guess) return Go::quit;
      guesses_.emplace_back(&block, *guess);
      driver_.guessed(guess_text(predict->id, *guess, predict->what.choices.size()));
    }
    if (as<lesson::Check>(block) != nullptr) checks_.show(block);
    if (script_of(*block.block) == nullptr || is_setup(block)) return Go::on;
    const Go go = offer(block);
    return go == Go::on && !answer_guesses() ? Go::quit : go;
  }

  // The words of the glossary that this text is the first to use.
  void explain(const lesson::Block& text) {
    const auto at = static_cast<std::size_t>(step_ - lesson_.steps.data());
    for (const GlossaryUse& use : uses_[at])
      if (use.block == &text) say_line(fmt::format("  {}: {}", use.word->word, use.word->meaning));
  }

  // Shows the lines to run, shuffled or with gaps, or nothing of a solution.
  Go offer(const ReadyBlock& block) {
    shuffled_.clear();
    std::string_view says = words_.to_do;
    if (as<lesson::Play>(block) != nullptr) {
      say_line(fmt::format("\n{}", with_gaps(script_of(*block.block)->lines)));
      says = words_.to_run;
    } else if (as<lesson::Order>(block) != nullptr) {
      shuffle(block.play);
      says = words_.to_order;
    }
    tried_ = false;
    if (!block.play.lines.empty()) thread_ = block.play.lines.front().thread;
    return prompt(&block, says);
  }

  // Always the same way, and never the right one: by the lines' own letters.
  void shuffle(const Play& play) {
    for (const PlayLine& line : play.lines) shuffled_.push_back(line.text);
    std::sort(shuffled_.begin(), shuffled_.end(), [](const std::string& a, const std::string& b) {
      return std::make_pair(a.size() % 7, a) < std::make_pair(b.size() % 7, b);
    });
    const auto same = [](const std::string& a, const PlayLine& b) { return a == b.text; };
    if (std::equal(shuffled_.begin(), shuffled_.end(), play.lines.begin(), play.lines.end(), same))
      std::rotate(shuffled_.begin(), shuffled_.begin() + 1, shuffled_.end());
    say_line("");
    for (std::size_t i = 0; i < shuffled_.size(); ++i) say_line(fmt::format("  {}  {}", i + 1, shuffled_[i]));
  }

  // Takes lines until there is reason to go on.
  Go prompt(const ReadyBlock* offered, std::string_view says) {
    say_line(fmt::format("({})", says));
    while (true) {
      const auto line = asker_.read(fmt::format("{}>>> ", thread_));
      if (!line || *line == "quit") return Go::quit;
      if (*line == "again") return Go::again;
      if (*line == "next" || (line->empty() && offered == nullptr)) return Go::on;
      if (*line == "hint") {
        give_hint();
      } else if (*line == "help") {
        say_line(words_.help);
      } else if (*line == "show") {
        if (offered == nullptr) continue;
        if (!show(*offered)) return driver_.stopped() ? Go::quit : Go::on;
      } else if (!shuffled_.empty() && line->find_first_not_of("0123456789 ") == line->npos) {
        run_in_order(*line);
      } else {
        run_typed(*line, terminal_);
      }
      checks_.tick();
    }
  }

  // What the learner's own lines of this step came to; empty: nothing can be said.
  std::string so_far() {
    if (!driver_.begun()) return {};
    const lesson::Mark* mark = checks_.first_unmet();
    std::string unmet = mark == nullptr ? "" : mark->words.empty() ? mark->condition : mark->words;
    return said_so_far(driver_.session(), std::move(unmet),
                       [this](std::string_view english) { return std::string(translator_(english)); });
  }

  void give_hint() {
    std::size_t number = 0;
    if (std::string said = said_so_far_ ? std::string() : so_far(); !said.empty()) {
      said_so_far_ = true;
      say_line(fmt::format("{}{}", words_.so_far, said));
      return;
    }
    for (const ReadyBlock& block : step_->blocks)
      if (const auto* hint = as<lesson::Hint>(block); hint != nullptr && number++ == hints_) {
        ++hints_;
        say_line(hint->markdown);
        return;
      }
    say_line(words_.no_hint);
  }

  // True: the learner goes on typing.
  bool show(const ReadyBlock& block) {
    if (as<lesson::Play>(block) != nullptr) {
      run_lines(block.play);
      return false;
    }
    if (!tried_) {
      say_line(words_.try_first);
      return true;
    }
    Play most = block.play;
    const PlayLine last = most.lines.back();
    most.lines.pop_back();
    if (!run_lines(most)) return false;
    say_line(fmt::format("{}{}", words_.last_line, last.text));
    return true;
  }

  void run_in_order(const std::string& numbers) {
    std::istringstream in(numbers);
    std::size_t number = 0;
    while (in >> number) {
      if (number >= 1 && number <= shuffled_.size()) {
        run_typed(shuffled_[number - 1], false);
      } else {
        say_line(words_.no_choice);
      }
    }
  }

  void run_typed(const std::string& line, bool shown) {
    if (line.empty()) return;
    if (!driver_.begun()) driver_.begin();
    tried_ = true;
    transcript_.typed(shown);
    const auto typed = driver_.type(line, thread_);
    transcript_.typed(false);
    if (!typed) {
      say_line(typed.error().to_string());
      return;
    }
    if (const auto read = parse_line(line, thread_); read && read->statement) thread_ = read->thread;
    for (const Runner::Waiting& waiting : driver_.session().runner().waiting())
      say_line(fmt::format("[{} waits for {}: {}]", waiting.thread, waiting.why, waiting.text));
  }

  // What happened, held against what was guessed; then why. False: the input has ended.
  bool answer_guesses() {
    for (const auto& [block, guess] : guesses_) {
      const auto* predict = as<lesson::Predict>(*block);
      const auto& asked = block->asks[right_choice(predict->what)];
      if (asked) {
        const auto result = driver_.ask(*asked, false);
        if (!result.ok) {
          say_line(fmt::format("○ {}{} ({})", words_.not_seen, predict->what.ask, result.saw));
          continue;
        }
      }
      answered(lesson_.lesson->head.id, predict->id, guess_made(predict->what, guess, asked.has_value()));
      asker_.tell(predict->what, guess);
      if (!predict->because) continue;
      say_line("");
      const auto reason = asker_.choose(*predict->because);
      if (!reason) return false;
      const auto& reasons = predict->because->choices;
      driver_.guessed(guess_text(predict->id + ".because", *reason, reasons.size()));
      answered(lesson_.lesson->head.id, predict->id + ".because",
               guess_made(*predict->because, *reason, false));
      asker_.tell(*predict->because, *reason);
    }
    guesses_.clear();
    return true;
  }

  const ReadyLesson& lesson_;
  const std::string language_;
  const LessonWords& words_;
  const ui::Translator translator_;
  Signals signals_;
  Transcript transcript_;
  LessonDriver driver_;
  LessonAsker asker_;
  ProgressFile kept_;
  const Glossary glossary_;  // with a fault there are no words: lint tells it
  const std::vector<std::vector<GlossaryUse>> uses_;
  const ReadyStep* step_ = nullptr;
  std::vector<std::pair<const ReadyBlock*, std::size_t>> guesses_;
  LessonChecks checks_{driver_, words_};
  std::vector<std::string> shuffled_;
  std::string thread_ = "main";
  std::size_t hints_ = 0;
  int exit_ = kDone;
  bool tried_ = false, said_so_far_ = false;
  const bool terminal_ = isatty(kStdin) != 0;
};

}  // namespace

int run_by_hand(const ReadyLesson& lesson, const std::string& language, const std::string& record) {
  return ByHand(lesson, language, record).run();
}

}  // namespace sockscope::cli
