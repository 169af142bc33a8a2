// The listening socket's card: who it is, how full its accept queue is, who is turned away.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "panes/clock_wake.h"
#include "panes/frame.h"
#include "panes/kernel_words.h"
#include "panes/stage_draw.h"
#include "trace/narrate_text.h"
#include "ui/draw.h"

namespace sockscope {

namespace queue {

void draw_title(StagePen& pen, const StageBlock& block, const SocketState& listener) {
  ui::Ui& ui = pen.ui;
  Rect line = block.title;
  const float radius = ui.px(7);
  draw_socket_glyph(pen, {line.min.x + radius, (line.min.y + line.max.y) / 2}, radius, listener);
  line.min.x += 2 * radius + ui.px(7);
  const ServerState* server = pen.state().server(block.server.server);
  const std::string ids = listener.fd >= 0 && listener.open
                              ? fmt::format("#{} fd {}", listener.id, listener.fd)
                              : fmt::format("#{}", listener.id);
  if (line.width() > ui.px(250) && pen.view.detail == Detail::full) {
    text_in(ui, line, ui.theme.ink2, ui.fonts.mono_small, ids, Align::right);
    line.max.x -= ui.measure(ui.fonts.mono_small, ids).x + ui.px(8);
  }
  const auto put = [&](ImU32 colour, ImFont* font, std::string_view text) {
    line.min.x += text_in(ui, line, colour, font, text).x + ui.px(8);
  };
  put(ui.theme.ink, ui.fonts.name, server != nullptr ? server->name : short_label(pen.state(), listener.id));
  put(ui.theme.state_text[static_cast<std::size_t>(listener.state)], ui.fonts.mono_small,
      listener.open ? state_text(listener) : std::string(ui.tr("closed")));
  const bool narrow = block.title.width() < ui.px(240) && listener.local.port != 0;
  put(ui.theme.ink, ui.fonts.mono_small,
      narrow ? fmt::format(":{}", listener.local.port) : plain(to_text(listener.local)));
  if (server != nullptr) put(ui.theme.ink2, ui.fonts.small, server->model);
}

// What listen() asked for and what the kernel made of it, longest first.
std::array<std::string, 2> limit_words(StagePen& pen, const SocketState& listener, std::uint32_t seats) {
  const bool capped = seats > 0 && static_cast<std::int64_t>(listener.backlog) > seats - 1;
  if (!capped) return {pen.ui.say("listen({0}) gives {1} + 1", listener.backlog, seats - 1), {}};
  return {pen.ui.say("listen({0}): somaxconn gives {1} + 1", listener.backlog, seats - 1),
          pen.ui.say("somaxconn {0} + 1", seats - 1)};
}

// Whether there was room to say in full where the limit comes from.
bool draw_queue_line(StagePen& pen, const StageBlock& block, const SocketState& listener, bool full) {
  ui::Ui& ui = pen.ui;
  Rect line = block.queue;
  const StageServer& server = block.server;
  const auto put = [&](ImU32 colour, ImFont* font, const std::string& text) {
    line.min.x += text_in(ui, line, colour, font, text).x + ui.px(10);
  };
  if (line.width() > ui.px(190)) put(ui.theme.ink, ui.fonts.label, std::string(ui.tr("Accept queue")));
  put(full ? ui.theme.bad.text : ui.theme.ink, ui.fonts.mono_small,
      ui.say("{0} of {1} seats", server.taken, server.seats));
  if (listener.syn_queue > 0) {
    const std::string words =
        fitting(ui, ui.fonts.label, line.width(),
                {ui.say("SYN queue {0}", listener.syn_queue), fmt::format("SYN {}", listener.syn_queue), {}});
    put(ui.theme.warn.text, ui.fonts.label, words);
  }
  if (listener.backlog < 0) return true;
  const auto both = limit_words(pen, listener, server.seats);
  for (const std::string& words : both) {
    if (words.empty() || ui.measure(ui.fonts.small, words).x > line.width()) continue;
    text_in(ui, line, ui.theme.ink2, ui.fonts.small, words, Align::right);
    return words == both[0];
  }
  return false;
}

// The door's bar, and a cross for each connection request the kernel has dropped there.
void draw_door(StagePen& pen, const StageBlock& block, const SocketState& listener, bool full) {
  ui::Ui& ui = pen.ui;
  const Rect door{{block.listener.min.x - ui.px(6), block.queue.min.y},
                  {block.listener.min.x, block.queue.max.y + ui.px(20)}};
  if (full) pen.list->AddRectFilled(door.min, door.max, ui.theme.bad.fill);
  constexpr std::uint32_t kMostCrosses = 5;
  const float x = door.min.x - ui.px(7), pitch = ui.px(12);
  ImVec2 at{x, door.max.y + ui.px(8)};
  const bool counted = listener.drops > kMostCrosses;
  for (std::uint32_t i = 0; i < (counted ? 1 : listener.drops); ++i, at.y += pitch) {
    if (at.y + ui.px(5) > block.listener.max.y) return;
    ui::cross(pen.list, at, ui.px(4.5f), ui.theme.bad.fill, ui.px(1.8f));
  }
  if (!counted || at.y + ui.px(6) > block.listener.max.y) return;
  const std::string count = std::to_string(listener.drops);
  const float wide = ui.measure(ui.fonts.small, count).x;
  if (wide > ui.px(30)) return;  // the note says it
  ui.text({door.max.x - ui.px(2) - wide, at.y - ui.px(6)}, ui.theme.bad.text, ui.fonts.small, count);
}

// "c", "c and d", "c, d and 3 more".
std::string names_of(StagePen& pen, const std::vector<SocketId>& sockets) {
  const std::string one = short_label(pen.state(), sockets[0]);
  if (sockets.size() == 1) return one;
  const std::string two = short_label(pen.state(), sockets[1]);
  if (sockets.size() == 2) return pen.ui.say("{0} and {1}", one, two);
  return pen.ui.say("{0}, {1} and {2} more", one, two, sockets.size() - 2);
}

// Who asks for a connection and has no answer, and when the next SYN comes.
void draw_knocks(StagePen& pen, const StageBlock& block) {
  const std::vector<SocketId>& knocking = block.server.knocking;
  if (knocking.empty() || is_empty(block.knocks)) return;
  ui::Ui& ui = pen.ui;
  Time next = -1;
  for (const SocketId id : knocking) {
    const SocketState* client = pen.state().socket(id);
    if (client->timer == Timer::retransmit && (next < 0 || client->timer_ends < next)) {
      next = client->timer_ends;
    }
  }
  const std::string names = names_of(pen, knocking);
  if (next < 0) {
    text_in(ui, block.knocks, ui.theme.warn.text, ui.fonts.label, ui.say("No answer yet: {0}.", names));
    return;
  }
  wake_for_countdown(ui, pen.scene, pen.view, next - pen.now);
  const std::string left = left_text(next - pen.now);
  text_in(ui, block.knocks, ui.theme.warn.text, ui.fonts.label,
          fitting(ui, ui.fonts.label, block.knocks.width(),
                  {ui.say("No answer yet: {0}. Next SYN in {1}.", names, left),
                   ui.say("{0}: next SYN in {1}", names, left), ui.say("Next SYN in {0}", left)}));
}

std::string full_words(StagePen& pen, const SocketState& listener) {
  return listener.drops > 0 ? pen.ui.say("Full. The kernel drops each new SYN: {0} so far.", listener.drops)
                            : std::string(pen.ui.tr("Full. The kernel drops each new SYN."));
}

void draw_note(StagePen& pen, const StageBlock& block, const SocketState& listener, bool full,
               bool limit_said) {
  ui::Ui& ui = pen.ui;
  if (is_empty(block.note)) return;
  if (!full) {
    const std::string words = block.server.taken > 0
                                  ? fitting(ui, ui.fonts.label, block.note.width(),
                                            {std::string(ui.tr("Connected. No accept() has taken them yet.")),
                                             std::string(ui.tr("Connected, not accepted"))})
                              : limit_said ? std::string()
                                           : limit_words(pen, listener, block.server.seats)[0];
    text_in(ui, block.note, ui.theme.ink2, ui.fonts.label, words);
    return;
  }
  Rect note = block.note;
  ui::cross(pen.list, {note.min.x + ui.px(6), (note.min.y + note.max.y) / 2}, ui.px(4.5f), ui.theme.bad.fill,
            ui.px(1.8f));
  note.min.x += ui.px(18);
  text_in(ui, note, ui.theme.bad.text, ui.fonts.label,
          fitting(ui, ui.fonts.label, note.width(),
                  {full_words(pen, listener), ui.say("Full. SYNs dropped: {0}", listener.drops)}));
}

}  // namespace queue

void draw_block(StagePen& pen, const StageBlock& block) {
  const SocketState* listener = pen.state().socket(block.server.listener);
  if (listener == nullptr) return;
  ui::Ui& ui = pen.ui;
  const bool full = block.server.seats > 0 && block.server.taken >= block.server.seats;
  // The area covers the title only: seats are picked on their own.
  pick_area(pen, fmt::format("socket-{}", listener->id), block.title.min, block.title.max,
            {Selection::Kind::socket, listener->id, 0});
  drop_on_listener(pen, *listener);
  const bool hovered = ImGui::IsItemHovered();
  ui.tooltip(fmt::format("{} · {}\n{}{}", pen.state().label(listener->id), state_text(*listener),
                         to_text(listener->local), full ? "\n" + queue::full_words(pen, *listener) : ""));
  ui::card(pen.list, ui, block.listener.min, block.listener.max,
           pen.is_selected(Selection::Kind::socket, listener->id), hovered);
  queue::draw_title(pen, block, *listener);
  if (is_empty(block.queue)) return;
  const bool limit_said = queue::draw_queue_line(pen, block, *listener, full);
  draw_seats(pen, block);
  queue::draw_door(pen, block, *listener, full);
  queue::draw_note(pen, block, *listener, full, limit_said);
  queue::draw_knocks(pen, block);
}

}  // namespace sockscope
