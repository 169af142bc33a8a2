// The Stage: what is so at the cursor, left to right as a connection goes.
#include <fmt/format.h>

#include <algorithm>

#include "explain/waiting.h"
#include "panes/action_menu.h"
#include "panes/forms.h"
#include "panes/frame.h"
#include "panes/icons.h"
#include "panes/race.h"
#include "panes/stage_actions.h"
#include "panes/stage_draw.h"
#include "panes/stage_hosts.h"
#include "ui/draw.h"

namespace sockscope {

namespace stage {

// Buttons from the left, wrapped; returns the height they used.
class Flow {
 public:
  Flow(ui::Ui& ui, Rect area) : ui_(ui), area_(area), at_(area.min) {}
  bool button(const char* key, std::string_view english, bool primary = false) {
    const ImVec2 size = button_size(ui_, english);
    if (at_.x > area_.min.x && at_.x + size.x > area_.max.x) at_ = {area_.min.x, at_.y + size.y + ui_.px(6)};
    return button_at(ui_, at_, key, english, primary);
  }
  void words(ImU32 colour, std::string_view text) {
    const Rect box = rect(at_.x, at_.y, area_.max.x - at_.x, ui_.px(28));
    at_.x += text_in(ui_, box, colour, ui_.fonts.label, text).x + ui_.px(10);
  }

