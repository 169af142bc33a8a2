#include "session/lesson_proof.h"

#include <fmt/format.h>

namespace sockscope {
namespace {

constexpr int kNotPossibleHere = 3;

class Proof {
 public:
  Proof(const ReadyLesson& lesson, LessonDriver::Options options,
        const std::function<void(const Proved&)>& told)
      : lesson_(lesson), driver_(std::move(options)), told_(told) {}

  int run() {
    int number = lesson_.lesson->steps.empty() || lesson_.lesson->steps.front().title.empty() ? 0 : 1;
    for (const ReadyStep& step : lesson_.steps) {
      if (!prove(step, number++)) break;
    }
    driver_.end();
    if (!driver_.trouble().empty())
      tell({Proved::What::trouble, false, nullptr, nullptr, {}, 0, {}, driver_.trouble()});
    return exit_;
  }

 private:
  void tell(Proved proved) {
    proved.step = step_;
    if (proved.file.empty()) proved.file = lesson_.lesson->file;
    if (!proved.ok && exit_ == 0) exit_ = 1;
    told_(proved);
  }

  // False: nothing after it can be run.
  bool prove(const ReadyStep& step, int number) {
    step_ = &step;
    asked_.clear();
    tell({Proved::What::step, true, nullptr, nullptr, {}, step.step->line, step.step->title, {}});
    std::size_t from = 0;
    for (std::size_t i = 0; i < step.blocks.size(); ++i)
      if (std::holds_alternative<lesson::Setup>(step.blocks[i].block->what)) {
        driver_.begin();
        if (!run(step.blocks[i])) return false;
        from = i + 1;
      }
    if (!driver_.begun()) {
      if (only_text(step)) return true;
      driver_.begin();
    }
    driver_.reached(lesson_.lesson->head.id, number);
    look_before(step);
    for (std::size_t i = from; i < step.blocks.size(); ++i)
      if (!take(step.blocks[i])) return false;
    return !driver_.stopped();
  }

  void look_before(const ReadyStep& step) {
    for (const ReadyBlock& block : step.blocks) {
      const auto* check = std::get_if<lesson::Check>(&block.block->what);
      for (std::size_t i = 0; check != nullptr && i < check->marks.size(); ++i) {
        const auto result = driver_.ask(*block.asks[i], true);
        tell({Proved::What::before,
              !result.ok,
              nullptr,
              block.block,
              {},
              check->marks[i].line,
              check->marks[i].condition,
              result.saw});
      }
    }
  }

  bool take(const ReadyBlock& block) {
    if (script_of(*block.block) != nullptr) {
      if (!run(block)) return false;
      judge_predictions();
      return !driver_.stopped();
    }
    if (std::holds_alternative<lesson::Predict>(block.block->what)) asked_.push_back(&block);
    if (const auto* check = std::get_if<lesson::Check>(&block.block->what))
      for (std::size_t i = 0; i < check->marks.size() && !driver_.stopped(); ++i) {
        const auto result = driver_.ask(*block.asks[i], false);
        const lesson::Mark& mark = check->marks[i];
        tell({Proved::What::check,
              result.ok,
              nullptr,
              block.block,
              {},
              mark.line,
              mark.words.empty() ? mark.condition : mark.words,
              result.saw});
      }
    return !driver_.stopped();
  }

  bool run(const ReadyBlock& block) {
    if (block.play.lines.empty()) return true;  // a setup that only begins anew
    const auto ran = driver_.run(block.play);
    const int line = block.block->line;
    tell({Proved::What::ran, true, nullptr, block.block, {}, line, {}, {}});
    for (const auto& result : driver_.expectations())
      tell({Proved::What::expectation, result.ok, nullptr, block.block, block.play.file, result.line,
            result.text, result.saw});
    if (ran == LessonDriver::Ran::through) return true;
    std::string why = "it was stopped";
    if (ran == LessonDriver::Ran::gave_up) {
      why = driver_.session().runner().error();
      if (why.starts_with(block.play.file + ": ")) why.erase(0, block.play.file.size() + 2);
      if (driver_.session().runner().exit_code() == kNotPossibleHere) exit_ = kNotPossibleHere;
    } else if (ran == LessonDriver::Ran::too_long) {
      why = "its lines do not come to an end; a step is over within two minutes";
    }
    tell({Proved::What::trouble, false, nullptr, block.block, {}, line, {}, std::move(why)});
    return false;
  }

  void judge_predictions() {
    for (const ReadyBlock* block : asked_) {
      const auto& choices = std::get<lesson::Predict>(block->block->what).what.choices;
      for (const bool right : {true, false})
        for (std::size_t i = 0; i < choices.size() && !driver_.stopped(); ++i)
          if (choices[i].right == right) judge(*block, i, choices[i]);
    }
    asked_.clear();
  }

  void judge(const ReadyBlock& block, std::size_t index, const lesson::Choice& choice) {
    Proved proved{choice.right ? Proved::What::predicted : Proved::What::refuted,
                  true,
                  nullptr,
                  block.block,
                  {},
                  choice.line,
                  choice.text,
                  {}};
    if (block.asks[index]) {
      const auto result = driver_.ask(*block.asks[index], !choice.right);
      proved.ok = result.ok == choice.right;
      proved.saw = result.saw;
    } else if (!choice.right) {
      return;
    }
    tell(std::move(proved));
  }

  const ReadyLesson& lesson_;
  LessonDriver driver_;
  const std::function<void(const Proved&)>& told_;
  const ReadyStep* step_ = nullptr;
  std::vector<const ReadyBlock*> asked_;
  int exit_ = 0;
};

}  // namespace

int prove_lesson(const ReadyLesson& lesson, LessonDriver::Options options,
                 const std::function<void(const Proved&)>& told) {
  return Proof(lesson, std::move(options), told).run();
}

}  // namespace sockscope
