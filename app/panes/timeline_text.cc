#include <algorithm>
#include <array>

#include "net/catalogue.h"
#include "panes/details.h"
#include "panes/details_call.h"
#include "panes/queue_seats.h"
#include "panes/stage_draw.h"
#include "panes/timeline_tools.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

struct BarCall {
  const event::CallEntered* entered = nullptr;
  const event::CallReturned* returned = nullptr;  // null: it is still inside
};

BarCall call_of(const TimelineFrame& frame, const TimelineBar& bar) {
  const ThreadLane* lane = frame.lanes.index.thread(frame.lanes.rows[bar.row].id);
  const Span& span = lane->calls[bar.first];
  const Trace& trace = frame.scene.trace;
  BarCall found;
  found.entered = std::get_if<event::CallEntered>(&trace[span.seq].body);
  if (span.value != 0 && span.value < trace.size() && !undecided(frame, bar)) {
    found.returned = std::get_if<event::CallReturned>(&trace[span.value].body);
  }
  return found;
}

Time length_of(const TimelineFrame& frame, const TimelineBar& bar) {
  const Span& span = frame.lanes.index.thread(frame.lanes.rows[bar.row].id)->calls[bar.first];
  const Time end = span.t1 == kOpen ? frame.window.now : span.t1;
  return (undecided(frame, bar) ? frame.scene.cursor : end) - span.t0;
}

Time blocked_for(const TimelineFrame& frame, const TimelineBar& bar) {
  const ThreadLane* lane = frame.lanes.index.thread(frame.lanes.rows[bar.row].id);
  return std::min(frame.window.now, frame.scene.cursor) -
         lane->calls.blocked_since(bar.first, frame.window.now);
}

std::string outcome(const TimelineFrame& frame, const BarCall& call) {
  if (call.returned == nullptr) return {};
  if (call.returned->timed_out) return "× timed out";
  if (call.returned->error != 0) return "× " + errno_name(call.returned->error);
  return "→ " + call_result(frame.scene.end, *call.entered, *call.returned);
}

// What one call's bar could say, longest first.
std::array<std::string, 3> sayings(const TimelineFrame& frame, const TimelineBar& bar) {
  const BarCall call = call_of(frame, bar);
  if (call.entered == nullptr) return {};
  const std::string name(info(call.entered->name).python);
  const std::string time = ui::duration_text(length_of(frame, bar));
  if (call.returned == nullptr) {
    if (bar.blocked_x < bar.x1 && !frame.past(bar.blocked_x)) {
      return {frame.ui.say("{0}, blocked {1}", name, ui::duration_text(blocked_for(frame, bar))),
              frame.ui.say("in {0}", name), name};
    }
    return {frame.ui.say("{0}, running {1}", name, time), name, name};
  }
  const std::string result = outcome(frame, call);
  if (call.returned->error != 0) return {name + " " + result + ", " + time, name + " " + result, result};
  return {name + " " + result + ", " + time, name + " " + result, name};
}

ImU32 word_colour(const TimelineFrame& frame, float x, ImU32 colour) {
  return frame.past(x) ? frame.ui.theme.ink3 : colour;
}

