// The open menu over the panes, by mouse and by keys.
#include <algorithm>
#include <cmath>

#include "panes/action_menu.h"
#include "panes/copy_text.h"
#include "panes/forms.h"
#include "panes/frame.h"
#include "panes/stage_draw.h"
#include "panes/stage_hosts.h"
#include "panes/timeline_tools.h"
#include "ui/compat.h"

namespace sockscope {

namespace menu {

constexpr float kRow = 28, kPad = 12, kTitle = 30, kHeading = 22;

void close(ui::Ui& ui, View& view) {
  const OpenMenu was = std::exchange(view.open_menu, {});
  view.focus = was.pane;
  if (!was.focus.empty()) ui.focus(was.focus, false);
}

void look(ui::Ui& ui, const Scene& scene, View& view, const Selection& about, MenuLook what) {
  switch (what) {
    case MenuLook::details:
      view.focus = view.right_tab = Pane::details;
      view.maximised = Pane::none;
      break;
    case MenuLook::timeline:
      view.show_new_socket = view.show_states = view.show_ladder = view.show_narration = false;
      view.focus = view.right_tab = Pane::timeline;
      view.maximised = Pane::none;
      tools_of(view).reveal = true;
      break;
    case MenuLook::copy: {
      const std::string text = text_of_thing(ui, scene, about);
      ImGui::SetClipboardText(text.c_str());
      view.passing = {ui.say("Copied as text: {0}", text)};
      break;
    }
    case MenuLook::all_calls:
      open_calls(scene, view, about.id);
      break;
    case MenuLook::new_socket:
      open_new_socket(view);
      break;
    case MenuLook::desks_back:
      put_desks_back(view);
      break;
    case MenuLook::prompt:
      view.focus_prompt = true;
      break;
  }
}

// The menu is closed by then.
void run(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, const ActionMenu& of,
         const MenuRow& row) {
  if (const auto* action = std::get_if<StageAction>(&row.does)) {
    run_action(view, requests, *action);
  } else if (const auto* form = std::get_if<OpenForm>(&row.does)) {
    open_form(scene, view, form->call, form->socket);
    view.draft = usual_draft(scene, form->call, form->socket);
  } else {
    look(ui, scene, view, of.about, std::get<MenuLook>(row.does));
  }
}

// Where each row's parts stand, from the menu's left top corner.
struct Shape {
  float width = 0, height = 0, name = 0;  // name: the column's width
  std::vector<float> tops, heights;
};

std::size_t lines_of(const MenuRow& row) {
  return row.line.empty() ? 1
                          : static_cast<std::size_t>(std::count(row.line.begin(), row.line.end(), '\n')) + 1;
}

ImFont* name_font(const ui::Ui& ui, const MenuRow& row) {
  return row.name.ends_with("()") || row.key.starts_with("delay") ? ui.fonts.mono : ui.fonts.body;
}

float advice_height(const ui::Ui& ui, const MenuRow& row, float width) {
  if (row.advice.words.empty()) return 0;
  const std::size_t lines = ui.wrap(ui.fonts.small, row.advice.words, width - ui.px(2 * kPad + 10)).size();
  return ui.line_height(ui.fonts.small) * static_cast<float>(lines) + ui.px(5);
}

Shape shape_of(const ui::Ui& ui, const ActionMenu& menu, float most) {
  Shape out;
  float line = 0;
  for (const MenuRow& row : menu.rows) {
    const float wide = ui.measure(name_font(ui, row), row.name).x;
    if (!row.line.empty()) out.name = std::max(out.name, wide);
    line = std::max(line, row.line.empty() ? wide : 0.0f);
  }
  float beside = 0;
  for (const MenuRow& row : menu.rows) beside = std::max(beside, ui.measure(ui.fonts.mono_small, row.line).x);
  const float both = beside == 0 ? 0 : out.name + ui.px(20) + beside;
  const float title = std::min(ui.measure(ui.fonts.name, menu.title).x, ui.px(360));
  out.width = std::clamp(std::max({both, line, title, menu.note.empty() ? 0 : ui.px(260)}) + ui.px(2 * kPad),
                         std::min(ui.px(220), most), most);
  float y = ui.px(kTitle);
  if (!menu.note.empty()) {
    const auto lines = ui.wrap(ui.fonts.label, menu.note, out.width - ui.px(2 * kPad)).size();
    y += ui.line_height(ui.fonts.label) * static_cast<float>(lines) + ui.px(8);
  }
  for (std::size_t i = 0; i < menu.rows.size(); ++i) {
    const MenuRow& row = menu.rows[i];
    const bool begins = i > 0 && row.part != menu.rows[i - 1].part;
    if (row.part == MenuRow::Part::fails && (begins || i == 0)) y += ui.px(kHeading + 4);
    if (row.part == MenuRow::Part::looks && begins) y += ui.px(9);
    out.tops.push_back(y);
    out.heights.push_back(ui.px(kRow) +
                          static_cast<float>(lines_of(row) - 1) * ui.line_height(ui.fonts.mono_small) +
                          advice_height(ui, row, out.width));
    y += out.heights.back();
  }
  out.height = y + ui.px(6);
  return out;
}

void draw_row(ui::Ui& ui, const MenuRow& row, Rect box, float name_wide, bool over) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (over) list->AddRectFilled(box.min, box.max, ui.theme.hover);
  Rect first{{box.min.x + ui.px(kPad), box.min.y}, {box.max.x - ui.px(kPad), box.min.y + ui.px(kRow)}};
  text_in(ui, first, ui.theme.ink, name_font(ui, row), row.name);
  first.min.x += name_wide + ui.px(16);
  std::string_view rest = row.line;
  const float pitch = ui.line_height(ui.fonts.mono_small);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    text_in(ui, first, ui.theme.ink2, ui.fonts.mono_small, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!rest.empty()) first.min.y += pitch, first.max.y += pitch;
  }
  if (row.advice.words.empty()) return;
  const ImVec2 at{box.min.x + ui.px(kPad), first.max.y - ui.px(2)};
  const bool fails = row.advice.error != 0;
  list->AddRectFilled({at.x, at.y + ui.px(1)}, {at.x + ui.px(3), box.max.y - ui.px(4)},
                      fails ? ui.theme.warn.fill : ui.theme.busy);
  ui.paragraph({at.x + ui.px(10), at.y}, ui.theme.ink2, ui.fonts.small, row.advice.words,
               box.width() - ui.px(2 * kPad + 10));
}

