#pragma once
// The subcommands. Each runs to its end on the calling thread and gives the program's exit code; errors are
// one line on stderr.

#include "cli/command.h"

namespace sockscope::cli {

int run_play(const PlayCommand& command);
int run_narrate(const NarrateCommand& command);
int run_serve(const ServeCommand& command);
int run_race(const RaceCommand& command);
int run_load(const LoadCommand& command);
int run_shot(const ShotCommand& command);
int run_window_command(const WindowCommand& command);
int run_export(const ExportCommand& command);
int run_doctor(const DoctorCommand& command);
int run_lesson_list(const LessonListCommand& command);
int run_lesson_show(const LessonShowCommand& command);
int run_lesson(const LessonRunCommand& command);
int run_lesson_lint(const LessonLintCommand& command);
int run_grade(const GradeCommand& command);
int run_lesson_new(const LessonNewCommand& command);
int run_lesson_quiz(const LessonQuizCommand& command);
int run_lesson_pack(const LessonPackCommand& command);
int run_lesson_record(const LessonRecordCommand& command);

// The whole program.
int run(int argc, const char* const* argv);

}  // namespace sockscope::cli
