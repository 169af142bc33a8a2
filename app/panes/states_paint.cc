#include "panes/states_paint.h"

#include <algorithm>
#include <cmath>

#include "ui/draw.h"

namespace sockscope {
namespace {

struct Stroke {
  ImU32 colour;
  float weight;
  bool dashed = false;
  float aside = 0;  // to the left of the way
};

void paint_way(const ui::Ui& ui, const StateWay& way, Stroke stroke, bool head) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 tail{way.b.x - way.via_b.x, way.b.y - way.via_b.y};
  const float length = std::max(1.0f, std::hypot(tail.x, tail.y));
  const ImVec2 along{tail.x / length, tail.y / length},
      aside{along.y * stroke.aside, -along.x * stroke.aside};
  const int pieces = way.straight ? 1 : 12;
  ImVec2 from{way.a.x + aside.x, way.a.y + aside.y};
  for (int i = 1; i <= pieces; ++i) {
    const ImVec2 on = way.at(static_cast<float>(i) / static_cast<float>(pieces));
    const ImVec2 to{on.x + aside.x, on.y + aside.y};
    if (stroke.dashed) {
      ui::dashed_line(list, from, to, stroke.colour, stroke.weight, ui.px(5), ui.px(4));
    } else {
      list->AddLine(from, to, stroke.colour, stroke.weight);
    }
    from = to;
  }
  if (!head) return;
  const float size = ui.px(5) + 1.5f * stroke.weight;
  const ImVec2 neck{way.b.x - along.x * size, way.b.y - along.y * size};
  list->AddTriangleFilled(way.b, {neck.x - along.y * size * 0.5f, neck.y + along.x * size * 0.5f},
                          {neck.x + along.y * size * 0.5f, neck.y - along.x * size * 0.5f}, stroke.colour);
}

// By no way of the figure: straight from box to box, under the boxes.
void paint_reset(const DiagramFrame& frame, const WalkStep& step, float weight) {
  const auto centre = [&](std::size_t box) {
    const Rect place = frame.diagram.boxes[box];
    return ImVec2{(place.min.x + place.max.x) / 2, (place.min.y + place.max.y) / 2};
  };
  const ImVec2 from = centre(box_of(step.from, false)), to = centre(box_of(step.to, true));
  ui::dashed_line(ImGui::GetWindowDrawList(), from, to, frame.ui.theme.bad.fill, weight, frame.ui.px(8),
                  frame.ui.px(4));
}

// By edge: bit 0 the first end, bit 1 the second.
using Walked = std::array<unsigned, kStateEdges>;

Walked walked_by(const DiagramCast& cast) {
  Walked walked{};
  for (std::size_t end = 0; end < cast.ends.size(); ++end) {
    for (const WalkStep& step : cast.ends[end].steps) {
      for (const std::size_t edge : edges_of(step)) walked[edge] |= 1u << end;
    }
  }
  return walked;
}

bool walked_by_both(const Walked& walked, std::size_t edge) {
  return walked[edge] == 3;
}

void paint_walked(const DiagramFrame& frame, const Walked& walked, std::size_t end, int mover) {
  const ui::Ui& ui = frame.ui;
  const std::vector<WalkStep>& steps = frame.cast.ends[end].steps;
  for (const WalkStep& step : steps) {
    const bool lit = static_cast<int>(end) == mover && &step == &steps.back();
    const auto edges = edges_of(step);
    if (edges.empty() && step.from != step.to) paint_reset(frame, step, ui.px(lit ? 4 : 2));
    const bool dashed = edges.size() > 1 || step.known == How::derived;
    for (const std::size_t edge : edges) {
      const float aside = !walked_by_both(walked, edge) ? 0 : ui.px(end == 0 ? 2.5f : -2.5f);
      paint_way(ui, frame.diagram.ways[edge], {end_colour(ui, end), ui.px(lit ? 4.5f : 2.5f), dashed, aside},
                true);
    }
  }
}

std::string state_tooltip(const ui::Ui& ui, TcpState state) {
  std::string text = fmt::format("{}\n{}", name_of(state), ui.tr(meaning_of(state)));
  for (const StateEdge& edge : state_edges()) {
    if (edge.from != state) continue;
    text += fmt::format("\n→ {}: {}", name_of(edge.to), ui.tr(edge.event));
    if (!edge.action.empty()) text += fmt::format(" / {}", ui.tr(edge.action));
    if (by_call(edge.by)) text += fmt::format(" · {}", ui.tr(edge.words));
  }
  return text;
}

// The ends whose tokens stand in this box.
std::vector<std::size_t> tokens_in(const DiagramCast& cast, std::size_t box) {
  std::vector<std::size_t> in;
  for (std::size_t i = 0; i < cast.ends.size(); ++i) {
    if (box_of(cast.ends[i].at, cast.ends[i].ended) == box) in.push_back(i);
  }
  return in;
}

void paint_token(DiagramFrame& frame, std::size_t end, Rect place) {
  ui::Ui& ui = frame.ui;
  const DiagramEnd& who = frame.cast.ends[end];
  const float radius = std::min(ui.px(6), place.height() * 0.35f), gap = ui.px(5);
  // "#10": the whole name stands above.
  std::string_view name = who.name;
  if (name.starts_with("socket #")) name.remove_prefix(name.find('#'));
  const float named = 2 * radius + gap + ui.measure(frame.look.token, name).x;
  // Beside a state's name the mark alone tells, where there is no room: the names stand above.
  const bool mark_only = !frame.look.two_lines && named > place.width();
  const float wide = mark_only ? 2 * radius : std::min(place.width(), named);
  const float x = place.min.x + (place.width() - wide) / 2, y = (place.min.y + place.max.y) / 2;
  if (who.socket != nullptr) {
    const SocketId id = who.socket->id;
    if (ui.area(fmt::format("token-{}", id).c_str(), place.min, place.max)) {
      frame.view.selection = {Selection::Kind::socket, id, 0};
      frame.view.focus = Pane::states;
    }
    ui.tooltip(belief_words(ui, frame.cast, who));
    const bool selected = frame.view.selection == Selection{Selection::Kind::socket, id, 0};
    if (selected || ImGui::IsItemHovered()) {
      ImGui::GetWindowDrawList()->AddRectFilled({x - ui.px(3), place.min.y},
                                                {x + wide + ui.px(3), place.max.y},
                                                selected ? ui.theme.accent.tint : ui.theme.hover, ui.px(3));
    }
  }
  paint_mark(ui, {x + radius, y}, radius, end, who.known);
  if (mark_only) return;
  text_in(ui, {{x + 2 * radius + gap, place.min.y}, {place.max.x, place.max.y}}, ui.theme.ink,
          frame.look.token, name);
}

void paint_name(DiagramFrame& frame, TcpState state, Rect line) {
  ui::Ui& ui = frame.ui;
  const std::string_view name = name_of(state);
  const float wide = ui.measure(frame.look.name, name).x, glyph = frame.look.glyphs ? ui.px(17) : 0;
  const float x = line.min.x + std::max(0.0f, (line.width() - wide - glyph) / 2);
  if (frame.look.glyphs) {
    ui::state_glyph(ImGui::GetWindowDrawList(), ui, {x + ui.px(6), (line.min.y + line.max.y) / 2}, ui.px(6),
                    state);
  }
  text_in(ui, {{x + glyph, line.min.y}, line.max}, ui.theme.state_text[static_cast<std::size_t>(state)],
          frame.look.name, name);
}

void paint_box(DiagramFrame& frame, std::size_t index) {
  ui::Ui& ui = frame.ui;
  const Rect box = frame.diagram.boxes[index];
  const TcpState state = index == kEndBox ? TcpState::CLOSED : kDiagramStates[index];
  const auto tokens = tokens_in(frame.cast, index);
  const bool here =
      std::any_of(tokens.begin(), tokens.end(), [&](std::size_t i) { return frame.cast.ends[i].known; });
  const std::string key = fmt::format("state-{}{}", name_of(state), index == kEndBox ? "-end" : "");
  ui.area(key.c_str(), box.min, box.max);
  const bool hovered = ImGui::IsItemHovered();
  ui.tooltip(state_tooltip(ui, state));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 hue = ui.theme.state_fill[static_cast<std::size_t>(state)];
  const int mover = last_mover(frame.cast);
  const bool moved = std::find(tokens.begin(), tokens.end(), static_cast<std::size_t>(mover)) != tokens.end();
  const ImU32 ground = hovered ? ui.theme.hover : moved ? ui.theme.lit : ui.theme.raised;
  list->AddRectFilled(box.min, box.max, ground, ui.px(4));
  if (here) {
    list->AddRect(box.min, box.max, hue, ui.px(4), 0, ui.px(3));
  } else if (!tokens.empty()) {
    ui::dashed_rect(list, box.min, box.max, ui.theme.ink3, ui.px(1.5f), ui.px(3), ui.px(3));
  } else {
    list->AddRect(box.min, box.max, ui.theme.line2, ui.px(4), 0, ui.theme.hairline);
  }
  Rect line = shrink(box, ui.px(4)), below = line;
  const float high = ui.measure(frame.look.name, "X").y;
  if (frame.look.two_lines && !tokens.empty()) {
    below.min.y = line.max.y = line.min.y + high + ui.px(2);
  } else if (!tokens.empty()) {
    const float wide = ui.measure(frame.look.name, name_of(state)).x + ui.px(20);
    below.min.x = line.max.x = line.min.x + std::min(wide, line.width() * 0.75f);
  }
  paint_name(frame, state, line);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const float part = below.width() / static_cast<float>(tokens.size());
    const float x = below.min.x + part * static_cast<float>(i);
    paint_token(frame, tokens[i], {{x, below.min.y}, {x + part, below.max.y}});
  }
}

}  // namespace

