#include "panes/presenter.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "panes/bar.h"
#include "panes/console_lines.h"
#include "panes/frame.h"
#include "panes/lesson_draw.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace presenter {

constexpr float kAtWidth = 1600, kScaleThere = 2;
constexpr double kKeyShown = 1.5;  // seconds
constexpr std::array kLower = {Pane::timeline, Pane::lesson, Pane::code, Pane::details, Pane::none};

struct KeyName {
  ui::Key key;
  const char* name;
};
constexpr std::array kNames = {
    KeyName{ui::Key::space, "Space"}, KeyName{ui::Key::enter, "Enter"}, KeyName{ui::Key::escape, "Esc"},
    KeyName{ui::Key::left, "←"},      KeyName{ui::Key::right, "→"},     KeyName{ui::Key::up, "↑"},
    KeyName{ui::Key::down, "↓"},      KeyName{ui::Key::home, "Home"},   KeyName{ui::Key::end, "End"},
    KeyName{ui::Key::del, "Del"},     KeyName{ui::Key::f1, "F1"},       KeyName{ui::Key::f2, "F2"},
    KeyName{ui::Key::f3, "F3"},       KeyName{ui::Key::f5, "F5"},       KeyName{ui::Key::f6, "F6"},
    KeyName{ui::Key::f11, "F11"},     KeyName{ui::Key::b, "B"},         KeyName{ui::Key::d, "D"},
    KeyName{ui::Key::f, "F"},         KeyName{ui::Key::n, "N"},         KeyName{ui::Key::p, "P"},
    KeyName{ui::Key::t, "T"},         KeyName{ui::Key::plus, "+"},      KeyName{ui::Key::minus, "-"}};

void note_key(View& view) {
  for (const KeyName& one : kNames) {
    if (!ui::key_pressed(one.key)) continue;
    const ImGuiIO& io = ImGui::GetIO();
    view.presenting.key = fmt::format("{}{}{}{}", io.KeyCtrl ? "Ctrl " : "", io.KeyAlt ? "Alt " : "",
                                      io.KeyShift ? "Shift " : "", one.name);
    view.presenting.key_at = ImGui::GetTime();
  }
}

void next_lower(View& view) {
  const auto at = std::find(kLower.begin(), kLower.end(), presented_lower(view));
  Pane next = at == kLower.end() || at + 1 == kLower.end() ? kLower.front() : at[1];
  if (next == Pane::lesson && view.walking) next = Pane::code;
  view.presenting.lower = next;
}

void count_hands(View& view) {
  constexpr std::array kDigits = {ui::Key::n1, ui::Key::n2, ui::Key::n3, ui::Key::n4,
                                  ui::Key::n5, ui::Key::n6, ui::Key::n7, ui::Key::n8};
  static_assert(kDigits.size() == std::tuple_size_v<decltype(view.presenting.hands)>);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    if (!ui::plain_pressed(kDigits[i])) continue;
    int& count = view.presenting.hands[i];
    count = std::clamp(count + (ImGui::GetIO().KeyShift ? -1 : 1), 0, 999);
  }
  if (ui::plain_pressed(ui::Key::n0)) view.presenting.hands = {};
}

bool has_hands(const View& view) {
  const auto& hands = view.presenting.hands;
  return std::accumulate(hands.begin(), hands.end(), 0) > 0;
}

ImU32 colour_of(const ui::Theme& theme, ConsoleRow::Mark mark) {
  switch (mark) {
    case ConsoleRow::Mark::returned:
      return theme.ok.text;
    case ConsoleRow::Mark::failed:
      return theme.bad.text;
    case ConsoleRow::Mark::blocked:
    case ConsoleRow::Mark::waiting:
      return theme.warn.text;
    default:
      return theme.ink2;
  }
}

