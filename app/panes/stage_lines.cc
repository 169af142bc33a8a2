// Who is connected to whom, drawn before the cards: from a client's socket to its seat in the accept queue,
// or under the listening socket to the socket accept() gave.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "panes/frame.h"
#include "panes/icons.h"
#include "panes/stage_draw.h"
#include "ui/draw.h"

namespace sockscope {

namespace lines {

float middle(Rect box) {
  return std::round((box.min.y + box.max.y) / 2);
}

struct Wire {
  ImU32 colour;
  float weight;
  bool dashed;
};

Wire wire_of(StagePen& pen, const SocketState& socket) {
  const bool related = pen.is_selected(Selection::Kind::socket, socket.id);
  const bool asking = socket.state == TcpState::SYN_SENT;
  return {related ? pen.ui.theme.accent.fill : state_colour(pen, socket), pen.ui.px(related ? 2.0f : 1.5f),
          asking};
}

void path(StagePen& pen, const std::vector<ImVec2>& points, const Wire& wire) {
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (wire.dashed) {
      ui::dashed_line(pen.list, points[i], points[i + 1], wire.colour, wire.weight, pen.ui.px(4),
                      pen.ui.px(4));
    } else {
      pen.list->AddLine(points[i], points[i + 1], wire.colour, wire.weight);
    }
  }
}

// A line from each thread to its sockets. A second socket hangs on a line down from the thread's card.
void join_threads(StagePen& pen, const StageColumn& column, ImU32 colour) {
  std::unordered_map<ThreadId, Rect> cards;
  for (const StageCell& cell : column.cells) {
    if (!is_empty(cell.thread)) cards[cell.row.thread] = cell.thread;
  }
  for (const StageCell& cell : column.cells) {
    const auto card = cards.find(cell.row.thread);
    if (is_empty(cell.socket) || card == cards.end()) continue;
    // A closed one rests with the kernel alone: no thread holds it.
    if (const SocketState* socket = pen.state().socket(cell.row.socket); socket != nullptr && !socket->open)
      continue;
    const bool left = card->second.min.x < cell.socket.min.x;
    const float y = middle(cell.socket);
    const float to = left ? cell.socket.min.x : cell.socket.max.x;
    const float edge = left ? card->second.max.x : card->second.min.x;
    if (!is_empty(cell.thread)) {
      pen.list->AddLine({edge, y}, {to, y}, colour, pen.ui.px(2));
      continue;
    }
    const float down = edge + (left ? -1.0f : 1.0f) * pen.ui.px(12);
    pen.list->AddLine({down, card->second.max.y}, {down, y}, colour, pen.ui.px(2));
    pen.list->AddLine({down, y}, {to, y}, colour, pen.ui.px(2));
  }
}

struct Place {
  const StageBlock* block = nullptr;
  Rect socket{};
  std::size_t lane = 0;  // which line of the block's lane
};

struct Ends {
  std::unordered_map<SocketId, Place> served;   // by accepted socket
  std::unordered_map<SocketId, Place> waiting;  // by client in an accept queue, or at its door
};

// The peer of a connection is its first descriptor's socket; another stands for it where that is closed.
Ends find_ends(const State& state, const StageLayout& layout) {
  Ends ends;
  for (const StageBlock& block : layout.blocks) {
    std::size_t lane = 0;
    for (const StageCell& cell : block.served.cells) {
      if (cell.row.socket == 0) continue;
      const Place place{&block, cell.socket, lane++};
      ends.served[cell.row.socket] = place;
      const SocketState* socket = state.socket(cell.row.socket);
      if (socket != nullptr && socket->same_as != 0) ends.served.try_emplace(socket->same_as, place);
    }
    for (const auto* clients : {&block.server.waiting, &block.server.knocking}) {
      for (const SocketId client : *clients) ends.waiting[client] = {&block, {}, 0};
    }
  }
  return ends;
}

void connect(StagePen& pen, const StageLayout& layout, const Ends& ends, const StageCell& cell) {
  const SocketState* socket = pen.state().socket(cell.row.socket);
  if (socket == nullptr || is_empty(cell.socket)) return;
  const Wire wire = wire_of(pen, *socket);
  const ImVec2 from{cell.socket.max.x, middle(cell.socket)};
  const float bus = std::round((layout.clients_area.max.x + layout.servers_area.min.x) / 2);
  const auto served = ends.served.find(socket->peer_id);
  if (served != ends.served.end() && !is_empty(served->second.block->lane)) {
    const StageBlock& block = *served->second.block;
    // Lines share the lane when there are more than it has room for.
    const float step = std::min(pen.ui.px(6), block.lane.height() / 5);
    const float y =
        std::min(block.lane.max.y - pen.ui.px(2),
                 block.lane.min.y + pen.ui.px(6) + step * static_cast<float>(served->second.lane % 4));
    const float shift = step * static_cast<float>(served->second.lane % 4);
    const float door = block.listener.max.x + pen.ui.px(8) + shift;
    const Rect to = served->second.socket;
    path(pen,
         {from,
          {bus + shift, from.y},
          {bus + shift, y},
          {door, y},
          {door, middle(to)},
          {to.min.x, middle(to)}},
         wire);
    return;
  }
  const auto waiting = ends.waiting.find(socket->id);
  if (waiting == ends.waiting.end()) return;
  const StageBlock* block = waiting->second.block;
  const Rect door = is_empty(block->queue) ? block->listener : block->queue;
  const float y = middle(door);
  const ImVec2 tip{block->listener.min.x, y};
  path(pen, {from, {bus - pen.ui.px(6), from.y}, {bus - pen.ui.px(6), y}}, wire);
  icon::arrow(pen.list, {bus - pen.ui.px(6), y}, tip, wire.colour, wire.weight, pen.ui.px(7));
}

// accept() takes from seat 1 to its thread: solid while the thread is in the call, dashed while it is not.
void accept_arrow(StagePen& pen, const StageBlock& block) {
  if (block.server.acceptor == 0 || block.served.cells.empty()) return;
  const StageCell& cell = block.served.cells.front();
  if (is_empty(cell.thread) || cell.row.thread != block.server.acceptor) return;
  const ThreadState* thread = pen.state().thread(cell.row.thread);
  if (thread == nullptr || cell.row.socket != 0) return;
  const bool inside = !thread->calls.empty() && thread->calls.back().name == Call::accept;
  ui::Ui& ui = pen.ui;
  const float y = middle(cell.thread);
  const ImVec2 from{block.listener.max.x, y}, to{cell.thread.min.x, y};
  if (inside) {
    icon::arrow(pen.list, from, to, ui.theme.busy, ui.px(1.5f), ui.px(8));
  } else {
    ui::dashed_line(pen.list, from, to, ui.theme.line2, ui.px(1.5f), ui.px(4), ui.px(4));
  }
  const float high = ui.line_height(ui.fonts.mono_small);
  const Rect over{{from.x + ui.px(8), y - high - ui.px(5)}, {to.x - ui.px(4), y - ui.px(5)}};
  text_in(ui, over, ui.theme.ink, ui.fonts.mono_small, "accept()", Align::centre);
  const Rect under{{over.min.x, y + ui.px(4)}, {over.max.x, y + ui.px(4) + high}};
  text_in(ui, under, ui.theme.ink2, ui.fonts.small,
          inside ? ui.tr("waits for a connection") : ui.tr("not called now"), Align::centre);
}

}  // namespace lines

void draw_lines(StagePen& pen, const StageLayout& layout) {
  lines::join_threads(pen, layout.clients, pen.ui.theme.line2);
  const lines::Ends ends = lines::find_ends(pen.state(), layout);
  for (const StageBlock& block : layout.blocks) {
    lines::join_threads(pen, block.served, pen.ui.theme.line2);
    lines::accept_arrow(pen, block);
  }
  if (layout.stacked || layout.clients.form == RowForm::count || layout.clients.form == RowForm::chips)
    return;
  for (const StageCell& cell : layout.clients.cells) lines::connect(pen, layout, ends, cell);
}

}  // namespace sockscope
