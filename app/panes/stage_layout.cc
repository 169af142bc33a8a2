#include "panes/stage_layout.h"

#include <algorithm>
#include <cmath>

#include "panes/frame.h"

namespace sockscope {

namespace stage {

struct Widths {
  float thread, socket, gap, bus, door;  // bus: clients to listener; door: listener to served sockets
};

// Between the narrowest useful and the look's 1600 px window everything shrinks together.
Widths widths(float inner, float scale) {
  const float at_one = inner / scale;
  const auto between = [&](float narrow, float wide, float from, float to) {
    return std::round((narrow + (wide - narrow) * std::clamp((at_one - from) / (to - from), 0.0f, 1.0f)) *
                      scale);
  };
  if (at_one < 700) {
    return {between(54, 84, 440, 700), between(84, 116, 440, 700), 3 * scale, between(14, 28, 440, 700),
            between(12, 28, 440, 700)};
  }
  return {between(84, 116, 700, 1064), between(116, 168, 700, 1064), between(6, 14, 700, 1064),
          between(28, 56, 700, 1064), between(28, 48, 700, 1064)};
}

RowForm form_for(std::size_t rows, float height, float scale) {
  if (rows > 50) return RowForm::count;
  if (rows > 8) return RowForm::chips;
  const float pitch = rows == 0 ? 74 * scale : std::min(74 * scale, height / static_cast<float>(rows));
  if (pitch >= 70 * scale) return RowForm::full;
  if (pitch >= 46 * scale) return RowForm::two_lines;
  if (pitch >= 27 * scale) return RowForm::one_line;
  return RowForm::chips;
}

void place_count(StageColumn& column, Rect area, float scale) {
  column.form = RowForm::count;
  column.cells.clear();
  column.fold = {area.min, {area.max.x, std::min(area.max.y, area.min.y + 140 * scale)}};
}

// Chips fill the column from left to right, as wide as fits; when even the narrowest do not fit, counts.
void place_chips(StageColumn& column, const std::vector<StageRow>& rows, Rect area, float scale) {
  const float high = 24 * scale, gap = 4 * scale;
  const auto lines = static_cast<std::size_t>(std::max(0.0f, (area.height() + gap) / (high + gap)));
  for (std::size_t across = 2; across <= 8; ++across) {
    const float wide = (area.width() + gap) / static_cast<float>(across) - gap;
    if (wide < 40 * scale) break;
    if (lines * across < rows.size()) continue;
    column.form = RowForm::chips;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Rect chip = rect(area.min.x + static_cast<float>(i % across) * (wide + gap),
                             area.min.y + static_cast<float>(i / across) * (high + gap), wide, high);
      column.cells.push_back({rows[i], {}, chip});
    }
    return;
  }
  place_count(column, area, scale);
}

// One row under the other. `mirrored`: the socket at the left of its thread, as on the serving side.
StageColumn place_rows(const std::vector<StageRow>& rows, std::size_t past, Rect area, const Widths& w,
                       bool mirrored, float scale) {
  StageColumn column;
  if (past > 0) {
    column.past = {{area.min.x, std::max(area.min.y, area.max.y - 20 * scale)}, area.max};
    area.max.y = column.past.min.y - 4 * scale;
  }
  column.form = form_for(rows.size(), area.height(), scale);
  if (rows.empty()) return column;
  if (column.form == RowForm::count) {
    place_count(column, area, scale);
    return column;
  }
  if (column.form == RowForm::chips) {
    place_chips(column, rows, area, scale);
    return column;
  }
  const float pitch = std::min(74 * scale, area.height() / static_cast<float>(rows.size()));
  const float high = pitch - (column.form == RowForm::full        ? 12
                              : column.form == RowForm::two_lines ? 6
                                                                  : 4) *
                                 scale;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float y = std::round(area.min.y + static_cast<float>(i) * pitch);
    StageCell cell{rows[i], {}, {}};
    const float thread_x = mirrored ? area.max.x - w.thread : area.min.x;
    const float socket_x =
        mirrored ? area.max.x - w.thread - w.gap - w.socket : area.min.x + w.thread + w.gap;
    if (rows[i].head) cell.thread = rect(thread_x, y, w.thread, high);
    if (rows[i].socket != 0) cell.socket = rect(socket_x, y, w.socket, high);
    column.cells.push_back(cell);
  }
  return column;
}

