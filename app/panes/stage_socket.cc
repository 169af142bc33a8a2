// A socket's card: its state, its address, what fills its queues and what the kernel will do next.
#include <fmt/format.h>

#include <algorithm>

#include "panes/clock_wake.h"
#include "panes/frame.h"
#include "panes/kernel_words.h"
#include "panes/send_runs.h"
#include "panes/stage_draw.h"
#include "ui/bytes.h"
#include "ui/draw.h"

namespace sockscope {

namespace stage {

std::string timer_that_fits(const StagePen& pen, const SocketState& socket, float width) {
  const ui::Ui& ui = pen.ui;
  const std::string left = timer_left_text(socket, pen.now);
  return fitting(ui, ui.fonts.mono_small, width,
                 {timer_words(ui, socket, pen.now),
                  socket.state == TcpState::SYN_SENT ? ui.say("SYN in {0}", left) : left, left});
}

// What is said beside the state, where there is room for three words: the most urgent thing the kernel says.
struct Mark {
  std::string words;
  ImU32 colour = 0;
};

bool peer_is_shut_out(const StagePen& pen, const SocketState& socket) {
  const SocketState* mate = mate_of(pen.state(), socket);
  return mate != nullptr && window_shut(*mate);
}

Mark mark_of(const StagePen& pen, const SocketState& socket, RowForm form, float width) {
  const ui::Ui& ui = pen.ui;
  const ui::Theme& theme = ui.theme;
  if (socket.state == TcpState::TIME_WAIT && socket.timer == Timer::time_wait) {
    return {timer_left_text(socket, pen.now), theme.state_text[static_cast<std::size_t>(socket.state)]};
  }
  if (timer_tells(socket) && socket.timer == Timer::retransmit) {
    if (form == RowForm::full) return {try_words(ui, socket), theme.warn.text};
    return {timer_that_fits(pen, socket, width), theme.warn.text};
  }
  if (peer_is_shut_out(pen, socket)) return {std::string(ui.tr("window 0")), theme.bad.text};
  if (!is_tcp(socket) && socket.drops > 0) return {ui.say("{0} lost", socket.drops), theme.bad.text};
  return {};
}

// What lies in its receive queue: `ours` of sends of ours, `others` the kernel counts besides. What our peer
// has in its send queue has not come yet. A datagram socket's queue is counted in the kernel's memory.
struct Unread {
  std::vector<ui::SendRun> runs;
  std::uint64_t ours = 0, others = 0;
};

Unread unread_of(const StagePen& pen, const SocketState& socket) {
  Unread out{runs_of(socket.unread), 0, 0};
  for (const ui::SendRun& run : out.runs) out.ours += run.bytes;
  const SocketState* mate = mate_of(pen.state(), socket);
  if (is_tcp(socket) && mate != nullptr) {
    const std::uint64_t under_way = std::min<std::uint64_t>(mate->send_queue, out.ours);
    const std::uint64_t arrived = std::max<std::uint64_t>(out.ours - under_way, socket.recv_queue);
    while (out.ours > arrived) {
      ui::SendRun& last = out.runs.back();
      const std::uint64_t off = std::min(last.bytes, out.ours - arrived);
      last.bytes -= off;
      out.ours -= off;
      if (last.bytes == 0) out.runs.pop_back();
    }
  }
  if (socket.recv_queue > out.ours && (is_tcp(socket) || out.ours == 0)) {
    out.others = socket.recv_queue - out.ours;
  }
  return out;
}

// What waits in its receive queue, along the card's lower edge: each send's bytes in their colour; what
// nobody of ours sent is plain. Bytes come in at the left: a bar there shuts them out.
void draw_unread(const StagePen& pen, Rect card, const SocketState& socket, const Unread& unread) {
  if (unread.ours + unread.others == 0) return;
  const Rect tank{{card.min.x + pen.ui.px(4), card.max.y - pen.ui.px(5)},
                  {card.max.x - pen.ui.px(4), card.max.y - pen.ui.px(1)}};
  ui::byte_tank(pen.list, pen.ui, tank.min, tank.max, unread.runs, unread.others, socket.recv_buffer);
  if (peer_is_shut_out(pen, socket)) {
    pen.list->AddRectFilled({tank.min.x - pen.ui.px(1), tank.min.y - pen.ui.px(4)},
                            {tank.min.x + pen.ui.px(3), tank.max.y}, pen.ui.theme.bad.fill);
  }
}

constexpr float kTankWidth = 6;

bool has_send_tank(const SocketState& socket) {
  return is_tcp(socket) && socket.send_queue > 0;
}

// What waits in its send queue, on the side towards the peer, filled from below: solid is sent and not
// acknowledged, outlined not sent even once.
void draw_send_tank(const StagePen& pen, Rect card, const SocketState& socket) {
  const ui::Ui& ui = pen.ui;
  const bool left = socket.from != 0;
  const float x = left ? card.min.x + ui.px(4) : card.max.x - ui.px(4 + kTankWidth);
  const Rect tank{{x, card.min.y + ui.px(4)}, {x + ui.px(kTankWidth), card.max.y - ui.px(7)}};
  const auto whole = static_cast<float>(std::max(socket.send_buffer, socket.send_queue));
  const std::uint32_t unsent = std::min(socket.unsent, socket.send_queue);
  const auto high = [&](std::uint32_t bytes) {
    return bytes == 0 ? 0 : std::max(ui.px(3), tank.height() * static_cast<float>(bytes) / whole);
  };
  const ImU32 fill = ui::byte_fill(ui.theme, socket.sends), line = ui::byte_line(ui.theme, socket.sends);
  pen.list->AddRectFilled(tank.min, tank.max, ui.theme.sunk);
  const float sent = tank.max.y - high(socket.send_queue - unsent);
  const float top = std::max(tank.min.y, sent - high(unsent));
  pen.list->AddRectFilled({tank.min.x, sent}, tank.max, line);
  if (top < sent) {
    pen.list->AddRectFilled({tank.min.x, top}, {tank.max.x, sent}, faded(fill, 0.4f));
    pen.list->AddRect({tank.min.x, top}, {tank.max.x, sent}, line, 0, 0, ui.px(1));
  }
  pen.list->AddRect(tank.min, tank.max, ui.theme.line2, 0, 0, ui.theme.hairline);
}

// Its own port; of an accepted one who is at the other end.
std::string whose(const StagePen& pen, const SocketState& socket) {
  if (socket.from == 0) {
    const std::string port = port_text(socket.local);
    return port.empty() ? std::string(pen.ui.tr("no address")) : port;
  }
  if (socket.peer_id != 0) return pen.ui.say("from {0}", short_label(pen.state(), socket.peer_id));
  const std::string port = port_text(socket.peer);
  return port.empty() ? std::string(pen.ui.tr("no address")) : port;
}

// What came in last, and that it waits no more.
void read_bytes(const StagePen& pen, Rect line, const SocketState& socket) {
  ui::Ui& ui = pen.ui;
  const std::string_view read = ui.tr("read");
  const float wide = ui.measure(ui.fonts.label, read).x + ui.px(6);
  if (ui::byte_cells_within(ui, socket.last_received, line.width() - wide) > 0)
    line.min.x += text_in(ui, line, ui.theme.ink2, ui.fonts.label, read).x + ui.px(6);
  const std::size_t most = ui::byte_cells_within(ui, socket.last_received, line.width());
  if (most > 0) ui::byte_cells(pen.list, ui, line.min, socket.last_received, runs_of(socket.taken), most);
}

// At the right of the third line: what waits, else what came in last.
void waiting_bytes(const StagePen& pen, Rect line, const SocketState& socket, const Unread& waits) {
  ui::Ui& ui = pen.ui;
  const std::uint64_t bytes = waits.ours + (is_tcp(socket) ? waits.others : 0);
  if (bytes > 0) {
    std::string unread = ui.say("{0} unread", bytes_text(bytes));
    if (ui.measure(ui.fonts.mono_small, unread).x > line.width()) unread = bytes_text(bytes);
    text_in(ui, line, ui.theme.warn.text, ui.fonts.mono_small, unread, Align::right);
  } else if (has_send_tank(socket)) {
    std::string queued = ui.say("{0} to send", bytes_text(socket.send_queue));
    if (ui.measure(ui.fonts.mono_small, queued).x > line.width()) queued = bytes_text(socket.send_queue);
    text_in(ui, line, ui.theme.warn.text, ui.fonts.mono_small, queued, Align::right);
  } else if (!socket.last_received.empty()) {
    read_bytes(pen, line, socket);
  }
}

// The third line of a socket's card: what the kernel does next, else its port and what waits.
void socket_facts(const StagePen& pen, Rect line, const SocketState& socket, const Unread& waits) {
  ui::Ui& ui = pen.ui;
  if (socket.timer == Timer::retransmit && timer_tells(socket)) {
    text_in(ui, line, ui.theme.warn.text, ui.fonts.mono_small, timer_that_fits(pen, socket, line.width()));
    return;
  }
  line.min.x += text_in(ui, line, ui.theme.ink2, ui.fonts.mono_small, whose(pen, socket)).x + ui.px(8);
  waiting_bytes(pen, line, socket, waits);
}

// The last line: what the kernel will do, who closed first, or how long it has been so.
std::string last_words(const StagePen& pen, const SocketState& socket) {
  const ui::Ui& ui = pen.ui;
  const std::string first = closed_first(ui, pen.state(), socket);
  const std::string timer = timer_tells(socket) ? timer_sentence(ui, socket, pen.now) : std::string();
  if (!first.empty() || !timer.empty()) return first + (first.empty() || timer.empty() ? "" : " ") + timer;
  if (peer_is_shut_out(pen, socket)) return ui.say("Its buffer is full: it offers a window of 0.");
  if (has_send_tank(socket)) {
    return ui.say("{0} not acknowledged, {1} not sent yet", bytes_text(socket.send_queue - socket.unsent),
                  bytes_text(socket.unsent));
  }
  return ui.say("{0} for {1}", state_text(socket),
                ui::duration_text(std::max<Time>(0, pen.now - socket.state_since)));
}

void socket_tooltip(const StagePen& pen, const SocketState& socket) {
  pen.ui.tooltip(fmt::format("{} · {}\n{} → {}\n{}", pen.state().label(socket.id), state_text(socket),
                             to_text(socket.local), to_text(socket.peer), last_words(pen, socket)));
}

std::string ids_of(const StagePen& pen, const SocketState& socket) {
  if (pen.view.detail == Detail::simple) return {};
  if (socket.fd >= 0 && socket.open) return fmt::format("#{} fd {}", socket.id, socket.fd);
  return fmt::format("#{} {}", socket.id, pen.ui.tr("no fd"));
}

// Name at the left and ids, or in a low row what matters most, at the right.
void first_line(const StagePen& pen, Rect line, const SocketState& socket, RowForm form, const Mark& mark) {
  ui::Ui& ui = pen.ui;
  const std::string name = short_label(pen.state(), socket.id);
  if (form == RowForm::one_line) {
    line.min.x += text_in(ui, line, ui.theme.ink, ui.fonts.name, name).x + ui.px(8);
    text_in(ui, line, mark.words.empty() ? ui.theme.ink2 : mark.colour, ui.fonts.mono_small,
            mark.words.empty() ? port_text(socket.local) : mark.words, Align::right);
    return;
  }
  if (line.width() >= ui.px(110)) {
    const std::string ids = ids_of(pen, socket);
    text_in(ui, line, ui.theme.ink2, ui.fonts.mono_small, ids, Align::right);
    line.max.x -= ui.measure(ui.fonts.mono_small, ids).x + ui.px(8);
  }
  text_in(ui, line, ui.theme.ink, ui.fonts.name, name);
}

// The state, and what matters most at the right of it when there is room for both.
void state_line(const StagePen& pen, Rect line, const SocketState& socket, RowForm form, const Mark& mark) {
  ui::Ui& ui = pen.ui;
  const ImU32 ink = ui.theme.state_text[static_cast<std::size_t>(socket.state)];
  if (form == RowForm::two_lines && mark.words.empty()) {
    const std::string both = fmt::format("{} {}", state_text(socket), port_text(socket.local));
    text_in(ui, line, ink, ui.fonts.mono_small,
            fitting(ui, ui.fonts.mono_small, line.width(), {both, state_text(socket)}));
    return;
  }
  const float wanted = ui.measure(ui.fonts.mono_small, mark.words).x;
  const float used = ui.measure(ui.fonts.mono_small, state_text(socket)).x + ui.px(8);
  if (used + wanted > line.width()) {
    const bool urgent = form == RowForm::two_lines;
    text_in(ui, line, urgent ? mark.colour : ink, ui.fonts.mono_small,
            urgent ? mark.words : state_text(socket));
    return;
  }
  text_in(ui, line, ink, ui.fonts.mono_small, state_text(socket));
  line.min.x += used;
  text_in(ui, line, mark.colour, ui.fonts.mono_small, mark.words, Align::right);
}

void socket_text(StagePen& pen, Rect in, const SocketState& socket, RowForm form, const Unread& unread) {
  const ui::Ui& ui = pen.ui;
  const float radius = ui.px(form == RowForm::full ? 7 : 6);
  const float row = form == RowForm::full        ? in.min.y + ui.px(14)
                    : form == RowForm::two_lines ? (in.min.y + in.max.y) / 2 - ui.px(8)
                                                 : (in.min.y + in.max.y) / 2;
  draw_socket_glyph(pen, {in.min.x + ui.px(9) + radius, row}, radius, socket);
  const Rect first{{in.min.x + ui.px(14) + 2 * radius, row - ui.px(10)},
                   {in.max.x - ui.px(8), row + ui.px(10)}};
  const Rect second{{in.min.x + ui.px(9), first.max.y}, {in.max.x - ui.px(6), first.max.y + ui.px(16)}};
  // A low row has the name before what matters most.
  const float name = ui.measure(ui.fonts.name, short_label(pen.state(), socket.id)).x + ui.px(8);
  const float room = form == RowForm::one_line ? first.width() - name : second.width();
  const Mark mark = mark_of(pen, socket, form, room);
  first_line(pen, first, socket, form, mark);
  if (form == RowForm::one_line) return;
  state_line(pen, second, socket, form, mark);
  if (form != RowForm::full) return;
  socket_facts(pen, {{second.min.x, second.max.y}, {second.max.x, second.max.y + ui.px(17)}}, socket, unread);
}

}  // namespace stage

void draw_socket(StagePen& pen, Rect box, SocketId id, RowForm form) {
  const SocketState* socket = pen.state().socket(id);
  if (socket == nullptr) return;
  ui::Ui& ui = pen.ui;
  pick_area(pen, fmt::format("socket-{}", id), box.min, box.max, {Selection::Kind::socket, id, 0});
  drag_socket(pen, *socket);
  take_dropped_file(pen, *socket);
  const bool hovered = ImGui::IsItemHovered();
  stage::socket_tooltip(pen, *socket);
  if (timer_tells(*socket)) wake_for_timer(ui, pen.scene, pen.view, *socket, pen.now);
  ui::card(pen.list, ui, box.min, box.max, pen.is_selected(Selection::Kind::socket, id), hovered);
  const stage::Unread unread = stage::unread_of(pen, *socket);
  stage::draw_unread(pen, box, *socket, unread);
  Rect in = box;
  if (stage::has_send_tank(*socket)) {
    stage::draw_send_tank(pen, box, *socket);
    (socket->from != 0 ? in.min.x : in.max.x) += ui.px(socket->from != 0 ? 6.0f : -6.0f);
  }
  stage::socket_text(pen, in, *socket, form, unread);
}

void draw_chip(StagePen& pen, Rect box, const StageRow& row) {
  ui::Ui& ui = pen.ui;
  const SocketState* socket = pen.state().socket(row.socket);
  const ThreadState* thread = pen.state().thread(row.thread);
  const bool is_socket = socket != nullptr;
  const auto id = is_socket ? row.socket : row.thread;
  const auto kind = is_socket ? Selection::Kind::socket : Selection::Kind::thread;
  pick_area(pen, fmt::format("{}-{}", is_socket ? "socket" : "thread", id), box.min, box.max, {kind, id, 0});
  if (is_socket) {
    drag_socket(pen, *socket);
    take_dropped_file(pen, *socket);
  }
  const bool hovered = ImGui::IsItemHovered();
  if (is_socket) stage::socket_tooltip(pen, *socket);
  if (thread != nullptr && thread->blocked) {
    ui::hatch(pen.list, ui, box.min, box.max, false);
  } else {
    ui::card(pen.list, ui, box.min, box.max, pen.is_selected(kind, id), hovered);
  }
  float x = box.min.x + ui.px(4);
  const float radius = std::min(ui.px(6), box.height() * 0.3f);
  if (is_socket) {
    draw_socket_glyph(pen, {x + radius, (box.min.y + box.max.y) / 2}, radius, *socket);
    x += 2 * radius + ui.px(3);
  }
  const std::string name = thread != nullptr ? thread->name : short_label(pen.state(), row.socket);
  const Rect text{{x, box.min.y}, {box.max.x - ui.px(2), box.max.y}};
  if (thread != nullptr && thread->blocked) {
    const float wide = std::min(ui.measure(ui.fonts.small, name).x, text.width());
    pen.list->AddRectFilled({x - ui.px(2), box.min.y + ui.px(3)}, {x + wide + ui.px(2), box.max.y - ui.px(3)},
                            ui.theme.hatch_ground);
  }
  text_in(ui, text, ui.theme.ink, ui.fonts.small, name);
}

}  // namespace sockscope
