// Places a person marked: flags on the axis, named by what happens there.
#include <algorithm>

#include "panes/details_call.h"
#include "panes/packet_look.h"
#include "panes/timeline_tools.h"
#include "ui/draw.h"

namespace sockscope {
namespace bookmarks {

constexpr std::size_t kLook = 2'000;  // events looked back at for a name

std::string thread_name(const TimelineIndex& index, ThreadId id) {
  const ThreadLane* lane = index.thread(id);
  return lane == nullptr || lane->name.empty() ? fmt::format("#{}", id) : lane->name;
}

// Of the call it is the end of; of one inside another, the outer one.
std::string of_return(const Scene& scene, const TimelineIndex& index, const event::CallReturned& returned,
                      std::uint32_t seq) {
  const std::string who = thread_name(index, returned.thread);
  const ThreadLane* lane = index.thread(returned.thread);
  const std::size_t span = lane == nullptr ? 0 : lane->calls.before(seq);
  if (lane == nullptr || span >= lane->calls.size()) return who;
  const auto* entered = std::get_if<event::CallEntered>(&scene.trace[lane->calls[span].seq].body);
  if (entered == nullptr) return who;
  const std::string call = who + ": " + call_short(*entered);
  if (entered->call != returned.call) return call;
  if (returned.error != 0)
    return who + ": " + std::string(info(entered->name).python) + " × " + errno_name(returned.error);
  return call + " → " + call_result(scene.end, *entered, returned);
}

// Empty: nothing that has a name.
std::string of_event(const Scene& scene, const TimelineIndex& index, std::size_t seq) {
  const Event& event = scene.trace[seq];
  if (const auto* returned = std::get_if<event::CallReturned>(&event.body))
    return of_return(scene, index, *returned, static_cast<std::uint32_t>(seq));
  if (const auto* entered = std::get_if<event::CallEntered>(&event.body))
    return thread_name(index, entered->thread) + ": " + call_short(*entered);
  if (const auto* changed = std::get_if<event::StateChanged>(&event.body)) {
    const SocketLane* lane = index.socket(changed->socket);
    const bool named = lane != nullptr && !lane->name.empty();
    return (named ? lane->name : fmt::format("#{}", changed->socket)) + ": " +
           std::string(name_of(changed->to));
  }
  if (const auto* line = std::get_if<event::LineStarted>(&event.body))
    return thread_name(index, line->thread) + ": " + std::string(line->text.view());
  if (const auto* sent = std::get_if<event::PacketSent>(&event.body)) {
    const PacketState* packet = scene.end.packets().find(sent->packet);
    return packet == nullptr ? std::string() : packet_gist(*packet);
  }
  return {};
}

// Pole and pennant.
void flag(TimelineFrame& frame, float x, ImU32 colour) {
  const float top = frame.axis_y - frame.ui.px(19), bottom = frame.axis_y;
  frame.list()->AddRectFilled({x - frame.ui.px(0.75f), top}, {x + frame.ui.px(0.75f), bottom}, colour);
  frame.list()->AddTriangleFilled({x, top}, {x + frame.ui.px(9), top + frame.ui.px(4)},
                                  {x, top + frame.ui.px(8)}, colour);
}

}  // namespace bookmarks

std::string bookmark_name(const Scene& scene, const TimelineIndex& index, const Bookmark& bookmark) {
  const std::size_t end = std::min<std::size_t>(bookmark.seq, scene.trace.size());
  for (std::size_t i = end; i > 0 && end - i < bookmarks::kLook; --i) {
    const std::string name = bookmarks::of_event(scene, index, i - 1);
    if (!name.empty()) return name;
  }
  return {};
}

namespace bookmarks {

std::string named(const ui::Ui& ui, const Scene& scene, const TimelineIndex& index, const Bookmark& one) {
  const std::string name = bookmark_name(scene, index, one);
  return name.empty() ? std::string(ui.tr("before the first call")) : name;
}

}  // namespace bookmarks

void toggle_bookmark(View& view, const Scene& scene) {
  std::vector<Bookmark>& all = tools_of(view).bookmarks;
  const auto found = std::lower_bound(all.begin(), all.end(), scene.cursor,
                                      [](const Bookmark& one, Time t) { return one.at < t; });
  if (found != all.end() && found->at == scene.cursor) {
    all.erase(found);
  } else {
    all.insert(found, {scene.cursor, static_cast<std::uint32_t>(scene.cursor_seq)});
  }
}

void next_bookmark(View& view, const Scene& scene) {
  const std::vector<Bookmark>& all = tools_of(view).bookmarks;
  if (all.empty()) return;
  const auto after = std::upper_bound(all.begin(), all.end(), scene.cursor,
                                      [](Time t, const Bookmark& one) { return t < one.at; });
  go_to_time(view, scene, after == all.end() ? all.front().at : after->at);
}

void paint_bookmarks(TimelineFrame& frame) {
  const std::vector<Bookmark> all = tools_of(frame.view).bookmarks;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const float in_plot = frame.window.x_of(all[i].at);
    if (in_plot < 0 || in_plot > frame.plot.width()) continue;
    const float x = frame.x(in_plot);
    const std::string key = fmt::format("bookmark-{}", i);
    const bool pressed = frame.ui.area(key.c_str(), {x - frame.ui.px(3), frame.axis_y - frame.ui.px(20)},
                                       {x + frame.ui.px(10), frame.axis_y});
    const bool over = ImGui::IsItemHovered();
    if (over)
      frame.ui.tooltip(ui::duration_text(all[i].at - frame.scene.start) + "\n" +
                       bookmarks::named(frame.ui, frame.scene, frame.lanes.index, all[i]));
    if (pressed) go_to_time(frame.view, frame.scene, all[i].at);
    bookmarks::flag(frame, x, over ? frame.ui.theme.accent.fill : frame.ui.theme.ink);
  }
}

