// The whole window: bar, panes in their places, splitters, tabs of a narrow window, first run, overlays.
#include <algorithm>
#include <string>

#include "panes/action_menu.h"
#include "panes/consent.h"
#include "panes/copy_text.h"
#include "panes/files_card.h"
#include "panes/frame.h"
#include "panes/keys.h"
#include "panes/notices.h"
#include "panes/presenter.h"
#include "panes/window_layout.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace window {

constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                    ImGuiWindowFlags_NoSavedSettings |
                                    ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoBackground |
                                    ImGuiWindowFlags_NoScrollWithMouse;

// A window of ours over all of ImGui's; ends with the object.
class Host {
 public:
  Host(const ui::Ui& ui, ImVec2 size) {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
    ImGui::Begin("sockscope", nullptr, kFlags);
    ImGui::PopStyleVar(4);
    ImGui::GetWindowDrawList()->AddRectFilled({0, 0}, size, ui.theme.bg);
  }
  ~Host() { ImGui::End(); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
};

using Draw = void (*)(ui::Ui&, const Scene&, View&, Requests&, Rect);
Draw draw_of(Pane pane) {
  switch (pane) {
    case Pane::stage:
      return draw_stage;
    case Pane::timeline:
      return draw_timeline;
    case Pane::lesson:
      return draw_lesson;
    case Pane::code:
      return draw_code;
    case Pane::details:
      return draw_details;
    case Pane::console:
      return draw_console;
    case Pane::new_socket:
      return draw_new_socket;
    case Pane::narration:
      return draw_narration;
    case Pane::states:
      return draw_states;
    case Pane::ladder:
      return draw_ladder;
    case Pane::none:
      break;
  }
  return nullptr;
}

// A pane in a child window of its own, so that nothing it draws leaves its place.
void draw_pane(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Pane pane, Rect where) {
  const Draw draw = draw_of(pane);
  if (draw == nullptr || where.width() < 1 || where.height() < 1) return;
  ImGui::SetCursorScreenPos(where.min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ui::begin_child((std::string("pane ") + key_of(pane)).c_str(), {where.width(), where.height()},
                  ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar();
  const bool clicked = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) && ImGui::IsMouseClicked(0);
  if (clicked) view.focus = pane;
  draw(ui, scene, view, requests, where);
  ImGui::EndChild();
}

const char* title_of(Pane pane) {
  switch (pane) {
    case Pane::stage:
      return "Stage";
    case Pane::timeline:
      return "Timeline";
    case Pane::lesson:
      return "Lesson";
    case Pane::code:
      return "Code";
    case Pane::details:
      return "Details";
    case Pane::console:
      return "Console";
    case Pane::new_socket:
      return "New socket";
    case Pane::narration:
      return "Sentences";
    case Pane::states:
      return "State diagram";
    case Pane::ladder:
      return "Packet ladder";
    case Pane::none:
      break;
  }
  return "";
}

// Ctrl Shift C: the pane the keyboard is in; none: it was not pressed.
Pane to_copy(const View& view, const std::vector<Pane>& shown) {
  if (!ImGui::GetIO().KeyShift || !ui::ctrl_pressed(ui::Key::c) || view.first_run || shown.empty())
    return Pane::none;
  const bool there = std::find(shown.begin(), shown.end(), view.focus) != shown.end();
  return there ? view.focus : shown.front();
}

void draw_and_copy(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Pane pane, Rect where) {
  const Drawn drawn(ui);
  draw_pane(ui, scene, view, requests, pane, where);
  ImGui::SetClipboardText(text_of_pane(ui, scene, view, pane).value_or(drawn.text()).c_str());
  view.passing = {ui.say("Copied as text: {0}", ui.tr(title_of(pane)))};
}

void draw_tabs(ui::Ui& ui, View& view, const WindowLayout& layout) {
  if (layout.tab_panes.empty()) return;
  const ui::Scope scope(ui, "tabs");
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(layout.tabs.min, layout.tabs.max, ui.theme.pane);
  list->AddLine({layout.tabs.min.x, layout.tabs.max.y - 1}, {layout.tabs.max.x, layout.tabs.max.y - 1},
                ui.theme.line, ui.theme.hairline);
  float x = layout.tabs.min.x + ui.px(12);
  for (const Pane pane : layout.tab_panes) {
    const std::string_view text = ui.tr(title_of(pane));
    const float wide = ui.measure(ui.fonts.label, text).x + ui.px(16);
    const Rect box{{x, layout.tabs.min.y}, {x + wide, layout.tabs.max.y}};
    if (ui.area(key_of(pane), box.min, box.max)) view.right_tab = view.focus = pane;
    const bool shown = layout.place(pane).width() > 0;
    text_in(ui, box, shown ? ui.theme.ink : ui.theme.ink2, ui.fonts.label, text, Align::centre);
    if (shown) {
      list->AddRectFilled({box.min.x + ui.px(6), box.max.y - ui.px(2)}, {box.max.x - ui.px(6), box.max.y},
                          ui.theme.accent.fill);
    }
    x += wide + ui.px(4);
  }
}

// The last item is the splitter's grip.
void move_splitter(View& view, const Splitter& splitter, ImVec2 size, float scale) {
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0)) {
    drag_splitter(view, splitter.which, std::nullopt, size, scale);
  } else if (ImGui::IsItemActive()) {
    const ImVec2 by = ImGui::GetIO().MouseDelta;
    const float moved = splitter.upright ? by.x : by.y;
    if (moved != 0) drag_splitter(view, splitter.which, moved, size, scale);
  }
}

