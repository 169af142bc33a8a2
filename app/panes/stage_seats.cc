// The accept queue, seat by seat: who sits there, and what the kernel has of the connection.
#include <fmt/format.h>

#include <algorithm>

#include "panes/frame.h"
#include "panes/kernel_words.h"
#include "panes/stage_draw.h"
#include "ui/draw.h"

namespace sockscope {

namespace seats {

// Who sits in a seat: the client's own socket where that is ours, and the connection the kernel made for it
// where the kernel told of it. Either may be missing.
struct Sitter {
  SocketId picked = 0;  // what a click selects; 0: the kernel counts somebody nothing is known of
  const SocketState* client = nullptr;
  const SocketState* made = nullptr;
};

Sitter sitter_of(const State& state, const StageServer& server, std::size_t seat) {
  const SocketState* socket =
      seat <= server.waiting.size() ? state.socket(server.waiting[seat - 1]) : nullptr;
  if (socket == nullptr) return {};
  const SocketState* mate = mate_of(state, *socket);
  if (socket->queued()) return {socket->id, mate, socket};
  return {socket->id, socket, mate != nullptr && mate->queued() ? mate : nullptr};
}

std::string port_of(const Sitter& sitter) {
  if (sitter.client != nullptr) return port_text(sitter.client->local);
  return sitter.made != nullptr ? port_text(sitter.made->peer) : std::string();
}

// What the server's side believes: not the client's state, who may have closed and keeps the seat.
TcpState state_of(const Sitter& sitter) {
  const bool told = sitter.made != nullptr && sitter.made->state != TcpState::not_known;
  return told ? sitter.made->state : TcpState::ESTABLISHED;
}

std::string seat_name(StagePen& pen, std::size_t seat, std::size_t seats) {
  // listen(n) gives n + 1: the last one is the seat nobody expects.
  return seat == seats ? std::string(pen.ui.tr("seat +1")) : pen.ui.say("seat {0}", seat);
}

void empty_seat(StagePen& pen, Rect box, std::string_view name) {
  ui::dashed_rect(pen.list, box.min, box.max, pen.ui.theme.line2, pen.ui.px(1), pen.ui.px(3), pen.ui.px(3));
  const Rect line{{box.min.x + pen.ui.px(6), box.min.y + pen.ui.px(4)},
                  {box.max.x - pen.ui.px(4), std::min(box.max.y, box.min.y + pen.ui.px(20))}};
  text_in(pen.ui, line, pen.ui.theme.ink3, pen.ui.fonts.small, name);
}

void taken_ground(StagePen& pen, Rect box, const Sitter& sitter) {
  ui::Ui& ui = pen.ui;
  const ImU32 edge = ui.theme.state_fill[static_cast<std::size_t>(state_of(sitter))];
  const bool selected = sitter.picked != 0 && pen.is_selected(Selection::Kind::socket, sitter.picked);
  pen.list->AddRectFilled(box.min, box.max, selected ? ui.theme.accent.tint : ui.theme.raised, ui.px(4));
  pen.list->AddRect(box.min, box.max, edge, ui.px(4), 0, ui.px(1));
  pen.list->AddRectFilled({box.min.x, box.max.y - ui.px(4)}, box.max, ui.theme.ink);
  if (selected) {
    const Rect ring = shrink(box, -ui.px(3));
    pen.list->AddRect(ring.min, ring.max, ui.theme.accent.fill, ui.px(6), 0, ui.px(2));
  }
}

std::string who_text(StagePen& pen, const Sitter& sitter) {
  if (sitter.client != nullptr) return pen.ui.say("from {0}", short_label(pen.state(), sitter.client->id));
  return sitter.made != nullptr ? port_of(sitter) : std::string(pen.ui.tr("another"));
}

// What is worth a line under the name, the most telling first.
std::vector<std::string> seat_facts(StagePen& pen, const Sitter& sitter) {
  const ui::Ui& ui = pen.ui;
  std::vector<std::string> facts;
  if (state_of(sitter) != TcpState::ESTABLISHED) facts.emplace_back(name_of(state_of(sitter)));
  if (sitter.client != nullptr) facts.push_back(port_of(sitter));
  if (sitter.client == nullptr && sitter.made != nullptr) facts.emplace_back(ui.tr("other program"));
  if (sitter.made != nullptr && sitter.made->recv_queue > 0) {
    facts.push_back(ui.say("{0} wait here", bytes_text(sitter.made->recv_queue)));
  } else if (sitter.client != nullptr && sitter.client->bytes_sent > 0) {
    facts.push_back(ui.say("{0} B sent", sitter.client->bytes_sent));
  }
  const Time since = sitter.made != nullptr     ? sitter.made->opened
                     : sitter.client != nullptr ? sitter.client->state_since
                                                : pen.now;
  if (since < pen.now) facts.push_back(ui.say("{0} here", ui::duration_text(pen.now - since)));
  return facts;
}

void seat_card(StagePen& pen, Rect box, std::size_t seat, const StageServer& server) {
  ui::Ui& ui = pen.ui;
  const Sitter sitter = sitter_of(pen.state(), server, seat);
  taken_ground(pen, box, sitter);
  const Rect in{{box.min.x + ui.px(8), box.min.y + ui.px(5)}, {box.max.x - ui.px(6), box.max.y - ui.px(4)}};
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
  Rect name = line(ui.px(20));
  const float radius = ui.px(6);
  ui::state_glyph(pen.list, ui, {name.min.x + radius, (name.min.y + name.max.y) / 2}, radius,
                  state_of(sitter));
  name.min.x += 2 * radius + ui.px(5);
  text_in(ui, name, ui.theme.ink, ui.fonts.name, who_text(pen, sitter));
  for (const std::string& fact : seat_facts(pen, sitter)) {
    if (fact.empty()) continue;
    if (y + ui.px(14) > in.max.y) return;
    const Rect at = line(ui.px(16));
    const bool fits = ui.measure(ui.fonts.mono_small, fact).x <= at.width();
    text_in(ui, at, ui.theme.ink2, fits ? ui.fonts.mono_small : ui.fonts.small, fact);
  }
}

void seat_chip(StagePen& pen, Rect box, std::size_t seat, const StageServer& server) {
  ui::Ui& ui = pen.ui;
  const Sitter sitter = sitter_of(pen.state(), server, seat);
  taken_ground(pen, box, sitter);
  const float radius = std::min(ui.px(5), box.height() * 0.2f);
  const Rect in{{box.min.x + ui.px(4), box.min.y}, {box.max.x - ui.px(2), box.max.y - ui.px(4)}};
  ui::state_glyph(pen.list, ui, {in.min.x + radius, (in.min.y + in.max.y) / 2}, radius, state_of(sitter));
  const std::string who = sitter.client != nullptr ? short_label(pen.state(), sitter.client->id)
                          : sitter.made != nullptr ? port_of(sitter)
                                                   : std::string("?");
  text_in(ui, {{in.min.x + 2 * radius + ui.px(3), in.min.y}, in.max}, ui.theme.ink, ui.fonts.small, who);
}

std::string seat_tooltip(StagePen& pen, const Sitter& sitter) {
  const ui::Ui& ui = pen.ui;
  if (sitter.client == nullptr) {
    return ui.say("Another program, at {0}. The kernel has made the connection; no accept() has taken it.",
                  to_text(sitter.made->peer));
  }
  const std::string name = pen.state().label(sitter.client->id);
  if (state_of(sitter) != TcpState::ESTABLISHED) {
    return ui.say("{0} has closed already and keeps its seat. No accept() has taken it yet.", name);
  }
  return ui.say("{0} is connected. No accept() has taken it yet.", name);
}

void draw_seat(StagePen& pen, const StageBlock& block, std::size_t seat) {
  const StageServer& server = block.server;
  const Rect box = block.seats[seat - 1];
  const bool chip = block.seat_form == SeatForm::chips;
  if (seat > server.taken) {
    empty_seat(pen, box,
               chip && seat != server.seats ? fmt::format("{}", seat)
               : chip                       ? std::string("+1")
                                            : seat_name(pen, seat, server.seats));
    return;
  }
  if (const Sitter sitter = sitter_of(pen.state(), server, seat); sitter.picked != 0) {
    pick_area(pen, fmt::format("seat-{}-{}", server.listener, seat), box.min, box.max,
              {Selection::Kind::socket, sitter.picked, 0});
    pen.ui.tooltip(seat_tooltip(pen, sitter));
  }
  (chip ? seat_chip : seat_card)(pen, box, seat, server);
}

// Too many seats to draw each: how many are taken, and who is at the head.
void draw_bar(StagePen& pen, const StageBlock& block) {
  ui::Ui& ui = pen.ui;
  const StageServer& server = block.server;
  const float part = std::min(1.0f, static_cast<float>(server.taken) / static_cast<float>(server.seats));
  pen.list->AddRectFilled(block.bar.min, block.bar.max, ui.theme.sunk);
  const float from = block.bar.max.x - block.bar.width() * part;
  pen.list->AddRectFilled({from, block.bar.min.y}, block.bar.max,
                          ui.theme.state_fill[static_cast<std::size_t>(TcpState::ESTABLISHED)]);
  pen.list->AddRect(block.bar.min, block.bar.max, ui.theme.line2);
  const Sitter head = server.taken == 0 ? Sitter{} : sitter_of(pen.state(), server, 1);
  if (head.picked == 0) return;
  pick_area(pen, fmt::format("seat-{}-1", server.listener), block.bar.min, block.bar.max,
            {Selection::Kind::socket, head.picked, 0});
  ui.tooltip(seat_tooltip(pen, head));
  const std::string words = ui.say("next: {0}", who_text(pen, head));
  const float wide = ui.measure(ui.fonts.small, words).x + ui.px(10);
  const Rect label{{block.bar.max.x - wide, block.bar.min.y + ui.px(2)},
                   {block.bar.max.x - ui.px(2), block.bar.max.y - ui.px(2)}};
  if (label.min.x < block.bar.min.x) return;
  pen.list->AddRectFilled(label.min, label.max, ui.theme.raised);
  text_in(ui, label, ui.theme.ink, ui.fonts.small, words, Align::centre);
}

}  // namespace seats

void draw_seats(StagePen& pen, const StageBlock& block) {
  for (std::size_t i = 0; i < block.seats.size(); ++i) seats::draw_seat(pen, block, i + 1);
  if (block.seat_form == SeatForm::bar) seats::draw_bar(pen, block);
}

}  // namespace sockscope
