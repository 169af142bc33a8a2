#include "panes/stage_draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "net/catalogue.h"
#include "net/text.h"
#include "panes/action_menu.h"
#include "panes/clock_wake.h"
#include "panes/details_call.h"
#include "panes/frame.h"
#include "panes/kernel_words.h"
#include "trace/narrate_text.h"
#include "trace/result_text.h"
#include "ui/draw.h"

namespace sockscope {

namespace stage {

// As Python prints it, as far as it fits beside the call's name; of bytes only how many.
std::string result_text(const State& state, const event::CallReturned& back, Call call) {
  constexpr std::size_t kMost = 24;
  if (back.interrupted) return "EINTR";
  if (back.error == 0 && info(call).result == ResultKind::bytes)
    return fmt::format("{} B", back.data.total());
  const std::string text = sockscope::result_text(call, back, state);
  return text.size() <= kMost ? text : std::string(first_characters(text, kMost)) + "…";
}

// Lines of text from the top of a box; each takes its font's height.
struct Lines {
  ui::Ui& ui;
  Rect box;
  void add(ImU32 colour, ImFont* font, std::string_view text) {
    ui.text(box.min, colour, font, text, box.width());
    box.min.y += ui.line_height(font) * 0.94f;
  }
};

void thread_ground(StagePen& pen, Rect box, const ThreadState& thread, bool hovered) {
  ui::Ui& ui = pen.ui;
  const float radius = ui.px(4);
  if (thread.blocked) {
    ui::hatch(pen.list, ui, box.min, box.max, pen.is_selected(Selection::Kind::thread, thread.id));
  } else if (!thread.calls.empty()) {
    pen.list->AddRectFilled(box.min, box.max, ui.theme.busy_tint, radius);
    pen.list->AddRectFilled(box.min, {box.min.x + ui.px(3), box.max.y}, ui.theme.busy, radius);
  } else {
    pen.list->AddRectFilled(box.min, box.max, hovered ? ui.theme.hover : ui.theme.sunk, radius);
    if (ui.theme.name == ui::ThemeName::contrast) {
      pen.list->AddRect(box.min, box.max, ui.theme.line2, radius, 0, ui.theme.hairline);
    }
  }
  if (pen.is_selected(Selection::Kind::thread, thread.id)) {
    const Rect ring = shrink(box, -ui.px(4));
    pen.list->AddRect(ring.min, ring.max, ui.theme.accent.fill, ui.px(6), 0, ui.px(2));
  }
}

// What the thread does now, in one word or two.
std::string doing(StagePen& pen, const ThreadState& thread) {
  if (!thread.alive) return std::string(pen.ui.tr("ended"));
  if (thread.calls.empty()) return std::string(pen.ui.tr("idle"));
  return pen.ui.say("in {0}", info(thread.calls.back().name).python);
}

// The same with what it waits for, "in accept: a client", where that is known and fits.
std::string doing_and_why(StagePen& pen, const ThreadState& thread, float width) {
  const std::string short_words = doing(pen, thread);
  if (!thread.blocked || thread.calls.empty()) return short_words;
  const std::string_view waits = info(thread.calls.back().name).waits_for;
  if (waits.empty()) return short_words;
  std::string words = short_words + ": " + std::string(pen.ui.tr(waits));
  return pen.ui.measure(pen.ui.fonts.small, words).x <= width ? words : short_words;
}

}  // namespace stage

std::string last_result(const Scene& scene, const ThreadState& thread) {
  if (!thread.has_returned || thread.last_return >= scene.trace.size()) return {};
  const auto* back = std::get_if<event::CallReturned>(&scene.trace[thread.last_return].body);
  if (back == nullptr) return {};
  return fmt::format("{} → {}", info(thread.last_call).python,
                     stage::result_text(scene.state, *back, thread.last_call));
}

std::string port_text(const Address& address) {
  if (!address.known()) return {};
  if (address.family == AF_INET || address.family == AF_INET6) return fmt::format(":{}", address.port);
  if (address.family == AF_UNIX && address.path.empty()) return {};
  return plain(to_text(address));  // an abstract name may hold NULs
}

std::string short_label(const State& state, SocketId id) {
  const std::string_view called = state.called(id);
  return called.empty() ? fmt::format("#{}", id) : std::string(called);
}

void pick(StagePen& pen, Selection selection) {
  pen.view.selection = selection;
  pen.view.focus = Pane::stage;
  const State& state = pen.scene.end;
  ThreadId owner = 0;
  if (selection.kind == Selection::Kind::thread) owner = selection.id;
  if (const SocketState* socket = state.socket(selection.id);
      socket != nullptr && selection.kind == Selection::Kind::socket) {
    owner = owner_of(state, *socket);
  }
  const ThreadState* thread = state.thread(owner);
  if (thread != nullptr && thread->alive && thread->role == ThreadRole::play) pen.view.thread = thread->name;
}

void pick_area(StagePen& pen, const std::string& key, ImVec2 min, ImVec2 max, const Selection& selection) {
  if (pen.ui.area(key.c_str(), min, max) || ImGui::IsItemClicked(1)) pick(pen, selection);
  offer_menu(pen.ui, pen.scene, pen.view, Pane::stage, selection);
}

void run_action(View& view, Requests& requests, const StageAction& action) {
  for (const WindowRequest& request : action.does) requests.push_back(request);
  // The prompt goes where the line went, so that the next call is typed beside it.
  if (const auto* line = std::get_if<request::RunLine>(&action.does.back());
      line != nullptr && line->thread != "main") {
    view.thread = line->thread;
  }
}

ImU32 state_colour(const StagePen& pen, const SocketState& socket) {
  return pen.ui.theme.state_fill[static_cast<std::size_t>(socket.state)];
}

bool is_tcp(const SocketState& socket) {
  return socket.family == 0 ||
         (socket.type == SOCK_STREAM && (socket.family == AF_INET || socket.family == AF_INET6));
}

std::string state_text(const SocketState& socket) {
  if (is_tcp(socket)) return std::string(name_of(socket.state));
  if (socket.open && socket.backlog >= 0) return std::string(name_of(TcpState::LISTEN));
  std::string type = constant_name("SOCK", socket.type);
  if (type.starts_with("SOCK_")) type.erase(0, 5);
  return constant_name("AF", socket.family) + " " + type;
}

void draw_socket_glyph(StagePen& pen, ImVec2 centre, float radius, const SocketState& socket) {
  if (is_tcp(socket)) {
    ui::state_glyph(pen.list, pen.ui, centre, radius, socket.state);
  } else {
    ui::other_glyph(pen.list, pen.ui, centre, radius, socket.peer.known() ? 2 : socket.local.known() ? 1 : 0);
  }
}

void draw_thread(StagePen& pen, Rect box, ThreadId id, RowForm form) {
  const ThreadState* thread = pen.state().thread(id);
  if (thread == nullptr) return;
  ui::Ui& ui = pen.ui;
  pick_area(pen, fmt::format("thread-{}", id), box.min, box.max, {Selection::Kind::thread, id, 0});
  const bool hovered = ImGui::IsItemHovered();
  const std::string doing = stage::doing(pen, *thread);
  const std::string clock =
      thread->blocked ? ui::duration_text(pen.now - thread->blocked_since) : std::string{};
  if (thread->blocked) wake_for_clock(ui, pen.scene, pen.view, pen.now - thread->blocked_since);
  const std::string result = last_result(pen.scene, *thread);
  const std::string waits = waiting_words(ui, pen.scene.state, thread->id);
  ui.tooltip(fmt::format("{} · {}{}{}\n{}", thread->name, doing, clock.empty() ? "" : ", ", clock,
                         waits.empty() ? result : waits));
  stage::thread_ground(pen, box, *thread, hovered);
  Rect in{{box.min.x + ui.px(10), box.min.y + ui.px(4)}, {box.max.x - ui.px(6), box.max.y - ui.px(2)}};
  if (box.width() < ui.px(100)) in.min.x = box.min.x + ui.px(6);
  const std::string second = form == RowForm::full ? stage::doing_and_why(pen, *thread, in.width()) : doing;
  if (thread->blocked) {  // a label never stands on the hatch's lines
    const float wide =
        std::max(ui.measure(ui.fonts.name, thread->name).x, ui.measure(ui.fonts.label, second).x);
    const Rect patch{{in.min.x - ui.px(4), in.min.y - ui.px(1)},
                     {std::min(box.max.x - ui.px(3), in.min.x + wide + ui.px(6)), box.max.y - ui.px(4)}};
    pen.list->AddRectFilled(
        patch.min, patch.max,
        pen.is_selected(Selection::Kind::thread, id) ? ui.theme.warn_hatch_ground : ui.theme.hatch_ground);
  }
  if (form == RowForm::one_line) {
    text_in(ui, {{in.min.x, box.min.y}, {in.max.x, box.max.y}}, ui.theme.ink, ui.fonts.label, thread->name);
    return;
  }
  if (form == RowForm::two_lines) in.min.y = (box.min.y + box.max.y) / 2 - ui.px(19);
  stage::Lines lines{ui, in};
  lines.add(ui.theme.ink, ui.fonts.name, thread->name);
  if (form == RowForm::two_lines) {
    const std::string both = clock.empty() ? doing : doing + " " + clock;
    lines.add(ui.theme.ink2, ui.fonts.small, ui.measure(ui.fonts.small, both).x <= in.width() ? both : doing);
    return;
  }
  lines.add(ui.theme.ink2, ui.fonts.small, second);
  if (!clock.empty()) {
    lines.add(ui.theme.ink2, ui.fonts.mono_small, clock);
  } else if (!result.empty() && box.width() >= ui.px(100)) {
    lines.add(thread->last_error != 0 ? ui.theme.bad.text : ui.theme.ink2, ui.fonts.mono_small, result);
  }
}

void draw_counts(StagePen& pen, Rect box, const std::vector<StageRow>& rows) {
  ui::Ui& ui = pen.ui;
  ui::card(pen.list, ui, box.min, box.max, false, false);
  std::size_t threads = 0, blocked = 0, sockets = 0;
  std::map<TcpState, std::size_t> states;
  for (const StageRow& row : rows) {
    if (const ThreadState* thread = pen.state().thread(row.thread); thread != nullptr && row.head) {
      ++threads;
      if (thread->blocked) ++blocked;
    }
    if (const SocketState* socket = pen.state().socket(row.socket); socket != nullptr) {
      ++sockets;
      ++states[socket->state];
    }
  }
  stage::Lines lines{ui, shrink(box, ui.px(8))};
  lines.add(ui.theme.ink, ui.fonts.name, ui.say("{0} threads, {1} blocked", threads, blocked));
  lines.add(ui.theme.ink, ui.fonts.name, ui.say("{0} sockets", sockets));
  for (const auto& [state, count] : states) {
    if (lines.box.min.y + ui.line_height(ui.fonts.mono_small) > box.max.y - ui.px(4)) break;
    lines.add(ui.theme.state_text[static_cast<std::size_t>(state)], ui.fonts.mono_small,
              fmt::format("{} {}", count, name_of(state)));
  }
}

void draw_past(StagePen& pen, Rect box, std::size_t count, Time ends) {
  ui::Ui& ui = pen.ui;
  if (count == 0 || is_empty(box)) return;
  const float radius = ui.px(6);
  ui::state_glyph(pen.list, ui, {box.min.x + radius, (box.min.y + box.max.y) / 2}, radius,
                  TcpState::TIME_WAIT);
  box.min.x += 2 * radius + ui.px(6);
  const std::string plain = ui.say("{0} closed, in TIME_WAIT", count);
  text_in(ui, box, ui.theme.state_text[static_cast<std::size_t>(TcpState::TIME_WAIT)], ui.fonts.label,
          ends <= pen.now
              ? plain
              : fitting(ui, ui.fonts.label, box.width(),
                        {ui.say("{0} closed, in TIME_WAIT for {1}", count, seconds_left_text(ends - pen.now)),
                         plain}));
  if (pen.scene.live && pen.view.follow) wake_for_seconds(ui, ends - pen.now);
}

}  // namespace sockscope