// Between the parts: what the next ones have in common.
void draw_break(ui::Ui& ui, Rect row, MenuRow::Part part) {
  const float y = row.min.y - ui.px(part == MenuRow::Part::fails ? kHeading : 5);
  ImGui::GetWindowDrawList()->AddLine({row.min.x, y}, {row.max.x, y}, ui.theme.line, ui.theme.hairline);
  if (part != MenuRow::Part::fails) return;
  text_in(ui, {{row.min.x + ui.px(kPad), y}, {row.max.x - ui.px(kPad), row.min.y}}, ui.theme.warn.text,
          ui.fonts.small, ui.tr("These fail as it is now. They are as real as the others."));
}

// What was pressed; null: nothing.
const MenuRow* draw_rows(ui::Ui& ui, const ActionMenu& menu, const Shape& shape, ImVec2 at) {
  const ui::Scope scope(ui, "menu");
  const float in = ui.px(kPad);
  text_in(ui, rect(at.x + in, at.y + ui.px(3), shape.width - 2 * in, ui.px(kTitle - 6)), ui.theme.ink,
          ui.fonts.name, menu.title);
  if (!menu.note.empty())
    ui.paragraph({at.x + in, at.y + ui.px(kTitle)}, ui.theme.ink2, ui.fonts.label, menu.note,
                 shape.width - 2 * in);
  const MenuRow* pressed = nullptr;
  for (std::size_t i = 0; i < menu.rows.size(); ++i) {
    const MenuRow& row = menu.rows[i];
    const Rect box = rect(at.x + 1, at.y + shape.tops[i], shape.width - 2, shape.heights[i]);
    if (row.part != (i == 0 ? MenuRow::Part::works : menu.rows[i - 1].part)) draw_break(ui, box, row.part);
    if (ui.area(row.key.c_str(), box.min, box.max)) pressed = &row;
    draw_row(ui, row, box, row.line.empty() ? 0 : shape.name, ImGui::IsItemHovered());
  }
  return pressed;
}

std::string path_of(const MenuRow& row) {
  return "menu/" + row.key;
}

}  // namespace menu

