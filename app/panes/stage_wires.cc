// The wires under the desks: each direction a rail, each packet at its true place on it.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "panes/frame.h"
#include "panes/packet_look.h"
#include "panes/stage_hosts.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

struct Rail {
  float from, to;  // x where it begins and ends
  float y;
  bool above;  // its labels stand above it
};

std::string pair_text(const ui::Ui& ui, const State& state, const WirePair& pair) {
  const WireState* there = state.wire(pair.a, pair.b);
  const WireState* back = state.wire(pair.b, pair.a);
  const std::string out = there == nullptr ? std::string(ui.tr("no wire")) : wire_settings_text(ui, *there);
  const std::string home = back == nullptr ? std::string(ui.tr("no wire")) : wire_settings_text(ui, *back);
  return out == home ? out : "→ " + out + "   ← " + home;
}

void draw_head(StagePen& pen, ImVec2 at, float direction, const PacketLook& look) {
  const float size = pen.ui.px(look.head);
  pen.list->AddTriangleFilled({at.x, at.y}, {at.x - direction * size, at.y - size * 0.6f},
                              {at.x - direction * size, at.y + size * 0.6f}, look.colour);
}

// `more`: held behind it, in the same place.
void draw_packet(StagePen& pen, const PacketState& packet, const Rail& rail, float& label_end,
                 std::size_t more) {
  ui::Ui& ui = pen.ui;
  const PacketLook look = packet_look(ui.theme, packet);
  const float direction = rail.to > rail.from ? 1.0f : -1.0f;
  const float x = rail.from + (rail.to - rail.from) * packet_way(packet, pen.now);
  const bool dropped = packet.place == PacketPlace::dropped && pen.now >= packet.ended;
  const bool held = packet.place == PacketPlace::held;
  // Its tail: where it was 30 px before.
  const float tail = direction > 0 ? std::max(rail.from, x - ui.px(34)) : std::min(rail.from, x + ui.px(34));
  if (look.again)
    ui::dashed_line(pen.list, {tail, rail.y}, {x, rail.y}, look.colour, ui.px(look.weight + 0.6f), ui.px(5),
                    ui.px(3));
  else
    pen.list->AddLine({tail, rail.y}, {x, rail.y}, look.colour, ui.px(look.weight + 0.6f));
  if (dropped) {
    ui::cross(pen.list, {x, rail.y}, ui.px(5), ui.theme.bad.fill, ui.px(2));
  } else {
    draw_head(pen, {x, rail.y}, direction, look);
    if (look.fin)
      pen.list->AddRectFilled({x - direction * ui.px(20) - ui.px(4), rail.y - ui.px(4)},
                              {x - direction * ui.px(20) + ui.px(4), rail.y + ui.px(4)}, look.colour);
    if (look.rst) ui::cross(pen.list, {x - direction * ui.px(18), rail.y}, ui.px(5), look.colour, ui.px(2));
  }
  std::string label = packet_label(ui, packet);
  if (more > 0) label += "  " + ui.say("+ {0} held", more);
  const ImVec2 size = ui.measure(ui.fonts.mono, label);
  const float left =
      std::clamp(x - size.x / 2, std::min(rail.from, rail.to), std::max(rail.from, rail.to) - size.x);
  const float top = rail.above ? rail.y - size.y - ui.px(8) : rail.y + ui.px(8);
  const Rect box{{left - ui.px(5), top - ui.px(1)}, {left + size.x + ui.px(5), top + size.y + ui.px(1)}};
  if (left < label_end && !held) return;  // the mark alone: labels do not overlap
  if (held) {
    pen.list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(3));
    pen.list->AddRect(box.min, box.max, ui.theme.ink, ui.px(3), 0, ui.px(2));
  }
  ui.text({left, top}, dropped ? ui.theme.bad.text : ui.theme.ink, ui.fonts.mono, label);
  label_end = box.max.x + ui.px(6);
  if (pen.is_selected(Selection::Kind::packet, packet.id))
    pen.list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(3), 0, ui.px(2));
  const ImVec2 low{std::min(box.min.x, x - ui.px(12)), std::min(box.min.y, rail.y - ui.px(8))};
  const ImVec2 high{std::max(box.max.x, x + ui.px(12)), std::max(box.max.y, rail.y + ui.px(8))};
  pick_area(pen, "packet-" + std::to_string(packet.id), low, high, {Selection::Kind::packet, packet.id, 0});
}

void run_line(Requests& requests, std::string text) {
  requests.push_back(request::RunLine{"main", std::move(text)});
}

