#include "cli/commands.h"
#include "cli/signals.h"
#include "gui/window.h"

namespace sockscope::cli {

int run_window_command(const WindowCommand& command) {
  WindowOptions options;
  options.file = command.file;
  Signals signals;
  options.stop_fd = signals.fd();
  options.stop = [&signals] { return signals.came() != 0; };
  return signals.exit_code(run_window(options));
}

}  // namespace sockscope::cli
