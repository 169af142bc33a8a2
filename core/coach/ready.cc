#include "coach/ready.h"

#include <fmt/format.h>

#include <algorithm>

#include "play/syntax.h"

namespace sockscope {
namespace coach {
namespace {

constexpr std::string_view kExpect = "%expect ";

[[noreturn]] void refuse(const std::string& file, int line, std::string message) {
  throw LessonFault{file, line, std::move(message)};
}

// The pieces of one run, and where each one's lines belong. A setup begins the next run.
struct Pieces {
  std::vector<PlayPiece> text;
  std::vector<Play*> script;                  // where to put it; nullptr: it is a condition
  std::vector<std::optional<PlayLine>*> ask;  // of a condition
  std::vector<bool> may_be_empty;             // a setup that only begins anew
};

void add_condition(Pieces& pieces, const std::string& file, const std::string& condition, int line,
                   std::optional<PlayLine>& to) {
  if (condition.empty()) return;
  pieces.text.push_back({file, line, std::string(kExpect) + condition});
  pieces.script.push_back(nullptr);
  pieces.ask.push_back(&to);
  pieces.may_be_empty.push_back(false);
}

void add(Pieces& pieces, const Lesson& lesson, ReadyBlock& ready) {
  if (const lesson::Script* script = script_of(*ready.block)) {
    const bool inside = script->file.empty();
    const std::string folder = lesson.file.substr(0, lesson.file.rfind('/') + 1);
    pieces.text.push_back(
        {inside ? lesson.file : folder + script->file, script->first, filled_in(script->lines)});
    pieces.script.push_back(&ready.play);
    pieces.ask.push_back(nullptr);
    pieces.may_be_empty.push_back(std::holds_alternative<lesson::Setup>(ready.block->what));
  } else if (const auto* predict = std::get_if<lesson::Predict>(&ready.block->what)) {
    ready.asks.resize(predict->what.choices.size());
    for (std::size_t i = 0; i < ready.asks.size(); ++i) {
      const lesson::Choice& choice = predict->what.choices[i];
      add_condition(pieces, lesson.file, choice.condition, choice.line, ready.asks[i]);
    }
  } else if (const auto* check = std::get_if<lesson::Check>(&ready.block->what)) {
    ready.asks.resize(check->marks.size());
    for (std::size_t i = 0; i < ready.asks.size(); ++i)
      add_condition(pieces, lesson.file, check->marks[i].condition, check->marks[i].line, ready.asks[i]);
  }
}

Time wait_of(const PlayLine& line) {
  if (!line.directive) return 0;
  const auto& what = line.directive->what;
  if (const auto* wait = std::get_if<play::directive::Wait>(&what)) return wait->time;
  if (const auto* until = std::get_if<play::directive::WaitUntil>(&what)) return until->within;
  if (const auto* deadline = std::get_if<play::directive::Deadline>(&what)) return deadline->time;
  if (const auto* expect = std::get_if<play::directive::Expect>(&what))
    return std::max(expect->within, expect->throughout);
  return 0;
}

void check_lines(const Play& play) {
  for (const PlayLine& line : play.lines)
    if (wait_of(line) > kLongestLessonWait)
      refuse(play.file, line.number, "waits longer than 60 s; a lesson's line waits shorter");
}

void read(Pieces& pieces) {
  auto plays = parse_pieces(pieces.text);
  if (!plays) refuse(plays.error().file, plays.error().line, plays.error().message);
  for (std::size_t i = 0; i < plays->size(); ++i) {
    Play& play = (*plays)[i];
    check_lines(play);
    if (pieces.script[i] != nullptr) {
      if (play.lines.empty() && !pieces.may_be_empty[i])
        refuse(play.file, pieces.text[i].first, "there is no line here that runs");
      *pieces.script[i] = std::move(play);
    } else {
      const bool one = play.lines.size() == 1 && play.lines[0].directive &&
                       std::holds_alternative<play::directive::Expect>(play.lines[0].directive->what);
      if (!one) refuse(play.file, pieces.text[i].first, "this is not one condition");
      *pieces.ask[i] = std::move(play.lines[0]);
    }
  }
  pieces = {};
}

template <typename T>
bool is(const ReadyBlock& ready) {
  return std::holds_alternative<T>(ready.block->what);
}

// A setup comes first in its step; what is asked is followed by what answers it.
void check_order(const Lesson& lesson, const ReadyStep& step) {
  bool acts = false;
  const ReadyBlock* asked = nullptr;
  for (const ReadyBlock& ready : step.blocks) {
    const int line = ready.block->line;
    const bool runs = script_of(*ready.block) != nullptr;
    if (is<lesson::Setup>(ready) && acts)
      refuse(lesson.file, line, "a step has one setup, before its other blocks");
    if (is<lesson::Predict>(ready)) asked = &ready;
    if (is<lesson::Check>(ready) && asked != nullptr)
      refuse(lesson.file, line, "a check stands after what answers the predict, not between");
    if (runs && !is<lesson::Setup>(ready)) asked = nullptr;
    acts = acts || runs || is<lesson::Predict>(ready) || is<lesson::Check>(ready);
  }
  if (asked != nullptr)
    refuse(lesson.file, asked->block->line,
           "no play, order or solution follows this predict in its step; nothing would answer it");
}

}  // namespace
}  // namespace coach

const lesson::Mark* first_unmet(const ReadyStep& step, const std::set<const lesson::Mark*>& met) {
  for (const ReadyBlock& block : step.blocks)
    if (const auto* check = std::get_if<lesson::Check>(&block.block->what))
      for (const lesson::Mark& mark : check->marks)
        if (!met.contains(&mark)) return &mark;
  return nullptr;
}

bool only_text(const ReadyStep& step) {
  return std::all_of(step.blocks.begin(), step.blocks.end(), [](const ReadyBlock& block) {
    return script_of(*block.block) == nullptr && block.asks.empty();
  });
}

tl::expected<ReadyLesson, LessonFault> make_ready(Lesson lesson) {
  ReadyLesson ready{std::make_shared<const Lesson>(std::move(lesson)), {}};
  coach::Pieces pieces;
  try {
    for (const lesson::Step& step : ready.lesson->steps) {
      ReadyStep& made = ready.steps.emplace_back(ReadyStep{&step, {}});
      for (const lesson::Block& block : step.blocks) made.blocks.push_back({&block, {}, {}});
    }
    for (ReadyStep& step : ready.steps) {
      coach::check_order(*ready.lesson, step);
      for (ReadyBlock& block : step.blocks) {
        if (coach::is<lesson::Setup>(block)) coach::read(pieces);
        coach::add(pieces, *ready.lesson, block);
      }
    }
    coach::read(pieces);
  } catch (LessonFault& fault) {
    return tl::unexpected(std::move(fault));
  }
  return ready;
}

}  // namespace sockscope