void words_inside(TimelineFrame& frame, const TimelineBar& bar) {
  const std::array<std::string, 3> says = sayings(frame, bar);
  const auto most = bar.text == BarText::all ? 0u : bar.text == BarText::result ? 1u : 2u;
  ImFont* font = frame.ui.fonts.mono_small;
  const float from = std::max(bar.x0, 0.0f) + frame.ui.px(7);
  const float end = undecided(frame, bar) ? frame.cursor_x : bar.x1;
  const float room = std::min(end, frame.plot.width()) - from - frame.ui.px(6);
  for (std::size_t i = most; i < says.size(); ++i) {
    const ImVec2 size = frame.ui.measure(font, says[i]);
    if (size.x > room && i + 1 < says.size()) continue;
    if (size.x > room) return;
    const float y = frame.row_y(bar.row) + frame.ui.px(1 + 8.5f) - size.y / 2;
    const ui::Theme& theme = frame.ui.theme;
    // Never on the hatch's lines: on a patch of its ground.
    if (bar.blocked_x < from + size.x) {
      const ImU32 ground = frame.past(from) ? theme.pane : theme.hatch_ground;
      frame.list()->AddRectFilled(
          {frame.x(from) - frame.ui.px(3), frame.row_y(bar.row) + frame.ui.px(2)},
          {frame.x(from) + size.x + frame.ui.px(3), frame.row_y(bar.row) + frame.ui.px(17)},
          failed(frame, bar) && !frame.past(from) ? theme.bad.tint : ground);
    }
    frame.ui.text({frame.x(from), y},
                  word_colour(frame, from, failed(frame, bar) ? theme.bad.text : theme.ink), font, says[i]);
    return;
  }
}

// Beside a bar too narrow for words, when the lane is free there.
void words_beside(TimelineFrame& frame, const TimelineBar& bar) {
  ImFont* font = frame.ui.fonts.mono_small;
  const float from = bar.x1 + frame.ui.px(5);
  const ThreadLane* lane = frame.lanes.index.thread(frame.lanes.rows[bar.row].id);
  float free = std::min(bar.x1 + bar.room, frame.plot.width());
  const float ended = lane->ended < 0 ? free : frame.window.x_of(lane->ended);
  if (ended > bar.x1) free = std::min(free, ended);
  if (!frame.past(bar.x1) && frame.cursor_x < frame.window.x_of(frame.window.now) - 1) {
    free = std::min(free, frame.cursor_x);
  }
  const float room = free - from - frame.ui.px(4);
  if (room < frame.ui.px(24)) return;
  std::array<std::string, 3> says;
  if (bar.count > 1) {
    says = {frame.ui.say("{0} calls", bar.count), fmt::format("{}", bar.count), {}};
  } else {
    const BarCall call = call_of(frame, bar);
    if (call.entered == nullptr) return;
    const std::string result = outcome(frame, call);
    says = {call_short(*call.entered) + (failed(frame, bar) || result.empty() ? "" : " ") +
                (failed(frame, bar) ? " " + result : result),
            failed(frame, bar) ? result : std::string(info(call.entered->name).python),
            {}};
    if (!failed(frame, bar) && info(call.entered->name).result == ResultKind::none)
      says[0] = call_short(*call.entered);
  }
  for (const std::string& words : says) {
    const ImVec2 size = frame.ui.measure(font, words);
    if (words.empty() || size.x > room) continue;
    const float y = frame.row_y(bar.row) + frame.ui.px(1 + 8.5f) - size.y / 2;
    const ui::Theme& theme = frame.ui.theme;
    frame.ui.text({frame.x(from), y},
                  word_colour(frame, bar.x0, failed(frame, bar) ? theme.bad.text : theme.ink2), font, words);
    return;
  }
}

void name_band(TimelineFrame& frame, const TimelineBand& band) {
  const SocketState* plain = without_states(frame, band);
  if (!band.last || (band.state == TcpState::not_known && plain == nullptr)) return;
  ImFont* font = frame.ui.fonts.mono_small;
  // What ended is CLOSED, where the kernel said so; the state before it is the last with a band.
  const SocketLane* lane = frame.lanes.index.socket(frame.lanes.rows[band.row].id);
  const SocketState* at_end = frame.scene.end.socket(lane->id);
  const bool ended = !lane->states.is_open() && at_end != nullptr && at_end->state == TcpState::CLOSED;
  const TcpState state = ended ? TcpState::CLOSED : band.state;
  const std::string name = plain != nullptr ? state_text(*plain) : std::string(name_of(state));
  const ImVec2 size = frame.ui.measure(font, name);
  const float x = std::min(band.x1 + frame.ui.px(6), frame.plot.width() - size.x - frame.ui.px(2));
  if (x < 0) return;
  const float y = frame.row_y(band.row) + frame.ui.px(6) - size.y / 2;
  const ui::Theme& theme = frame.ui.theme;
  if (x < band.x1) {
    frame.list()->AddRectFilled({frame.x(x) - frame.ui.px(4), y}, {frame.plot.max.x, y + size.y}, theme.pane);
  }
  frame.ui.text({frame.x(x), y},
                word_colour(frame, band.x1 - 1, theme.state_text[static_cast<std::size_t>(state)]), font,
                name);
}

