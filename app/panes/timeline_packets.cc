// Packets under the lanes: for each wire a strip between its two hosts, an arrow a packet. It leaves one edge
// when it was sent and meets the other when it arrived. A host that talks to itself has a strip of its own.

#include <algorithm>
#include <cmath>

#include "panes/packet_draw.h"
#include "panes/stage_hosts.h"
#include "panes/timeline.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr float kStrip = 62, kBetween = 20;
constexpr std::size_t kMostArrows = 2'000;

float strip_y(const TimelineFrame& frame, std::size_t strip) {
  return frame.axis_y + frame.ui.px(4) + rows_height(frame.lanes.rows) -
         frame.view.lane_scroll * frame.ui.scale +
         frame.ui.px(kBetween + (kStrip + kBetween) * static_cast<float>(strip));
}

// Packets sent while the window is shown, or a while before: those with their end in it too.
struct Shown {
  std::size_t first = 0, end = 0;
};
Shown shown_of(const TimelineFrame& frame) {
  constexpr Time kLongestFlight = 60'000'000'000;
  const Packets& packets = frame.scene.end.packets();
  const auto before = [&](Time at) {
    std::size_t low = 0, high = packets.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      (packets[middle].sent < at ? low : high) = packets[middle].sent < at ? middle + 1 : middle;
    }
    return low;
  };
  const std::size_t end = before(frame.window.to);
  const std::size_t first = before(frame.window.from);
  const std::size_t earlier = before(frame.window.from - kLongestFlight);
  return {std::max(earlier, first > 256 ? first - 256 : 0), end};
}

Time end_of(const TimelineFrame& frame, const PacketState& packet) {
  return packet.ended != 0 ? packet.ended : frame.window.now;
}

// One leg of a packet's way: from the wire's one end to its middle, where it was held, on to the other end.
void paint_leg(TimelineFrame& frame, const PacketState& packet, ImVec2 begin, ImVec2 end) {
  frame.arrows.push_back({packet.id, begin, end});
  if (frame.view.selection == Selection{Selection::Kind::packet, packet.id, 0})
    frame.list()->AddLine(begin, end, faded(frame.ui.theme.accent.fill, 0.4f), frame.ui.px(7));
}

void paint_arrow(TimelineFrame& frame, const PacketState& packet, float from_y, float to_y) {
  ui::Ui& ui = frame.ui;
  const PacketLook look = packet_look(ui.theme, packet);
  const auto at = [&](Time when, float way) {
    return ImVec2{frame.x(frame.window.x_of(when)), from_y + (to_y - from_y) * way};
  };
  ImVec2 begin = at(packet.sent, 0);
  const float way = packet.place == PacketPlace::arrived ? 1.0f : packet_way(packet, frame.window.now);
  const ImVec2 end = at(end_of(frame, packet), way);
  if (end.x < frame.plot.min.x || begin.x > frame.plot.max.x) return;
  if (packet.held_at != 0) {
    const ImVec2 held = at(packet.held_at, 0.5f);
    const ImVec2 let_go =
        packet.released_at != 0 ? at(packet.released_at, 0.5f) : at(end_of(frame, packet), 0.5f);
    draw_packet_arrow(frame.list(), ui, begin, held, look, false);
    ui::dashed_line(frame.list(), held, let_go, look.colour, ui.px(look.weight), ui.px(2), ui.px(4));
    paint_leg(frame, packet, begin, held);
    paint_leg(frame, packet, held, let_go);
    if (packet.released_at == 0) {
      if (packet.place == PacketPlace::dropped)
        ui::cross(frame.list(), let_go, ui.px(5), ui.theme.bad.fill, ui.px(2));
      return;
    }
    begin = let_go;
  }
  draw_packet_arrow(frame.list(), ui, begin, end, look, packet.place == PacketPlace::dropped);
  paint_leg(frame, packet, begin, end);
}

// Beside an arrow, where no other words are: nearer to its sender, where fewer arrows cross, else further on.
bool paint_words(TimelineFrame& frame, const TimelineFrame::Arrow& arrow, std::vector<Rect>& taken) {
  ui::Ui& ui = frame.ui;
  if (std::abs(arrow.end.x - arrow.begin.x) < ui.px(40)) return false;
  const std::string words = packet_label(ui, *frame.scene.end.packets().find(arrow.packet));
  const ImVec2 size = ui.measure(ui.fonts.label, words);
  const bool held = arrow.begin.y == arrow.end.y;  // then beside the head that came there
  for (const float part : {held ? 0.0f : 0.28f, 0.5f, 0.72f}) {
    const ImVec2 on{arrow.begin.x + (arrow.end.x - arrow.begin.x) * part,
                    arrow.begin.y + (arrow.end.y - arrow.begin.y) * part};
    // Right of it and above where it goes down, below where it goes up: never across its own line.
    const bool down = arrow.begin.y <= arrow.end.y;
    const Rect box = rect(on.x + ui.px(6), down ? on.y - size.y : on.y, size.x + ui.px(4), size.y);
    if (std::any_of(taken.begin(), taken.end(), [&](const Rect& other) { return overlap(box, other); }))
      continue;
    ui.text(box.min, ui.theme.ink, ui.fonts.label, words);
    taken.push_back(box);
    return true;
  }
  return false;
}

