// The ladder: one connection's packets between its two ends, time running down.

#include "explain/ladder.h"

#include <fmt/format.h>

#include <algorithm>

#include "panes/frame.h"
#include "panes/keys.h"
#include "panes/packet_draw.h"
#include "panes/scroll.h"
#include "panes/stage_draw.h"
#include "panes/states_walk.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr float kPitch = 30, kTop = 16, kTimeWide = 84, kStateWide = 130;

struct LadderFrame {
  ui::Ui& ui;
  const Scene& scene;
  View& view;
  const Ladder& ladder;
  ImDrawList* list;
  float left, right, top;  // the two lines, and where the first moment is

  float y(std::size_t moment) const { return top + ui.px(kPitch) * static_cast<float>(moment); }
  float y_of(Time at) const { return top + ui.px(kPitch) * static_cast<float>(ladder_step(ladder, at)); }
};

std::string end_words(const Scene& scene, HostId host, SocketId socket, const Address& end) {
  const HostState* known = scene.state.host(host);
  std::string words = known == nullptr ? std::string() : known->name;
  if (socket != 0) words += (words.empty() ? "" : ": ") + short_label(scene.state, socket);
  return words + "  " + to_text(end);
}

std::string numbers_of(const PacketState& packet) {
  std::string text = fmt::format("seq {}", packet.seq);
  if ((packet.header.flags & kAck) != 0) text += fmt::format("  ack {}", packet.ack);
  return text;
}

void draw_arrow(LadderFrame& frame, const LadderArrow& arrow) {
  ui::Ui& ui = frame.ui;
  const PacketState* packet = frame.scene.state.packets().find(arrow.packet);
  if (packet == nullptr) return;
  const PacketLook look = packet_look(ui.theme, *packet);
  const float from = arrow.to_right ? frame.left : frame.right;
  const float to = arrow.to_right ? frame.right : frame.left;
  const Time now = frame.scene.cursor;
  const bool arrived = packet->place == PacketPlace::arrived && packet->ended <= now;
  const bool dropped = packet->place == PacketPlace::dropped && packet->ended <= now;
  const float way = arrived ? 1.0f : packet_way(*packet, now);
  const ImVec2 begin{from, frame.y(arrow.begins)};
  const ImVec2 end{from + (to - from) * way, frame.y(arrow.ends)};
  draw_packet_arrow(frame.list, ui, begin, end, look, dropped);
  const std::string gist = packet_label(ui, *packet);
  const std::string label =
      packet->place == PacketPlace::held ? gist + ", " + std::string(ui.tr("held")) : gist;
  const float wide = std::abs(to - from);
  const std::string whole = label + "   " + numbers_of(*packet);
  const std::string& words = ui.measure(ui.fonts.mono, whole).x < wide * way * 0.8f ? whole : label;
  const ImVec2 size = ui.measure(ui.fonts.mono, words);
  // Half way of what is drawn: one that ends on the wire has its words where no other's are.
  const float middle = (begin.x + end.x) / 2, at_middle = (begin.y + end.y) / 2;
  const ImVec2 at{middle - size.x / 2, at_middle - size.y - ui.px(2)};
  const Rect box{{at.x - ui.px(3), at.y}, {at.x + size.x + ui.px(3), at.y + size.y}};
  frame.list->AddRectFilled(box.min, box.max, ui.theme.pane);
  ui.text(at, dropped ? ui.theme.bad.text : ui.theme.ink, ui.fonts.mono, words);
  const Selection its{Selection::Kind::packet, packet->id, 0};
  if (ui.area(("packet-" + std::to_string(packet->id)).c_str(), box.min, box.max)) frame.view.selection = its;
  if (frame.view.selection == its)
    frame.list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(3), 0, ui.px(2));
}

// Times at the left: of each moment an arrow leaves or arrives at, as far as they do not overlap.
void draw_times(LadderFrame& frame, float x) {
  for (std::size_t i = 0; i < frame.ladder.moments.size(); ++i) {
    const double seconds = static_cast<double>(frame.ladder.moments[i] - frame.scene.start) / 1e9;
    const std::string text = fmt::format("{:.4f} s", seconds);
    const float y = frame.y(i);
    frame.list->AddLine({frame.left - frame.ui.px(4), y}, {frame.left, y}, frame.ui.theme.line2,
                        frame.ui.px(1));
    frame.ui.text({x, y - frame.ui.line_height(frame.ui.fonts.label) / 2}, frame.ui.theme.ink3,
                  frame.ui.fonts.label, text);
  }
}