// The serving side's rows: the accepting thread first, beside the socket it serves itself, if any.
std::vector<StageRow> served_rows(const StageServer& server) {
  std::vector<StageRow> rows;
  std::vector<StageRow> others = server.served;
  if (server.acceptor != 0) {
    StageRow first{server.acceptor, 0, true};
    const auto own = std::find_if(others.begin(), others.end(),
                                  [&](const StageRow& row) { return row.thread == server.acceptor; });
    if (own != others.end()) {
      first.socket = own->socket;
      others.erase(own);
    }
    rows.push_back(first);
  }
  rows.insert(rows.end(), others.begin(), others.end());
  return rows;
}

// Under the seats: what is wrong, then who asks in vain, as far as there is room.
void place_notes(StageBlock& block, Rect in, float top, float bottom, float scale) {
  for (Rect* line : {&block.note, &block.knocks}) {
    if (line == &block.knocks && block.server.knocking.empty()) return;
    if (bottom - top < 14 * scale) return;
    *line = {{in.min.x, top}, {in.max.x, std::min(bottom, top + 18 * scale)}};
    top = line->max.y;
  }
}

void place_seats(StageBlock& block, float scale) {
  const Rect in = shrink(block.listener, 14 * scale);
  const float top = block.queue.max.y + 4 * scale;
  const float bottom = block.listener.max.y - 8 * scale;
  const StageServer& server = block.server;
  const std::size_t count = server.seats;
  const float room = bottom - top;
  const float gap = 8 * scale;
  const bool full = server.taken >= server.seats;
  const float notes = (server.knocking.empty() ? 24 : 42) * scale;
  // What a full queue does comes before its seats' small print.
  const float kept = full || room > 110 * scale ? notes : 0;
  const auto wide = [&](float most) {
    return std::min(most, (in.width() + gap) / static_cast<float>(count) - gap);
  };
  float width = 0, height = 0;
  if (count <= 4 && room - kept >= 60 * scale && wide(110 * scale) >= 84 * scale) {
    block.seat_form = SeatForm::cards;
    width = wide(120 * scale);
    height = std::min(140 * scale, room - kept);
  } else if (count <= 12 && room >= 24 * scale && wide(44 * scale) >= 20 * scale) {
    block.seat_form = SeatForm::chips;
    width = wide((count <= 6 ? 66 : 44) * scale);
    height = std::clamp(room - notes, 24 * scale, std::min(44 * scale, room));
  } else {
    if (room < 12 * scale) return;
    block.seat_form = SeatForm::bar;
    block.bar = rect(in.min.x, top, in.width(), std::min(22 * scale, room));
    height = block.bar.height();
  }
  if (block.seat_form != SeatForm::bar) {
    for (std::size_t seat = 0; seat < count; ++seat) {
      const float x = in.max.x - width - static_cast<float>(seat) * (width + gap);
      block.seats.push_back(rect(x, top, width, height));
    }
  }
  place_notes(block, in, top + height + 6 * scale, bottom, scale);
}