// The last call somebody made: neither a directive nor what a server prints is one, but where there is no
// other.
std::optional<ConsoleRow> last_line(const ui::Ui& ui, const Scene& scene, const View& view) {
  constexpr std::size_t kLook = 500;
  const auto& entries = view.log.entries();
  const Time now = view.follow && scene.live ? std::max(scene.now, scene.cursor) : scene.cursor;
  const std::size_t end = view.log.before(scene.cursor_seq);
  std::optional<ConsoleRow> directive;
  for (std::size_t i = end; i > end - std::min(end, kLook); --i) {
    const auto* line = std::get_if<event::LineStarted>(&scene.trace[entries[i - 1].seq].body);
    if (line == nullptr) continue;
    const bool call = !line->text.view().starts_with('%');
    if (call || !directive) directive = console_row(ui, scene, entries[i - 1], now);
    if (call) return directive;
  }
  return directive;
}

// One answer a line: its number, a bar, how many.
void draw_hands(ui::Ui& ui, const View& view, ImVec2 size) {
  const auto& hands = view.presenting.hands;
  constexpr std::size_t kLeastRows = 4;
  std::size_t rows = hands.size();
  while (rows > kLeastRows && hands[rows - 1] == 0) --rows;
  const float pitch = ui.px(26), wide = ui.px(220), high = pitch * static_cast<float>(rows) + ui.px(24);
  const Rect box = rect(size.x - wide - ui.px(16), size.y - high - ui.px(16), wide, high);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(6));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(6), 0, ui.theme.hairline);
  const int most = *std::max_element(hands.begin(), hands.end());
  for (std::size_t i = 0; i < rows; ++i) {
    const Rect row = rect(box.min.x + ui.px(14), box.min.y + ui.px(12) + pitch * static_cast<float>(i),
                          wide - ui.px(28), pitch);
    text_in(ui, row, ui.theme.ink, ui.fonts.name, std::to_string(i + 1));
    text_in(ui, row, ui.theme.ink, ui.fonts.mono, std::to_string(hands[i]), Align::right);
    const float room = row.width() - ui.px(64);
    const float bar = room * static_cast<float>(hands[i]) / static_cast<float>(std::max(1, most));
    list->AddRectFilled({row.min.x + ui.px(22), row.min.y + ui.px(6)},
                        {row.min.x + ui.px(22) + bar, row.max.y - ui.px(6)}, ui.theme.accent.fill);
  }
}

void draw_key(ui::Ui& ui, const View& view, Rect where) {
  const double age = ImGui::GetTime() - view.presenting.key_at;
  if (view.presenting.key.empty() || view.presenting.key_at < 0 || age > kKeyShown) return;
  ui.wake(static_cast<float>(kKeyShown - age) + 0.05f);
  const float wide = ui.measure(ui.fonts.name, view.presenting.key).x + ui.px(24);
  const Rect box = rect(where.max.x - wide - ui.px(16), where.min.y + ui.px(8), wide, ui.px(26));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(4), 0, ui.px(1));
  text_in(ui, box, ui.theme.ink, ui.fonts.name, view.presenting.key, Align::centre);
}

}  // namespace presenter

float presenting_scale(float width) {
  return std::clamp(presenter::kScaleThere * width / presenter::kAtWidth, 0.5f, 6.0f);
}

float scale_of(const View& view, float width, float monitor) {
  if (!view.presenting.on) return std::clamp(monitor * view.size, 0.5f, 6.0f);
  return std::clamp(presenting_scale(width) * std::clamp(view.size, 0.75f, 1.25f), 0.5f, 6.0f);
}

void toggle_presenting(View& view) {
  view.presenting.on = !view.presenting.on;
  view.presenting.blank = view.presenting.hides_answer = false;
  view.maximised = Pane::none;
  if (view.presenting.on) view.focus = Pane::stage;
}

