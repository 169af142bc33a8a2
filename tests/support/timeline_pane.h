#pragma once
// The timeline pane with its keyboard, as a test drives it.

#include <string>

#include "pane_scene.h"
#include "panes/timeline_tools.h"

namespace sockscope::testing {

struct TimelinePaneScene : PaneScene {
  explicit TimelinePaneScene(Trace trace = two_clients_trace(), ImVec2 size = {1120, 410})
      : PaneScene(&draw_timeline, std::move(trace), size) {
    view.focus = sockscope::Pane::timeline;
    driver.frame(3);
  }
  TimelineTools& tools() { return tools_of(view); }
  double cursor_ms() { return static_cast<double>(view.cursor - trace().start()) / 1e6; }
  float x_of(double milliseconds) {
    const double all = static_cast<double>(trace().end() - trace().start());
    const auto axis = driver.need("timeline/axis");
    const double part = (milliseconds * 1e6 + all * 0.01) / (all * 1.15);
    return axis.min.x + (axis.max.x - axis.min.x) * static_cast<float>(part);
  }
  void search(const std::string& text) {
    driver.click("timeline/search");
    driver.frame(2);
    driver.type(text);
    driver.frame(2);
  }
};

}  // namespace sockscope::testing
