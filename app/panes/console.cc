// The console: a prompt a thread, what was run on all of them, and one line to type into.
#include <fmt/format.h>

#include <algorithm>

#include "net/call_errors.h"
#include "panes/clock_wake.h"
#include "panes/console_complete.h"
#include "panes/console_hint.h"
#include "panes/console_lines.h"
#include "panes/files_card.h"
#include "panes/forms.h"
#include "panes/frame.h"
#include "panes/icons.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace console {

constexpr float kLine = 21, kPrompt = 30, kHint = 24;

// Threads that can be typed at: the learner's own, main first, and one that its first line will make.
std::vector<std::string> prompts(const Scene& scene, const View& view) {
  std::vector<std::string> out{"main"};
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  };
  for (const ThreadState& thread : scene.state.threads()) {
    if (thread.id != 0 && thread.alive && thread.role == ThreadRole::play) add(thread.name);
  }
  for (const WaitingLine& line : scene.waiting) add(line.thread);
  add(view.thread);
  return out;
}

bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) != 0) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

bool tab(ui::Ui& ui, const std::string& name, Rect box, bool chosen, bool blocked) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool pressed = ui.area(("thread-" + name).c_str(), box.min, box.max);
  const bool over = ImGui::IsItemHovered();
  if (chosen || over) {
    list->AddRectFilled(box.min, box.max, chosen ? ui.theme.accent.tint : ui.theme.hover, ui.px(3));
  }
  float x = box.min.x + ui.px(9);
  if (blocked) {
    const float side = ui.px(13), y = (box.min.y + box.max.y - side) / 2;
    ui::hatch(list, ui, {x, y}, {x + side, y + side}, false);
    x += side + ui.px(6);
  }
  text_in(ui, {{x, box.min.y}, {box.max.x - ui.px(4), box.max.y}},
          chosen ? ui.theme.accent.text : ui.theme.ink2, ui.fonts.mono, name);
  return pressed;
}

// "eve", or "eve@B": on a host that is there.
bool may_be_thread(const State& state, std::string_view text) {
  const std::size_t sign = text.find('@');
  if (sign == text.npos) return is_name(text);
  const HostState* host = state.host(text.substr(sign + 1));
  return is_name(text.substr(0, sign)) && host != nullptr && host->alive;
}

void take_thread(ui::Ui& ui, View& view, const std::string& name) {
  view.thread = name;
  view.naming_thread = false;
  ui.focus("console/prompt");
}

// Opens, or ends when a name was given, the field for a thread's name.
void new_thread(ui::Ui& ui, const State& state, View& view, ImVec2& at) {
  if (!view.naming_thread) {
    at.y += ui.px(4);
    if (link_at(ui, at, "new-thread", "+ thread")) {
      view.naming_thread = true;
      view.new_thread.clear();
      ui.focus("console/thread-name");
    }
    return;
  }
  ImGui::SetCursorScreenPos(at);
  if (ui.input("thread-name", &view.new_thread, "its name", ui.px(120))) {
    if (may_be_thread(state, view.new_thread)) take_thread(ui, view, view.new_thread);
  }
  at = {at.x + ui.px(128), at.y + ui.px(4)};
  for (const HostState& host : state.hosts()) {
    if (!host.alive) continue;
    const std::string on = "@" + host.name;
    if (link_at(ui, at, on.c_str(), on)) {
      const std::string typed = view.new_thread.substr(0, view.new_thread.find('@'));
      const std::string name = is_name(typed) ? typed : "thread";
      take_thread(ui, view, name + on);
    }
  }
  if (ui::key_pressed(ui::Key::escape)) view.naming_thread = false;
}

// "x@B" is x from when there is such a thread.
void forget_host(const State& state, View& view) {
  const std::size_t sign = view.thread.find('@');
  if (sign != view.thread.npos && state.thread(view.thread.substr(0, sign)) != nullptr)
    view.thread.resize(sign);
}