 private:
  ui::Ui& ui_;
  Rect area_;
  ImVec2 at_;
};

float width_of(const ui::Ui& ui, const std::vector<StageAction>& actions) {
  float width = 0;
  for (const StageAction& action : actions) width += button_size(ui, action.english).x + ui.px(8);
  return width;
}

void put_actions(ui::Ui& ui, View& view, Requests& requests, Flow& flow,
                 const std::vector<StageAction>& actions) {
  for (const StageAction& action : actions) {
    if (flow.button(action.key.c_str(), action.english)) run_action(view, requests, action);
    ui.tooltip(written_by(action));
  }
}

std::string selected_name(const StagePen& pen) {
  const Selection& at = pen.view.selection;
  if (at.kind == Selection::Kind::socket) return pen.state().label(at.id);
  if (at.kind == Selection::Kind::thread && pen.state().thread(at.id) != nullptr) {
    return pen.state().thread(at.id)->name;
  }
  const HostState* host = at.kind == Selection::Kind::host || at.kind == Selection::Kind::wire
                              ? pen.state().host(at.id)
                              : nullptr;
  if (host == nullptr || at.kind == Selection::Kind::host) return host == nullptr ? "" : host->name;
  const HostState* other = pen.state().host(static_cast<HostId>(at.seq));
  return other == nullptr ? host->name : host->name + " – " + other->name;
}

// The calls of what is selected; with nothing selected, what starts something new.
struct Buttons {
  std::vector<StageAction> actions;
  std::string about;  // "c, on thread client"
  bool new_socket = false;
  bool all_calls = false;
  float width = 0;
};

Buttons buttons_for(const StagePen& pen) {
  ui::Ui& ui = pen.ui;
  Buttons out{stage_actions(pen.scene, pen.view.selection, pen.view.thread), {}, false, false, 0};
  if (out.actions.empty()) {
    out.actions = start_actions(pen.scene);
    out.new_socket = true;
    out.width = button_size(ui, "New socket").x + ui.px(8);
  } else {
    const std::string name = selected_name(pen);
    const bool is_socket = pen.view.selection.kind == Selection::Kind::socket;
    out.about = is_socket ? ui.say("{0}, on thread {1}", name, pen.view.thread) : name;
    out.all_calls = is_socket;
    out.width = ui.measure(ui.fonts.label, out.about).x + ui.px(12);
    if (out.all_calls) out.width += button_size(ui, "All calls").x + ui.px(8);
  }
  out.width += width_of(ui, out.actions);
  return out;
}

void put_buttons(StagePen& pen, Requests& requests, Flow& flow, const Buttons& buttons) {
  if (!buttons.about.empty()) flow.words(pen.ui.theme.ink, buttons.about);
  put_actions(pen.ui, pen.view, requests, flow, buttons.actions);
  if (buttons.all_calls && flow.button("calls", "All calls")) {
    open_calls(pen.scene, pen.view, pen.view.selection.id);
  }
  if (buttons.new_socket && flow.button("new-socket", "New socket")) open_new_socket(pen.view);
}

bool clicked_beside(Rect area, int button) {
  return ImGui::IsMouseHoveringRect(area.min, area.max) && ImGui::IsWindowHovered() &&
         ImGui::IsMouseClicked(button) && !ImGui::IsAnyItemHovered();
}

// A click beside everything selects nothing; the right button asks what can be begun there.
void click_beside(StagePen& pen, Rect desk) {
  if (clicked_beside(desk, 0)) pen.view.selection = {};
  if (!clicked_beside(desk, 1)) return;
  pick(pen, {});
  open_menu(pen.ui, pen.scene, pen.view, ImGui::GetMousePos());
}

// Height of the row of buttons under the desk: as many lines as its buttons need.
float row_height(const ui::Ui& ui, float wanted, float width) {
  if (wanted <= 0) return 0;
  return std::ceil(wanted / std::max(width, 1.0f)) * ui.px(34) + ui.px(6);
}

void draw_empty(StagePen& pen, Requests& requests, Rect area) {
  ui::Ui& ui = pen.ui;
  const bool never = pen.scene.trace.empty();
  ImVec2 at{area.min.x + ui.px(24), area.min.y + ui.px(28)};
  const float width = area.width() - ui.px(48);
  if (area.height() > ui.px(150)) {
    text_in(ui, rect(at.x, at.y, width, ui.px(30)), ui.theme.ink, ui.fonts.title,
            never ? ui.tr("Nothing is open yet.") : ui.tr("Nothing is open now."));
    at.y += ui.px(36);
  }
  const bool in_lesson = !pen.scene.lesson_id.empty();
  const std::string_view next = in_lesson ? "The lesson says what comes next."
                                : never
                                    ? "Three ways in: a lesson, the tutorial's server, a socket of your own."
                                    : "Move the cursor in the timeline to see what was.";
  text_in(ui, rect(at.x, at.y, width, ui.px(22)), ui.theme.ink2, ui.fonts.body, ui.tr(next));
  if (in_lesson || (!never && !pen.scene.live)) return;
  if (at.y + ui.px(64) > area.max.y) return;  // the row under the desk has the same
  Flow flow(ui, rect(at.x, at.y + ui.px(34), width, ui.px(60)));
  if (!pen.scene.lessons.empty() && flow.button("first-lesson", "Open the first lesson", true)) {
    requests.push_back(request::OpenLesson{pen.scene.lessons.front().id});
  }
  if (flow.button("tutorial", "Run the tutorial's server")) {
    requests.push_back(request::StartTutorialServer{"iterative"});
  }
  if (flow.button("own-socket", "Make a socket of your own")) open_new_socket(pen.view);
}

// Threads that wait for each other, when there are few enough to be looked through each frame.
std::string deadlock_words(const StagePen& pen) {
  constexpr std::size_t kMostThreads = 64;
  if (pen.state().threads().size() > kMostThreads) return {};
  return deadlock_text(pen.state(), [&](std::string_view text) { return std::string(pen.ui.tr(text)); });
}

// `address`: what stands at its right; `words`: between the two, of what is wrong.
void draw_desk(StagePen& pen, const StageLayout& layout, std::string_view name, std::string_view address,
               std::string_view words) {
  ui::Ui& ui = pen.ui;
  pen.list->AddRectFilled(layout.desk.min, layout.desk.max, ui.theme.raised, ui.px(6));
  pen.list->AddRect(layout.desk.min, layout.desk.max, ui.theme.line2, ui.px(6), 0, ui.theme.hairline);
  pen.list->AddLine({layout.desk.min.x, layout.title.max.y}, {layout.desk.max.x, layout.title.max.y},
                    ui.theme.line, ui.theme.hairline);
  const float side = ui.px(14);
  const float y = (layout.title.min.y + layout.title.max.y - side) / 2;
  icon::desk(pen.list, rect(layout.title.min.x, y, side, side), ui.theme.ink2, ui.px(1.2f));
  Rect line = layout.title;
  line.min.x += side + ui.px(10);
  line.min.x += text_in(ui, line, ui.theme.ink, ui.fonts.name, name).x + ui.px(16);
  if (!words.empty()) line.min.x += text_in(ui, line, ui.theme.bad.text, ui.fonts.label, words).x + ui.px(16);
  text_in(ui, line, ui.theme.ink2, ui.fonts.mono, address, Align::right);
}

void draw_column(StagePen& pen, const StageColumn& column, const std::vector<StageRow>& rows,
                 std::size_t past, Time past_ends) {
  draw_past(pen, column.past, past, past_ends);
  if (column.form == RowForm::count) draw_counts(pen, column.fold, rows);
  for (const StageCell& cell : column.cells) {
    if (column.form == RowForm::chips) {
      draw_chip(pen, cell.socket, cell.row);
      continue;
    }
    if (!is_empty(cell.thread)) draw_thread(pen, cell.thread, cell.row.thread, column.form);
    if (!is_empty(cell.socket)) draw_socket(pen, cell.socket, cell.row.socket, column.form);
  }
}

// How high the words stand at the desk's foot, in lines: 0 where the title has room for them, or the desk
// none.
float foot_of(const StagePen& pen, std::string_view words, Rect desk, std::string_view name,
              std::string_view address) {
  const ui::Ui& ui = pen.ui;
  const float beside = ui.measure(ui.fonts.name, name).x + ui.measure(ui.fonts.mono, address).x + ui.px(90);
  if (words.empty() || ui.measure(ui.fonts.label, words).x + beside <= desk.width()) return 0;
  const auto lines = ui.wrap(ui.fonts.label, words, desk.width() - ui.px(24)).size();
  const float high = ui.line_height(ui.fonts.label) * static_cast<float>(lines) + ui.px(6);
  return desk.height() - high >= ui.px(100) ? high : 0;
}

void draw_things(StagePen& pen, const StageModel& model, Rect area, std::string_view name,
                 std::string_view address) {
  const std::string circle = deadlock_words(pen);
  const float foot = foot_of(pen, circle, area, name, address);
  StageLayout layout = stage_layout(model, {area.min, {area.max.x, area.max.y - foot}}, pen.ui.scale);
  layout.desk.max.y = area.max.y;
  draw_desk(pen, layout, name, address, foot > 0 ? std::string_view() : circle);
  if (foot > 0)
    pen.ui.paragraph({area.min.x + pen.ui.px(12), area.max.y - foot}, pen.ui.theme.bad.text,
                     pen.ui.fonts.label, circle, area.width() - pen.ui.px(24));
  draw_lines(pen, layout);
  draw_column(pen, layout.clients, model.clients, model.past, model.past_ends);
  for (const StageBlock& block : layout.blocks) {
    draw_block(pen, block);
    draw_column(pen, block.served, block.server.served, block.server.past, block.server.past_ends);
  }
  if (layout.hidden_servers > 0) {
    text_in(pen.ui, layout.hidden, pen.ui.theme.ink2, pen.ui.fonts.label,
            pen.ui.say("and {0} more listening sockets", layout.hidden_servers));
  }
}

// Several computers: a desk each, the wires under them.
void draw_hosts(StagePen& pen, Requests& requests, Rect area) {
  const State& state = pen.state();
  const StageModel here = stage_model(state, "localhost");
  const HostsLayout layout = hosts_layout(state, !here.empty(), pen.view.desks, area, pen.ui.scale);
  for (const HostsLayout::Desk& desk : layout.desks) {
    if (desk.box.height() < pen.ui.px(26)) continue;
    const ui::Scope scope(pen.ui, "host-" + desk.host);
    const HostState* host = state.host(desk.host);
    std::string address = host == nullptr ? "127.0.0.1" : host_of(host->address);
    if (host != nullptr && !host->alive) address = std::string(pen.ui.tr("is gone"));
    if (desk.box.height() < pen.ui.px(66)) {  // its name is all that fits
      StageLayout bare;
      bare.desk = desk.box;
      bare.title = {
          {desk.box.min.x + pen.ui.px(12), desk.box.min.y},
          {desk.box.max.x - pen.ui.px(12), std::min(desk.box.max.y, desk.box.min.y + pen.ui.px(28))}};
      draw_desk(pen, bare, desk.host, address, {});
    } else {
      draw_things(pen, host == nullptr ? here : stage_model(state, desk.host), desk.box, desk.host, address);
    }
    const ImVec2 title{desk.box.max.x, desk.box.min.y + pen.ui.px(28)};
    const Selection its = host == nullptr ? Selection{} : Selection{Selection::Kind::host, host->id, 0};
    pick_area(pen, "desk", desk.box.min, title, its);
    drag_desk(pen, layout, desk.host);
    if (host == nullptr) continue;
    if (clicked_beside(desk.box, 1)) {
      pick(pen, its);
      open_menu(pen.ui, pen.scene, pen.view, ImGui::GetMousePos());
    }
    if (pen.is_selected(Selection::Kind::host, host->id))
      pen.list->AddRect(desk.box.min, desk.box.max, pen.ui.theme.accent.fill, pen.ui.px(6), 0, pen.ui.px(2));
  }
  draw_wires(pen, requests, layout);
}

std::string subtitle(const StagePen& pen) {
  const std::string at = fmt::format("{:.3f} s", static_cast<double>(pen.now - pen.scene.start) / 1e9);
  return pen.view.follow && pen.scene.live ? pen.ui.say("now, {0}", at)
                                           : pen.ui.say("at the cursor, {0}", at);
}

}  // namespace stage

void draw_stage(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const Time now = view.follow && scene.live ? std::max(scene.now, scene.cursor) : scene.cursor;
  StagePen pen{ui, scene, view, ImGui::GetWindowDrawList(), now, requests};
  const bool racing = shows_race(view, scene);
  const Rect inner = pane_frame(ui, view, Pane::stage, ui.tr(racing ? "Race" : "Stage"),
                                scene.trace.empty() ? "" : stage::subtitle(pen), where);
  const ui::Scope scope(ui, "stage");
  const float pad = ui.px(16);
  const Rect row{{inner.min.x + pad, inner.min.y}, {inner.max.x - pad, inner.max.y}};
  const StageModel model = stage_model(scene.state);
  stage::Buttons buttons = stage::buttons_for(pen);
  if (racing || view.presenting.on) buttons = {};
  const bool can_race = !view.race->lanes().empty() && !view.presenting.on;
  if (can_race) buttons.width += button_size(ui, racing ? "Stage" : "Race").x + ui.px(8);
  const bool in_header = where.width() > buttons.width + ui.px(250);
  // A form has every call, and the state diagram is looked at; the things on the desk need the room.
  const bool left_to_form =
      (view.show_new_socket || view.show_states) && !in_header && where.height() < ui.px(220);
  const float foot = ui.px(view.hints.here && !view.hints.off ? 20 : 14);  // a hint comes without a jump
  const float left = inner.height() - foot - stage::row_height(ui, buttons.width, row.width());
  const bool cramped = !in_header && !model.empty() && (where.height() < ui.px(140) || left < ui.px(70));
  if (left_to_form || cramped) buttons = {};
  // The row ends at the right there: what comes and goes stands first, so that no other button moves away
  // from under the pointer.
  if (in_header && !buttons.actions.empty() && buttons.actions.back().key == "interrupt") {
    std::rotate(buttons.actions.begin(), buttons.actions.end() - 1, buttons.actions.end());
  }
  const float under = in_header ? 0 : stage::row_height(ui, buttons.width, row.width());
  const Rect desk{{row.min.x, inner.min.y + ui.px(2)}, {row.max.x, inner.max.y - foot - under}};
  if (desk.height() < ui.px(34)) {
    // Not even a host's name fits.
  } else if (racing) {
    draw_race(ui, scene, view, desk);
  } else if (!scene.state.hosts().empty()) {
    stage::draw_hosts(pen, requests, desk);
  } else if (model.empty()) {
    stage::draw_empty(pen, requests, desk);
  } else {
    stage::draw_things(pen, model, desk, "localhost", "127.0.0.1");
  }
  const Rect place = in_header ? rect(where.max.x - ui.px(48) - buttons.width, where.min.y + ui.px(4),
                                      buttons.width + ui.px(4), ui.px(28))
                               : Rect{{row.min.x, desk.max.y + ui.px(8)}, {row.max.x, inner.max.y}};
  if (in_header && !racing)
    draw_hint(ui, scene, view, {desk.min.x + ui.px(2), desk.max.y + ui.px(2)},
              {desk.width(), foot - ui.px(4)});
  stage::Flow flow(ui, place);
  stage::put_buttons(pen, requests, flow, buttons);
  if (can_race && flow.button("race", racing ? "Stage" : "Race")) view.show_race = !racing;
  if (!racing) stage::click_beside(pen, desk);
  held_keys(scene, view, requests);
}

}  // namespace sockscope