std::string on_wire(const HostState& a, const HostState& b) {
  return fmt::format(" where wire == '{0}->{1}' or wire == '{1}->{0}'", a.name, b.name);
}

// What the person may do with the wire, from the right.
void draw_controls(StagePen& pen, Requests& requests, const HostsLayout::Lane& lane, bool any_held) {
  if (!pen.scene.live) return;
  ui::Ui& ui = pen.ui;
  const HostState* a = pen.state().host(lane.pair.a);
  const HostState* b = pen.state().host(lane.pair.b);
  const WireState* wire = pen.scene.end.wire(lane.pair.a, lane.pair.b);
  if (a == nullptr || b == nullptr) return;
  const ui::Scope scope(ui, "wire" + std::to_string(lane.pair.a) + "-" + std::to_string(lane.pair.b));
  ImVec2 at{lane.box.max.x, lane.box.min.y + ui.px(2)};
  const std::string both = "%wire " + a->name + " " + b->name;
  if (wire == nullptr) {
    if (link_at(ui, at, "join", "Join", true)) run_line(requests, both);
    return;
  }
  if (link_at(ui, at, "cut", wire->is.joined ? "Cut" : "Join again", true))
    run_line(requests, both + (wire->is.joined ? " cut" : " joined"));
  if (link_at(ui, at, "hold", wire->is.hold ? "Let all through" : "Hold packets", true))
    run_line(requests, both + (wire->is.hold ? " free" : " hold"));
  if (!any_held) return;
  for (const auto& [key, english, line] : {std::tuple{"release", "Let through", std::string("%release")},
                                           std::tuple{"drop", "Drop", std::string("%drop")},
                                           std::tuple{"double", "Double", std::string("%double")}}) {
    at.x -= ui.px(14);
    if (link_at(ui, at, key, english, true)) run_line(requests, line + on_wire(*a, *b));
    ui.tooltip(ui.tr("The oldest that is held: Space, Del, D"));
  }
}

bool is_held(const PacketState& packet) {
  return packet.place == PacketPlace::held;
}

void draw_lane(StagePen& pen, Requests& requests, const HostsLayout::Lane& lane,
               const std::vector<std::size_t>& on) {
  ui::Ui& ui = pen.ui;
  const State& state = pen.state();
  const HostState* a = state.host(lane.pair.a);
  const HostState* b = state.host(lane.pair.b);
  if (a == nullptr || b == nullptr) return;
  const float side =
      std::max(ui.measure(ui.fonts.name, a->name).x, ui.measure(ui.fonts.name, b->name).x) + ui.px(16);
  const float middle = std::round((lane.box.min.y + lane.box.max.y) / 2 + ui.px(4));
  const float left = lane.box.min.x + side, right = lane.box.max.x - side;
  if (right - left < ui.px(60)) return;
  text_in(ui, {lane.box.min, {left, lane.box.max.y}}, ui.theme.ink, ui.fonts.name, a->name);
  text_in(ui, {{right, lane.box.min.y}, lane.box.max}, ui.theme.ink, ui.fonts.name, b->name, Align::right);
  const Rail out{left, right, middle - ui.px(5), true}, home{right, left, middle + ui.px(5), false};
  const auto joined = [&](HostId from, HostId to) {
    const WireState* wire = state.wire(from, to);
    return wire != nullptr && wire->is.joined;
  };
  for (const auto& [rail, whole] : {std::pair{out, joined(lane.pair.a, lane.pair.b)},
                                    std::pair{home, joined(lane.pair.b, lane.pair.a)}}) {
    if (whole)
      pen.list->AddLine({left, rail.y}, {right, rail.y}, ui.theme.line2, ui.px(1));
    else
      ui::dashed_line(pen.list, {left, rail.y}, {right, rail.y}, ui.theme.line2, ui.px(1), ui.px(4),
                      ui.px(4));
  }
  pen.list->AddLine({left, middle - ui.px(10)}, {left, middle + ui.px(10)}, ui.theme.ink2, ui.px(1.5f));
  pen.list->AddLine({right, middle - ui.px(10)}, {right, middle + ui.px(10)}, ui.theme.ink2, ui.px(1.5f));
  ui.text({left, lane.box.min.y + ui.px(2)}, ui.theme.ink2, ui.fonts.label, pair_text(ui, state, lane.pair),
          (right - left) / 2);

  const Selection wire{Selection::Kind::wire, lane.pair.a, lane.pair.b};
  pick_area(pen, fmt::format("lane{}-{}", lane.pair.a, lane.pair.b), lane.box.min, lane.box.max, wire);
  if (pen.view.selection == wire)
    pen.list->AddRect({lane.box.min.x - ui.px(9), lane.box.min.y},
                      {lane.box.max.x + ui.px(9), lane.box.max.y}, ui.theme.accent.fill, ui.px(4), 0,
                      ui.px(2));

  float out_end = left, home_end = left;
  std::size_t held_out = 0, held_home = 0;
  const auto held_there = [&](const PacketState& packet) -> std::size_t& {
    return packet.from == lane.pair.a ? held_out : held_home;
  };
  for (const std::size_t i : on) held_there(state.packets()[i]) += is_held(state.packets()[i]);
  const bool any_held = held_out + held_home > 0;
  bool out_drawn = false, home_drawn = false;  // the oldest that is held: it goes on first
  for (const std::size_t i : on) {
    const PacketState& packet = state.packets()[i];
    const bool goes_out = packet.from == lane.pair.a;
    const std::size_t more = is_held(packet) ? held_there(packet) - 1 : 0;
    if (is_held(packet) && std::exchange(goes_out ? out_drawn : home_drawn, true)) continue;
    draw_packet(pen, packet, goes_out ? out : home, goes_out ? out_end : home_end, more);
  }
  draw_controls(pen, requests, lane, any_held);
}

