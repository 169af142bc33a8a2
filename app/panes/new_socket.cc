// The forms: New socket with its grid, and one for each call of the catalogue. What is chosen is written as
// the line a learner would type; what the kernel refuses is refused in earnest.
#include <algorithm>

#include "panes/call_form.h"
#include "panes/forms.h"
#include "panes/grid_draw.h"

namespace sockscope {

namespace form {

constexpr float kRow = 34, kLine = 20;

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
  const std::vector<std::string> threads = threads_of(pen.scene, pen.view);
  int chosen = static_cast<int>(std::find(threads.begin(), threads.end(), pen.view.thread) - threads.begin());
  if (ui.combo("thread", &chosen, threads, ui.px(130))) {
    pen.view.thread = threads[static_cast<std::size_t>(chosen)];
  }
  row.min.x += ui.px(150);
  const ThreadState* thread = pen.scene.end.thread(pen.view.thread);
  if (thread == nullptr || thread->calls.empty()) return;
  text_in(ui, row, ui.theme.warn.text, ui.fonts.label,
          ui.say("{0} is in {1}: the line waits until it is back.", pen.view.thread,
                 info(thread->calls.front().name).python));
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

void header_row(FormPen& pen, Rect where) {
  ui::Ui& ui = pen.ui;
  ImVec2 close{where.max.x - ui.px(52), where.min.y + ui.px(9)};
  if (link_at(ui, close, "close", "Close", true)) pen.view.show_new_socket = false;
  const std::string_view title = pen.view.draft.call == Call::socket ? ui.tr("New socket") : ui.tr("Call");
  const float left = where.min.x + ui.px(32) + ui.measure(ui.fonts.name, title).x;
  const float top = where.min.y + ui.px(1);
  const float wanted = ui.measure(ui.fonts.label, ui.tr("calls of")).x + ui.px(200);
  draw_receiver(pen, {{left, top}, {std::min(left + wanted, close.x), top + ui.px(kRow)}});
  if (pen.view.draft.call == Call::socket) {
    draw_legend(ui, {{left + wanted + ui.px(16), where.min.y}, {close.x, where.min.y + ui.px(kPaneHeader)}});
  }
}

}  // namespace form

void draw_new_socket(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  FormPen pen{ui, scene, view, requests};
  const Rect inner = form::header(pen, where);
  if (inner.height() < ui.px(20)) return;
  ImGui::SetCursorScreenPos(inner.min);
  ui::Scope outer(ui, "new-socket");
  form::header_row(pen, where);
  refresh(scene, view.draft);
  const float pad = ui.px(16), gap = ui.px(4);
  const Rect area{{inner.min.x + pad, inner.min.y}, {inner.max.x - pad, inner.max.y - ui.px(8)}};
  const float picker = draw_call_picker(pen, area, true);
  const std::vector<std::string> before = call_lines(scene, view.draft);
  const float foot = form::lines_height(ui, before) + ui.px(form::kRow) + gap;
  const float top = area.min.y + picker + gap;
  const Rect body{{area.min.x, top}, {area.max.x, std::max(top, area.max.y - foot - gap)}};
  if (view.draft.call == Call::socket) {
    draw_socket_form(pen, body);
  } else {
    draw_call_form(pen, body);
  }
  // What was chosen in this frame is in the line of this frame.
  const std::vector<std::string> lines = call_lines(scene, view.draft);
  form::names_row(pen, rect(area.min.x, body.max.y + gap, area.width(), ui.px(form::kRow)));
  form::lines_row(pen, {{area.min.x, area.max.y - form::lines_height(ui, before)}, area.max}, lines);
}

}  // namespace sockscope
