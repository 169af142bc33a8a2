#include "gui/lesson_shown.h"

#include <algorithm>
#include <sstream>

#include "lesson/glossary.h"

namespace sockscope {
namespace shown {

using Kind = LessonPart::Kind;
using Now = LessonShown::Now;

LessonPart part_of(Kind kind, std::string text = {}) {
  LessonPart part;
  part.kind = kind;
  part.text = std::move(text);
  return part;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

LessonPart question(const lesson::Question& asked) {
  LessonPart part = part_of(Kind::question, asked.ask);
  for (const lesson::Choice& choice : asked.choices) part.choices.push_back({choice.text});
  return part;
}

LessonPart verdict(const lesson::Question& asked, std::size_t guess, bool seen, const std::string& saw) {
  LessonPart part = part_of(Kind::verdict);
  for (std::size_t i = 0; i < asked.choices.size(); ++i)
    part.choices.push_back({asked.choices[i].text, i == guess, asked.choices[i].right});
  part.unknown = guess >= asked.choices.size();
  part.seen = seen;
  if (seen && !part.unknown) part.text = asked.choices[guess].refutation;
  if (!seen) part.text = saw;
  return part;
}

LessonPart marks(const LessonWalk& walk, const lesson::Check& check) {
  LessonPart part = part_of(Kind::marks);
  for (const lesson::Mark& mark : check.marks)
    part.marks.push_back({mark.words, mark.condition, walk.met(mark)});
  return part;
}

LessonPart lines(const LessonWalk& walk, const ReadyBlock& block, bool at_hand) {
  LessonPart part = part_of(Kind::lines);
  if (at_hand && std::holds_alternative<lesson::Order>(block.block->what)) {
    if (walk.golden() == nullptr) part.kind = Kind::order;
    for (const LessonWalk::Line& line : walk.order()) {
      part.lines.push_back(line.thread + ">>> " + line.text);
      part.pressed.push_back(line.pressed);
    }
    return part;
  }
  part.lines = lines_of(with_gaps(script_of(*block.block)->lines));
  return part;
}

// What was guessed and has been told; the question that is open.
void add_answers(const LessonWalk& walk, std::vector<LessonPart>& parts) {
  bool open = false;
  for (const LessonWalk::Answered& answer : walk.answered()) {
    const auto& predict = std::get<lesson::Predict>(answer.block->block->what);
    if (!answer.told) continue;
    parts.push_back(part_of(Kind::text, predict.what.ask));
    parts.push_back(verdict(predict.what, answer.guess, answer.seen, answer.saw));
    if (!predict.because || !answer.seen) continue;
    if (answer.reason) {
      parts.push_back(part_of(Kind::text, predict.because->ask));
      parts.push_back(verdict(*predict.because, *answer.reason, true, {}));
    } else if (!open && walk.at() == LessonWalk::At::reason) {
      parts.push_back(question(*predict.because));
      open = true;
    }
  }
}

std::size_t add_hints(const LessonWalk& walk, std::vector<LessonPart>& parts) {
  std::size_t number = 0;
  if (!walk.so_far().empty()) parts.push_back(part_of(Kind::so_far, walk.so_far()));
  for (const ReadyBlock& block : walk.here().blocks)
    if (const auto* hint = std::get_if<lesson::Hint>(&block.block->what))
      if (number++ < walk.hints()) parts.push_back(part_of(Kind::hint, hint->markdown));
  return number - std::min(number, walk.hints()) + (walk.may_say_so_far() ? 1 : 0);
}

std::vector<LessonPart> parts_of(const LessonWalk& walk) {
  std::vector<LessonPart> parts;
  const auto& blocks = walk.here().blocks;
  bool answers = false;
  // Nothing that stands behind a question is shown before it is answered.
  const bool waits = walk.at() != LessonWalk::At::end;
  for (std::size_t i = 0; i < blocks.size() && (!waits || i <= walk.shown()); ++i) {
    const lesson::Block& block = *blocks[i].block;
    if (const auto* prose = std::get_if<lesson::Prose>(&block.what))
      parts.push_back(part_of(Kind::text, prose->markdown));
    if (const auto* predict = std::get_if<lesson::Predict>(&block.what)) {
      if (i == walk.shown() && waits) parts.push_back(question(predict->what));
    }
    const bool lines_shown =
        std::holds_alternative<lesson::Play>(block.what) || std::holds_alternative<lesson::Order>(block.what);
    if (lines_shown) parts.push_back(lines(walk, blocks[i], i == walk.shown()));
    if (lines_shown || std::holds_alternative<lesson::Solution>(block.what)) {
      if (!answers) add_answers(walk, parts);
      answers = true;
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    // What is looked for behind a question would answer it, and what belongs to later lines would tell them.
    const auto& what = blocks[i].block->what;
    if (waits && i >= walk.shown() && std::holds_alternative<lesson::Predict>(what)) break;
    const bool runs =
        std::holds_alternative<lesson::Play>(what) || std::holds_alternative<lesson::Order>(what);
    if (waits && i > walk.shown() && runs) break;
    if (const auto* check = std::get_if<lesson::Check>(&blocks[i].block->what))
      parts.push_back(marks(walk, *check));
  }
  return parts;
}

Now now_of(const LessonWalk& walk) {
  switch (walk.at()) {
    case LessonWalk::At::guess:
      return Now::guess;
    case LessonWalk::At::running:
      return Now::running;
    case LessonWalk::At::reason:
      return Now::reason;
    case LessonWalk::At::lines:
      if (walk.golden() != nullptr) return Now::show;
      return std::holds_alternative<lesson::Play>(walk.here().blocks[walk.shown()].block->what) &&
                     !walk.all_met()
                 ? Now::show
                 : Now::type;
    case LessonWalk::At::end:
      return walk.step() + 1 < walk.lesson().steps.size() ? Now::next_step : Now::finished;
  }
  return Now::next_step;
}

// The questions of earlier lessons up to the one that is open, each under its lesson and step.
void show_recall(const Recall& recall, LessonShown& made) {
  made.now = Now::recall;
  made.met = recall.over();
  made.may_again = false;
  made.resume = made.hints_left = 0;
  made.parts.clear();
  for (std::size_t i = 0; i < recall.questions().size() && i <= recall.answers().size(); ++i) {
    const RecallQuestion& asked = recall.questions()[i];
    made.parts.push_back(part_of(Kind::text, "### " + asked.lesson + " · " + asked.title));
    if (!asked.lines.empty()) {
      LessonPart lines = part_of(Kind::lines);
      lines.lines = lines_of(asked.lines);
      made.parts.push_back(std::move(lines));
    }
    if (i < recall.answers().size()) {
      made.parts.push_back(part_of(Kind::text, asked.what.ask));
      made.parts.push_back(verdict(asked.what, recall.answers()[i], true, {}));
    } else {
      made.parts.push_back(question(asked.what));
    }
  }
}

// A lesson begun before and just opened: the first step not done. 0: none.
std::size_t resume_at(const LessonWalk& walk) {
  if (walk.step() != 0 || !walk.done(0) || !walk.answered().empty() || walk.at() == LessonWalk::At::running)
    return 0;
  for (std::size_t i = 1; i < walk.lesson().steps.size(); ++i)
    if (!walk.done(i)) return i;
  return 0;
}

}  // namespace shown

LessonTerms terms_of(const Lesson& lesson) {
  const auto glossary = glossary_beside(lesson);
  if (!glossary) return {};
  LessonTerms terms;
  for (const auto& step : first_uses(lesson, *glossary)) {
    terms.emplace_back();
    for (const GlossaryUse& use : step) terms.back().push_back({use.word->word, use.word->meaning, use.said});
  }
  return terms;
}

LessonShown shown_of(const LessonWalk& walk, const std::vector<LessonItem>& lessons, const LessonTerms& terms,
                     const Recall* recall) {
  LessonShown made;
  const Lesson& lesson = *walk.lesson().lesson;
  made.title = lesson.head.title;
  made.step_title = walk.here().step->title;
  made.step = walk.step();
  made.opening = lesson.steps.front().title.empty();
  made.may_again = !only_text(walk.here()) && walk.tried();
  for (std::size_t i = 0; i < lesson.steps.size(); ++i) made.done.push_back(walk.done(i));
  if (walk.step() < terms.size()) made.terms = terms[walk.step()];
  made.resume = shown::resume_at(walk);
  made.parts = shown::parts_of(walk);
  made.now = shown::now_of(walk);
  made.may_show = walk.may_show();
  made.last_left = !walk.last_line().empty();
  made.met = walk.all_met();
  made.golden = walk.golden() != nullptr;
  made.hints_left = shown::add_hints(walk, made.parts);
  if (recall != nullptr) shown::show_recall(*recall, made);
  const auto item = std::find_if(lessons.begin(), lessons.end(),
                                 [&](const LessonItem& each) { return each.id == lesson.head.id; });
  if (item != lessons.end() && item + 1 != lessons.end()) made.next_lesson = (item + 1)->id;
  return made;
}

}  // namespace sockscope
