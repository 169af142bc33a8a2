#include <system_error>

#include "cli/commands.h"
#include "cli/output.h"

namespace sockscope::cli {
namespace {

struct Run {
  int operator()(const WindowCommand& command) const { return run_window_command(command); }
  int operator()(const PlayCommand& command) const { return run_play(command); }
  int operator()(const NarrateCommand& command) const { return run_narrate(command); }
  int operator()(const ServeCommand& command) const { return run_serve(command); }
  int operator()(const ShotCommand& command) const { return run_shot(command); }
  int operator()(const ExportCommand& command) const { return run_export(command); }
  int operator()(const DoctorCommand& command) const { return run_doctor(command); }
  int operator()(const LessonListCommand& command) const { return run_lesson_list(command); }
  int operator()(const LessonShowCommand& command) const { return run_lesson_show(command); }
};

}  // namespace

int run(int argc, const char* const* argv) {
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
  try {
    return finish(std::visit(Run(), *command));
  } catch (const std::system_error& error) {  // no descriptor, no thread, no memory left to begin with
    complain(std::string("sockscope: ") + error.what());
    return kNotPossible;
  }
}

}  // namespace sockscope::cli