void name_limit(TimelineFrame& frame, std::size_t i) {
  const TimelineRow& row = frame.lanes.rows[i];
  const SocketLane* lane = frame.lanes.index.socket(row.id);
  if (lane->queue.empty()) return;
  const float x = std::max(0.0f, frame.window.x_of(lane->queue[0].t0)) + frame.ui.px(4);
  const std::string words =
      frame.ui.say("limit {0} = backlog {1} + 1", std::uint64_t{lane->limit} + 1, lane->limit);
  const ImVec2 size = frame.ui.measure(frame.ui.fonts.small, words);
  if (x + size.x > frame.plot.width()) return;
  frame.ui.text({frame.x(x), frame.row_y(i) + frame.ui.px(12) - size.y},
                word_colour(frame, x, frame.ui.theme.bad.text), frame.ui.fonts.small, words);
}

void label(TimelineFrame& frame, std::size_t i, std::string_view name, ImFont* font, std::string_view kind,
           float height) {
  const ui::Theme& theme = frame.ui.theme;
  const Rect box{{frame.labels.min.x, frame.row_y(i)},
                 {frame.labels.max.x, frame.row_y(i) + frame.ui.px(height)}};
  // The name comes first: what kind of lane it is goes when there is no room for both.
  if (frame.ui.measure(font, name).x > box.width()) font = frame.ui.fonts.small;
  const float wanted = frame.ui.measure(font, name).x + frame.ui.measure(frame.ui.fonts.small, kind).x;
  const bool both = wanted + frame.ui.px(6) <= box.width();
  const ImVec2 kind_size = both ? frame.ui.measure(frame.ui.fonts.small, kind) : ImVec2{0, 0};
  const Rect left{box.min, {box.max.x - kind_size.x - (both ? frame.ui.px(6) : 0), box.max.y}};
  text_in(frame.ui, left, theme.ink, font, name);
  if (both) text_in(frame.ui, box, theme.ink3, frame.ui.fonts.small, kind, Align::right);
}

void label_thread(TimelineFrame& frame, std::size_t i) {
  const ThreadLane& lane = *frame.lanes.index.thread(frame.lanes.rows[i].id);
  std::string name = lane.name.empty() ? frame.ui.say("thread {0}", lane.id) : lane.name;
  const bool many = lane.sockets.size() > kMostSockets;
  label(frame, i, name, frame.ui.fonts.name,
        many ? frame.ui.say("{0} of {1} sockets", kMostSockets, lane.sockets.size()) : frame.ui.say("thread"),
        19);
}

void label_socket(TimelineFrame& frame, std::size_t i) {
  const SocketId id = frame.lanes.rows[i].id;
  const SocketState* socket = frame.scene.end.socket(id);
  const SocketLane* lane = frame.lanes.index.socket(id);
  std::string name = lane->name;
  if (name.empty() && lane->listened) name = frame.ui.say("listener");
  if (name.empty() && socket != nullptr && socket->peer.known()) name = fmt::format(":{}", socket->peer.port);
  label(frame, i, name, frame.ui.fonts.small, frame.ui.say("socket #{0}", id), 12);
}

