// socket()'s form: families down, types across, and the protocols of the chosen cell; each as it came out
// here.
#include "panes/grid_draw.h"

#include <algorithm>

#include "net/names.h"
#include "panes/forms.h"
#include "panes/grid_model.h"
#include "panes/grid_words.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace grid_draw {

constexpr float kWidest = 1240, kProtocol = 30, kLeast = 18;
constexpr std::string_view kFileno = "fileno";  // Python's word

// A key: a ring with a shaft and two teeth.
void key_mark(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight) {
  const float ring = radius * 0.48f;
  const ImVec2 eye{centre.x - radius * 0.55f, centre.y};
  list->AddCircle(eye, ring, colour, 0, weight);
  const float end = centre.x + radius;
  list->AddLine({eye.x + ring, eye.y}, {end, eye.y}, colour, weight);
  for (const float back : {0.0f, 0.42f}) {
    const float x = end - radius * back;
    list->AddLine({x, eye.y}, {x, eye.y + radius * 0.55f}, colour, weight);
  }
}

struct Chosen {
  int family, type, protocol;
};
Chosen chosen_in(const CallDraft& draft) {
  const auto number = [&](std::size_t field) {
    const std::string& text = draft.fields[field].text;
    if (const auto known = constant(text)) return static_cast<int>(*known);
    return static_cast<int>(std::clamp(std::strtol(text.c_str(), nullptr, 0), -1L, 1L << 20));
  };
  return {number(0), number(1), number(2)};
}

void choose(FormPen& pen, const NamedNumber& family, const NamedNumber& type) {
  CallDraft& draft = pen.view.draft;
  draft.fields[0].text = family.name;
  draft.fields[1].text = type.name;
  const GridCell* best = summary_of(pen.scene.grid, family.value, type.value).best;
  draft.fields[2].text = protocol_name(family.value, best == nullptr ? 0 : best->protocol);
  draft.fields[3].text.clear();
}

// A mark and its word in a box; the word in mono.
void marked(ui::Ui& ui, Rect box, CellVerdict verdict, std::string_view name) {
  const float radius = ui.px(6), pad = box.width() < ui.px(150) ? ui.px(4) : ui.px(9);
  const float x = box.min.x + pad + radius;
  verdict_mark(ImGui::GetWindowDrawList(), ui, {x, (box.min.y + box.max.y) / 2}, verdict);
  text_in(ui, {{x + radius + ui.px(4), box.min.y}, {box.max.x, box.max.y}}, verdict_text(ui.theme, verdict),
          ui.fonts.mono_small, name);
}

void frame_of(ui::Ui& ui, Rect box, ImU32 ground, bool chosen, bool over) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ground, ui.px(3));
  if (chosen) {
    list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(3), 0, ui.px(2));
  } else if (over || ui.theme.name == ui::ThemeName::contrast) {
    list->AddRect(box.min, box.max, over ? ui.theme.ink2 : ui.theme.line, ui.px(3), 0, ui.px(1));
  }
}

void cell(FormPen& pen, Rect box, const NamedNumber& family, const NamedNumber& type, const Chosen& chosen) {
  ui::Ui& ui = pen.ui;
  const CellSummary summary = summary_of(pen.scene.grid, family.value, type.value);
  if (ui.area((family.name + "-" + type.name).c_str(), box.min, box.max)) choose(pen, family, type);
  const bool over = ImGui::IsItemHovered();
  const bool here = chosen.family == family.value && chosen.type == type.value;
  if (summary.best == nullptr) {
    frame_of(ui, box, ui.theme.sunk, here, over);
    text_in(ui, {{box.min.x + ui.px(9), box.min.y}, box.max}, ui.theme.ink2, ui.fonts.small, ui.tr("try it"));
    return;
  }
  ui.tooltip(grid_words(ui.tr, *summary.best));
  const CellVerdict verdict = verdict_of(*summary.best);
  frame_of(ui, box, verdict_ground(ui.theme, verdict), here, over);
  marked(ui, box, verdict, summary.name.empty() ? ui.tr("works") : std::string_view(summary.name));
}

void heads(FormPen& pen, Rect area, float label, float pitch, bool two) {
  ui::Ui& ui = pen.ui;
  float x = area.min.x + label;
  for (const NamedNumber& type : grid_types(pen.scene.grid)) {
    text_in(ui, rect(x, area.min.y, pitch - ui.px(4), ui.px(18)), ui.theme.ink, ui.fonts.mono_small,
            type.name);
    if (two) {
      text_in(ui, rect(x, area.min.y + ui.px(17), pitch - ui.px(4), ui.px(18)), ui.theme.ink2, ui.fonts.small,
              ui.tr(type.means));
    }
    x += pitch;
  }
}

