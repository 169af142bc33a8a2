#include <algorithm>
#include <array>

#include "panes/clock_wake.h"
#include "panes/kernel_words.h"
#include "panes/timeline.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

// The call itself, not one it is made of: its deadline is the one the learner set.
Time deadline_at(const ThreadState& thread) {
  Time nearest = -1;
  for (const OpenCall& call : thread.calls) {
    if (call.deadline >= 0 && (nearest < 0 || call.deadline < nearest)) nearest = call.deadline;
  }
  return thread.alive ? nearest : -1;
}

// From `from` dotted to when it comes, with the longest words that fit before the end; both in the plot's
// pixels. What comes later than is shown goes to the plot's edge.
void foretell(TimelineFrame& frame, float from, Time at, float y, float high,
              const std::array<std::string, 2>& says, const ui::Tone& tone) {
  const float x = frame.window.x_of(at), width = frame.plot.width();
  from = std::max(from, 0.0f);
  if (x <= from || from >= width) return;
  const float end = std::min(x, width);
  ui::dashed_line(frame.list(), {frame.x(from), y}, {frame.x(end), y}, tone.fill, frame.ui.px(1.5f),
                  frame.ui.px(2), frame.ui.px(4));
  if (x < width) {
    frame.list()->AddRectFilled({frame.x(x) - frame.ui.px(1), y - high / 2},
                                {frame.x(x) + frame.ui.px(1), y + high / 2}, tone.fill);
  }
  for (const std::string& words : says) {
    const ImVec2 size = frame.ui.measure(frame.ui.fonts.small, words);
    float left = frame.x(end) - frame.ui.px(6) - size.x;
    if (left < frame.x(from) + frame.ui.px(6)) left = frame.x(end) + frame.ui.px(6);
    if (left + size.x > frame.plot.max.x) continue;
    frame.list()->AddRectFilled({left - frame.ui.px(3), y - high / 2},
                                {left + size.x + frame.ui.px(3), y + high / 2}, frame.ui.theme.paper);
    frame.ui.text({left, y - size.y / 2}, tone.text, frame.ui.fonts.small, words);
    return;
  }
}

// What the kernel will do by itself, on the row of the socket's states; its state's name stands first.
void foretell_timer(TimelineFrame& frame, std::size_t row, const SocketState& socket) {
  if (!timer_tells(socket) || socket.timer_ends <= frame.scene.cursor) return;
  const bool forgets = socket.timer == Timer::time_wait;
  const auto state = static_cast<std::size_t>(socket.state);
  const ui::Tone tone = forgets
                            ? ui::Tone{frame.ui.theme.state_fill[state], frame.ui.theme.state_text[state], 0}
                            : frame.ui.theme.warn;
  const float now = frame.window.x_of(frame.window.now);
  float from = frame.cursor_x;
  if (frame.window.x_of(socket.timer_ends) > now) {
    const SocketState* last = frame.scene.end.socket(socket.id);
    if (last != nullptr && last->state != socket.state) return;  // it did not come to that
    const std::string_view name = name_of(last == nullptr ? socket.state : last->state);
    from = std::max(from, now) + frame.ui.measure(frame.ui.fonts.mono_small, name).x + frame.ui.px(10);
  }
  foretell(frame, from, socket.timer_ends, frame.row_y(row) + frame.ui.px(6), frame.ui.px(11),
           {timer_words(frame.ui, socket, frame.scene.cursor), timer_left_text(socket, frame.scene.cursor)},
           tone);
  wake_for_timer(frame.ui, frame.scene, frame.view, socket, frame.scene.cursor);
}

}  // namespace

// TIME_WAIT's end is a minute away: it is shown as far as the plot goes, and the plot does not grow for it.
Time last_deadline(const State& state) {
  Time last = -1;
  for (const ThreadState& thread : state.threads()) last = std::max(last, deadline_at(thread));
  for (const SocketState& socket : state.sockets()) {
    if (socket.open && socket.timer != Timer::time_wait && timer_tells(socket)) {
      last = std::max(last, socket.timer_ends);
    }
  }
  return last;
}

void paint_deadlines(TimelineFrame& frame) {
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow& row = frame.lanes.rows[i];
    if (row.kind == TimelineRow::Kind::socket) {
      const SocketState* socket = frame.scene.state.socket(row.id);
      if (socket != nullptr) foretell_timer(frame, i, *socket);
      continue;
    }
    const ThreadState* thread =
        row.kind == TimelineRow::Kind::thread ? frame.scene.state.thread(row.id) : nullptr;
    const Time deadline = thread == nullptr ? -1 : deadline_at(*thread);
    if (deadline < 0) continue;
    const std::string left = ui::duration_text(deadline - frame.scene.cursor);
    foretell(frame, frame.cursor_x, deadline, frame.row_y(i) + frame.ui.px(9.5f), frame.ui.px(17),
             {frame.ui.say("times out in {0}", left), left}, frame.ui.theme.warn);
  }
}

}  // namespace sockscope
