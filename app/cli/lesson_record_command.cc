#include "cli/commands.h"
#include "cli/output.h"
#include "gui/as_lesson.h"
#include "trace/recording.h"

namespace sockscope::cli {

int run_lesson_record(const LessonRecordCommand& command) {
  const auto trace = load_recording(command.recording);
  if (!trace) {
    complain(trace.error().message);
    return kBadInput;
  }
  State end;
  for (std::size_t seq = 0; seq < trace->size(); ++seq) end.apply((*trace)[seq], seq);
  const std::string block = play_block(*trace, end);
  if (block.empty()) {
    complain(command.recording + ": no line was run in it");
    return kFailed;
  }
  say(block);
  return kDone;
}

}  // namespace sockscope::cli
