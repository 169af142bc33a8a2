#include "cli/headless.h"

#include <fmt/format.h>

#include "cli/output.h"
#include "trace/clock.h"

namespace sockscope::cli {

bool turn_until_ended(Session& session, std::string_view command, const Ends& ends, Signals& signals,
                      Time most) {
  constexpr Time kLongestStop = 5 * kSecond;
  const Time deadline = now() + most;
  while (!ends.ended() && signals.came() == 0 && now() < deadline) {
    session.tick();
    session.wait(100 * kMillisecond, signals.fd());
  }
  const bool in_time = ends.ended();
  ends.stop();
  const Time end = now() + kLongestStop;
  while (!ends.stopped() && now() < end) {
    session.tick();
    session.wait(10 * kMillisecond);
  }
  for (const std::string& name : session.stop())
    complain(fmt::format("sockscope {}: thread {} did not come back from its call", command, name));
  session.settle_trace();
  return in_time;
}

bool begin_recording(Session& session, const std::string& path) {
  if (path.empty()) return true;
  const auto begun = session.record_to(path);
  if (!begun) complain(begun.error().message);
  return bool(begun);
}

bool end_recording(Session& session, const std::string& path) {
  if (path.empty()) return true;
  const auto saved = session.end_recording();
  if (!saved) complain(saved.error().message);
  return bool(saved);
}

}  // namespace sockscope::cli
