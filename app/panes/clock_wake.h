#pragma once
#include "panes/panes.h"

namespace sockscope {

// A clock shows how long something has lasted: asks for the next frame. Four a second for 5 seconds, one a
// second for the first minute, then one a minute, so that a thread blocked for an hour costs nothing.
inline void wake_for_clock(ui::Ui& ui, const Scene& scene, const View& view, Time lasted) {
  if (!scene.live || !view.follow) return;
  ui.wake(lasted < 5'000'000'000 ? 0.25f : lasted < 60'000'000'000 ? 1.0f : 60.0f);
}

// The same for a clock that counts down; what has run out waits for the kernel's word.
inline void wake_for_countdown(ui::Ui& ui, const Scene& scene, const View& view, Time left) {
  if (left > 0) wake_for_clock(ui, scene, view, left);
}

// A countdown in whole seconds: due when it shows the next one, so once a second and no more.
inline void wake_for_seconds(ui::Ui& ui, Time left) {
  if (left > 0) ui.wake(static_cast<float>((left - 1) % 1'000'000'000 + 1'000'000) / 1e9f);
}

// Of a socket's timer, as kernel_words.h words it.
inline void wake_for_timer(ui::Ui& ui, const Scene& scene, const View& view, const SocketState& socket,
                           Time now) {
  if (socket.timer != Timer::time_wait) return wake_for_countdown(ui, scene, view, socket.timer_ends - now);
  if (scene.live && view.follow) wake_for_seconds(ui, socket.timer_ends - now);
}

}  // namespace sockscope