void header(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  forget_host(scene.end, view);
  const float high = ui.px(kPaneHeader);
  float right = where.max.x - ui.px(52);
  ImVec2 from_right{right, where.min.y + ui.px(9)};
  if (where.width() > ui.px(900)) {
    if (link_at(ui, from_right, "new-socket", "New socket", true)) open_new_socket(view);
    if (link_at(ui, from_right, "save", "Save as a play", true)) open_files(ui, view, requests, true, true);
    if (where.width() > ui.px(1150) && link_at(ui, from_right, "lesson", "Copy for a lesson", true))
      requests.push_back(request::CopyAsLesson{});
    if (link_at(ui, from_right, "sentences", "As sentences", true)) {
      view.show_narration = !view.show_narration;
      view.show_states = view.show_ladder = false;
    }
  }
  const ThreadState* current = scene.end.thread(view.thread);
  if (current != nullptr && current->last_call == Call::getaddrinfo && current->last_error == 0) {
    if (link_at(ui, from_right, "table", "As a table", true)) open_form(scene, view, Call::getaddrinfo);
  }
  ImVec2 interrupt{from_right.x, where.min.y + ui.px(4)};
  if (current != nullptr && !current->calls.empty()) {
    if (button_at(ui, interrupt, "interrupt", "Interrupt", false, true)) {
      requests.push_back(request::Interrupt{current->id});
    }
    ui.tooltip(ui.say("{0} is in a call: a signal brings it back with EINTR (Ctrl C)", view.thread));
  }
  right = interrupt.x;
  ImVec2 at{where.min.x + ui.px(32) + ui.measure(ui.fonts.name, ui.tr("Console")).x, where.min.y + ui.px(5)};
  for (const std::string& name : prompts(scene, view)) {
    const ThreadState* thread = scene.state.thread(name);
    const bool blocked = thread != nullptr && thread->blocked;
    const float wide = ui.measure(ui.fonts.mono, name).x + ui.px(blocked ? 36 : 18);
    if (at.x + wide > right - ui.px(80)) break;
    if (tab(ui, name, rect(at.x, at.y, wide, high - ui.px(10)), name == view.thread, blocked)) {
      view.thread = name;
      ui.focus("console/prompt", false);
    }
    at.x += wide + ui.px(6);
  }
  at.x += ui.px(6);
  new_thread(ui, scene.end, view, at);
}

struct Columns {
  float text, result, time, end;
  bool two_lines;  // the result stands under its line
};
Columns columns(const ui::Ui& ui, Rect where) {
  const float left = where.min.x + ui.px(16), width = where.width();
  if (width < ui.px(760))
    return {left, left + ui.px(40), where.max.x - ui.px(90), where.max.x - ui.px(16), true};
  const float result = where.min.x + std::clamp(width * 0.325f, ui.px(330), ui.px(620));
  const float time = result + std::min(ui.px(220) + width * 0.02f, ui.px(300));
  return {left, result, time, std::min(time + ui.px(80), where.max.x - ui.px(16)), false};
}

ImU32 colour_of(const ui::Ui& ui, ConsoleRow::Mark mark) {
  switch (mark) {
    case ConsoleRow::Mark::returned:
      return ui.theme.ok.text;
    case ConsoleRow::Mark::failed:
      return ui.theme.bad.text;
    case ConsoleRow::Mark::waiting:
      return ui.theme.warn.text;
    default:
      return ui.theme.ink2;
  }
}

