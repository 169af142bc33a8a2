#include <algorithm>
#include <array>

#include "panes/code_text.h"
#include "panes/frame.h"
#include "panes/scroll.h"
#include "panes/timeline.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr std::size_t kMostParts = 4000;
constexpr std::size_t kMostCLines = 300;  // it is written anew with each line
constexpr float kLinePitch = 22;
constexpr float kBoth = 860;  // Python and the servers' C++ side by side

ImU32 colour_of(const ui::Theme& theme, CodeInk ink) {
  switch (ink) {
    case CodeInk::comment:
      return theme.ink3;
    case CodeInk::text:
      return theme.ok.text;
    case CodeInk::number:
    case CodeInk::keyword:
      return theme.accent.text;
    case CodeInk::plain:
      break;
  }
  return theme.ink;
}

// "blocked 2.22 s", "5 threads are here"; longest first, so that the line itself need not be cut.
std::array<std::string, 2> who_is_here(const ui::Ui& ui, const Scene& scene, const CodeLine& line) {
  if (line.here.size() > 1) {
    return {ui.say("{0} threads are here", line.here.size()), ui.say("{0} here", line.here.size())};
  }
  const ThreadState* thread = line.here.empty() ? nullptr : scene.state.thread(line.here.front());
  if (thread == nullptr) return {line.failed ? ui.say("raised") : std::string(), {}};
  if (!thread->blocked) return {thread->name, {}};
  const std::string time = ui::duration_text(scene.cursor - thread->blocked_since);
  if (thread->role == ThreadRole::play) return {ui.say("blocked {0}", time), time};
  return {ui.say("{0} blocked {1}", thread->name, time), time};
}

void draw_pieces(ui::Ui& ui, ImVec2 at, const CodeLine& line, float width) {
  ImFont* font = ui.fonts.mono;
  if (line.mark_to > line.mark_from && line.mark_to <= line.text.size()) {
    const std::string_view text = line.text;
    const float from = ui.measure(font, text.substr(0, line.mark_from)).x;
    const float to = from + ui.measure(font, text.substr(line.mark_from, line.mark_to - line.mark_from)).x;
    const float high = ui.measure(font, text).y;
    if (to < width) {
      ImGui::GetWindowDrawList()->AddRectFilled({at.x + from - ui.px(2), at.y - ui.px(1)},
                                                {at.x + to + ui.px(2), at.y + high + ui.px(1)},
                                                ui.theme.ok.tint);
      ImGui::GetWindowDrawList()->AddRect({at.x + from - ui.px(2), at.y - ui.px(1)},
                                          {at.x + to + ui.px(2), at.y + high + ui.px(1)}, ui.theme.ok.fill);
    }
  }
  float x = at.x;
  const float end = at.x + width;
  for (const CodePiece& piece : code_pieces(line.text)) {
    if (end - x < ui.px(8)) return;
    x += ui.text({x, at.y}, line.comment ? ui.theme.ink3 : colour_of(ui.theme, piece.ink), font, piece.text,
                 end - x)
             .x;
  }
}

void draw_line(ui::Ui& ui, const Scene& scene, const CodeLine& line, std::size_t number, ImVec2 at,
               float width) {
  const bool lit = !line.here.empty();
  const float high = ui.px(kLinePitch);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (lit) {
    list->AddRectFilled(at, {at.x + width, at.y + high}, ui.theme.lit);
    list->AddRectFilled(at, {at.x + ui.px(4), at.y + high}, ui.theme.warn.fill);
  }
  const Rect row{at, {at.x + width - ui.px(20), at.y + high}};
  text_in(ui, {{row.min.x + ui.px(8), row.min.y}, {row.min.x + ui.px(34), row.max.y}}, ui.theme.ink3,
          ui.fonts.mono, std::to_string(number), Align::right);
  const std::array<std::string, 2> notes = who_is_here(ui, scene, line);
  const float free = row.width() - ui.px(62) - ui.measure(ui.fonts.mono, line.text).x;
  const std::string& note =
      ui.measure(ui.fonts.label, notes[0]).x < free || notes[1].empty() ? notes[0] : notes[1];
  const bool show_note = width >= ui.px(360) && !note.empty();
  const float note_width = show_note ? ui.measure(ui.fonts.label, note).x + ui.px(8) : 0;
  if (show_note) {
    const ImU32 colour = line.failed && !lit ? ui.theme.bad.text : ui.theme.warn.text;
    text_in(ui, {{row.max.x - note_width, row.min.y}, row.max}, colour, ui.fonts.label, note, Align::right);
  }
  const float text_y = at.y + (high - ui.measure(ui.fonts.mono, "x").y) / 2;
  draw_pieces(ui, {at.x + ui.px(46), text_y}, line,
              std::max(ui.px(16), row.width() - ui.px(46) - note_width - ui.px(8)));
}

