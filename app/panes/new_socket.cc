// New socket: every family, type and protocol may be tried. The line it writes is shown; what the kernel
// refuses is refused in earnest.
#include <algorithm>

#include "panes/frame.h"
#include "panes/new_socket_form.h"
#include "panes/stage_actions.h"

namespace sockscope {

namespace form {

bool cell(ui::Ui& ui, const std::string& key, Rect box, bool chosen, std::string_view first,
          std::string_view second) {
  const bool pressed = ui.area(key.c_str(), box.min, box.max);
  const bool over = ImGui::IsItemHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max,
                      chosen ? ui.theme.accent.tint
                      : over ? ui.theme.hover
                             : ui.theme.sunk,
                      ui.px(3));
  if (chosen) list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(3), 0, ui.px(2));
  const bool two = !second.empty() && box.height() >= ui.px(36);
  const float middle = (box.min.y + box.max.y) / 2, x = box.min.x + ui.px(10), end = box.max.x - ui.px(6);
  const Rect top =
      two ? Rect{{x, middle - ui.px(18)}, {end, middle}} : Rect{{x, box.min.y}, {end, box.max.y}};
  text_in(ui, top, chosen ? ui.theme.accent.text : ui.theme.ink, ui.fonts.mono_small, first);
  if (two) text_in(ui, {{x, middle}, {end, middle + ui.px(18)}}, ui.theme.ink2, ui.fonts.small, second);
  return pressed;
}

// What the default protocol of a family and type is called.
std::string_view known_as(std::size_t family, std::size_t type) {
  if (family < 2 && type == 0) return "TCP";
  if (family < 2 && type == 1) return "UDP";
  return {};
}

// Families down, types across. Returns the height it used.
float grid(ui::Ui& ui, View& view, Rect area) {
  const float head = ui.px(40), label = std::min(ui.px(100), area.width() * 0.17f);
  const float pitch_x = (area.width() - label) / static_cast<float>(types().size());
  const float pitch_y = std::clamp((area.height() - head - ui.px(150)) / 3, ui.px(30), ui.px(54));
  for (std::size_t t = 0; t < types().size(); ++t) {
    const float x = area.min.x + label + static_cast<float>(t) * pitch_x;
    text_in(ui, rect(x, area.min.y, pitch_x - ui.px(6), ui.px(18)), ui.theme.ink, ui.fonts.mono_small,
            types()[t].name);
    text_in(ui, rect(x, area.min.y + ui.px(17), pitch_x - ui.px(6), ui.px(18)), ui.theme.ink2, ui.fonts.small,
            ui.tr(types()[t].means));
  }
  for (std::size_t f = 0; f < families().size(); ++f) {
    const float y = area.min.y + head + static_cast<float>(f) * pitch_y;
    const Rect name = rect(area.min.x, y, label - ui.px(6), ui.px(18));
    text_in(ui, name, ui.theme.ink, ui.fonts.mono_small, families()[f].name);
    if (pitch_y >= ui.px(38)) {
      text_in(ui, rect(name.min.x, y + ui.px(17), name.width(), ui.px(18)), ui.theme.ink2, ui.fonts.small,
              ui.tr(families()[f].means));
    }
    for (std::size_t t = 0; t < types().size(); ++t) {
      const Rect box = rect(area.min.x + label + static_cast<float>(t) * pitch_x, y, pitch_x - ui.px(6),
                            pitch_y - ui.px(5));
      const bool chosen = view.family == static_cast<int>(f) && view.type == static_cast<int>(t);
      const std::string key = std::string(families()[f].name) + "-" + std::string(types()[t].name);
      const std::string_view known = known_as(f, t);
      if (cell(ui, key, box, chosen, known.empty() ? ui.tr("try it") : known, {})) {
        view.family = static_cast<int>(f);
        view.type = static_cast<int>(t);
      }
    }
  }
  return head + 3 * pitch_y;
}

void protocol_row(ui::Ui& ui, View& view, Rect row) {
  const float label = std::min(ui.px(100), row.width() * 0.17f);
  text_in(ui, rect(row.min.x, row.min.y, label, row.height()), ui.theme.ink, ui.fonts.label,
          ui.tr("protocol"));
  const float pitch = (row.width() - label) / static_cast<float>(protocols().size());
  for (std::size_t p = 0; p < protocols().size(); ++p) {
    const Rect box =
        rect(row.min.x + label + static_cast<float>(p) * pitch, row.min.y, pitch - ui.px(6), row.height());
    const bool chosen = view.protocol == static_cast<int>(p);
    if (cell(ui, "protocol-" + std::string(protocols()[p].name), box, chosen, protocols()[p].name,
             ui.tr(protocols()[p].means))) {
      view.protocol = static_cast<int>(p);
    }
  }
}