void draw_mark(ui::Ui& ui, ImVec2 at, ConsoleRow::Mark mark) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float side = ui.px(13);
  if (mark == ConsoleRow::Mark::failed) {
    ui::cross(list, {at.x + side / 2, at.y}, ui.px(4.5f), ui.theme.bad.fill, ui.px(1.8f));
  } else if (mark == ConsoleRow::Mark::returned) {
    icon::arrow(list, {at.x, at.y}, {at.x + side, at.y}, ui.theme.ok.text, ui.px(1.3f), ui.px(5));
  } else if (mark == ConsoleRow::Mark::blocked) {
    ui::hatch(list, ui, {at.x, at.y - side / 2}, {at.x + side, at.y + side / 2}, false);
  } else if (mark == ConsoleRow::Mark::waiting) {
    ui::dashed_rect(list, {at.x, at.y - side / 2}, {at.x + side, at.y + side / 2}, ui.theme.warn.fill,
                    ui.px(1), ui.px(3), ui.px(2));
  } else if (mark == ConsoleRow::Mark::running) {
    list->AddRectFilled({at.x, at.y - side / 2}, {at.x + ui.px(3), at.y + side / 2}, ui.theme.busy);
  }
}

// One row at `y`; returns its height.
float draw_row(ui::Ui& ui, const ConsoleRow& row, Rect where, float y) {
  const Columns at = columns(ui, where);
  const float line = ui.px(kLine);
  const auto box = [&](float from, float to, float top) { return Rect{{from, top}, {to, top + line}}; };
  const bool printed = row.mark == ConsoleRow::Mark::printed;
  const float text_end = at.two_lines ? where.max.x - ui.px(16) : at.result - ui.px(16);
  Rect text = box(at.text, text_end, y);
  text.min.x +=
      text_in(ui, text, ui.theme.ink2, ui.fonts.mono, row.prompt).x + (row.prompt.empty() ? 0 : ui.px(9));
  text_in(ui, text, printed ? ui.theme.ink2 : ui.theme.ink, ui.fonts.mono, row.text);
  if (row.mark == ConsoleRow::Mark::none || printed) return line;
  const float top = at.two_lines ? y + line : y;
  draw_mark(ui, {at.result, top + line / 2}, row.mark);
  const bool timed = row.lasted >= 0;
  text_in(ui, box(at.result + ui.px(20), timed ? at.time : at.end, top), colour_of(ui, row.mark),
          ui.fonts.mono, row.result);
  if (timed) {
    text_in(ui, box(at.time, at.end, top), ui.theme.ink2, ui.fonts.mono, ui::duration_text(row.lasted),
            Align::right);
  }
  return at.two_lines ? 2 * line : line;
}

void history(ui::Ui& ui, const Scene& scene, View& view, Rect where) {
  ImGui::SetCursorScreenPos(where.min);
  ui::begin_child("history", {where.width(), where.height()});
  const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
  const std::size_t shown = view.log.before(scene.cursor_seq);
  const std::size_t total = shown + scene.waiting.size();
  const bool two = columns(ui, where).two_lines;
  const float pitch = ui.px(kLine) * (two ? 2 : 1);
  const float top = ImGui::GetCursorScreenPos().y;
  const auto first = static_cast<std::size_t>(std::max(0.0f, ImGui::GetScrollY() / pitch));
  const auto fit = static_cast<std::size_t>(where.height() / pitch) + 2;
  const Time now = view.follow && scene.live ? std::max(scene.now, scene.cursor) : scene.cursor;
  for (std::size_t i = first; i < std::min(total, first + fit); ++i) {
    const float y = top + static_cast<float>(i) * pitch;
    const ConsoleRow row = i < shown ? console_row(ui, scene, view.log.entries()[i], now)
                                     : waiting_row(ui, scene.waiting[i - shown]);
    draw_row(ui, row, where, y);
    if (row.mark == ConsoleRow::Mark::blocked) wake_for_clock(ui, scene, view, row.lasted);
  }
  if (total == 0) {
    text_in(ui, rect(where.min.x + ui.px(16), where.min.y, where.width() - ui.px(32), ui.px(kLine)),
            ui.theme.ink3, ui.fonts.label, ui.tr("Type what you would type at a Python prompt."));
  }
  ImGui::Dummy({1, static_cast<float>(total) * pitch});
  if (at_end) ImGui::SetScrollHereY(1.0f);
  ImGui::EndChild();
}

