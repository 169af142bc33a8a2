// Packets under the lanes: for each wire a strip between its two hosts, an arrow a packet. It leaves one edge
// when it was sent and meets the other when it arrived.

#include <algorithm>
#include <cmath>

#include "panes/packet_look.h"
#include "panes/stage_hosts.h"
#include "panes/timeline.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr float kStrip = 62, kBetween = 20;
constexpr std::size_t kMostArrows = 2'000;

float strip_y(const TimelineFrame& frame, std::size_t strip) {
  return frame.axis_y + frame.ui.px(6) + rows_height(frame.lanes.rows) -
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

void paint_arrow(TimelineFrame& frame, const PacketState& packet, float from_y, float to_y,
                 float& label_end) {
  ui::Ui& ui = frame.ui;
  const PacketLook look = packet_look(ui.theme, packet);
  const bool arrived = packet.place == PacketPlace::arrived;
  const float way = arrived ? 1.0f : packet_way(packet, frame.window.now);
  const ImVec2 begin{frame.x(frame.window.x_of(packet.sent)), from_y};
  const ImVec2 end{frame.x(frame.window.x_of(end_of(frame, packet))), from_y + (to_y - from_y) * way};
  if (end.x < frame.plot.min.x || begin.x > frame.plot.max.x) return;
  if (look.again)
    ui::dashed_line(frame.list(), begin, end, look.colour, ui.px(look.weight), ui.px(5), ui.px(3));
  else
    frame.list()->AddLine(begin, end, look.colour, ui.px(look.weight));
  if (packet.place == PacketPlace::dropped) {
    ui::cross(frame.list(), end, ui.px(4.5f), ui.theme.bad.fill, ui.px(1.5f));
  } else {
    const float length = std::max(1.0f, std::hypot(end.x - begin.x, end.y - begin.y)),
                head = ui.px(look.head);
    const ImVec2 along{(end.x - begin.x) / length, (end.y - begin.y) / length};
    const ImVec2 back{end.x - along.x * head, end.y - along.y * head};
    frame.list()->AddTriangleFilled(end, {back.x - along.y * head * 0.45f, back.y + along.x * head * 0.45f},
                                    {back.x + along.y * head * 0.45f, back.y - along.x * head * 0.45f},
                                    look.colour);
  }
  // Words where the arrow is wide enough for them.
  const std::string words = packet_label(ui, packet);
  const ImVec2 size = ui.measure(ui.fonts.label, words);
  const float x = (begin.x + end.x) / 2 + ui.px(6);
  if (std::abs(end.x - begin.x) < ui.px(40) || x < label_end) return;
  const float middle = (begin.y + end.y) / 2;
  ui.text({x, from_y < to_y ? middle - size.y : middle}, frame.ui.theme.ink, ui.fonts.label, words);
  label_end = x + size.x + ui.px(6);
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
  float down_end = 0, up_end = 0;
  for (std::size_t i = shown.first; i < shown.end; ++i) {
    const PacketState& packet = packets[i];
    if (packet.id == 0) continue;
    if (packet.from == pair.a && packet.to == pair.b) paint_arrow(frame, packet, top, top + high, down_end);
    if (packet.from == pair.b && packet.to == pair.a) paint_arrow(frame, packet, top + high, top, up_end);
  }
}

}  // namespace

float packets_height(const Scene& scene, const ui::Ui& ui) {
  if (scene.end.packets().empty()) return 0;
  return ui.px(kStrip + kBetween) * static_cast<float>(wire_pairs(scene.end).size()) + ui.px(kBetween);
}

void paint_packets(TimelineFrame& frame) {
  if (frame.scene.end.packets().empty()) return;
  const auto pairs = wire_pairs(frame.scene.end);
  const Shown shown = shown_of(frame);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const float top = strip_y(frame, i);
    if (top > frame.plot.max.y || top + frame.ui.px(kStrip) < frame.plot.min.y) continue;
    paint_strip(frame, pairs[i], shown, top);
  }
}

void paint_packet_labels(TimelineFrame& frame) {
  if (frame.scene.end.packets().empty()) return;
  ui::Ui& ui = frame.ui;
  const auto pairs = wire_pairs(frame.scene.end);
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
            ui.theme.ink3, ui.fonts.label, ui.tr("packets"));
  }
}

}  // namespace sockscope