ImU32 end_colour(const ui::Ui& ui, std::size_t end) {
  return end == 0 ? ui.theme.accent.fill : ui.theme.ink;
}

void paint_mark(const ui::Ui& ui, ImVec2 centre, float radius, std::size_t end, bool known) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 colour = end_colour(ui, end);
  const float r = radius * 0.88f, weight = ui.px(2);
  const ImVec2 min{centre.x - r, centre.y - r}, max{centre.x + r, centre.y + r};
  if (end == 0) {
    known ? list->AddCircleFilled(centre, radius, colour)
          : list->AddCircle(centre, radius, colour, 0, weight);
  } else {
    known ? list->AddRectFilled(min, max, colour) : list->AddRect(min, max, colour, 0, 0, weight);
  }
}

void paint_ways(DiagramFrame& frame) {
  const Walked walked = walked_by(frame.cast);
  for (std::size_t i = 0; i < kStateEdges; ++i) {
    if (walked[i] == 0)
      paint_way(frame.ui, frame.diagram.ways[i], {frame.ui.theme.line2, frame.ui.px(1.2f)}, true);
  }
  const int mover = last_mover(frame.cast);
  for (std::size_t end = 0; end < frame.cast.ends.size(); ++end) {
    if (static_cast<int>(end) != mover) paint_walked(frame, walked, end, mover);
  }
  if (mover >= 0) paint_walked(frame, walked, static_cast<std::size_t>(mover), mover);
}

void paint_states(DiagramFrame& frame) {
  for (std::size_t i = 0; i < kStateBoxes; ++i) paint_box(frame, i);
}

}  // namespace sockscope