void draw_bookmark_list(TimelineFrame& frame) {
  TimelineTools& tools = tools_of(frame.view);
  if (tools.bookmarks.empty()) tools.listing = false;
  if (!tools.listing) return;
  ui::Ui& ui = frame.ui;
  const float pitch = ui.px(24), pad = ui.px(8);
  const float most = std::max(pitch, frame.plot.height() - 2 * pad - ui.px(40));
  const auto rows = std::min(tools.bookmarks.size(), static_cast<std::size_t>(most / pitch));
  const float wide = std::min(ui.px(420), frame.plot.width() - ui.px(16));
  const Rect box = rect(frame.plot.max.x - wide - ui.px(8), frame.axis_y + ui.px(8), wide,
                        pitch * static_cast<float>(rows) + 2 * pad);
  frame.list()->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  frame.list()->AddRect(box.min, box.max, ui.theme.line2, ui.px(4), 0, ui.theme.hairline);
  const std::vector<Bookmark> all = tools.bookmarks;
  for (std::size_t i = 0; i < rows; ++i) {
    const Rect row =
        rect(box.min.x + ui.px(4), box.min.y + pad + pitch * static_cast<float>(i), wide - ui.px(8), pitch);
    const std::string key = fmt::format("listed-{}", i);
    if (ui.area(key.c_str(), row.min, row.max)) go_to_time(frame.view, frame.scene, all[i].at);
    if (ImGui::IsItemHovered()) frame.list()->AddRectFilled(row.min, row.max, ui.theme.hover, ui.px(3));
    const bool here = all[i].at == frame.scene.cursor;
    text_in(ui, {{row.min.x + ui.px(8), row.min.y}, {row.min.x + ui.px(84), row.max.y}},
            here ? ui.theme.accent.text : ui.theme.ink2, ui.fonts.mono_small,
            ui::duration_text(all[i].at - frame.scene.start));
    text_in(ui, {{row.min.x + ui.px(92), row.min.y}, {row.max.x - ui.px(8), row.max.y}}, ui.theme.ink,
            ui.fonts.mono_small, bookmarks::named(ui, frame.scene, frame.lanes.index, all[i]));
  }
}

}  // namespace sockscope