StageBlock place_block(const StageServer& server, Rect area, const Widths& w, float scale) {
  StageBlock block;
  block.server = server;
  const std::vector<StageRow> rows = served_rows(server);
  const float right = rows.empty() && server.past == 0 ? 0 : w.door + w.socket + w.gap + w.thread;
  const bool passes =
      std::any_of(rows.begin(), rows.end(), [](const StageRow& row) { return row.socket != 0; });
  const float lane = passes ? std::min(24.0f * scale, area.height() * 0.18f) : 0;
  const float wide = std::min(area.width() - right, 520 * scale);
  block.listener = rect(area.min.x, area.min.y, wide, std::min(area.height() - lane, 286 * scale));
  const float title = std::min(30 * scale, block.listener.height());
  block.title = rect(block.listener.min.x + 12 * scale, block.listener.min.y + 2 * scale, wide - 24 * scale,
                     title - 2 * scale);
  if (server.seats > 0 && block.listener.height() >= 54 * scale) {
    block.queue = rect(block.title.min.x + 2 * scale, block.title.max.y + 2 * scale,
                       block.title.width() - 4 * scale, 22 * scale);
    place_seats(block, scale);
  }
  // No higher than what it holds, so that the connections under it are near it.
  float end = std::max(block.title.max.y, block.queue.max.y);
  for (const Rect seat : block.seats) end = std::max(end, seat.max.y);
  end = std::max({end, block.bar.max.y, block.note.max.y, block.knocks.max.y});
  block.listener.max.y = std::min(block.listener.max.y, end + 10 * scale);
  if (lane > 0) block.lane = rect(area.min.x, block.listener.max.y, wide, lane);
  block.served = place_rows(
      rows, server.past, {{area.min.x + wide + w.door, area.min.y}, {area.min.x + wide + right, area.max.y}},
      w, true, scale);
  return block;
}

void place_servers(StageLayout& out, const StageModel& model, const Widths& w, float scale) {
  const float gap = 12 * scale, least = 58 * scale, total = out.servers_area.height();
  const auto fit = static_cast<std::size_t>(std::max(1.0f, (total + gap) / (least + gap)));
  std::size_t shown = model.servers.size();
  float bottom = out.servers_area.max.y;
  if (shown > fit) {
    shown = fit > 1 ? fit - 1 : 1;
    out.hidden_servers = model.servers.size() - shown;
    bottom -= 24 * scale;
    out.hidden = {{out.servers_area.min.x, bottom + 4 * scale}, out.servers_area.max};
  }
  const float pitch = (bottom - out.servers_area.min.y + gap) / static_cast<float>(shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Rect area{
        {out.servers_area.min.x, std::round(out.servers_area.min.y + static_cast<float>(i) * pitch)},
        {out.servers_area.max.x,
         std::round(out.servers_area.min.y + static_cast<float>(i + 1) * pitch - gap)}};
    out.blocks.push_back(place_block(model.servers[i], area, w, scale));
  }
}

}  // namespace stage

StageLayout stage_layout(const StageModel& model, Rect area, float scale) {
  StageLayout out;
  out.desk = area;
  const float title = (area.height() < 220 * scale ? 28 : 40) * scale;
  out.title = {{area.min.x + 12 * scale, area.min.y}, {area.max.x - 12 * scale, area.min.y + title}};
  const Rect inner{{area.min.x + 12 * scale, area.min.y + title + 8 * scale},
                   {area.max.x - 12 * scale, area.max.y - 10 * scale}};
  if (model.empty() || is_empty(inner)) return out;
  // Where only clients stand, they may be as wide as they are on a large desk.
  const bool alone = model.servers.empty() && inner.width() >= 350 * scale;
  const stage::Widths w = stage::widths(alone ? std::max(inner.width(), 1100 * scale) : inner.width(), scale);
  out.clients_area = out.servers_area = inner;
  const bool has_clients = !model.clients.empty() || model.past > 0;
  out.stacked = inner.width() < 520 * scale && !model.servers.empty() && has_clients;
  const float column = w.thread + w.gap + w.socket;
  if (out.stacked) {
    const float split = std::round(inner.min.y + inner.height() * 0.42f);
    out.clients_area.max.y = split - 6 * scale;
    out.servers_area.min.y = split + 6 * scale;
  } else if (has_clients) {
    out.clients_area.max.x = inner.min.x + column;
    out.servers_area.min.x = inner.min.x + column + w.bus;
  }
  // What was dropped at a door stands left of it, and on the desk.
  if (!has_clients || out.stacked) out.servers_area.min.x += 8 * scale;
  if (has_clients)
    out.clients = stage::place_rows(model.clients, model.past, out.clients_area, w, false, scale);
  if (!model.servers.empty()) stage::place_servers(out, model, w, scale);
  return out;
}

}  // namespace sockscope
