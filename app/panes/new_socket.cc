// The forms: New socket with its grid, and one for each call of the catalogue. What is chosen is written as
// the line a learner would type; what the kernel refuses is refused in earnest.
#include <algorithm>

#include "panes/call_form.h"
#include "panes/forms.h"
#include "panes/grid_draw.h"

namespace sockscope {

namespace form {

constexpr float kRow = 34, kLine = 20, kWidest = 1240, kCompact = 440, kBeside = 720;

std::vector<std::string> threads_of(const Scene& scene, const View& view) {
  std::vector<std::string> out{"main"};
  for (const ThreadState& thread : scene.end.threads()) {
    const bool fits = thread.id != 0 && thread.alive && thread.role == ThreadRole::play;
    if (fits && std::find(out.begin(), out.end(), thread.name) == out.end()) out.push_back(thread.name);
  }
  if (std::find(out.begin(), out.end(), view.thread) == out.end()) out.push_back(view.thread);
  return out;
}

void run(FormPen& pen, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) pen.requests.push_back(request::RunLine{pen.view.thread, line});
  pen.view.draft.proposed = pen.view.draft.result;
}

void thread_choice(FormPen& pen, float wide) {
  const std::vector<std::string> threads = threads_of(pen.scene, pen.view);
  int chosen = static_cast<int>(std::find(threads.begin(), threads.end(), pen.view.thread) - threads.begin());
  if (pen.ui.combo("thread", &chosen, threads, wide)) {
    pen.view.thread = threads[static_cast<std::size_t>(chosen)];
  }
}

// The variables it binds, and the thread that makes it.
void names_row(FormPen& pen, Rect row) {
  ui::Ui& ui = pen.ui;
  const auto word = [&](std::string_view text) {
    row.min.x += text_in(ui, row, ui.theme.ink2, ui.fonts.label, text).x + ui.px(8);
    ImGui::SetCursorScreenPos({row.min.x, row.min.y + ui.px(2)});
  };
  word(ui.tr("result"));
  ui.input("variable", &pen.view.draft.result, "no name", ui.px(110));
  row.min.x += ui.px(124);
  word(ui.tr("on thread"));
  thread_choice(pen, ui.px(130));
  row.min.x += ui.px(150);
  const ThreadState* thread = pen.scene.end.thread(pen.view.thread);
  if (thread == nullptr || thread->calls.empty()) return;
  text_in(ui, row, ui.theme.warn.text, ui.fonts.label,
          ui.say("{0} is in {1}: the line waits until it is back.", pen.view.thread,
                 info(thread->calls.front().name).python));
}

// The same without words, beside the line; returns the width it used.
float names_beside(FormPen& pen, ImVec2 at) {
  ui::Ui& ui = pen.ui;
  ImGui::SetCursorScreenPos(at);
  ui.input("variable", &pen.view.draft.result, "no name", ui.px(76));
  ui.tooltip(ui.tr("result"));
  ImGui::SetCursorScreenPos({at.x + ui.px(82), at.y});
  thread_choice(pen, ui.px(104));
  return ui.px(194);
}

float lines_height(const ui::Ui& ui, const std::vector<std::string>& lines) {
  return ui.px(kLine) * static_cast<float>(lines.size()) + ui.px(10);
}

// The line it writes, and the button that runs it.
void lines_row(FormPen& pen, Rect row, const std::vector<std::string>& lines) {
  ui::Ui& ui = pen.ui;
  const std::string_view words = pen.view.draft.call == Call::socket ? "Make it" : "Run it";
  const float button = button_size(ui, words).x;
  const Rect box{row.min, {std::max(row.min.x + ui.px(60), row.max.x - button - ui.px(12)), row.max.y}};
  ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, ui.theme.sunk, ui.px(3));
  float y = box.min.y + ui.px(5);
  for (const std::string& line : lines) {
    Rect shown{{box.min.x + ui.px(10), y}, {box.max.x - ui.px(6), y + ui.px(kLine)}};
    shown.min.x += text_in(ui, shown, ui.theme.ink2, ui.fonts.mono, pen.view.thread + ">>>").x + ui.px(9);
    text_in(ui, shown, ui.theme.ink, ui.fonts.mono, line);
    y += ui.px(kLine);
  }
  ImVec2 at{box.max.x + ui.px(12), row.max.y - ui.px(29)};
  if (button_at(ui, at, "make", words, true)) run(pen, lines);
}

