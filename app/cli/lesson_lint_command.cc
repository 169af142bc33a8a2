#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "coach/lint_glossary.h"
#include "coach/lint_order.h"
#include "lesson/lessons.h"
#include "session/lesson_lint.h"

namespace sockscope::cli {
namespace {

std::vector<std::string> lessons_in(const std::string& folder) {
  std::vector<std::string> folders;
  for (const LessonEntry& lesson : list_lessons(folder, "en")) folders.push_back(lesson.folder);
  if (const auto quiz = quiz_in(folder, "en")) folders.push_back(quiz->folder);
  return folders;
}

std::string without_slashes(std::string folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return folder;
}

// The lessons beside it, itself among them: what they introduce counts.
std::vector<std::string> neighbours_of(const std::string& folder) {
  const auto slash = folder.rfind('/');
  const std::string parent = slash == folder.npos ? "." : folder.substr(0, slash);
  std::vector<std::string> all = lessons_in(parent);
  const auto same = [&](const std::string& one) { return same_file(one, folder); };
  const auto itself = std::find_if(all.begin(), all.end(), same);
  if (itself == all.end()) return {folder};
  *itself = folder;
  return all;
}

// Runs what is asked for, and prints. Errors.
std::size_t judge(LintedLesson& linted, bool run, Signals& signals) {
  LessonDriver::Options options;
  options.stop = [&] { return signals.came() != 0; };
  options.also = signals.fd();
  if (run && signals.came() == 0) lint_by_running(linted, std::move(options));
  std::size_t errors = 0;
  for (const Finding& finding : linted.findings) {
    errors += finding.weight == Finding::Weight::error;
    say_line(finding.to_string());
  }
  flush();
  return errors;
}

}  // namespace

int run_lesson_lint(const LessonLintCommand& command) {
  const std::string folder = without_slashes(command.folder);
  const bool one = lesson_in(folder, "en").has_value();
  const auto folders = one ? neighbours_of(folder) : lessons_in(folder);
  if (folders.empty()) {
    complain(fmt::format("{}: there is no lesson here; a lesson is a folder with en.md and zh.md", folder));
    return kBadInput;
  }
  Signals signals;
  std::vector<LintedLesson> lessons;
  for (const std::string& each : folders) lessons.push_back(lint_lesson(each));
  lint_order(lessons);
  std::size_t errors = 0, judged = 0;
  if (!one) {
    const std::vector<Finding> found = lint_glossary(folder, lessons);
    for (const Finding& finding : found) say_line(finding.to_string());
    errors += static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](const Finding& finding) {
      return finding.weight == Finding::Weight::error;
    }));
  }
  for (LintedLesson& linted : lessons) {
    if (one && linted.folder != folder) continue;
    errors += judge(linted, command.run, signals);
    ++judged;
  }
  if (errors > 0) complain(fmt::format("sockscope lesson lint: {} errors in {} lessons", errors, judged));
  return signals.exit_code(errors > 0 ? kFailed : kDone);
}

}  // namespace sockscope::cli
