#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "lesson/lessons.h"
#include "net/names.h"
#include "session/lesson_lint.h"

namespace sockscope::cli {
namespace {

std::vector<std::string> folders_in(const std::string& folder) {
  if (lesson_in(folder, "en")) return {folder};
  std::vector<std::string> folders;
  for (const LessonEntry& lesson : list_lessons(folder, "en")) folders.push_back(lesson.folder);
  return folders;
}

}  // namespace

int run_lesson_lint(const LessonLintCommand& command) {
  std::string folder = command.folder;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  const auto folders = folders_in(folder);
  if (folders.empty()) {
    complain(fmt::format("{}: there is no lesson here; a lesson is a folder with en.md and zh.md", folder));
    return kBadInput;
  }
  Signals signals;
  std::size_t errors = 0;
  for (const std::string& one : folders) {
    LintedLesson linted = lint_lesson(one);
    LessonDriver::Options options;
    options.stop = [&] { return signals.came() != 0; };
    options.also = signals.fd();
    if (command.run && signals.came() == 0) lint_by_running(linted, std::move(options));
    for (const Finding& finding : linted.findings) {
      errors += finding.weight == Finding::Weight::error;
      say_line(finding.to_string());
    }
    flush();
  }
  if (errors > 0)
    complain(fmt::format("sockscope lesson lint: {} errors in {} lessons", errors, folders.size()));
  return signals.exit_code(errors > 0 ? kFailed : kDone);
}

}  // namespace sockscope::cli