bool browse(View& view, std::string* text, int by) {
  const int count = static_cast<int>(view.history.size());
  if (count == 0) return false;
  const int from = view.history_at < 0 ? count : view.history_at;
  const int to = from + by;
  if (to < 0) return false;
  if (to >= count) {
    if (view.history_at < 0) return false;
    view.history_at = -1;
    text->clear();
    return true;
  }
  view.history_at = to;
  *text = view.history[static_cast<std::size_t>(to)];
  return true;
}

// A line to begin with, offered while nothing is typed and nothing was run yet.
std::string offered(const Scene& scene, const View& view) {
  if (!view.prompt.empty()) return complete(scene.end, view.prompt).rest;
  return view.history.empty() && scene.trace.empty() ? "s = socket(AF_INET, SOCK_STREAM)" : "";
}

void run(View& view, Requests& requests) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  if (std::all_of(view.prompt.begin(), view.prompt.end(), blank)) return;
  if (view.thread.find('@') != view.thread.npos) {  // the line that makes the thread says where it is
    requests.push_back(request::RunLine{"main", view.thread + ">>> " + view.prompt});
  } else {
    requests.push_back(request::RunLine{view.thread, view.prompt});
  }
  if (view.history.empty() || view.history.back() != view.prompt) view.history.push_back(view.prompt);
  view.history_at = -1;
  view.prompt.clear();
}

void prompt(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(where.min, where.max, ui.theme.accent.tint);
  const std::string name = view.thread + ">>>";
  Rect line{{where.min.x + ui.px(16), where.min.y}, where.max};
  line.min.x += text_in(ui, line, ui.theme.accent.text, ui.fonts.mono, name).x + ui.px(9);
  const std::string rest = offered(scene, view);
  const auto edit = [&](ui::PromptKey key, std::string* text) {
    if (key == ui::PromptKey::up) return browse(view, text, -1);
    if (key == ui::PromptKey::down) return browse(view, text, 1);
    if (rest.empty()) return false;
    *text += rest;
    return true;
  };
  const bool told = where.width() > ui.px(760);
  const float wide =
      told ? std::max(ui.px(200), where.width() * 0.6f - line.min.x) : where.max.x - line.min.x - ui.px(16);
  ImGui::SetCursorScreenPos(
      {line.min.x, where.min.y + (where.height() - ui.measure(ui.fonts.mono, "x").y) / 2 - ui.px(6)});
  if (view.focus_prompt) {
    ui.focus("console/prompt", false);
    view.focus_prompt = false;
  }
  const bool entered = ui.prompt("prompt", &view.prompt, "", wide, edit);
  const float typed = ui.measure(ui.fonts.mono, view.prompt).x;
  Rect ghost{{line.min.x + typed, where.min.y}, {line.min.x + wide, where.max.y}};
  ghost.min.x += text_in(ui, ghost, ui.theme.ink3, ui.fonts.mono, rest).x + ui.px(10);
  if (!rest.empty() && ghost.width() > ui.px(40)) {
    icon::key_cap(ui, rect(ghost.min.x, where.min.y + ui.px(5), ui.px(34), where.height() - ui.px(11)),
                  "Tab");
  }
  if (told) {
    const std::string does = complete(scene.end, view.prompt).does;
    Rect help{{line.min.x + wide + ui.px(12), where.min.y}, {where.max.x - ui.px(16), where.max.y}};
    if (does.empty()) {
      text_in(ui, help, ui.theme.ink2, ui.fonts.label, ui.tr("Enter runs it"), Align::right);
    } else {
      text_in(ui, help, ui.theme.ink2, ui.fonts.label, ui.tr(does));
    }
  }
  if (entered) run(view, requests);
  const ThreadState* thread = scene.end.thread(view.thread);
  if (ui::ctrl_pressed(ui::Key::c) && !ImGui::GetIO().KeyShift && view.prompt.empty() && thread != nullptr &&
      !thread->calls.empty()) {
    requests.push_back(request::Interrupt{thread->id});
  }
}

