#include "cli/commands.h"
#include "gui/window.h"

namespace sockscope::cli {

int run_window_command(const WindowCommand& command) {
  WindowOptions options;
  options.file = command.file;
  return run_window(options);
}

}  // namespace sockscope::cli