// Families down, types across, in the height there is; down to a least height, under which they scroll.
float cells(FormPen& pen, Rect area, const Chosen& chosen) {
  ui::Ui& ui = pen.ui;
  const auto families = grid_families(pen.scene.grid), types = grid_types(pen.scene.grid);
  const auto rows = static_cast<float>(families.size());
  const bool two = area.height() >= ui.px(38) + rows * ui.px(36);
  const float head = ui.px(two ? 38 : 20), label = ui.px(area.width() < ui.px(960) ? 84 : 116);
  const float pitch = (area.width() - label) / static_cast<float>(types.size());
  const float down = std::clamp((area.height() - head) / rows, ui.px(kLeast), ui.px(58));
  heads(pen, area, label, pitch, two);
  float y = area.min.y + head;
  for (const NamedNumber& family : families) {
    const Rect name = rect(area.min.x, y, label - ui.px(6), down - ui.px(3));
    const bool room = down >= ui.px(36) && !family.means.empty();
    const float middle = (name.min.y + name.max.y) / 2;
    text_in(ui, room ? Rect{{name.min.x, middle - ui.px(17)}, {name.max.x, middle}} : name, ui.theme.ink,
            ui.fonts.mono_small, family.name);
    if (room) {
      text_in(ui, {{name.min.x, middle}, {name.max.x, middle + ui.px(17)}}, ui.theme.ink2, ui.fonts.small,
              ui.tr(family.means));
    }
    for (std::size_t t = 0; t < types.size(); ++t) {
      const float x = area.min.x + label + static_cast<float>(t) * pitch;
      cell(pen, rect(x, y, pitch - ui.px(4), down - ui.px(3)), family, types[t], chosen);
    }
    y += down;
  }
  return head + rows * down;
}

float grid(FormPen& pen, Rect area, const Chosen& chosen) {
  ui::Ui& ui = pen.ui;
  const float rows = static_cast<float>(grid_families(pen.scene.grid).size());
  const float wanted = ui.px(20) + rows * ui.px(kLeast);
  if (wanted <= area.height()) return cells(pen, area, chosen);
  if (area.height() < ui.px(40)) return 0;
  ImGui::SetCursorScreenPos(area.min);
  if (ui::begin_child("grid", {area.width(), area.height()})) {
    const ImVec2 top = ImGui::GetCursorScreenPos();
    cells(pen, rect(top.x, top.y, area.width() - ui.px(12), area.height()), chosen);
    ImGui::SetCursorScreenPos(top);
    ImGui::Dummy({1, wanted});
  }
  ImGui::EndChild();
  return area.height();
}

// The protocols of the chosen family and type, a number of one's own, and fileno.
float protocols(FormPen& pen, Rect area, const Chosen& chosen) {
  ui::Ui& ui = pen.ui;
  CallDraft& draft = pen.view.draft;
  ChipFlow flow(area, ui.px(kProtocol), ui.px(4));
  const std::string_view word = ui.tr("protocol");
  const float high = ui.px(kProtocol - 6);
  text_in(ui, flow.place(ui.measure(ui.fonts.label, word).x + ui.px(6), high), ui.theme.ink, ui.fonts.label,
          word);
  for (const NamedNumber& protocol : grid_protocols(pen.scene.grid, chosen.family, chosen.type)) {
    const GridCell* cell = cell_at(pen.scene.grid, chosen.family, chosen.type, protocol.value);
    const Rect box = flow.place(ui.measure(ui.fonts.mono_small, protocol.name).x + ui.px(30), high);
    if (ui.area(("protocol-" + protocol.name).c_str(), box.min, box.max)) {
      draft.fields[2].text = protocol.name;
      draft.fields[3].text.clear();
    }
    const bool over = ImGui::IsItemHovered(), here = chosen.protocol == protocol.value;
    if (cell == nullptr) {
      frame_of(ui, box, ui.theme.sunk, here, over);
      text_in(ui, box, ui.theme.ink, ui.fonts.mono_small, protocol.name, Align::centre);
      continue;
    }
    ui.tooltip(grid_words(ui.tr, *cell));
    frame_of(ui, box, verdict_ground(ui.theme, verdict_of(*cell)), here, over);
    marked(ui, box, verdict_of(*cell), protocol.name);
  }
  const Rect number = flow.place(ui.px(74), ui.px(28));
  ImGui::SetCursorScreenPos(number.min);
  ui.input("protocol-number", &draft.fields[2].text, "number", number.width());
  const Rect link = flow.place(ui.measure(ui.fonts.body, kFileno).x + ui.px(10), high);
  ImVec2 at{link.min.x + ui.px(6), link.min.y + ui.px(5)};
  if (link_at(ui, at, "fileno", kFileno)) pen.view.show_fileno = !pen.view.show_fileno;
  ui.tooltip(ui.tr("Take over a descriptor that is open already, instead of making a new socket."));
  if (pen.view.show_fileno) {
    const Rect box = flow.place(ui.px(90), ui.px(28));
    ImGui::SetCursorScreenPos(box.min);
    ui.input("fileno-number", &draft.fields[3].text, "descriptor", box.width());
  }
  return flow.used();
}