// Title and, at the right, what the grid's marks mean or whose calls are shown.
Rect header(FormPen& pen, Rect where) {
  ui::Ui& ui = pen.ui;
  const bool grid = pen.view.draft.call == Call::socket;
  const std::string_view title = grid ? ui.tr("New socket") : ui.tr("Call");
  return pane_frame(ui, pen.view, Pane::new_socket, title, "", where);
}

void header_row(FormPen& pen, Rect where, bool compact) {
  ui::Ui& ui = pen.ui;
  ImVec2 close{where.max.x - ui.px(52), where.min.y + ui.px(9)};
  if (link_at(ui, close, "close", "Close", true)) pen.view.show_new_socket = false;
  const bool grid = pen.view.draft.call == Call::socket;
  const std::string_view title = grid ? ui.tr("New socket") : ui.tr("Call");
  float left = where.min.x + ui.px(32) + ui.measure(ui.fonts.name, title).x;
  const float top = where.min.y + ui.px(1);
  const float wanted = ui.measure(ui.fonts.label, ui.tr("calls of")).x + ui.px(200);
  draw_receiver(pen, {{left, top}, {std::min(left + wanted, close.x), top + ui.px(kRow)}});
  left += wanted + ui.px(16);
  const Rect rest{{left, where.min.y}, {close.x, where.min.y + ui.px(kPaneHeader)}};
  const float used = compact ? draw_group_picker(pen, rest) : 0;
  if (grid) draw_legend(ui, {{rest.min.x + used + ui.px(12), rest.min.y}, rest.max});
}

}  // namespace form

void draw_new_socket(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  FormPen pen{ui, scene, view, requests};
  const Rect inner = form::header(pen, where);
  if (inner.height() < ui.px(20)) return;
  ImGui::SetCursorScreenPos(inner.min);
  ui::Scope outer(ui, "new-socket");
  const bool compact = where.height() < ui.px(form::kCompact);
  form::header_row(pen, where, compact);
  refresh(scene, view.draft);
  const float pad = ui.px(16), gap = ui.px(4);
  const Rect area{{inner.min.x + pad, inner.min.y}, {inner.max.x - pad, inner.max.y - ui.px(6)}};
  const float picker = draw_call_picker(pen, area, compact);
  const bool grid = view.draft.call == Call::socket;
  const bool beside = compact && grid && area.width() > ui.px(form::kBeside);
  const float high = form::lines_height(ui, call_lines(scene, view.draft));
  const float foot = high + (beside ? 0 : ui.px(form::kRow)) + 2 * gap;
  const float top = area.min.y + picker + gap;
  const Rect body{{area.min.x, top}, {area.max.x, std::max(top, area.max.y - foot - gap)}};
  const float used = grid ? draw_socket_form(pen, body) : draw_call_form(pen, body);
  // What was chosen in this frame is in the line of this frame.
  const std::vector<std::string> lines = call_lines(scene, view.draft);
  const float below = std::min(body.max.y, body.min.y + used + ui.px(8)) + gap;
  Rect line = rect(area.min.x, below, std::min(area.width(), ui.px(form::kWidest)), high);
  if (beside) {
    line.min.x += form::names_beside(pen, line.min);
  } else {
    form::names_row(pen, rect(area.min.x, below, area.width(), ui.px(form::kRow)));
    line = rect(line.min.x, below + ui.px(form::kRow) + gap, line.width(), high);
  }
  form::lines_row(pen, line, lines);
}

}  // namespace sockscope
