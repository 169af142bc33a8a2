// The listening socket's card: who it is, its accept queue seat by seat, and whether it is full.
#include <fmt/format.h>

#include <algorithm>

#include "panes/frame.h"
#include "panes/stage_draw.h"
#include "trace/narrate_text.h"
#include "ui/draw.h"

namespace sockscope {

namespace queue {

std::string seat_name(StagePen& pen, std::size_t seat, std::size_t seats) {
  // listen(n) gives n + 1: the last one is the seat nobody expects.
  return seat == seats ? std::string(pen.ui.tr("seat +1")) : pen.ui.say("seat {0}", seat);
}

// Who sits in seat `seat` (from 1): 0 when the kernel counts somebody who is not one of ours.
SocketId sitter(const StageServer& server, std::size_t seat) {
  return seat <= server.waiting.size() ? server.waiting[seat - 1] : 0;
}

void empty_seat(StagePen& pen, Rect box, std::string_view name) {
  ui::dashed_rect(pen.list, box.min, box.max, pen.ui.theme.line2, pen.ui.px(1), pen.ui.px(3), pen.ui.px(3));
  const Rect line{{box.min.x + pen.ui.px(6), box.min.y + pen.ui.px(4)},
                  {box.max.x - pen.ui.px(4), std::min(box.max.y, box.min.y + pen.ui.px(20))}};
  text_in(pen.ui, line, pen.ui.theme.ink3, pen.ui.fonts.small, name);
}

void taken_ground(StagePen& pen, Rect box, SocketId who) {
  ui::Ui& ui = pen.ui;
  const ImU32 green = ui.theme.state_fill[static_cast<std::size_t>(TcpState::ESTABLISHED)];
  const bool selected = who != 0 && pen.is_selected(Selection::Kind::socket, who);
  pen.list->AddRectFilled(box.min, box.max, selected ? ui.theme.accent.tint : ui.theme.raised, ui.px(4));
  pen.list->AddRect(box.min, box.max, green, ui.px(4), 0, ui.px(1));
  pen.list->AddRectFilled({box.min.x, box.max.y - ui.px(4)}, box.max, ui.theme.ink);
  if (selected) {
    const Rect ring = shrink(box, -ui.px(3));
    pen.list->AddRect(ring.min, ring.max, ui.theme.accent.fill, ui.px(6), 0, ui.px(2));
  }
}

void seat_card(StagePen& pen, Rect box, std::size_t seat, const StageServer& server) {
  ui::Ui& ui = pen.ui;
  const SocketId who = sitter(server, seat);
  const SocketState* socket = pen.state().socket(who);
  taken_ground(pen, box, who);
  const Rect in{{box.min.x + ui.px(8), box.min.y + ui.px(5)}, {box.max.x - ui.px(6), box.max.y - ui.px(6)}};
  float y = in.min.y;
  const auto line = [&](float high) {
    const Rect out{{in.min.x, y}, {in.max.x, y + high}};
    y += high;
    return out;
  };
  const Rect top = line(ui.px(16));
  text_in(ui, top, ui.theme.ink2, ui.fonts.small, seat_name(pen, seat, server.seats));
  if (seat == 1) text_in(ui, top, ui.theme.accent.text, ui.fonts.small, ui.tr("next"), Align::right);
  if (y + ui.px(20) > in.max.y) return;
  y += ui.px(3);
  Rect name = line(ui.px(20));
  const float radius = ui.px(6);
  ui::state_glyph(pen.list, ui, {name.min.x + radius, (name.min.y + name.max.y) / 2}, radius,
                  TcpState::ESTABLISHED);
  name.min.x += 2 * radius + ui.px(5);
  text_in(
      ui, name, ui.theme.ink, ui.fonts.name,
      socket == nullptr ? std::string(ui.tr("another")) : ui.say("from {0}", short_label(pen.state(), who)));
  if (socket == nullptr) return;
  const std::string facts[] = {
      socket->local.port != 0 ? fmt::format(":{}", socket->local.port) : std::string{},
      ui.say("{0} here", ui::duration_text(pen.now - socket->state_since)),
      socket->bytes_sent > 0 ? ui.say("{0} B sent", socket->bytes_sent) : std::string{}};
  for (const std::string& fact : facts) {
    if (fact.empty() || y + ui.px(16) > in.max.y) continue;
    text_in(ui, line(ui.px(17)), ui.theme.ink2, ui.fonts.mono_small, fact);
  }
}

void seat_chip(StagePen& pen, Rect box, std::size_t seat, const StageServer& server) {
  ui::Ui& ui = pen.ui;
  const SocketId who = sitter(server, seat);
  taken_ground(pen, box, who);
  const float radius = std::min(ui.px(5), box.height() * 0.2f);
  const Rect in{{box.min.x + ui.px(3), box.min.y}, {box.max.x - ui.px(2), box.max.y - ui.px(4)}};
  ui::state_glyph(pen.list, ui, {in.min.x + radius, (in.min.y + in.max.y) / 2}, radius,
                  TcpState::ESTABLISHED);
  text_in(ui, {{in.min.x + 2 * radius + ui.px(2), in.min.y}, in.max}, ui.theme.ink, ui.fonts.small,
          who == 0 ? "?" : short_label(pen.state(), who));
}

void draw_seats(StagePen& pen, const StageBlock& block) {
  ui::Ui& ui = pen.ui;
  const StageServer& server = block.server;
  for (std::size_t i = 0; i < block.seats.size(); ++i) {
    const std::size_t seat = i + 1;
    const Rect box = block.seats[i];
    const bool chip = block.seat_form == SeatForm::chips;
    if (seat > server.taken) {
      empty_seat(pen, box,
                 chip && seat != server.seats ? fmt::format("{}", seat)
                 : chip                       ? std::string("+1")
                                              : seat_name(pen, seat, server.seats));
      continue;
    }
    if (const SocketId who = sitter(server, seat); who != 0) {
      if (ui.area(fmt::format("seat-{}-{}", server.listener, seat).c_str(), box.min, box.max)) {
        pick(pen, {Selection::Kind::socket, who, 0});
      }
      ui.tooltip(ui.say("{0} is connected. No accept() has taken it yet.", pen.state().label(who)));
    }
    (chip ? seat_chip : seat_card)(pen, box, seat, server);
  }
  if (block.seat_form != SeatForm::bar) return;
  const float part = std::min(1.0f, static_cast<float>(server.taken) / static_cast<float>(server.seats));
  pen.list->AddRectFilled(block.bar.min, block.bar.max, ui.theme.sunk);
  pen.list->AddRectFilled({block.bar.max.x - block.bar.width() * part, block.bar.min.y}, block.bar.max,
                          ui.theme.state_fill[static_cast<std::size_t>(TcpState::ESTABLISHED)]);
  pen.list->AddRect(block.bar.min, block.bar.max, ui.theme.line2);
}

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
  if (line.width() > ui.px(250)) {
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

void draw_queue_line(StagePen& pen, const StageBlock& block, const SocketState& listener, bool full) {
  ui::Ui& ui = pen.ui;
  Rect line = block.queue;
  const StageServer& server = block.server;
  if (line.width() > ui.px(300) && listener.backlog >= 0) {
    text_in(ui, line, ui.theme.ink2, ui.fonts.small,
            ui.say("listen({0}) gives {1} + 1", listener.backlog, server.seats - 1), Align::right);
    line.max.x -= ui.px(130);
  }
  if (line.width() > ui.px(190)) {
    line.min.x += text_in(ui, line, ui.theme.ink, ui.fonts.label, ui.tr("Accept queue")).x + ui.px(10);
  }
  text_in(ui, line, full ? ui.theme.bad.text : ui.theme.ink, ui.fonts.mono_small,
          ui.say("{0} of {1} seats", server.taken, server.seats));
}

}  // namespace queue

void draw_block(StagePen& pen, const StageBlock& block) {
  const SocketState* listener = pen.state().socket(block.server.listener);
  if (listener == nullptr) return;
  ui::Ui& ui = pen.ui;
  const bool full = block.server.seats > 0 && block.server.taken >= block.server.seats;
  // The area covers the title only: seats are picked on their own.
  if (ui.area(fmt::format("socket-{}", listener->id).c_str(), block.title.min, block.title.max) ||
      ImGui::IsItemClicked(1)) {
    pick(pen, {Selection::Kind::socket, listener->id, 0});
  }
  const bool hovered = ImGui::IsItemHovered();
  ui.tooltip(fmt::format("{} · {}\n{}", pen.state().label(listener->id), state_text(*listener),
                         to_text(listener->local)));
  ui::card(pen.list, ui, block.listener.min, block.listener.max,
           pen.is_selected(Selection::Kind::socket, listener->id), hovered);
  queue::draw_title(pen, block, *listener);
  if (is_empty(block.queue)) return;
  queue::draw_queue_line(pen, block, *listener, full);
  queue::draw_seats(pen, block);
  if (full) {
    pen.list->AddRectFilled({block.listener.min.x - ui.px(6), block.queue.min.y},
                            {block.listener.min.x, block.queue.max.y + ui.px(20)}, ui.theme.bad.fill);
  }
  if (is_empty(block.note)) return;
  if (full) {
    Rect note = block.note;
    ui::cross(pen.list, {note.min.x + ui.px(6), (note.min.y + note.max.y) / 2}, ui.px(4.5f),
              ui.theme.bad.fill, ui.px(1.8f));
    note.min.x += ui.px(18);
    text_in(ui, note, ui.theme.bad.text, ui.fonts.label, ui.tr("Full. The kernel drops each new SYN."));
  } else if (block.server.taken > 0) {
    text_in(ui, block.note, ui.theme.ink2, ui.fonts.label,
            ui.tr("Connected. No accept() has taken them yet."));
  }
}

}  // namespace sockscope