void open_menu(ui::Ui& ui, const Scene& scene, View& view, ImVec2 at) {
  OpenMenu& open = view.open_menu;
  if (!open.menu) {
    open.pane = view.focus;
    open.focus = ui.ring == nullptr ? std::string() : ui.ring->at();
  }
  const bool by_key = open.asked;
  open.asked = false;
  open.at = at;
  open.menu = std::make_shared<ActionMenu>(action_menu(ui, scene, view, view.selection));
  view.focus = Pane::none;
  view.hints.done(Hint::right_click);
  if (!open.menu->rows.empty()) ui.focus(menu::path_of(open.menu->rows.front()), by_key);
}

void offer_menu(ui::Ui& ui, const Scene& scene, View& view, Pane pane, const Selection& what) {
  if (ImGui::IsItemClicked(1)) return open_menu(ui, scene, view, ImGui::GetMousePos());
  if (!view.open_menu.asked || view.focus != pane || view.selection != what) return;
  if (what.kind == Selection::Kind::none) return;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  open_menu(ui, scene, view, {low.x + ui.px(12), std::min(high.y, low.y + ui.px(60))});
}

void menu_keys(ui::Ui& ui, View& view) {
  using ui::Key;
  const auto& rows = view.open_menu.menu->rows;
  if (ui::key_pressed(Key::escape) || ui::key_pressed(Key::menu) || rows.empty())
    return menu::close(ui, view);
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const MenuRow& row) {
    return ui.ring != nullptr && menu::path_of(row) == ui.ring->at();
  });
  const auto count = static_cast<std::ptrdiff_t>(rows.size());
  std::ptrdiff_t to = at == rows.end() ? -1 : at - rows.begin();
  const bool tab = ui::key_pressed(Key::tab, true), back = ImGui::GetIO().KeyShift;
  const bool down = ui::key_pressed(Key::down, true) || (tab && !back);
  const bool up = ui::key_pressed(Key::up, true) || (tab && back);
  if (tab && ui.ring != nullptr) ui.ring->take_tab();
  if (down) to = (to + 1) % count;
  if (up) to = (std::max<std::ptrdiff_t>(to, 0) + count - 1) % count;
  if (ui::key_pressed(Key::home)) to = 0;
  if (ui::key_pressed(Key::end)) to = count - 1;
  const bool moved = down || up || ui::key_pressed(Key::home) || ui::key_pressed(Key::end);
  if (moved) ui.focus(menu::path_of(rows[static_cast<std::size_t>(to)]));
}

void draw_menu(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size, Rect stage) {
  if (view.open_menu.asked)
    open_menu(ui, scene, view, {stage.min.x + ui.px(24), stage.min.y + ui.px(kPaneHeader)});
  if (!view.open_menu.menu) return;
  const auto menu = view.open_menu.menu;  // closing lets it go
  ImGui::SetCursorScreenPos({0, 0});
  ui::begin_child("menu-over", size, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const float margin = ui.px(8);
  const menu::Shape shape = menu::shape_of(ui, *menu, std::min(ui.px(780), size.x - 2 * margin));
  const float high = std::min(shape.height, size.y - 2 * margin);
  const ImVec2 at{std::round(std::clamp(view.open_menu.at.x, margin, size.x - margin - shape.width)),
                  std::round(std::clamp(view.open_menu.at.y, margin, size.y - margin - high))};
  const Rect box = rect(at.x, at.y, shape.width, high);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({box.min.x + ui.px(2), box.min.y + ui.px(3)},
                      {box.max.x + ui.px(3), box.max.y + ui.px(4)}, IM_COL32(0, 0, 0, 46), ui.px(5));
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(4), 0, ui.theme.hairline);
  ImGui::SetCursorScreenPos(box.min);
  ui::begin_child("rows", {box.width(), box.height()},
                  shape.height > high ? 0 : ImGuiWindowFlags_NoScrollbar);
  const MenuRow* pressed = menu::draw_rows(ui, *menu, shape, ImGui::GetCursorScreenPos());
  ImGui::EndChild();
  const bool beside =
      !ImGui::IsMouseHoveringRect(box.min, box.max) && (ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1));
  ImGui::EndChild();
  if (pressed != nullptr) {
    menu::close(ui, view);
    menu::run(ui, scene, view, requests, *menu, *pressed);
  } else if (beside) {
    menu::close(ui, view);
  }
}

}  // namespace sockscope
