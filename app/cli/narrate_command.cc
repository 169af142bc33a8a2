#include "cli/commands.h"
#include "cli/narrator.h"
#include "cli/output.h"
#include "session/open_file.h"
#include "trace/recording.h"

namespace sockscope::cli {

int run_narrate(const NarrateCommand& command) {
  const auto found = find_file(command.file, "en");
  if (!found) {
    complain(found.error());
    return kBadInput;
  }
  const auto trace = load_recording(found->kind == FileArgument::Kind::lesson ? command.file : found->path);
  if (!trace) {
    complain(trace.error().message);
    return kBadInput;
  }
  Narrator narrator;
  narrator.follow(*trace);
  return kDone;
}

}  // namespace sockscope::cli