// What is on the wires now, by lane.
std::vector<std::vector<std::size_t>> on_lanes(const StagePen& pen, const HostsLayout& layout) {
  std::vector<std::vector<std::size_t>> on(layout.lanes.size());
  const Packets& packets = pen.state().packets();
  for (std::size_t i = first_looked_at(packets); i < packets.size(); ++i) {
    if (!packet_on_wire(packets[i], pen.now)) continue;
    const WirePair pair = pair_of(packets[i].from, packets[i].to);
    const auto lane = std::find_if(layout.lanes.begin(), layout.lanes.end(),
                                   [&](const HostsLayout::Lane& one) { return one.pair == pair; });
    if (lane != layout.lanes.end()) on[static_cast<std::size_t>(lane - layout.lanes.begin())].push_back(i);
  }
  return on;
}

// A packet that takes long enough to be followed by eye moves smoothly.
bool any_moves(const StagePen& pen, const std::vector<std::vector<std::size_t>>& on) {
  constexpr Time kFollowed = 50 * kMillisecond;
  for (const auto& lane : on)
    for (const std::size_t i : lane) {
      const PacketState& packet = pen.state().packets()[i];
      if (packet.place == PacketPlace::under_way &&
          packet.due - std::max(packet.sent, packet.released_at) >= kFollowed)
        return true;
    }
  return false;
}

bool some_held(const Packets& packets) {
  for (std::size_t i = first_looked_at(packets); i < packets.size(); ++i)
    if (packets[i].id != 0 && is_held(packets[i])) return true;
  return false;
}

// The wire that is selected, or of the packet that is; else any.
std::string where_held(const Scene& scene, const Selection& selection) {
  HostId a = 0, b = 0;
  if (selection.kind == Selection::Kind::wire) {
    a = selection.id;
    b = static_cast<HostId>(selection.seq);
  } else if (selection.kind == Selection::Kind::packet) {
    if (const PacketState* packet = scene.end.packets().find(selection.id)) {
      a = packet->from;
      b = packet->to;
    }
  }
  const HostState* from = scene.end.host(a);
  const HostState* to = scene.end.host(b);
  return from == nullptr || to == nullptr ? std::string() : on_wire(*from, *to);
}

}  // namespace

void held_keys(const Scene& scene, const View& view, Requests& requests) {
  if (!scene.live || view.focus != Pane::stage || ui::typing()) return;
  for (const auto& [key, line] : {std::pair{ui::Key::space, "%release"}, std::pair{ui::Key::del, "%drop"},
                                  std::pair{ui::Key::d, "%double"}})
    // By keyboard alone Space presses what has the focus.
    if ((key != ui::Key::space || !ImGui::GetIO().NavVisible) && ui::plain_pressed(key) &&
        some_held(scene.end.packets()))
      run_line(requests, line + where_held(scene, view.selection));
}

void draw_wires(StagePen& pen, Requests& requests, const HostsLayout& layout) {
  const auto on = on_lanes(pen, layout);
  for (std::size_t i = 0; i < on.size(); ++i) draw_lane(pen, requests, layout.lanes[i], on[i]);
  if (pen.scene.live && pen.view.follow && any_moves(pen, on)) pen.ui.wake(1.0f / 60);
  if (layout.hidden_wires > 0)
    text_in(pen.ui, layout.hidden, pen.ui.theme.ink2, pen.ui.fonts.label,
            pen.ui.say("and {0} more wires", layout.hidden_wires));
}

}  // namespace sockscope
