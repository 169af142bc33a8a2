// The frame's part of time: what its clock says, and how long a picture with clocks in it stays true.
#include <algorithm>

#include "gui/frame.h"
#include "trace/clock.h"

namespace sockscope {

Time Frame::clock() const {
  if (frozen) return *frozen;
  return session_->is_live() ? now() : session_->trace().end();
}

double Frame::clock_pitch() const {
  if (probe_.pending()) return 0.02;
  if (loading_ != nullptr) return 0.05;
  if (saving_ != nullptr) return 0.005;
  if (walk_ && walk_->looks()) return 0.05;
  if (!session_->is_live() || !view.follow) return -1;
  const auto& threads = session_->state().threads();
  const bool in_call = std::any_of(threads.begin(), threads.end(), [](const ThreadState& thread) {
    return thread.alive && !thread.calls.empty();
  });
  if (!in_call) return -1;
  const Time quiet = now() - last_growth_;
  return quiet < 5 * kSecond ? 0.25 : quiet < 60 * kSecond ? 1.0 : 60.0;
}

}  // namespace sockscope