void label_group(TimelineFrame& frame, std::size_t i) {
  const LaneGroup& group = frame.lanes.index.groups()[frame.lanes.rows[i].id];
  const ServerState* server = frame.scene.end.server(group.name);
  const float y = frame.row_y(i);
  const Rect box{{frame.labels.min.x, y}, {frame.plot.max.x, y + frame.lanes.rows[i].height}};
  // On a patch of its own: the axis' lines run through the lanes.
  const float high = frame.lanes.rows[i].height;
  frame.list()->AddRectFilled({box.min.x, y + frame.ui.px(2)},
                              {frame.plot.min.x + frame.ui.px(120), y + high}, frame.ui.theme.pane);
  const float used = text_in(frame.ui, box, frame.ui.theme.ink, frame.ui.fonts.name, group.name).x;
  if (server == nullptr || server->model.empty()) return;
  const Rect rest{{box.min.x + used + frame.ui.px(10), box.min.y}, box.max};
  text_in(frame.ui, rest, frame.ui.theme.ink2, frame.ui.fonts.small,
          frame.ui.say("{0} server at {1}", server->model, to_text(server->address)));
}

void label_queue(TimelineFrame& frame, std::size_t i) {
  const float y = frame.row_y(i) + frame.ui.px(14);
  const std::string whole = frame.ui.say("accept queue");
  const bool narrow = frame.ui.measure(frame.ui.fonts.label, whole).x > frame.labels.width();
  const Rect upper{{frame.labels.min.x, y}, {frame.labels.max.x, y + frame.ui.px(15)}};
  text_in(frame.ui, upper, frame.ui.theme.ink, frame.ui.fonts.label, narrow ? frame.ui.say("queue") : whole);
  const SocketState* socket = frame.scene.state.socket(frame.lanes.rows[i].id);
  if (socket == nullptr) return;
  const std::uint32_t taken = queue_taken(*socket), limit = queue_limit(*socket);
  text_in(frame.ui, {{upper.min.x, upper.max.y}, {upper.max.x, upper.max.y + frame.ui.px(15)}},
          taken > limit ? frame.ui.theme.bad.text : frame.ui.theme.ink2, frame.ui.fonts.small,
          frame.ui.say("{0} of {1} seats", taken, std::uint64_t{limit} + 1));
}

}  // namespace

void paint_labels(TimelineFrame& frame) {
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    switch (frame.lanes.rows[i].kind) {
      case TimelineRow::Kind::group:
        label_group(frame, i);
        break;
      case TimelineRow::Kind::thread:
        label_thread(frame, i);
        break;
      case TimelineRow::Kind::socket:
        label_socket(frame, i);
        break;
      case TimelineRow::Kind::queue:
        label_queue(frame, i);
        break;
      case TimelineRow::Kind::folded:
      case TimelineRow::Kind::folded_host:
        label_folded_group(frame, i);
        break;
      case TimelineRow::Kind::host:
        label_host(frame, i);
        break;
    }
  }
}

void paint_words(TimelineFrame& frame) {
  for (const TimelineBar& bar : frame.layout.bars) {
    if (bar.text != BarText::none) {
      words_inside(frame, bar);
    } else {
      words_beside(frame, bar);
    }
  }
  for (const TimelineBand& band : frame.layout.bands) name_band(frame, band);
  for (std::size_t i = frame.first_row; i < frame.end_row; ++i) {
    if (frame.lanes.rows[i].kind == TimelineRow::Kind::queue) name_limit(frame, i);
  }
}

void paint_axis(TimelineFrame& frame, const Axis& axis) {
  const ui::Theme& theme = frame.ui.theme;
  ImFont* font = frame.ui.fonts.mono_small;
  frame.list()->AddRectFilled({frame.where.min.x, frame.axis_y},
                              {frame.where.max.x, frame.axis_y + theme.hairline}, theme.line2);
  for (const AxisMark& mark : axis.marks) {
    const ImVec2 size = frame.ui.measure(font, mark.label);
    const float x = frame.window.x_of(mark.at + frame.scene.start);
    const float left = x - size.x / 2;
    const bool under_flag = std::abs(x - frame.cursor_x) < size.x / 2 + frame.ui.px(40);
    if (under_flag || left < -frame.ui.px(20) || left + size.x > frame.plot.width() + frame.ui.px(10))
      continue;
    frame.ui.text({frame.x(left), frame.axis_y - frame.ui.px(12) - size.y / 2}, theme.ink2, font, mark.label);
  }
}

