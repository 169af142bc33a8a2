#pragma once
// A trace with a cursor, as a pane sees it, and the driver that draws it.

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "driver.h"
#include "panes/panes.h"
#include "trace_builder.h"

namespace sockscope::testing {

class PaneScene {
 public:
  using DrawPane = void (*)(ui::Ui&, const Scene&, View&, Requests&, Rect);

  PaneScene(DrawPane pane, Trace trace, ImVec2 size)
      : driver([this, pane](ui::Ui& ui) { draw(ui, pane); }, size), trace_(std::move(trace)), size_(size) {
    view.first_run = false;
    view.follow = false;
    view.cursor = trace_.end();
    end_ = fold(trace_);
  }

  Driver driver;
  View view;
  Requests requests;
  bool live = false;
  Time now = 0;  // when live
  // What else a scene says.
  bool recording = false, playing = false;
  std::vector<LessonItem> lessons;
  std::string lesson_id, lesson_markdown, console_error, notice;
  std::optional<LessonShown> walk;
  std::vector<WaitingLine> waiting;
  const Grid* grid = nullptr;
  std::function<std::vector<CodeStatement>(std::uint64_t, std::size_t)> c_code;
  std::vector<std::string> reachable;
  std::optional<FolderListing> folder;
  std::vector<RecentFile> recent;
  std::optional<HeldPort> held_port;
  std::function<void(const Scene&, View&)> open;  // done once, before the next frame is drawn

  const Trace& trace() const { return trace_; }
  void replace_trace(Trace trace) {
    trace_ = std::move(trace);
    end_ = fold(trace_);
  }
  Time ms(double milliseconds) const { return trace_.start() + static_cast<Time>(milliseconds * 1e6); }
  PaneScene& at(double milliseconds) {
    view.cursor = ms(milliseconds);
    driver.frame(2);
    return *this;
  }

 private:
  void draw(ui::Ui& ui, DrawPane pane) {
    const Time latest = live ? std::max(now, trace_.end()) : trace_.end();
    if (view.follow) view.cursor = latest;
    const std::size_t seq = trace_.upto(view.cursor);
    const State state = fold(trace_, seq);
    const Scene scene{.trace = trace_,
                      .state = state,
                      .end = end_,
                      .cursor_seq = seq,
                      .cursor = view.cursor,
                      .start = trace_.start(),
                      .now = latest,
                      .live = live,
                      .recording = recording,
                      .playing = playing,
                      .file = {},
                      .lessons = lessons,
                      .lesson_id = lesson_id,
                      .lesson_markdown = lesson_markdown,
                      .walk = walk,
                      .waiting = waiting,
                      .console_error = console_error,
                      .notice = notice,
                      .reachable = reachable,
                      .grid = grid,
                      .c_code = c_code,
                      .folder = folder ? &*folder : nullptr,
                      .recent = recent,
                      .held_port = held_port};
    if (open) std::exchange(open, nullptr)(scene, view);
    pane(ui, scene, view, requests, {{0, 0}, size_});
  }

  Trace trace_;
  State end_;
  ImVec2 size_;
};

}  // namespace sockscope::testing
