#include <algorithm>

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

}  // namespace

Time last_deadline(const State& state) {
  Time last = -1;
  for (const ThreadState& thread : state.threads()) last = std::max(last, deadline_at(thread));
  return last;
}

void paint_deadlines(TimelineFrame& frame) {
  const ui::Theme& theme = frame.ui.theme;
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    const TimelineRow& row = frame.lanes.rows[i];
    const ThreadState* thread =
        row.kind == TimelineRow::Kind::thread ? frame.scene.state.thread(row.id) : nullptr;
    const Time deadline = thread == nullptr ? -1 : deadline_at(*thread);
    if (deadline < 0) continue;
    const float x = frame.window.x_of(deadline), width = frame.plot.width();
    const float from = std::max(frame.cursor_x, 0.0f);
    if (x <= from || from >= width) continue;
    const float y0 = frame.row_y(i) + frame.ui.px(1), y1 = y0 + frame.ui.px(17), y = (y0 + y1) / 2;
    ui::dashed_line(frame.list(), {frame.x(from), y}, {frame.x(std::min(x, width)), y}, theme.warn.fill,
                    frame.ui.px(1.5f), frame.ui.px(2), frame.ui.px(4));
    const std::string words =
        frame.ui.say("times out in {0}", ui::duration_text(deadline - frame.scene.cursor));
    const ImVec2 size = frame.ui.measure(frame.ui.fonts.small, words);
    if (x < width) {
      frame.list()->AddRectFilled({frame.x(x) - frame.ui.px(1), y0}, {frame.x(x) + frame.ui.px(1), y1},
                                  theme.warn.fill);
    }
    const float right = frame.x(std::min(x, width)) - frame.ui.px(6);
    if (right - size.x < frame.x(from) + frame.ui.px(6)) continue;
    frame.list()->AddRectFilled({right - size.x - frame.ui.px(3), y0}, {right + frame.ui.px(3), y1},
                                theme.paper);
    frame.ui.text({right - size.x, y - size.y / 2}, theme.warn.text, frame.ui.fonts.small, words);
  }
}

}  // namespace sockscope