// The errors met first, as many as there is room for.
std::string errors_that_fit(const ui::Ui& ui, Call call, float width) {
  std::string names, shown;
  for (const ErrorCase& error : errors_of(call)) {
    names += (names.empty() ? "" : ", ") + error_name(error.error);
    std::string longer = ui.say("may give {0}", names);
    if (ui.measure(ui.fonts.label, longer).x > width) break;
    shown = std::move(longer);
  }
  return shown;
}

// The call being typed, over the prompt: its parameters, the one at the caret marked, what it does and, when
// everything is said, how it may fail.
void call_line(ui::Ui& ui, const CallHint& hint, bool full, Rect where) {
  ImGui::GetWindowDrawList()->AddRectFilled(where.min, where.max, ui.theme.sunk);
  Rect rest{{where.min.x + ui.px(16), where.min.y}, {where.max.x - ui.px(16), where.max.y}};
  const auto put = [&](std::string_view text, bool marked) {
    if (text.empty() || rest.width() < ui.px(12)) return;
    const float from = rest.min.x;
    rest.min.x += text_in(ui, rest, marked ? ui.theme.accent.text : ui.theme.ink2, ui.fonts.mono, text).x;
    if (!marked) return;
    ImGui::GetWindowDrawList()->AddRectFilled({from, where.max.y - ui.px(3)},
                                              {rest.min.x, where.max.y - ui.px(1)}, ui.theme.accent.fill);
  };
  put(std::string(hint.call->python) + "(", false);
  const std::vector<SignaturePart> parts = signature(*hint.call);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    put(parts[i].text, hint.at == i);
    if (i + 1 < parts.size()) put(", ", false);
  }
  put(")", false);
  rest.min.x += ui.px(20);
  rest.min.x += text_in(ui, rest, ui.theme.ink, ui.fonts.label, ui.tr(hint.call->does)).x + ui.px(20);
  if (!full) return;
  const std::string errors = errors_that_fit(ui, hint.call->call, rest.width());
  if (!errors.empty()) text_in(ui, rest, ui.theme.ink2, ui.fonts.label, errors);
}

std::vector<std::string_view> error_lines(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty() && out.size() < 4) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace console

void draw_console(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  view.log.follow(scene.trace);
  const Rect inner = pane_frame(ui, view, Pane::console, ui.tr("Console"), "", where);
  const ui::Scope scope(ui, "console");
  console::header(ui, scene, view, requests, where);
  const auto errors = console::error_lines(scene.console_error);
  const float error_line = ui.px(18);
  const float errors_high = errors.empty() ? 0 : static_cast<float>(errors.size()) * error_line + ui.px(6);
  const float prompt_high = ui.px(console::kPrompt);
  const float top = std::max(inner.min.y, inner.max.y - prompt_high - errors_high);
  const auto hint = call_hint(view.prompt);
  const float hinted = hint && top - inner.min.y >= 2 * ui.px(console::kHint) ? ui.px(console::kHint) : 0;
  if (top - hinted - inner.min.y >= ui.px(console::kLine)) {
    console::history(ui, scene, view, {inner.min, {inner.max.x, top - hinted}});
  }
  if (hinted > 0)
    console::call_line(ui, *hint, view.detail == Detail::full,
                       {{inner.min.x, top - hinted}, {inner.max.x, top}});
  // A click beside everything in here means the prompt.
  if (ImGui::IsMouseReleased(0) && ImGui::IsMouseHoveringRect(inner.min, inner.max, false) &&
      !ImGui::IsAnyItemHovered() && !view.show_keys) {
    view.focus_prompt = true;
  }
  console::prompt(ui, scene, view, requests, {{inner.min.x, top}, {inner.max.x, top + prompt_high}});
  float y = top + prompt_high + ui.px(2);
  for (const std::string_view line : errors) {
    text_in(ui, rect(inner.min.x + ui.px(16), y, inner.width() - ui.px(32), error_line), ui.theme.bad.text,
            ui.fonts.mono_small, line);
    y += error_line;
  }
}

}  // namespace sockscope
