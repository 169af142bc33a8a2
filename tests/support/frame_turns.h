#pragma once
// A Frame that lives as it does in its window's loop, without a window.

#include <functional>

#include "driver.h"
#include "gui/frame.h"
#include "trace/clock.h"

namespace sockscope::testing {

// Turns its session and draws until this is so; false: it was not within 20 s.
inline bool turn_until(Frame& frame, Driver& driver, const std::function<bool()>& so) {
  const Time end = now() + 20 * kSecond;
  while (!so()) {
    if (now() > end) return false;
    frame.tick();
    driver.frame();
    frame.session().wait(10 * kMillisecond);
  }
  driver.frame(2);
  return true;
}

}  // namespace sockscope::testing