void draw_lines(ui::Ui& ui, const Scene& scene, const std::vector<CodeLine>& lines, Rect inside, bool moved,
                std::size_t nobody) {
  const float pitch = ui.px(kLinePitch);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  // The newest line on which somebody is; it is kept third from the end of the pane.
  std::size_t current = nobody;
  for (std::size_t i = lines.size(); i > 0; --i) {
    if (lines[i - 1].here.empty()) continue;
    current = i - 1;
    break;
  }
  if (moved) {
    ImGui::SetScrollY(std::max(0.0f, static_cast<float>(current + 3) * pitch - inside.height()));
  }
  const float scroll = ImGui::GetScrollY();
  const auto first = static_cast<std::size_t>(std::max(0.0f, scroll / pitch));
  const auto last = std::min(lines.size(), static_cast<std::size_t>((scroll + inside.height()) / pitch) + 1);
  for (std::size_t i = first; i < last; ++i) {
    draw_line(ui, scene, lines[i], i + 1, {at.x, at.y + static_cast<float>(i) * pitch}, inside.width());
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({inside.width() - ui.px(16), static_cast<float>(lines.size()) * pitch + ui.px(8)});
}

// The other two, where they are.
void draw_switch(ui::Ui& ui, const Scene& scene, View& view, bool both, Rect where) {
  if (where.width() < ui.px(240)) return;
  ImVec2 at{where.max.x - ui.px(52), where.min.y + ui.px(9)};
  const auto offer = [&](CodeShown other, const char* key, std::string_view english) {
    if (view.code != other && link_at(ui, at, key, english, true)) view.code = other;
  };
  if (!both && !scene.state.servers().empty()) offer(CodeShown::servers, "servers", "servers' C++");
  if (scene.c_code) offer(CodeShown::c, "c", "as C");
  offer(CodeShown::python, "python", "as Python");
}

std::vector<CodeLine> c_lines(CodeOutline& outline, const Scene& scene) {
  const std::uint64_t version = code_version(outline, scene.cursor_seq);
  if (scene.c_code && outline.c_version != version) {
    outline.c = scene.c_code(scene.cursor_seq, kMostCLines);
    outline.c_version = version;
  }
  return code_lines(outline.c, scene.state);
}

std::vector<CodeLine> lines_of(const Scene& scene, View& view, CodeShown shown) {
  switch (shown) {
    case CodeShown::c:
      return c_lines(*view.outline, scene);
    case CodeShown::servers:
      return source_lines(*view.outline, scene.state);
    case CodeShown::python:
      break;
  }
  return code_text(*view.outline, scene.trace, scene.state, scene.cursor_seq, kMostParts);
}

const char* subtitle_of(CodeShown shown, bool both) {
  if (both) return "this run as Python, and the C++ of its servers";
  return shown == CodeShown::python ? "this run as Python"
         : shown == CodeShown::c    ? "this run as C"
                                    : "the C++ of its servers, as written";
}

const char* nothing_yet(CodeShown shown) {
  return shown == CodeShown::python ? "Each call you make appears here as Python."
         : shown == CodeShown::c    ? "Each call you make appears here as C."
                                    : "No server has been started yet.";
}

void draw_column(ui::Ui& ui, const Scene& scene, View& view, CodeShown shown, const char* key, Rect inside,
                 bool moved) {
  const std::vector<CodeLine> lines = lines_of(scene, view, shown);
  if (lines.empty()) {
    text_in(ui, {{inside.min.x + ui.px(20), inside.min.y}, {inside.max.x - ui.px(20), inside.max.y}},
            ui.theme.ink3, ui.fonts.body, ui.tr(nothing_yet(shown)), Align::centre);
    return;
  }
  ImGui::SetCursorScreenPos(inside.min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  if (ui::begin_child(key, {inside.width(), inside.height()})) {
    scroll_by_keys(ui, view, Pane::code);
    const std::size_t nobody = shown == CodeShown::servers ? 0 : lines.size() - 1;
    draw_lines(ui, scene, lines, inside, moved, nobody);
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

}  // namespace

void draw_code(ui::Ui& ui, const Scene& scene, View& view, Requests&, Rect where) {
  const bool both =
      view.code != CodeShown::c && !scene.state.servers().empty() && where.width() >= ui.px(kBoth);
  const Rect inside =
      pane_frame(ui, view, Pane::code, ui.tr("Code"), ui.tr(subtitle_of(view.code, both)), where);
  const ui::Scope scope(ui, "code");
  draw_switch(ui, scene, view, both, where);
  wake_for_blocked(ui, scene, view);
  if (!view.outline) view.outline = std::make_shared<CodeOutline>();
  extend(*view.outline, scene.trace);
  const bool moved = view.code_cursor_seq != scene.cursor_seq;
  view.code_cursor_seq = scene.cursor_seq;
  if (!both) return draw_column(ui, scene, view, view.code, "lines", inside, moved);
  const float middle = inside.min.x + inside.width() / 2;
  draw_column(ui, scene, view, CodeShown::python, "lines", {inside.min, {middle, inside.max.y}}, moved);
  draw_column(ui, scene, view, CodeShown::servers, "source", {{middle, inside.min.y}, inside.max}, moved);
}

}  // namespace sockscope