void draw_states_of(LadderFrame& frame, SocketId socket, bool at_left) {
  if (socket == 0 || !frame.view.states) return;
  ui::Ui& ui = frame.ui;
  float free_from = -1e9f;
  for (const WalkStep& step : frame.view.states->steps(socket, frame.scene.state.next())) {
    if (step.to == TcpState::not_known || step.tried) continue;
    const auto index = static_cast<std::size_t>(step.to);
    float y = frame.y_of(step.at) - ui.line_height(ui.fonts.label) / 2;
    y = std::max(y, free_from);
    free_from = y + ui.line_height(ui.fonts.label);
    const std::string name(name_of(step.to));
    const float wide = ui.measure(ui.fonts.label, name).x;
    const float x = at_left ? frame.left - wide - ui.px(26) : frame.right + ui.px(26);
    ui::state_glyph(
        frame.list, ui,
        {at_left ? frame.left - ui.px(14) : frame.right + ui.px(14), y + ui.line_height(ui.fonts.label) / 2},
        ui.px(6), step.to);
    ui.text({x, y}, ui.theme.state_text[index], ui.fonts.label, name);
  }
}

void draw_rungs(ui::Ui& ui, const Scene& scene, View& view, const Ladder& ladder, Rect inside) {
  ImGui::SetCursorScreenPos(inside.min);
  ui::begin_child("rungs", {inside.width(), inside.height()}, 0);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float wide = inside.width() - ui.px(16);
  const float states = wide > ui.px(620) ? ui.px(kStateWide) : ui.px(20);
  LadderFrame frame{ui,
                    scene,
                    view,
                    ladder,
                    ImGui::GetWindowDrawList(),
                    origin.x + ui.px(kTimeWide) + states,
                    origin.x + wide - states,
                    origin.y + ui.px(kTop)};
  const float high = ui.px(kPitch) * static_cast<float>(ladder.moments.size()) + ui.px(2 * kTop);
  const float bottom = frame.y(ladder.moments.size() - 1) + ui.px(14);
  for (const float x : {frame.left, frame.right})
    frame.list->AddLine({x, frame.top - ui.px(10)}, {x, bottom}, ui.theme.ink2, ui.px(2));
  draw_times(frame, origin.x);
  if (states > ui.px(40)) {
    draw_states_of(frame, ladder.left_socket, true);
    draw_states_of(frame, ladder.right_socket, false);
  }
  for (const LadderArrow& arrow : ladder.arrows) draw_arrow(frame, arrow);
  ImGui::SetCursorScreenPos({origin.x, origin.y + high});
  ImGui::Dummy({1, 1});
  scroll_by_keys(ui, view, Pane::ladder);
  if (scene.live && view.follow) ImGui::SetScrollHereY(1.0f);
  ImGui::EndChild();
}

}  // namespace

void draw_ladder(ui::Ui& ui, const Scene& scene, View& view, Requests&, Rect where) {
  if (!view.states) view.states = std::make_shared<StatesWalk>();
  view.states->extend(scene.trace);
  SocketId wanted = view.selection.kind == Selection::Kind::socket ? view.selection.id : 0;
  if (const PacketState* packet = view.selection.kind == Selection::Kind::packet
                                      ? scene.state.packets().find(view.selection.id)
                                      : nullptr)
    wanted = packet->sender != 0 ? packet->sender : packet->receiver;
  const Ladder ladder = ladder_of(scene.state, wanted, scene.cursor);
  std::string subtitle;
  if (ladder.left_out > 0) subtitle = ui.say("{0} earlier packets are not drawn", ladder.left_out);
  const Rect inner = pane_frame(ui, view, Pane::ladder, ui.tr("Packet ladder"), subtitle, where);
  const ui::Scope scope(ui, "ladder");
  if (view.show_ladder) {
    ImVec2 corner{where.max.x - ui.px(48),
                  where.min.y + (ui.px(kPaneHeader) - ui.line_height(ui.fonts.label)) / 2};
    if (link_at(ui, corner, "timeline", "Timeline", true)) toggle_ladder(view);
  }
  Rect room{{inner.min.x + ui.px(16), inner.min.y}, {inner.max.x - ui.px(16), inner.max.y - ui.px(8)}};
  if (ladder.empty()) {
    const Rect line{room.min, {room.max.x, room.min.y + ui.line_height(ui.fonts.body)}};
    text_in(
        ui, line, ui.theme.ink2, ui.fonts.body,
        ui.tr("No TCP packet has been seen: packets are seen on wires and on hosts of your own (%host A)."));
    return;
  }
  const float high = ui.line_height(ui.fonts.name);
  const Rect names{room.min, {room.max.x, room.min.y + high}};
  Rect left = names, right = names;
  left.max.x = right.min.x = (names.min.x + names.max.x) / 2;
  left.min.x += ui.px(kTimeWide);
  text_in(ui, left, ui.theme.ink, ui.fonts.name,
          end_words(scene, ladder.left, ladder.left_socket, ladder.left_end));
  text_in(ui, right, ui.theme.ink, ui.fonts.name,
          end_words(scene, ladder.right, ladder.right_socket, ladder.right_end), Align::right);
  room.min.y += high + ui.px(4);
  if (room.height() > ui.px(20)) draw_rungs(ui, scene, view, ladder, room);
}

}  // namespace sockscope