std::vector<std::string> threads_of(const Scene& scene, const View& view) {
  std::vector<std::string> out{"main"};
  for (const ThreadState& thread : scene.end.threads()) {
    const bool fits = thread.id != 0 && thread.alive && thread.role == ThreadRole::play;
    if (fits && std::find(out.begin(), out.end(), thread.name) == out.end()) out.push_back(thread.name);
  }
  if (std::find(out.begin(), out.end(), view.thread) == out.end()) out.push_back(view.thread);
  return out;
}

// Another name when the proposed one is in use: a second socket must not take the first one's name.
void propose(const Scene& scene, View& view) {
  if (view.variable != view.proposed) return;
  const BoundName* bound = scene.end.name(view.variable);
  if (bound == nullptr) return;
  if (bound->kind == NameKind::socket) {
    const SocketState* socket = scene.end.socket(bound->id);
    if (socket == nullptr || !socket->open) return;
  }
  const std::size_t letters = view.variable.find_last_not_of("0123456789") + 1;
  view.variable = view.proposed = fresh_name(scene, view.variable.substr(0, letters));
}

// The variable it gets, and the thread that makes it.
void line_row(ui::Ui& ui, const Scene& scene, View& view, ImVec2 at, float right) {
  const auto word = [&](std::string_view text) {
    at.x += text_in(ui, rect(at.x, at.y, right - at.x, ui.px(28)), ui.theme.ink2, ui.fonts.label, text).x +
            ui.px(8);
    ImGui::SetCursorScreenPos(at);
  };
  word(ui.tr("variable"));
  ui.input("variable", &view.variable, "s", ui.px(90));
  at.x += ui.px(104);
  word(ui.tr("on thread"));
  const std::vector<std::string> threads = threads_of(scene, view);
  int chosen = static_cast<int>(std::find(threads.begin(), threads.end(), view.thread) - threads.begin());
  if (ui.combo("thread", &chosen, threads, ui.px(140)))
    view.thread = threads[static_cast<std::size_t>(chosen)];
}

}  // namespace form

void draw_new_socket(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const Rect inner = pane_frame(ui, view, Pane::new_socket, ui.tr("New socket"),
                                ui.tr("every choice may be tried: the kernel answers"), where);
  if (inner.height() < ui.px(20)) return;
  ImGui::SetCursorScreenPos(inner.min);
  ui::Scope outer(ui, "new-socket");
  ImVec2 close{where.max.x - ui.px(52), where.min.y + ui.px(9)};
  if (link_at(ui, close, "close", "Close", true)) view.show_new_socket = false;
  form::propose(scene, view);
  const float pad = ui.px(16);
  const Rect area{{inner.min.x + pad, inner.min.y + ui.px(4)}, {inner.max.x - pad, inner.max.y}};
  const float used = form::grid(ui, view, area);
  float y = area.min.y + used + ui.px(6);
  form::protocol_row(ui, view, rect(area.min.x, y, area.width(), ui.px(40)));
  y += ui.px(50);
  form::line_row(ui, scene, view, {area.min.x, y}, area.max.x);
  y += ui.px(36);
  const std::string line = socket_line(view);
  const float wide =
      std::max(ui.px(60), std::min(area.width() - button_size(ui, "Make it").x - ui.px(12), ui.px(520)));
  ImGui::GetWindowDrawList()->AddRectFilled({area.min.x, y}, {area.min.x + wide, y + ui.px(28)},
                                            ui.theme.sunk, ui.px(3));
  Rect shown = rect(area.min.x + ui.px(10), y, wide - ui.px(16), ui.px(28));
  shown.min.x += text_in(ui, shown, ui.theme.ink2, ui.fonts.mono, view.thread + ">>>").x + ui.px(9);
  text_in(ui, shown, ui.theme.ink, ui.fonts.mono, line);
  ImVec2 at{area.min.x + wide + ui.px(12), y};
  if (button_at(ui, at, "make", "Make it", true) && !view.variable.empty()) {
    requests.push_back(request::RunLine{view.thread, line});
    view.proposed = view.variable;
  }
}

}  // namespace sockscope
