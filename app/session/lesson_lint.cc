#include "session/lesson_lint.h"

#include <fmt/format.h>

#include "session/lesson_proof.h"

namespace sockscope {
namespace {

std::string said_of(const Proved& proved) {
  switch (proved.what) {
    case Proved::What::before:
      return fmt::format("'{}' holds before the step's play: {}; it proves nothing", proved.text, proved.saw);
    case Proved::What::check:
      return fmt::format("'{}' does not hold after the play; saw {}", proved.text, proved.saw);
    case Proved::What::predicted:
      return fmt::format("'{}' is not what happens; saw {}", proved.text, proved.saw);
    case Proved::What::refuted:
      return fmt::format("'{}' happens too: {}; it is marked as wrong", proved.text, proved.saw);
    case Proved::What::expectation:
      return fmt::format("expected {}; saw {}", proved.text, proved.saw);
    case Proved::What::trouble:
      return fmt::format("cannot be run: {}", proved.saw);
    case Proved::What::step:
    case Proved::What::ran:
      break;
  }
  return {};
}

}  // namespace

void lint_by_running(LintedLesson& linted, LessonDriver::Options options) {
  if (!linted.english) return;
  const auto told = [&linted](const Proved& proved) {
    if (!proved.ok)
      linted.findings.push_back({Finding::Weight::error, proved.file, proved.line, said_of(proved)});
  };
  std::vector<Finding> before = linted.findings;
  if (prove_lesson(*linted.english, std::move(options), told) != 3) return;
  // The machine refuses it: that is no mistake of the lesson.
  before.push_back(
      {Finding::Weight::note, linted.folder, 0,
       "it needs hosts, and this machine permits none; it was not run (sockscope doctor says more)"});
  linted.findings = std::move(before);
}

}  // namespace sockscope