// Why the chosen cell works, or does not, and where it would.
void why(FormPen& pen, Rect area, const Chosen& chosen) {
  ui::Ui& ui = pen.ui;
  if (area.height() < ui.px(14)) return;
  const GridCell* cell = cell_at(pen.scene.grid, chosen.family, chosen.type, chosen.protocol);
  if (cell == nullptr) {
    text_in(ui, {area.min, {area.max.x, area.min.y + ui.px(20)}}, ui.theme.ink2, ui.fonts.label,
            ui.tr("Not tried yet: make it, and the kernel answers."));
    return;
  }
  const float radius = ui.px(6);
  const float line = ui.line_height(ui.fonts.label);
  verdict_mark(ImGui::GetWindowDrawList(), ui, {area.min.x + radius, area.min.y + line / 2},
               verdict_of(*cell));
  ui.paragraph({area.min.x + ui.px(20), area.min.y + ui.px(2)}, ui.theme.ink, ui.fonts.label,
               grid_words(ui.tr, *cell), area.width() - ui.px(20));
}

float why_height(FormPen& pen, float width, const Chosen& chosen) {
  const GridCell* cell = cell_at(pen.scene.grid, chosen.family, chosen.type, chosen.protocol);
  const float line = pen.ui.line_height(pen.ui.fonts.label);
  if (cell == nullptr) return line + pen.ui.px(4);
  const auto lines =
      pen.ui.wrap(pen.ui.fonts.label, grid_words(pen.ui.tr, *cell), width - pen.ui.px(20)).size();
  return line * static_cast<float>(std::max<std::size_t>(lines, 2)) + pen.ui.px(4);
}

}  // namespace grid_draw

void verdict_mark(ImDrawList* list, const ui::Ui& ui, ImVec2 centre, CellVerdict verdict) {
  const float radius = ui.px(6);
  if (verdict == CellVerdict::works) {
    list->AddCircleFilled(centre, radius, ui.theme.ok.fill);
    ui::tick(list, centre, radius * 0.5f, ui.theme.raised, ui.px(1.6f));
  } else if (verdict == CellVerdict::refused) {
    ui::cross(list, centre, radius * 0.6f, ui.theme.bad.fill, ui.px(2));
  } else {
    grid_draw::key_mark(list, centre, radius, ui.theme.warn.text, ui.px(1.6f));
  }
}

ImU32 verdict_text(const ui::Theme& theme, CellVerdict verdict) {
  return verdict == CellVerdict::works     ? theme.ok.text
         : verdict == CellVerdict::refused ? theme.bad.text
                                           : theme.warn.text;
}

ImU32 verdict_ground(const ui::Theme& theme, CellVerdict verdict) {
  return verdict == CellVerdict::works     ? theme.ok.tint
         : verdict == CellVerdict::refused ? theme.sunk
                                           : theme.warn.tint;
}

void draw_legend(ui::Ui& ui, Rect row) {
  const struct {
    CellVerdict verdict;
    std::string_view words;
  } marks[] = {{CellVerdict::works, ui.tr("works")},
               {CellVerdict::needs_privilege, ui.tr("needs a privilege")},
               {CellVerdict::refused, ui.tr("refused")}};
  float wide = 0;
  for (const auto& mark : marks) wide += ui.measure(ui.fonts.label, mark.words).x + ui.px(36);
  if (wide > row.width()) return;
  float x = row.max.x - wide;
  for (const auto& mark : marks) {
    verdict_mark(ImGui::GetWindowDrawList(), ui, {x + ui.px(6), (row.min.y + row.max.y) / 2}, mark.verdict);
    const Rect words{{x + ui.px(18), row.min.y}, row.max};
    x += text_in(ui, words, ui.theme.ink2, ui.fonts.label, mark.words).x + ui.px(36);
  }
}

float draw_socket_form(FormPen& pen, Rect area) {
  ui::Ui& ui = pen.ui;
  const grid_draw::Chosen chosen = grid_draw::chosen_in(pen.view.draft);
  area.max.x = std::min(area.max.x, area.min.x + ui.px(grid_draw::kWidest));
  const float words = grid_draw::why_height(pen, area.width(), chosen);
  const float below = ui.px(grid_draw::kProtocol) + words + ui.px(6);
  const Rect grid{area.min, {area.max.x, std::max(area.min.y, area.max.y - below)}};
  float y = area.min.y + grid_draw::grid(pen, grid, chosen) + ui.px(3);
  y += grid_draw::protocols(pen, {{area.min.x, y}, area.max}, chosen) + ui.px(2);
  grid_draw::why(pen, {{area.min.x, y}, area.max}, chosen);
  return y + words - area.min.y;
}

}  // namespace sockscope