void draw_splitters(ui::Ui& ui, View& view, const WindowLayout& layout, ImVec2 size) {
  const float grip = ui.px(4);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const Splitter& splitter : layout.splitters) {
    const Rect line = splitter.line;
    list->AddRectFilled(line.min, line.max, ui.theme.line);
    const ImVec2 out = splitter.upright ? ImVec2{grip, 0} : ImVec2{0, grip};
    const ImVec2 wide{line.width() + 2 * out.x, line.height() + 2 * out.y};
    const std::string id = "splitter-" + std::to_string(static_cast<int>(splitter.which));
    // In a window of its own, above the panes it lies between.
    ImGui::SetCursorScreenPos({line.min.x - out.x, line.min.y - out.y});
    ui::begin_child(id.c_str(), wide, ImGuiWindowFlags_NoScrollbar);
    ImGui::InvisibleButton("grip", wide);
    ui.note(id.c_str());
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
      ImGui::SetMouseCursor(splitter.upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
      ImGui::GetWindowDrawList()->AddRectFilled(line.min, line.max, ui.theme.accent.fill);
      move_splitter(view, splitter, size, ui.scale);
    }
    ImGui::EndChild();
  }
}

// A full-size window of its own: it lies above the panes' windows, and nothing under it takes the mouse.
template <typename DrawOver>
void draw_overlay(ImVec2 size, const DrawOver& draw) {
  ImGui::SetCursorScreenPos({0, 0});
  ui::begin_child("overlay", size, ImGuiWindowFlags_NoScrollbar);
  draw();
  ImGui::EndChild();
}

}  // namespace window

void draw_window(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size) {
  if (size.x < 1 || size.y < 1) return;
  view.log.follow(scene.trace);
  const WindowLayout layout = window_layout(view, size, ui.scale);
  run_shortcuts(ui, scene, view, requests, layout.shown);
  const window::Host host(ui, size);
  if (view.presenting.on && !view.first_run)
    draw_presenter_bar(ui, scene, layout.bar);
  else
    draw_bar(ui, scene, view, requests, layout.bar);
  if (view.show_keys) {
    // What lies under the overlay is drawn for the eye only, once the keys are closed again.
    window::draw_overlay(size, [&] { draw_keys(ui, view, size); });
    return;
  }
  if (view.show_consent) {
    window::draw_overlay(size, [&] { draw_consent(ui, scene, view, requests, size); });
    return;
  }
  if (view.browsing.on) {
    window::draw_overlay(size, [&] { draw_files(ui, scene, view, requests, size); });
    return;
  }
  if (view.first_run) {
    draw_first_run(ui, scene, view, requests, {{0, layout.bar.max.y + 1}, size});
    draw_notice(ui, scene, view, size);
    draw_loading(ui, scene, view, requests, size);
    draw_passing(ui, scene, view, size);
    return;
  }
  const Pane copied = window::to_copy(view, layout.shown);
  for (const Pane pane : layout.shown) {
    const auto draw = pane == copied ? window::draw_and_copy : window::draw_pane;
    draw(ui, scene, view, requests, pane, layout.place(pane));
  }
  window::draw_tabs(ui, view, layout);
  window::draw_splitters(ui, view, layout, size);
  if (view.presenting.on) {
    draw_last_call(ui, scene, view, layout.last_call);
    draw_presenter_over(ui, scene, view, layout, size);
  }
  draw_notice(ui, scene, view, size);
  draw_loading(ui, scene, view, requests, size);
  draw_passing(ui, scene, view, size);
  draw_menu(ui, scene, view, requests, size, layout.place(Pane::stage));
}

void draw_alone(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Pane pane, ImVec2 size) {
  if (size.x < 1 || size.y < 1) return;
  view.log.follow(scene.trace);
  const window::Host host(ui, size);
  window::draw_pane(ui, scene, view, requests, pane, {{0, 0}, size});
}

}  // namespace sockscope
