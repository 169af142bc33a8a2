#include "panes/keys.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "panes/action_menu.h"
#include "panes/files_card.h"
#include "panes/forms.h"
#include "panes/frame.h"
#include "panes/icons.h"
#include "panes/presenter.h"
#include "panes/scroll.h"
#include "panes/stage_hosts.h"
#include "panes/timeline_tools.h"
#include "ui/compat.h"

namespace sockscope {

namespace keys {

bool worth_a_step(const Event& event) {
  return std::holds_alternative<event::LineStarted>(event.body) ||
         std::holds_alternative<event::LineEnded>(event.body) ||
         std::holds_alternative<event::CallEntered>(event.body) ||
         std::holds_alternative<event::CallReturned>(event.body) ||
         std::holds_alternative<event::CallBlocked>(event.body) ||
         std::holds_alternative<event::StateChanged>(event.body) ||
         std::holds_alternative<event::ListenerSampled>(event.body) ||
         std::holds_alternative<event::ThreadStarted>(event.body);
}

void cycle_focus(ui::Ui& ui, View& view, std::span<const Pane> shown, int by) {
  if (shown.empty()) return;
  const auto at = std::find(shown.begin(), shown.end(), view.focus);
  const auto count = static_cast<std::ptrdiff_t>(shown.size());
  const std::ptrdiff_t index = at == shown.end() ? 0 : (at - shown.begin() + by + count) % count;
  view.focus = shown[static_cast<std::size_t>(index)];
  ui.focus(std::string(key_of(view.focus)) + (view.focus == Pane::console ? "/prompt" : "/"));
}

void leave(View& view) {
  if (view.show_keys) {
    view.show_keys = false;
  } else if (view.show_consent) {
    view.show_consent = false;
  } else if (view.browsing.on) {
    leave_files(view);
  } else if (view.presenting.blank) {
    view.presenting.blank = false;
  } else if (leave_tools(view)) {
    return;
  } else if (view.maximised != Pane::none) {
    view.maximised = Pane::none;
  } else if (view.show_new_socket) {
    view.show_new_socket = false;
  } else if (view.show_states) {
    view.show_states = false;
  } else if (view.show_ladder) {
    view.show_ladder = false;
  } else if (view.show_narration) {
    view.show_narration = false;
  } else if (view.presenting.on) {
    toggle_presenting(view);
  } else {
    view.selection = {};
  }
}

bool typed(char wanted) {
  const ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  return std::any_of(queue.begin(), queue.end(),
                     [&](ImWchar c) { return c == static_cast<ImWchar>(wanted); });
}

void resize(View& view, float by) {
  view.size = std::clamp(view.size + by, 0.5f, 3.0f);
}

// The calls of the selected socket, else the module's.
void open_calls_of_selection(const Scene& scene, View& view) {
  if (view.selection.kind == Selection::Kind::socket) {
    open_calls(scene, view, view.selection.id);
  } else {
    open_form(scene, view, Call::getaddrinfo);
  }
}

// Those that work over the card of files too.
void run_window_ctrl(ui::Ui& ui, View& view, Requests& requests) {
  using ui::Key;
  if (!ImGui::GetIO().KeyCtrl) return;
  const std::pair<Key, bool> cards[] = {{Key::o, false}, {Key::s, true}};
  for (const auto& [key, saving] : cards) {
    if (!ui::key_pressed(key)) continue;
    const bool shown = view.browsing.on && view.browsing.saving == saving;
    shown ? void(view.browsing.on = false) : open_files(ui, view, requests, saving);
  }
  if (ui::key_pressed(Key::t)) next_theme(view);
  if (ui::key_pressed(Key::q)) requests.push_back(request::Quit{});
  if (ui::key_pressed(Key::plus) || ui::key_pressed(Key::keypad_plus)) resize(view, 0.25f);
  if (ui::key_pressed(Key::minus) || ui::key_pressed(Key::keypad_minus)) resize(view, -0.25f);
  if (ui::key_pressed(Key::n0)) view.size = 1;
}

void run_ctrl(ui::Ui& ui, const Scene& scene, View& view, Requests& requests) {
  using ui::Key;
  if (!ImGui::GetIO().KeyCtrl) return;
  if (ui::key_pressed(Key::n)) {
    const bool shown = view.show_new_socket && view.draft.call == Call::socket;
    shown ? void(view.show_new_socket = false) : open_new_socket(view);
  }
  if (ui::key_pressed(Key::p)) open_calls_of_selection(scene, view);
  if (ui::key_pressed(Key::d) && !view.first_run) toggle_states(view);
  if (ui::key_pressed(Key::f) && !view.first_run) open_search(ui, view);
  if (ui::key_pressed(Key::r) && !view.first_run && may_run_again(scene, view))
    requests.push_back(request::RunAgain{});
}

struct Row {
  const char* key;
  const char* english;
};
constexpr std::array kRows = {
    Row{"F1", "these keys"},
    Row{"F6", "the next pane; Shift + F6 the one before"},
    Row{"Tab", "the next button; Enter or Space presses it"},
    Row{"F2", "simple: Stage, Lesson and Console; full: everything"},
    Row{"F11", "for the projector, or back; with Shift: the pane fills the window"},
    Row{"B P N", "on the projector: dark, hides the answer, another pane below"},
    Row{"1 to 8", "on the projector: one more hand for that answer; with Shift one less; 0: none"},
    Row{"Esc", "closes, goes back, selects nothing"},
    Row{"F5", "live: hold the view or follow; replay: run or pause"},
    Row{"< >", "a replay runs slower, faster: 0.01 to 100 times"},
    Row{"Ctrl R", "runs the lines before the cursor again, for real, and goes on from there"},
    Row{"Alt Left Right", "a step back, a step on; with Shift: a call back, a call on"},
    Row{"Alt Up Down", "a packet back, a packet on"},
    Row{"Home End", "the start and the end of the recording"},
    Row{"Space Del D", "on the Stage, with held packets: lets the oldest through, drops it, doubles it"},
    Row{"0", "on the Stage: the desks go back to where they were; a desk is dragged by its title"},
    Row{"/ Ctrl F", "finds a call, socket or packet; F3: the next; Shift F3: the one before"},
    Row{"[ ]", "in the timeline: the moment before, after of what is selected"},
    Row{"+ - F", "in the timeline: nearer, further, all of it; Left and Right move it"},
    Row{"M", "in the timeline: measures from the cursor to the next M; or Shift and drag"},
    Row{"B", "in the timeline: a bookmark at the cursor, or none; Shift B: the next"},
    Row{"Ctrl L", "to the prompt"},
    Row{"Ctrl C", "in the prompt: interrupts the thread's blocked call"},
    Row{"Ctrl Shift C", "copies the pane as text"},
    Row{"Shift F10", "what can be done with what is selected; the Menu key and the right button too"},
    Row{"Ctrl N", "New socket"},
    Row{"Ctrl P", "all calls of what is selected"},
    Row{"Ctrl D", "the state diagram, in the timeline's place; again: the timeline"},
    Row{"Ctrl T", "light, dark, high contrast"},
    Row{"Ctrl O", "opens a play, a recording or a lesson; what was open last is on top"},
    Row{"Ctrl S", "saves the recording, or what you did as a play, under a name of yours"},
    Row{"Ctrl + -", "larger, smaller; Ctrl 0 as at first"},
    Row{"Ctrl Q", "quits"},
};

}  // namespace keys

void step_cursor(const Scene& scene, View& view, int by) {
  const Trace& trace = scene.trace;
  constexpr std::size_t kLook = 100'000;  // events looked at for one key press
  view.follow = false;
  if (trace.empty()) return;
  std::size_t seq = std::min<std::size_t>(scene.cursor_seq, trace.size());
  for (std::size_t looked = 0; looked < kLook; ++looked) {
    if (by > 0) {
      if (seq >= trace.size()) {
        view.cursor = trace.end();
        return;
      }
      const Event& event = trace[seq++];
      if (event.at > scene.cursor && keys::worth_a_step(event)) {
        view.cursor = event.at;
        return;
      }
    } else {
      if (seq == 0) {
        view.cursor = trace.start();
        return;
      }
      const Event& event = trace[--seq];
      if (event.at < scene.cursor && keys::worth_a_step(event)) {
        view.cursor = event.at;
        return;
      }
    }
  }
}

void toggle_run(const Scene& scene, View& view, Requests& requests) {
  if (!scene.live) {
    requests.push_back(request::ReplayRun{!scene.playing});
    return;
  }
  view.follow = !view.follow;
  if (!view.follow) view.cursor = scene.trace.end();
}

bool may_run_again(const Scene& scene, const View& view) {
  return !scene.trace.empty() && (!scene.live || !view.follow);
}

void toggle_states(View& view) {
  const bool shown = view.show_states && !view.show_new_socket;
  view.show_states = !shown;
  if (!view.show_states) return;
  view.show_new_socket = view.show_narration = false;
  view.focus = Pane::states;
}

void toggle_ladder(View& view) {
  const bool shown = view.show_ladder && !view.show_new_socket && !view.show_states;
  view.show_ladder = !shown;
  if (!view.show_ladder) return;
  view.show_new_socket = view.show_narration = view.show_states = false;
  view.focus = Pane::ladder;
}

void next_language(View& view) {
  view.language = view.language == ui::Language::en ? ui::Language::zh : ui::Language::en;
}

void next_theme(View& view) {
  view.theme = view.theme == ui::ThemeName::light  ? ui::ThemeName::dark
               : view.theme == ui::ThemeName::dark ? ui::ThemeName::contrast
                                                   : ui::ThemeName::light;
}

void next_size(View& view) {
  view.size = view.size < 1.25f ? 1.5f : view.size < 1.75f ? 2.0f : 1.0f;
}

void next_detail(View& view) {
  view.detail = view.detail == Detail::full ? Detail::simple : Detail::full;
}

void run_shortcuts(ui::Ui& ui, const Scene& scene, View& view, Requests& requests,
                   std::span<const Pane> shown) {
  using ui::Key;
  if (view.open_menu.menu) return menu_keys(ui, view);
  const bool in_files = view.browsing.on;
  if (!in_files) presenter_keys(view);
  if (ui::key_pressed(Key::f1)) {
    view.show_keys = !view.show_keys;
    view.hints.done(Hint::keys);
  }
  if (in_files) {
    if (ui::key_pressed(Key::escape)) keys::leave(view);
    keys::run_window_ctrl(ui, view, requests);
    return;
  }
  if (ui::key_pressed(Key::f6)) keys::cycle_focus(ui, view, shown, ImGui::GetIO().KeyShift ? -1 : 1);
  if (ui::key_pressed(Key::f2)) next_detail(view);
  if (ui::key_pressed(Key::f11) && !view.first_run && !ImGui::GetIO().KeyShift) toggle_presenting(view);
  if (ui::key_pressed(Key::f11) && !view.first_run && ImGui::GetIO().KeyShift) {
    view.maximised = view.maximised == Pane::none ? view.focus : Pane::none;
  }
  if (ui::key_pressed(Key::escape)) keys::leave(view);
  const bool menu = ui::key_pressed(Key::menu) || (ui::key_pressed(Key::f10) && ImGui::GetIO().KeyShift);
  view.open_menu.asked = menu && !view.first_run && !view.show_keys && !view.show_consent;
  keys::run_window_ctrl(ui, view, requests);
  keys::run_ctrl(ui, scene, view, requests);
  if (ui::key_pressed(Key::f5) && !view.first_run) toggle_run(scene, view, requests);
  if (ImGui::GetIO().KeyAlt && !scene.trace.empty()) {
    const auto step = ImGui::GetIO().KeyShift ? step_call : step_cursor;
    if (ui::key_pressed(Key::left, true)) {
      step(scene, view, -1);
      view.hints.done(Hint::step_back);
    }
    if (ui::key_pressed(Key::right, true)) step(scene, view, 1);
    // In a text they go through its history.
    if (!ui::typing() && ui::key_pressed(Key::up, true)) step_packet(scene, view, -1);
    if (!ui::typing() && ui::key_pressed(Key::down, true)) step_packet(scene, view, 1);
  }
  if (ui::key_pressed(Key::f3) && !view.first_run) {
    if (tools_of(view).searching) {
      go_to_hit(view, scene, !ImGui::GetIO().KeyShift);
    } else {
      open_search(ui, view);
    }
  }
  if (ui::ctrl_pressed(Key::l)) {
    view.focus = Pane::console;
    ui.focus("console/prompt");
  }
  if (ui::typing() || view.first_run) return;
  if (ui::plain_pressed(Key::home)) {
    view.follow = false;
    view.cursor = scene.trace.start();
  }
  if (ui::plain_pressed(Key::end)) view.follow = true;
  if (view.focus == Pane::stage && keys::typed('0') && !view.presenting.on) put_desks_back(view);
  if (keys::typed('/')) open_search(ui, view);
  if (scene.live) return;
  if (keys::typed('<')) change_speed(view, -1);
  if (keys::typed('>')) change_speed(view, 1);
}

// As many columns as there is room for; what is still too high is scrolled.
void draw_keys(ui::Ui& ui, View& view, ImVec2 size) {
  ImDrawList* back = ImGui::GetWindowDrawList();
  back->AddRectFilled({0, 0}, size, faded(ui.theme.ink, 0.35f));
  const std::size_t all = keys::kRows.size();
  const float pitch = ui.px(26), most = size.y - ui.px(128);
  const std::size_t columns = pitch * static_cast<float>(all) > most && size.x >= ui.px(1200) ? 2 : 1;
  const std::size_t in_column = (all + columns - 1) / columns;
  const float wide = std::min(size.x - ui.px(24), ui.px(680) * static_cast<float>(columns));
  const float content = pitch * static_cast<float>(in_column),
              shown = std::min(content, std::max(most, pitch));
  const Rect box = rect((size.x - wide) / 2, (size.y - shown - ui.px(104)) / 2, wide, shown + ui.px(104));
  back->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(6));
  back->AddRect(box.min, box.max, ui.theme.line2, ui.px(6), 0, ui.theme.hairline);
  const ui::Scope scope(ui, "keys");
  text_in(ui, rect(box.min.x + ui.px(24), box.min.y + ui.px(12), wide - ui.px(48), ui.px(36)), ui.theme.ink,
          ui.fonts.title, ui.tr("Keys"));
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + ui.px(52)});
  ui::begin_child("list", {wide, shown});
  scroll_by_keys(ui, view, view.focus);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float column = (wide - ui.px(24)) / static_cast<float>(columns);
  for (std::size_t i = 0; i < all; ++i) {
    const keys::Row& row = keys::kRows[i];
    const float x = at.x + ui.px(24) + column * static_cast<float>(i / in_column);
    const float y = at.y + pitch * static_cast<float>(i % in_column);
    const float cap = std::min(ui.measure(ui.fonts.mono_small, row.key).x + ui.px(16), ui.px(120));
    icon::key_cap(ui, rect(x, y, cap, ui.px(22)), row.key);
    const float room = column - ui.px(152);
    ImFont* font = ui.measure(ui.fonts.body, ui.tr(row.english)).x > room ? ui.fonts.small : ui.fonts.body;
    text_in(ui, rect(x + ui.px(128), y, room, ui.px(22)), ui.theme.ink, font, ui.tr(row.english));
  }
  ImGui::Dummy({1, content});
  ImGui::EndChild();
  ImVec2 button{box.max.x - ui.px(24), box.max.y - ui.px(40)};
  ImGui::SetCursorScreenPos({box.min.x + ui.px(24), button.y});
  bool hints = !view.hints.off;
  if (ui.checkbox("hints", "Hints at the foot of the Stage", &hints)) view.hints.off = !hints;
  if (button_at(ui, button, "close", "Close", true, true)) view.show_keys = false;
}

}  // namespace sockscope
