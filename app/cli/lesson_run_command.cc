#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/lesson_by_hand.h"
#include "cli/lesson_found.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/transcript.h"
#include "coach/grade.h"
#include "lesson/lessons.h"
#include "session/lesson_proof.h"

namespace sockscope::cli {
namespace {

std::string place_of(const Proved& proved) {
  return fmt::format("{}:{}", proved.file, proved.line);
}

void say_step(const Proved& proved) {
  if (!proved.text.empty()) say_line(fmt::format("\n## {}", proved.text));
}

// In plain words, ✓ or ✗ first.
void say_proved(const Proved& proved) {
  switch (proved.what) {
    case Proved::What::step:
      say_step(proved);
      break;
    case Proved::What::ran:
    case Proved::What::expectation:  // the transcript has shown it
      break;
    case Proved::What::before:
      if (!proved.ok)
        say_line(fmt::format("✗ {}: holds before anything was done: {} ({})", place_of(proved), proved.text,
                             proved.saw));
      break;
    case Proved::What::check:
      say_line(proved.ok ? fmt::format("✓ {}", proved.text)
                         : fmt::format("✗ {}: {}; saw {}", place_of(proved), proved.text, proved.saw));
      break;
    case Proved::What::predicted:
      say_line(proved.ok ? fmt::format("✓ as predicted: {}", proved.text)
                         : fmt::format("✗ {}: this did not happen: {}; saw {}", place_of(proved), proved.text,
                                       proved.saw));
      break;
    case Proved::What::refuted:
      say_line(proved.ok ? fmt::format("✓ and not: {}", proved.text)
                         : fmt::format("✗ {}: this happened and is marked as wrong: {}; saw {}",
                                       place_of(proved), proved.text, proved.saw));
      break;
    case Proved::What::trouble:
      say_line(fmt::format("✗ {}: {}", place_of(proved), proved.saw));
      break;
  }
}

// The lesson's own recordings instead of a run. Nothing: it has none.
std::optional<int> judge_golden(const ReadyLesson& lesson) {
  const auto golden = grade_golden(lesson);
  if (!golden) {
    complain(golden.error().to_string());
    return kBadInput;
  }
  if (!*golden) return std::nullopt;
  say_line(
      "\nHosts are not permitted here. What follows is a real run from another computer, as it was "
      "recorded.");
  for (const GradedStep& step : (*golden)->steps) {
    say_line(fmt::format("\n## {}", step.title));
    for (const auto& mark : step.predicted)
      say_line(fmt::format("{} as predicted: {}", mark.met ? "✓" : "✗", mark.text));
    for (const auto& mark : step.marks) say_line(fmt::format("{} {}", mark.met ? "✓" : "✗", mark.text));
  }
  return (*golden)->passed() && (*golden)->predicted() ? kDone : kFailed;
}

int run_by_itself(const ReadyLesson& lesson, const std::string& record) {
  Signals signals;
  Transcript transcript;
  LessonDriver::Options options;
  options.begins = [&] { transcript = Transcript(); };
  options.each = [&](const Trace& trace) { transcript.follow(trace); };
  options.stop = [&] { return signals.came() != 0; };
  options.also = signals.fd();
  options.record = record;
  int failed = 0;
  say_line(fmt::format("# {}", lesson.lesson->head.title));
  const int exit = prove_lesson(lesson, std::move(options), [&](const Proved& proved) {
    say_proved(proved);
    failed += !proved.ok;
    flush();
  });
  if (exit == kNotPossible && signals.came() == 0)
    if (const auto judged = judge_golden(lesson)) return *judged;
  if (exit == kNotPossible)
    complain(
        fmt::format("sockscope lesson run: {} needs what is not possible here; sockscope doctor says more",
                    lesson.lesson->head.id));
  else if (failed > 0)
    complain(fmt::format("sockscope lesson run: {}: {} of its sentences did not hold", lesson.lesson->head.id,
                         failed));
  return signals.exit_code(exit);
}

}  // namespace

int run_lesson(const LessonRunCommand& command) {
  auto found = find_ready_lesson("lesson run", command.id, command.language);
  if (!found) {
    complain(found.error());
    return kBadInput;
  }
  // Its answers are kept as before or after, and no recording is asked for.
  if (!command.automatic && command.record.empty() && found->lesson->head.id == kQuizId)
    return run_lesson_quiz({command.language});
  return command.automatic ? run_by_itself(*found, command.record)
                           : run_by_hand(*found, command.language, command.record);
}

}  // namespace sockscope::cli
