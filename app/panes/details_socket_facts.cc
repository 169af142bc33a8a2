// What the kernel says of a socket, one fact a line, each with how it is known.
#include <sys/socket.h>

#include <algorithm>

#include "panes/details.h"
#include "panes/kernel_words.h"
#include "panes/queue_seats.h"
#include "panes/send_runs.h"
#include "panes/stage_draw.h"
#include "panes/stage_model.h"
#include "ui/bytes.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

void address_facts(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  if (is_tcp(socket)) {
    page.fact(ui.tr("state"), name_of(socket.state),
              ui.say("{0}, since {1}", how_words(ui, socket.known), since_start(scene, socket.state_since)));
  }
  if (socket.local.known()) page.fact(ui.tr("own address"), to_text(socket.local), "getsockname(2)");
  if (socket.peer.known()) {
    page.fact(ui.tr("peer"), to_text(socket.peer),
              socket.peer_id != 0 ? scene.state.label(socket.peer_id) : std::string("getpeername(2)"));
  }
}

// Who waits, head first; of others' clients the port.
std::string queue_names(const Scene& scene, const SocketState& listener) {
  constexpr std::size_t kMostNamed = 8;
  std::string names;
  for (std::size_t i = 0; i < std::min(listener.waiting.size(), kMostNamed); ++i) {
    const SocketState* socket = scene.state.socket(listener.waiting[i]);
    if (socket == nullptr || half_made(scene.state, socket->id)) continue;
    if (!names.empty()) names += ", ";
    names += socket->queued() && socket->peer_id == 0 ? port_text(socket->peer)
                                                      : short_label(scene.state, socket->id);
  }
  return listener.waiting.size() > kMostNamed ? names + ", …" : names;
}

void listener_facts(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  const std::uint32_t limit = queue_limit(socket);
  page.fact(ui.tr("accept queue"), ui.say("{0} of {1}", queue_taken(socket), std::uint64_t{limit} + 1),
            ui.say("backlog {0} + 1", limit));
  if (!socket.waiting.empty())
    page.fact(ui.tr("who waits"), queue_names(scene, socket), ui.say("head first"));
  if (socket.family == AF_UNIX) return;
  if (socket.backlog > static_cast<std::int64_t>(limit)) {
    page.fact(ui.tr("limit"), fmt::format("min({}, {}) = {}", socket.backlog, limit, limit), "somaxconn");
  }
  page.fact(ui.tr("SYN queue"), std::to_string(socket.syn_queue), "TCP_INFO");
  if (socket.drops > 0) page.fact(ui.tr("dropped"), ui.say("{0} SYNs", socket.drops), ui.say("since listen"));
}

// A queue's bytes, of its buffer where that is known.
std::string of_buffer(const ui::Ui& ui, std::uint32_t bytes, std::uint32_t buffer) {
  if (buffer == 0) return ui.say("{0} B", bytes);
  return ui.say("{0} of {1}", bytes_text(bytes), bytes_text(buffer));
}

void tank_facts(DetailsPage& page, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  page.fact(ui.tr("receive queue"), of_buffer(ui, socket.recv_queue, socket.recv_buffer),
            socket.recv_buffer == 0 ? ui.say("asked the kernel") : std::string("SO_RCVBUF"));
  page.fact(ui.tr("send queue"), of_buffer(ui, socket.send_queue, socket.send_buffer),
            socket.send_buffer == 0 ? ui.say("asked the kernel") : std::string("SO_SNDBUF"));
  if (is_tcp(socket) && socket.send_queue > 0) {
    const std::uint32_t unsent = std::min(socket.unsent, socket.send_queue);
    page.fact(ui.tr("not sent yet"), bytes_text(unsent), "SIOCOUTQNSD");
    page.fact(ui.tr("not acknowledged"), bytes_text(socket.send_queue - unsent), "SIOCOUTQ");
  }
  if (!is_tcp(socket) && socket.drops > 0) {
    page.fact(ui.tr("lost"), ui.say("{0} datagrams", socket.drops), "SO_MEMINFO");
  }
}

void flow_facts(DetailsPage& page, const SocketState& socket) {
  if (!is_tcp(socket) || socket.cwnd == 0) return;
  const ui::Ui& ui = page.ui();
  if (socket.send_window > 0 || window_shut(socket)) {
    page.fact(ui.tr("peer's window"), bytes_text(socket.send_window), "TCP_INFO");
  }
  if (socket.recv_window > 0) page.fact(ui.tr("own window"), bytes_text(socket.recv_window), "TCP_INFO");
  page.fact(ui.tr("congestion window"), ui.say("{0} segments", socket.cwnd), "TCP_INFO");
  if (socket.rtt_us > 0) {
    page.fact(ui.tr("round trip"), ui::duration_text(std::int64_t{socket.rtt_us} * 1000), "TCP_INFO");
  }
  if (socket.retransmits > 0) {
    page.fact(ui.tr("sent again"), ui.say("{0} times", socket.retransmits), "TCP_INFO");
  }
}