// SYN, FIN, RST and what carries bytes have their words first.
void paint_all_words(TimelineFrame& frame, std::size_t first_arrow) {
  std::vector<Rect> taken;
  PacketId told = 0;  // of a packet that was held, one leg has words
  for (const bool important : {true, false})
    for (std::size_t i = first_arrow; i < frame.arrows.size(); ++i) {
      const PacketState* packet = frame.scene.end.packets().find(frame.arrows[i].packet);
      const bool plain = packet->known && packet->header.payload == 0 &&
                         (packet->header.flags & (kSyn | kFin | kRst)) == 0 && !packet->again;
      if (plain == important || packet->id == told) continue;
      if (paint_words(frame, frame.arrows[i], taken)) told = packet->id;
    }
}

// Too many to be told apart: how many a column.
void paint_counts(TimelineFrame& frame, const WirePair& pair, Shown shown, float top, float high) {
  const Packets& packets = frame.scene.end.packets();
  const float column = frame.ui.px(3);
  std::vector<std::uint32_t> counts(static_cast<std::size_t>(frame.window.width / column) + 1);
  std::uint32_t most = 1;
  for (std::size_t i = shown.first; i < shown.end; ++i) {
    const PacketState& packet = packets[i];
    if (pair_of(packet.from, packet.to) != pair) continue;
    const float x = frame.window.x_of(packet.sent);
    if (x < 0 || x >= frame.window.width) continue;
    most = std::max(most, ++counts[static_cast<std::size_t>(x / column)]);
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const float x = frame.x(static_cast<float>(i) * column);
    const float tall = high * static_cast<float>(counts[i]) / static_cast<float>(most);
    frame.list()->AddRectFilled({x, top + high - tall}, {x + column, top + high}, frame.ui.theme.busy);
  }
}

// Within one host the two directions of a conversation are told apart by their ports.
bool goes_down(const PacketState& packet, const WirePair& pair) {
  if (pair.a != pair.b) return packet.from == pair.a;
  return packet.header.source.port > packet.header.destination.port;
}

void paint_strip(TimelineFrame& frame, const WirePair& pair, Shown shown, float top) {
  ui::Ui& ui = frame.ui;
  const float high = ui.px(kStrip);
  for (const float y : {top, top + high})
    frame.list()->AddLine({frame.plot.min.x, y}, {frame.plot.max.x, y}, ui.theme.line, ui.theme.hairline);
  const Packets& packets = frame.scene.end.packets();
  std::size_t count = 0;
  for (std::size_t i = shown.first; i < shown.end && count <= kMostArrows; ++i)
    count += pair_of(packets[i].from, packets[i].to) == pair;
  if (count > kMostArrows) {
    paint_counts(frame, pair, shown, top, high);
    return;
  }
  const std::size_t first_arrow = frame.arrows.size();
  for (std::size_t i = shown.first; i < shown.end; ++i) {
    const PacketState& packet = packets[i];
    if (packet.id == 0) continue;
    if (pair_of(packet.from, packet.to) != pair) continue;
    if (goes_down(packet, pair))
      paint_arrow(frame, packet, top, top + high);
    else
      paint_arrow(frame, packet, top + high, top);
  }
  paint_all_words(frame, first_arrow);
}

}  // namespace

float packets_height(const Scene& scene, const ui::Ui& ui) {
  if (scene.end.packets().empty()) return 0;
  return ui.px(kStrip + kBetween) * static_cast<float>(packet_strips(scene.end).size()) + ui.px(kBetween);
}

void paint_packets(TimelineFrame& frame) {
  if (frame.scene.end.packets().empty()) return;
  const auto pairs = packet_strips(frame.scene.end);
  const Shown shown = shown_of(frame);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const float top = strip_y(frame, i);
    if (top > frame.plot.max.y || top + frame.ui.px(kStrip) < frame.plot.min.y) continue;
    paint_strip(frame, pairs[i], shown, top);
  }
}

PacketId packet_at(const TimelineFrame& frame, ImVec2 at) {
  float best = frame.ui.px(7);
  PacketId found = 0;
  for (const TimelineFrame::Arrow& arrow : frame.arrows) {
    const ImVec2 along{arrow.end.x - arrow.begin.x, arrow.end.y - arrow.begin.y};
    const float squared = std::max(1.0f, along.x * along.x + along.y * along.y);
    const float part = std::clamp(
        ((at.x - arrow.begin.x) * along.x + (at.y - arrow.begin.y) * along.y) / squared, 0.0f, 1.0f);
    const float off =
        std::hypot(at.x - arrow.begin.x - along.x * part, at.y - arrow.begin.y - along.y * part);
    if (off >= best) continue;
    best = off;
    found = arrow.packet;
  }
  return found;
}

void paint_packet_labels(TimelineFrame& frame) {
  if (frame.scene.end.packets().empty()) return;
  ui::Ui& ui = frame.ui;
  const auto pairs = packet_strips(frame.scene.end);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const float top = strip_y(frame, i), high = ui.line_height(ui.fonts.label);
    for (const auto& [id, y] :
         {std::pair{pairs[i].a, top - high / 2}, std::pair{pairs[i].b, top + ui.px(kStrip) - high / 2}}) {
      const HostState* host = frame.scene.end.host(id);
      if (host == nullptr) continue;
      text_in(ui, {{frame.labels.min.x, y}, {frame.labels.max.x, y + high}}, ui.theme.ink, ui.fonts.label,
              host->name);
    }
    text_in(ui, rect(frame.labels.min.x, top + ui.px(kStrip) / 2 - high / 2, frame.labels.width(), high),
            ui.theme.ink3, ui.fonts.label, pairs[i].a == pairs[i].b ? ui.tr("to itself") : ui.tr("packets"));
  }
}

}  // namespace sockscope
