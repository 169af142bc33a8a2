// The state diagram's looks, by the room there is, and its labels.
#include <algorithm>

#include "panes/states_paint.h"

namespace sockscope {
namespace {

struct LookRule {
  ImFont *name, *token, *label;
  int lines;
  bool glyphs, two_lines, upright;
  bool tight = false;  // as low as the words allow
};

ImVec2 box_size(const ui::Ui& ui, const LookRule& rule, ImVec2 room) {
  const ImVec2 name = ui.measure(rule.name, name_of(TcpState::ESTABLISHED));
  const float token = ui.measure(rule.token, "X").y;
  const float wide = name.x + ui.px(rule.glyphs ? 33 : 16);
  if (rule.two_lines) return {wide, name.y + token + ui.px(12)};
  const float most = rule.upright ? room.x / 3 - ui.px(24) : wide + ui.px(44);
  return {std::clamp(most, wide + ui.px(44), wide + ui.px(140)),
          std::max(name.y, token) + ui.px(rule.tight ? 4 : 10)};
}

ImVec2 least_gap(const ui::Ui& ui, const LookRule& rule) {
  if (rule.lines == 0) return {ui.px(24), ui.px(rule.tight ? 11 : rule.upright ? 14 : 20)};
  const ImVec2 words = ui.measure(rule.label, ui.tr("rcv SYN"));
  const float lines = static_cast<float>(rule.lines);
  return {words.x + ui.px(6), words.y * lines * 1.5f + ui.px(22)};
}

// What is too wide for a level way goes on under it.
void fold_lines(const ui::Ui& ui, ImFont* font, float width, std::vector<std::string>& lines) {
  std::vector<std::string> folded;
  for (const std::string& line : lines) {
    const std::size_t count = ui.wrap(font, line, width).size();
    float narrow = width;  // "rcv ACK", "of FIN" and not "rcv ACK of", "FIN"
    while (count > 1 && ui.wrap(font, line, narrow * 0.9f).size() == count) narrow *= 0.9f;
    for (const std::string_view part : ui.wrap(font, line, narrow)) folded.emplace_back(part);
  }
  lines = std::move(folded);
}

void draw_label(DiagramFrame& frame, const StateWay& way, const PlacedLabel& label) {
  ui::Ui& ui = frame.ui;
  const Align align = way.side_x == 0 ? Align::centre : way.side_x < 0 ? Align::right : Align::left;
  float y = label.place.min.y;
  for (std::size_t i = 0; i < label.lines.size(); ++i) {
    const Rect row{{label.place.min.x, y}, {label.place.max.x + 1, y + label.line_height}};
    text_in(ui, row, i == 0 ? ui.theme.ink : ui.theme.ink2, frame.look.label, label.lines[i], align);
    y += label.line_height + (i + 1 == label.over ? ui.px(8) : 0);
  }
}

// The cause of the last step, on its way: a dark word on the ground of what is current.
void draw_cause(DiagramFrame& frame, const WalkStep& step, const StateWay& way, std::span<const Rect> taken) {
  ui::Ui& ui = frame.ui;
  ImFont* font = frame.look.label_lines > 2 ? ui.fonts.name : ui.fonts.body;
  const std::string words = cause_words(ui, step);
  const ImVec2 text = ui.measure(font, words), size{text.x + ui.px(12), text.y + ui.px(4)};
  const auto place = free_place(frame.diagram, way, size, frame.where, taken, ui.scale);
  if (!place) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(place->min, place->max, ui.theme.lit, ui.px(3));
  list->AddRect(place->min, place->max, ui.theme.ink2, ui.px(3), 0, ui.theme.hairline);
  text_in(ui, *place, ui.theme.ink, font, words, Align::centre);
}

// The way whose label gives its place to the cause.
std::size_t way_of_cause(const WalkStep& step) {
  const auto edges = edges_of(step);
  if (edges.empty()) return kStateEdges;
  const StepCause cause = cause_of(step);
  if (cause.edge < kStateEdges) return cause.edge;
  if (cause.kind != StepCause::Kind::call) return edges.back();
  for (const std::size_t edge : edges) {
    if (by_call(state_edges()[edge].by)) return edge;
  }
  return edges.back();
}

// No label lies outside, on a box or on another label: their words differ by language.
bool labels_fit(const ui::Ui& ui, const DiagramLook& look, ImVec2 room) {
  const Rect where{{0, 0}, room};
  const StateDiagram diagram = state_diagram(where, look.box, look.upright);
  std::vector<Rect> taken(diagram.boxes.begin(), diagram.boxes.end());
  for (std::size_t i = 0; i < kStateEdges && look.label_lines > 0; ++i) {
    const Rect place = place_label(ui, look, diagram, i).place;
    const bool on_another =
        std::any_of(taken.begin(), taken.end(), [&](Rect other) { return overlap(other, place); });
    if (on_another || !contains(where, place)) return false;
    taken.push_back(place);
  }
  return true;
}

}  // namespace

std::optional<DiagramLook> diagram_look(const ui::Ui& ui, ImVec2 room) {
  const ui::Fonts& f = ui.fonts;
  const std::array<LookRule, 8> rules = {{{f.mono_big, f.title, f.body, 3, false, true, false},
                                          {f.mono, f.name, f.body, 3, true, true, false},
                                          {f.mono, f.name, f.small, 2, true, true, false},
                                          {f.mono_small, f.label, f.small, 2, false, true, false},
                                          {f.mono, f.name, f.small, 0, true, true, false},
                                          {f.mono, f.name, f.small, 0, true, false, true},
                                          {f.mono_small, f.label, f.small, 0, false, true, false},
                                          {f.mono_small, f.label, f.small, 0, true, false, true, true}}};
  for (const LookRule& rule : rules) {
    const ImVec2 box = box_size(ui, rule, room);
    const ImVec2 least = diagram_room(box, least_gap(ui, rule), rule.upright);
    if (least.x > room.x || least.y > room.y) continue;
    const DiagramLook look{rule.name,   rule.token,     rule.label,   rule.lines,
                           rule.glyphs, rule.two_lines, rule.upright, box};
    if (labels_fit(ui, look, room)) return look;
  }
  return std::nullopt;
}

std::vector<std::string> label_lines(const ui::Ui& ui, std::size_t edge, int most) {
  const StateEdge& of = state_edges()[edge];
  const std::string event(ui.tr(of.event)), action(ui.tr(of.action));
  const bool call = by_call(of.by) && of.by != Trigger::send;
  std::vector<std::string> lines;
  if (call) lines.emplace_back(of.words);
  if (!call || most > 2 || of.by != Trigger::close) lines.push_back(event);
  const bool little = of.action == "create TCB" || of.action == "delete TCB";
  const bool narrow = of.by == Trigger::close && of.to == TcpState::CLOSED;  // SEND's way is beside it
  if (!of.action.empty() && !(little && (most <= 2 || narrow))) lines.push_back(action);
  if (lines.size() > static_cast<std::size_t>(most)) lines.resize(static_cast<std::size_t>(most));
  return lines;
}

PlacedLabel place_label(const ui::Ui& ui, const DiagramLook& look, const StateDiagram& diagram,
                        std::size_t edge) {
  const StateWay& way = diagram.ways[edge];
  PlacedLabel label;
  label.lines = label_lines(ui, edge, look.label_lines);
  label.line_height = ui.measure(look.label, "X").y * 1.12f;
  const bool level = way.side_x == 0 && way.side_y == 0;
  if (level) fold_lines(ui, look.label, level_room(way, ui.scale), label.lines);
  if (level) label.over = label.lines.size() > 2 ? 2 : 1;
  ImVec2 size{0, label.line_height * static_cast<float>(label.lines.size()) + (level ? ui.px(8) : 0)};
  for (const std::string& line : label.lines) size.x = std::max(size.x, ui.measure(look.label, line).x);
  label.place = label_place(way, size, ui.scale);
  if (!level) return label;
  const float top = way.anchor.y - ui.px(4) - label.line_height * static_cast<float>(label.over);
  label.place = {{label.place.min.x, top}, {label.place.max.x, top + size.y}};
  return label;
}

void paint_labels(DiagramFrame& frame) {
  const int mover = last_mover(frame.cast);
  const WalkStep* last = mover < 0 ? nullptr : &frame.cast.ends[static_cast<std::size_t>(mover)].steps.back();
  const std::size_t lit = last == nullptr ? kStateEdges : way_of_cause(*last);
  std::vector<Rect> taken;
  for (std::size_t i = 0; i < kStateEdges && frame.look.label_lines > 0; ++i) {
    if (i == lit) continue;
    const PlacedLabel label = place_label(frame.ui, frame.look, frame.diagram, i);
    draw_label(frame, frame.diagram.ways[i], label);
    taken.push_back(label.place);
  }
  if (lit < kStateEdges) draw_cause(frame, *last, frame.diagram.ways[lit], taken);
}

}  // namespace sockscope
