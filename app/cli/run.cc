#include <span>
#include <system_error>

#include "calls/descriptor_limit.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "lab/keeper.h"
#include "server/fork_child.h"
#include "server/load_child.h"

namespace sockscope::cli {
namespace {

struct Run {
  int operator()(const WindowCommand& command) const { return run_window_command(command); }
  int operator()(const PlayCommand& command) const { return run_play(command); }
  int operator()(const NarrateCommand& command) const { return run_narrate(command); }
  int operator()(const ServeCommand& command) const { return run_serve(command); }
  int operator()(const RaceCommand& command) const { return run_race(command); }
  int operator()(const LoadCommand& command) const { return run_load(command); }
  int operator()(const ShotCommand& command) const { return run_shot(command); }
  int operator()(const ExportCommand& command) const { return run_export(command); }
  int operator()(const DoctorCommand& command) const { return run_doctor(command); }
  int operator()(const LessonListCommand& command) const { return run_lesson_list(command); }
  int operator()(const LessonShowCommand& command) const { return run_lesson_show(command); }
  int operator()(const LessonRunCommand& command) const { return run_lesson(command); }
  int operator()(const LessonLintCommand& command) const { return run_lesson_lint(command); }
  int operator()(const GradeCommand& command) const { return run_grade(command); }
  int operator()(const LessonNewCommand& command) const { return run_lesson_new(command); }
  int operator()(const LessonQuizCommand& command) const { return run_lesson_quiz(command); }
  int operator()(const LessonPackCommand& command) const { return run_lesson_pack(command); }
  int operator()(const LessonRecordCommand& command) const { return run_lesson_record(command); }
};

int cannot_begin(const std::system_error& error) {  // no descriptor, no thread, no memory left
  complain(std::string("sockscope: ") + error.what());
  return kNotPossible;
}

int run_child(std::string_view child, std::span<const char* const> arguments) {
  try {
    return child == kLoadChild ? run_load_child(arguments) : run_fork_server(arguments);
  } catch (const std::system_error& error) {
    return cannot_begin(error);
  }
}

}  // namespace

int run(int argc, const char* const* argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  for (const std::string_view child : {kLoadChild, kForkServer})
    if (arguments.size() > 1 && arguments[1] == child) return run_child(child, arguments.subspan(2));
  if (arguments.size() == 2 && arguments[1] == keeper::kArgument) return keeper_main();
  const auto command = parse_command_line(argc, argv);
  if (!command) {
    const Answer& answer = command.error();
    if (answer.exit != kDone) {
      complain(answer.text);
      return answer.exit;
    }
    say(answer.text);
    return finish(kDone);
  }
  // The doctor tells the limit that programs begin with.
  if (!std::holds_alternative<DoctorCommand>(*command)) raise_descriptor_limit();
  try {
    return finish(std::visit(Run(), *command));
  } catch (const std::system_error& error) {
    return cannot_begin(error);
  }
}

}  // namespace sockscope::cli
