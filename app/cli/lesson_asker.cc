#include "cli/lesson_asker.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/output.h"

namespace sockscope::cli {
namespace {

constexpr int kStandardInput = 0;
constexpr int kTries = 20;  // of an answer that is none

}  // namespace

LessonDriver::Options terminal_options(Transcript& transcript, Signals& signals) {
  LessonDriver::Options made;
  made.interactive = true;
  made.begins = [&transcript] { transcript = Transcript(); };
  made.each = [&transcript](const Trace& trace) { transcript.follow(trace); };
  made.stop = [&signals] { return signals.came() != 0; };
  made.also = signals.fd();
  return made;
}

LessonAsker::LessonAsker(LessonDriver& driver, Signals& signals, const LessonWords& words)
    : driver_(driver), signals_(signals), words_(words), in_(kStandardInput) {}

std::optional<std::size_t> LessonAsker::choose(const lesson::Question& question, bool* skipped) {
  say_line(question.ask);
  for (std::size_t i = 0; i < question.choices.size(); ++i)
    say_line(fmt::format("  {}  {}", i + 1, question.choices[i].text));
  say_line(fmt::format("  {}", words_.unknown));
  for (int tries = 0; tries < kTries; ++tries) {
    const auto line = read(std::string(words_.choose));
    if (skipped != nullptr) *skipped = line && *line == "next";
    if (!line || *line == "quit" || (skipped != nullptr && *skipped)) return std::nullopt;
    if (*line == "?") return question.choices.size();
    for (std::size_t i = 0; i < question.choices.size(); ++i)
      if (*line == std::to_string(i + 1)) return i;
    say_line(words_.no_choice);
  }
  return std::nullopt;
}

std::optional<std::string> LessonAsker::read(const std::string& prompt) {
  say(prompt);
  flush();
  if (!in_.has_line() && driver_.begun() && !driver_.listen(in_.fd())) return std::nullopt;
  auto line = in_.line();
  if (!line) say_line("");
  if (!line || signals_.came() != 0) return std::nullopt;
  const auto begin = std::min(line->find_first_not_of(" \t"), line->size());
  return line->substr(begin, line->find_last_not_of(" \t") + 1 - begin);
}

void LessonAsker::tell(const lesson::Question& question, std::size_t guess) {
  const auto& choices = question.choices;
  const std::size_t right = right_choice(question);
  if (guess == right) {
    say_line(fmt::format("✓ {}{}", words_.yes, choices[right].text));
    return;
  }
  if (guess < choices.size())
    say_line(fmt::format("✗ {}{}. {}", words_.no, choices[guess].text, choices[guess].refutation));
  say_line(fmt::format("  {}{}", words_.it_was, choices[right].text));
}

}  // namespace sockscope::cli