// Expectations and notices stand on the axis.
void paint_marks(TimelineFrame& frame) {
  const ui::Theme& theme = frame.ui.theme;
  for (const TimelineTick& mark : frame.layout.marks) {
    const ImVec2 centre{frame.x(mark.x), frame.axis_y};
    const float alpha = frame.past(mark.x) ? 0.5f : 1;
    const bool notice = mark.kind == static_cast<std::uint8_t>(MarkKind::notice);
    if (notice) {
      frame.list()->AddCircleFilled(centre, frame.ui.px(3), faded(theme.warn.fill, alpha));
    } else if (mark.failed) {
      ui::cross(frame.list(), centre, frame.ui.px(4), faded(theme.bad.fill, alpha), frame.ui.px(2));
    } else {
      ui::tick(frame.list(), centre, frame.ui.px(4), faded(theme.ok.fill, alpha), frame.ui.px(2));
    }
  }
}

const SocketState* without_states(const TimelineFrame& frame, const TimelineBand& band) {
  const SocketState* socket = frame.scene.end.socket(frame.lanes.rows[band.row].id);
  return socket == nullptr || is_tcp(*socket) ? nullptr : socket;
}

std::string bar_tooltip(const TimelineFrame& frame, const TimelineBar& bar) {
  if (bar.count > 1) return frame.ui.say("{0} calls, too close to tell apart here. Zoom in.", bar.count);
  const BarCall call = call_of(frame, bar);
  if (call.entered == nullptr) return {};
  const Span& span = frame.lanes.index.thread(frame.lanes.rows[bar.row].id)->calls[bar.first];
  const std::string took = ui::duration_text(length_of(frame, bar));
  std::string text = call_source(frame.scene.end, *call.entered) + " " + outcome(frame, call) + "\n" +
                     frame.ui.say("at {0}, {1} long", ui::duration_text(span.t0 - frame.scene.start), took) +
                     "\n";
  if (call.returned != nullptr && call.returned->error != 0) {
    return text + python_error(*call.returned);
  }
  const std::string waits = waiting_words(frame.ui, frame.scene.state, call.entered->thread);
  if (call.returned == nullptr && !waits.empty()) return text + waits;
  return text + std::string(frame.ui.tr(info(call.entered->name).does));
}

std::string band_tooltip(const TimelineFrame& frame, const TimelineBand& band) {
  const SocketLane* lane = frame.lanes.index.socket(frame.lanes.rows[band.row].id);
  const Span& span = lane->states[band.first + band.count - 1];
  const Time end = span.t1 == kOpen ? frame.window.now : span.t1;
  const SocketState* plain = without_states(frame, band);
  const std::string state = plain != nullptr ? state_text(*plain) : std::string(name_of(band.state));
  std::string text = frame.ui.say("socket #{0}: {1}", lane->id, state) + "\n" +
                     frame.ui.say("at {0}, {1} long", ui::duration_text(span.t0 - frame.scene.start),
                                  ui::duration_text(end - span.t0));
  const auto* changed = std::get_if<event::StateChanged>(&frame.scene.trace[span.seq].body);
  if (changed == nullptr || plain != nullptr) return text;
  return text + "\n" + frame.ui.say("How it is known: {0}", how_words(frame.ui, changed->how));
}

std::string drop_tooltip(const TimelineFrame& frame, const TimelineTick& drop) {
  const Body& body = frame.scene.trace[drop.seq].body;
  if (const auto* full = std::get_if<event::ListenerSampled>(&body)) {
    return frame.ui.say("By here the kernel had dropped {0} SYNs for this queue.", full->drops);
  }
  const auto* lost = std::get_if<event::QueuesSampled>(&body);
  return lost == nullptr ? std::string()
                         : frame.ui.say("By here {0} datagrams had found no room.", lost->drops);
}

}  // namespace sockscope