void presenter_keys(View& view) {
  if (!view.presenting.on) return;
  presenter::note_key(view);
  if (ui::typing()) return;
  if (ui::plain_pressed(ui::Key::b)) view.presenting.blank = !view.presenting.blank;
  if (ui::plain_pressed(ui::Key::p)) view.presenting.hides_answer = !view.presenting.hides_answer;
  if (ui::plain_pressed(ui::Key::n)) {
    presenter::next_lower(view);
  }
  presenter::count_hands(view);
}

void draw_presenter_bar(ui::Ui& ui, const Scene& scene, Rect where) {
  const ui::Scope scope(ui, "bar");
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(where.min, where.max, ui.theme.pane);
  const float right = draw_place_badge(ui, scene, nullptr, where, where.max.x - ui.px(16));
  const std::string clock =
      scene.trace.empty() ? std::string()
                          : fmt::format("{:.3f} s", static_cast<double>(scene.cursor - scene.start) / 1e9);
  const float wide = ui.measure(ui.fonts.mono, clock).x;
  text_in(ui, {{right - wide, where.min.y}, {right, where.max.y}}, ui.theme.ink, ui.fonts.mono, clock);
  text_in(ui, {{where.min.x + ui.px(16), where.min.y}, {right - wide - ui.px(12), where.max.y}}, ui.theme.ink,
          ui.fonts.name, what_is_open(ui, scene));
}

void draw_last_call(ui::Ui& ui, const Scene& scene, const View& view, Rect where) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(where.min, where.max, ui.theme.accent.tint);
  const Rect inside{{where.min.x + ui.px(20), where.min.y + ui.px(6)},
                    {where.max.x - ui.px(20), where.max.y - ui.px(6)}};
  const Rect above{inside.min, {inside.max.x, inside.min.y + inside.height() * 0.58f}};
  const Rect below{{inside.min.x, above.max.y}, inside.max};
  const auto row = presenter::last_line(ui, scene, view);
  if (!row) {
    text_in(ui, inside, ui.theme.ink2, ui.fonts.name, ui.tr("The next call stands here."));
  } else {
    const std::string line = row->prompt + " " + row->text;
    ImFont* font = ui.measure(ui.fonts.mono_big, line).x <= above.width() ? ui.fonts.mono_big : ui.fonts.mono;
    Rect rest = above;
    rest.min.x += text_in(ui, rest, ui.theme.accent.text, font, row->prompt + " ").x;
    text_in(ui, rest, ui.theme.ink, font, row->text);
    std::string result = row->result;
    if (row->lasted >= 0 && row->mark == ConsoleRow::Mark::blocked)
      result += ", " + ui::duration_text(row->lasted);
    if (view.presenting.hides_answer) result = "?";
    text_in(ui, below, presenter::colour_of(ui.theme, row->mark), ui.fonts.name, result);
  }
  presenter::draw_key(ui, view, where);
}

void draw_presenter_over(ui::Ui& ui, const Scene& scene, const View& view, const WindowLayout& layout,
                         ImVec2 size) {
  ImGui::SetCursorScreenPos({0, 0});
  ui::begin_child("presenter", size,
                  ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoBackground);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool below = !layout.shown.empty() && layout.shown.back() != Pane::stage;
  if (view.presenting.hides_answer && layout.shown.size() > 1 && below) {
    const Rect lower = layout.place(layout.shown.back());
    list->AddRectFilled(lower.min, lower.max, ui.theme.paper);
    text_in(ui, lower, ui.theme.ink3, ui.fonts.big, "?", Align::centre);
  }
  if (presenter::has_hands(view) && !(scene.walk && asked_in(*scene.walk)))
    presenter::draw_hands(ui, view, size);
  if (ImGui::IsMousePosValid())
    list->AddCircle(ImGui::GetIO().MousePos, ui.px(18), faded(ui.theme.accent.fill, 0.6f), 0, ui.px(3));
  if (view.presenting.blank) list->AddRectFilled({0, 0}, size, IM_COL32(0, 0, 0, 255));
  ImGui::EndChild();
}

}  // namespace sockscope