void traffic_facts(DetailsPage& page, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  if (socket.bytes_sent + socket.bytes_received > 0) {
    page.fact(ui.tr("sent"), ui.say("{0} B", socket.bytes_sent), ui.say("send calls: {0}", socket.sends));
    page.fact(ui.tr("received"), ui.say("{0} B", socket.bytes_received), ui.say("by recv()"));
  }
  if (socket.open || socket.recv_queue + socket.send_queue > 0) tank_facts(page, socket);
  flow_facts(page, socket);
}

void identity_facts(DetailsPage& page, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  page.fact(ui.tr("kind"), constant_name("AF", socket.family) + ", " + constant_name("SOCK", socket.type),
            "socket(2)");
  if (socket.deadline_ns >= 0)
    page.fact(ui.tr("timeout"), ui::duration_text(socket.deadline_ns), "settimeout()");
  if (socket.same_as != 0)
    page.fact(ui.tr("the same socket as"), fmt::format("#{}", socket.same_as), "dup(2)");
  if (socket.cookie != 0) {
    page.fact(ui.tr("kernel's cookie"), fmt::format("{:x}", socket.cookie), "SO_COOKIE");
  }
}

void options(DetailsPage& page, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  for (const SetOption& one : socket.options) {
    Args args;
    args.numbers = {one.level, one.option, one.value, one.bytes.empty() ? 0 : 1};
    args.data = preview_of(one.bytes);
    page.fact(ui.tr("option"), python_arguments(Call::setsockopt, args), "setsockopt()");
  }
}

// What waits to be received, each send in its colour, the oldest at the right.
void unread(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  if (socket.unread.empty()) return;
  ui::Ui& ui = page.ui();
  page.heading(ui.tr("Sent and not received yet"));
  const ImVec2 at = page.at();
  ui::byte_tank(ImGui::GetWindowDrawList(), ui, at, {at.x + page.width(), at.y + ui.px(20)},
                runs_of(socket.unread), 0, 0);
  page.gap(28);
  constexpr std::size_t kMostSaid = 8;
  for (std::size_t i = 0; i < std::min(socket.unread.size(), kMostSaid); ++i) {
    const Piece& piece = socket.unread[i];
    if (piece.send == 0) continue;
    page.sentence(
        ui.say("{0} B of send {1} of {2}.", piece.bytes, piece.send, scene.state.label(piece.from)));
  }
}

// The send queue of its buffer: solid is sent and not acknowledged, outlined not sent even once.
void unacknowledged(DetailsPage& page, const SocketState& socket) {
  if (!is_tcp(socket) || socket.send_queue == 0) return;
  ui::Ui& ui = page.ui();
  page.heading(ui.tr("Waits in the send queue"));
  const Rect tank{page.at(), {page.at().x + page.width(), page.at().y + ui.px(20)}};
  const auto whole = static_cast<float>(std::max(socket.send_buffer, socket.send_queue));
  const auto wide = [&](std::uint32_t bytes) {
    return bytes == 0 ? 0 : std::max(ui.px(3), tank.width() * static_cast<float>(bytes) / whole);
  };
  const std::uint32_t later = std::min(socket.unsent, socket.send_queue);
  const float sent = tank.max.x - wide(socket.send_queue - later);
  const float end = std::max(tank.min.x, sent - wide(later));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 line = ui::byte_line(ui.theme, socket.sends);
  list->AddRectFilled(tank.min, tank.max, ui.theme.sunk);
  list->AddRectFilled({sent, tank.min.y}, tank.max, line);
  if (end < sent) {
    list->AddRectFilled({end, tank.min.y}, {sent, tank.max.y},
                        faded(ui::byte_fill(ui.theme, socket.sends), 0.4f));
    list->AddRect({end, tank.min.y}, {sent, tank.max.y}, line, 0, 0, ui.px(1));
  }
  list->AddRect(tank.min, tank.max, ui.theme.line2, 0, 0, ui.theme.hairline);
  page.gap(28);
}

}  // namespace

void socket_facts(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  address_facts(page, scene, socket);
  if (socket.state == TcpState::LISTEN) {
    listener_facts(page, scene, socket);
  } else {
    traffic_facts(page, socket);
  }
  identity_facts(page, socket);
  options(page, socket);
  unread(page, scene, socket);
  unacknowledged(page, socket);
}

}  // namespace sockscope
