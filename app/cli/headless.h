#pragma once
// A session without a window, turned until what it was for is over.

#include <functional>
#include <string>
#include <string_view>

#include "cli/signals.h"
#include "session/session.h"

namespace sockscope::cli {

struct Ends {
  std::function<bool()> ended;    // by itself
  std::function<void()> stop;     // asks it to end
  std::function<bool()> stopped;  // nothing of it runs any more
};

// Until it has ended, a signal came or `most` has passed; then it is stopped, and with it every thread: those
// that do not come back are complained about. All that happened is in the trace then. Whether it had ended.
bool turn_until_ended(Session& session, std::string_view command, const Ends& ends, Signals& signals,
                      Time most);

// Both complain of what fails. An empty path: nothing is recorded.
bool begin_recording(Session& session, const std::string& path);
bool end_recording(Session& session, const std::string& path);

}  // namespace sockscope::cli
