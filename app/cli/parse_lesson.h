#pragma once
// The options of `sockscope lesson …` and `sockscope grade`. Of parse.cc alone.

#include <CLI/CLI.hpp>
#include <optional>

#include "cli/command.h"

namespace sockscope::cli {

class LessonOptions {
 public:
  void add_to(CLI::App& app);
  // The one that was chosen, its language not checked yet; nothing: another subcommand was.
  std::optional<Command> chosen() const;

 private:
  LessonListCommand list_;
  LessonShowCommand show_;
  LessonRunCommand run_;
  LessonLintCommand lint_;
  LessonNewCommand new_;
  LessonQuizCommand quiz_;
  LessonPackCommand pack_;
  LessonRecordCommand record_;
  GradeCommand grade_;
  bool no_run_ = false;
  CLI::App *list_app_ = nullptr, *show_app_ = nullptr, *run_app_ = nullptr, *lint_app_ = nullptr,
           *new_app_ = nullptr, *quiz_app_ = nullptr, *pack_app_ = nullptr, *record_app_ = nullptr,
           *grade_app_ = nullptr;
};

}  // namespace sockscope::cli
