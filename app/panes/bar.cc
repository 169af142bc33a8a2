// The bar: what is open at the left, moving through it in the middle, how it looks at the right.
#include <fmt/format.h>

#include <algorithm>

#include "explain/leaving.h"
#include "panes/bar.h"
#include "panes/consent.h"
#include "panes/frame.h"
#include "panes/icons.h"
#include "panes/keys.h"

namespace sockscope {

namespace bar {

// An icon that is pressed; true when it was.
template <typename Draw>
bool icon_button(ui::Ui& ui, const char* key, Rect box, bool framed, std::string_view tip, const Draw& draw) {
  const bool pressed = ui.area(key, box.min, box.max);
  const bool over = ImGui::IsItemHovered();
  ui.tooltip(tip);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (over || framed) list->AddRectFilled(box.min, box.max, over ? ui.theme.hover : ui.theme.sunk, ui.px(4));
  if (framed) list->AddRect(box.min, box.max, ui.theme.line2, ui.px(4), 0, ui.theme.hairline);
  draw(list, over ? ui.theme.ink : ui.theme.ink2);
  return pressed;
}

// A word that is pressed, from the right; moves `right`.
bool word(ui::Ui& ui, const char* key, float& right, Rect where, std::string_view text, ImU32 colour,
          std::string_view tip) {
  const float wide = ui.measure(ui.fonts.label, text).x;
  const Rect box{{right - wide, where.min.y + ui.px(8)}, {right, where.max.y - ui.px(8)}};
  const bool pressed = ui.area(key, shrink(box, -ui.px(2)).min, shrink(box, -ui.px(2)).max);
  const bool over = ImGui::IsItemHovered();
  ui.tooltip(tip);
  text_in(ui, box, over ? ui.theme.accent.text : colour, ui.fonts.label, text);
  right -= wide;
  return pressed;
}

void moves(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where, float x) {
  const float side = ui.px(32), y = where.min.y + ui.px(6), in = ui.px(10);
  const auto box = [&](float at) { return rect(at, y, side, side); };
  const auto draw = [&](float at, icon::Move what) {
    return [&ui, at, y, side, in, what](ImDrawList* list, ImU32 colour) {
      icon::move(list, shrink(rect(at, y, side, side), in), what == icon::Move::pause ? ui.theme.ink : colour,
                 what);
    };
  };
  const bool running = scene.live ? view.follow : scene.playing;
  const float a = x, b = x + ui.px(38), c = x + ui.px(76);
  if (icon_button(ui, "back", box(a), false, ui.tr("A step back (Alt + Left; with Shift: a call)"),
                  draw(a, icon::Move::back))) {
    step_cursor(scene, view, -1);
  }
  const std::string_view tip = scene.live
                                   ? (running ? ui.tr("Hold the view; the calls go on") : ui.tr("Follow"))
                                   : (running ? ui.tr("Pause") : ui.tr("Run"));
  if (icon_button(ui, "run", box(b), true, tip, draw(b, running ? icon::Move::pause : icon::Move::run))) {
    toggle_run(scene, view, requests);
  }
  if (icon_button(ui, "step", box(c), false, ui.tr("A step on (Alt + Right; with Shift: a call)"),
                  draw(c, icon::Move::step))) {
    step_cursor(scene, view, 1);
  }
}

constexpr float kSpeedWide = 66;

// Of a replay: how fast it runs, between a slower and a faster.
void speed(ui::Ui& ui, View& view, Rect where, float x) {
  const float y = where.min.y + ui.px(8), high = where.max.y - where.min.y - ui.px(16), side = ui.px(14);
  const auto sign = [&](const char* key, float at, const char* text, int by, std::string_view tip) {
    const Rect box = rect(at, y, side, high);
    const bool pressed = ui.area(key, box.min, box.max);
    const bool over = ImGui::IsItemHovered();
    ui.tooltip(tip);
    text_in(ui, box, over ? ui.theme.ink : ui.theme.ink3, ui.fonts.mono_small, text, Align::centre);
    if (pressed) change_speed(view, by);
  };
  sign("slower", x, "<", -1, ui.tr("Slower ( < )"));
  const Rect middle = rect(x + side, y, ui.px(kSpeedWide) - 2 * side, high);
  if (ui.area("speed", middle.min, middle.max)) view.replay_speed = 1;
  ui.tooltip(ui.tr("How fast the replay runs. A press: as fast as it was"));
  text_in(ui, middle, ui.theme.ink, ui.fonts.mono_small, speed_text(view.replay_speed), Align::centre);
  sign("faster", x + ui.px(kSpeedWide) - side, ">", 1, ui.tr("Faster ( > )"));
}

void clock(ui::Ui& ui, const Scene& scene, Rect where, float x, float right) {
  if (scene.trace.empty()) return;
  Rect line{{x, where.min.y}, {right, where.max.y}};
  line.min.x += text_in(ui, line, ui.theme.ink, ui.fonts.mono,
                        fmt::format("{:.3f} s", static_cast<double>(scene.cursor - scene.start) / 1e9))
                    .x;
  line.min.x += ui.px(14);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 dot{line.min.x + ui.px(5), (where.min.y + where.max.y) / 2};
  if (line.width() < ui.px(30)) return;
  if (scene.recording) {
    list->AddCircleFilled(dot, ui.px(5), ui.theme.bad.fill);
  } else if (!scene.live) {
    list->AddCircle(dot, ui.px(4.5f), ui.theme.bad.fill, 0, ui.px(1.5f));
  } else {
    return;
  }
  line.min.x += ui.px(16);
  const std::string length =
      fmt::format("{:.3f} s", static_cast<double>(scene.trace.end() - scene.start) / 1e9);
  text_in(ui, line, ui.theme.ink2, ui.fonts.label,
          scene.recording ? std::string(ui.tr("recording")) : ui.say("replay, {0} long", length));
}

void theme_icon(ui::Ui& ui, const View& view, ImDrawList* list, Rect box, ImU32 colour) {
  const ImVec2 centre{(box.min.x + box.max.x) / 2, (box.min.y + box.max.y) / 2};
  const float radius = ui.px(7.5f);
  if (view.theme == ui::ThemeName::light) icon::sun(list, centre, radius, colour, ui.px(1.3f));
  if (view.theme == ui::ThemeName::dark) icon::moon(list, centre, radius, colour, ui.theme.pane);
  if (view.theme == ui::ThemeName::contrast) icon::half(list, centre, radius, colour, ui.px(1.3f));
}

// Language, theme, size; returns the left edge of what it drew.
float look(ui::Ui& ui, View& view, Rect where) {
  float right = where.max.x - ui.px(16);
  const std::string size = fmt::format("{} %", static_cast<int>(view.size * 100 + 0.5f));
  if (word(ui, "size", right, where, size, ui.theme.ink2, ui.tr("Size: 100, 150, 200 % (Ctrl and plus)"))) {
    next_size(view);
  }
  right -= ui.px(12);
  const bool simple = view.detail == Detail::simple;
  if (!view.first_run && where.width() >= ui.px(700)) {
    if (word(ui, "detail", right, where, ui.tr(simple ? "Simple" : "Full"), ui.theme.ink2,
             ui.tr("Simple: Stage, Lesson and Console. Full: everything (F2)"))) {
      next_detail(view);
    }
    right -= ui.px(12);
  }
  right -= ui.px(24);
  const Rect sun = rect(right, where.min.y + ui.px(10), ui.px(24), ui.px(24));
  if (icon_button(ui, "theme", sun, false, ui.tr("Light, dark, high contrast (Ctrl T)"),
                  [&](ImDrawList* list, ImU32 colour) { theme_icon(ui, view, list, sun, colour); })) {
    next_theme(view);
  }
  right -= ui.px(10);
  const bool zh = view.language == ui::Language::zh;
  if (word(ui, "zh", right, where, "中", zh ? ui.theme.ink : ui.theme.ink2, "中文界面"))
    view.language = ui::Language::zh;
  right -= ui.px(10);
  if (word(ui, "en", right, where, "EN", zh ? ui.theme.ink2 : ui.theme.ink, "English"))
    view.language = ui::Language::en;
  right -= ui.px(14);
  ImGui::GetWindowDrawList()->AddLine({right, where.min.y + ui.px(12)}, {right, where.max.y - ui.px(12)},
                                      ui.theme.line, ui.theme.hairline);
  return right - ui.px(14);
}

}  // namespace bar

std::string what_is_open(const ui::Ui& ui, const Scene& scene) {
  for (const LessonItem& lesson : scene.lessons) {
    if (lesson.id == scene.lesson_id) return lesson.title;
  }
  if (scene.file.empty()) return std::string(ui.tr("Free play"));
  const std::size_t slash = scene.file.find_last_of('/');
  return slash == std::string::npos ? scene.file : scene.file.substr(slash + 1);
}

namespace bar {

std::string place_of(const ui::Ui& ui, const State& state) {
  if (may_leave(state)) return ui.say("open to {0}", place_when_leaving(ui, state));
  const auto hosts = std::count_if(state.hosts().begin(), state.hosts().end(),
                                   [](const HostState& host) { return host.id != 0 && host.alive; });
  return hosts == 0   ? std::string("localhost")
         : hosts == 1 ? ui.say("lab: 1 host")
                      : ui.say("lab: {0} hosts", hosts);
}

}  // namespace bar

float draw_place_badge(ui::Ui& ui, const Scene& scene, View* view, Rect where, float right) {
  const std::string place = bar::place_of(ui, scene.state);
  const bool leaves = may_leave(scene.state);
  const ui::Tone& tone = leaves ? ui.theme.bad : ui.theme.ok;
  const float wide = ui.measure(ui.fonts.label, place).x + ui.px(46);
  const float high = std::min(ui.px(26), where.height() - ui.px(6));
  const Rect box = rect(right - wide, (where.min.y + where.max.y - high) / 2, wide, high);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (view != nullptr) {
    if (ui.area("place", box.min, box.max) && scene.live) {
      view->show_consent = true;
      ui.focus("consent/stay");
    }
    ui.tooltip(!scene.live ? ui.tr("where this recording was made")
               : leaves    ? ui.tr("other machines can reach this run: press to take it back")
                           : ui.tr("sockets stay on this computer: press to reach others"));
  }
  list->AddRectFilled(box.min, box.max, tone.tint, box.height() / 2);
  icon::desk(list, rect(box.min.x + ui.px(12), box.min.y + ui.px(6), ui.px(14), ui.px(14)), tone.text,
             ui.px(1.2f));
  text_in(ui, {{box.min.x + ui.px(33), box.min.y}, box.max}, tone.text, ui.fonts.label, place);
  return box.min.x - ui.px(16);
}

void draw_bar(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const ui::Scope scope(ui, "bar");
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(where.min, where.max, ui.theme.pane);
  list->AddLine({where.min.x, where.max.y}, where.max, ui.theme.line, ui.theme.hairline);
  const float middle = (where.min.y + where.max.y) / 2;
  icon::mark(list, {where.min.x + ui.px(26), middle}, ui.px(9), ui.theme.accent.fill, ui.theme.warn.fill);
  Rect line{{where.min.x + ui.px(44), where.min.y}, where.max};
  line.min.x += text_in(ui, line, ui.theme.ink, ui.fonts.name, "Sockscope").x + ui.px(20);

  float right = bar::look(ui, view, where);
  const bool wide = where.width() >= ui.px(820);
  if (wide || view.first_run || may_leave(scene.state))
    right = draw_place_badge(ui, scene, &view, where, right);
  if (view.first_run) return;
  const bool replays = !scene.live && !scene.trace.empty();
  // The clock is left room, where there is little.
  const float most = right - ui.px(replays ? 126 + bar::kSpeedWide + 84 : 126 + 84);
  const float middle_of_all = std::min(where.min.x + where.width() * 0.4f, most);
  const float moves = wide ? std::max(middle_of_all, line.min.x + ui.px(120)) : line.min.x;
  bar::moves(ui, scene, view, requests, where, moves);
  float after = moves + ui.px(126);
  if (replays) {
    bar::speed(ui, view, where, moves + ui.px(112));
    after += ui.px(bar::kSpeedWide);
  }
  if (where.width() >= ui.px(1200) && may_run_again(scene, view)) {
    if (bar::word(
            ui, "again", right, where, ui.tr("Run again to here"), ui.theme.accent.text,
            ui.tr("Runs the lines before this moment again, for real; then go on differently (Ctrl R)")))
      requests.push_back(request::RunAgain{});
    right -= ui.px(16);
  }
  bar::clock(ui, scene, where, after, right);
  if (!wide) return;
  list->AddLine({line.min.x, where.min.y + ui.px(12)}, {line.min.x, where.max.y - ui.px(12)}, ui.theme.line,
                ui.theme.hairline);
  text_in(ui, {{line.min.x + ui.px(18), line.min.y}, {moves - ui.px(12), line.max.y}}, ui.theme.ink,
          ui.fonts.name, what_is_open(ui, scene));
}

}  // namespace sockscope
