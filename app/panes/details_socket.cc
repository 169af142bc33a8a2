#include <sys/socket.h>

#include <algorithm>

#include "panes/details.h"
#include "panes/send_runs.h"
#include "panes/stage_draw.h"
#include "ui/bytes.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

// The listening socket in whose accept queue it sits; nullptr: none.
const SocketState* queue_of(const State& state, SocketId id) {
  for (const SocketState& socket : state.sockets()) {
    if (std::find(socket.waiting.begin(), socket.waiting.end(), id) != socket.waiting.end()) return &socket;
  }
  return nullptr;
}

std::string opening_words(const ui::Ui& ui, const std::string& name, const SocketState& socket) {
  if (!socket.open && socket.closed > 0) {
    return ui.say("The descriptor of {0} is closed. Nothing has observed its connection since.", name);
  }
  if (socket.how == SocketHow::queue && !socket.open) {
    return ui.say("The kernel has made this connection. Nobody has accepted it, so it has no descriptor.");
  }
  if (socket.type != SOCK_STREAM)
    return ui.say("{0} sends and receives datagrams; it has no connection states.", name);
  if (socket.local.known() && socket.local.port != 0) {
    return ui.say("{0} has the address {1}. It neither listens nor is connected.", name,
                  to_text(socket.local));
  }
  return ui.say("{0} exists and has no address yet.", name);
}

std::string state_words(const ui::Ui& ui, const std::string& name, const SocketState& socket) {
  const std::string peer = to_text(socket.peer);
  switch (socket.state) {
    case TcpState::LISTEN:
      if (socket.accept_queue > socket.limit) {
        return ui.say("{0} listens, and its accept queue is full. The kernel drops each new SYN.", name);
      }
      return ui.say(
          "{0} waits for connections. The kernel finishes their handshakes by itself; accept() takes "
          "the one at the head of the accept queue.",
          name);
    case TcpState::SYN_SENT:
      return ui.say("{0} asked {1} for a connection and has had no answer.", name, peer);
    case TcpState::SYN_RECV:
      return ui.say("{0} answered the SYN of {1} and waits for the last part of the handshake.", name, peer);
    case TcpState::ESTABLISHED:
      return ui.say("{0} is connected to {1}. Both directions are open.", name, peer);
    case TcpState::FIN_WAIT1:
      return ui.say("{0} has finished sending. The peer has not confirmed it yet.", name);
    case TcpState::FIN_WAIT2:
      return ui.say("{0} has finished sending, and the peer knows. The peer may still send.", name);
    case TcpState::CLOSING:
      return ui.say("Both sides finished at the same time; the peer has not confirmed it yet.");
    case TcpState::TIME_WAIT:
      return ui.say(
          "Both sides have finished. The kernel keeps the address for 60 s, so that a late packet does "
          "no harm.");
    case TcpState::CLOSE_WAIT:
      return ui.say(
          "The peer has finished sending. {0} may still send; the connection ends when it is closed here.",
          name);
    case TcpState::LAST_ACK:
      return ui.say("Both sides have finished. The last confirmation is under way.");
    case TcpState::CLOSED:
    case TcpState::not_known:
      break;
  }
  return opening_words(ui, name, socket);
}

void queue_words(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  if (socket.state == TcpState::LISTEN) {
    page.sentence(ui.say("{0} of {1} places in its accept queue are taken.", socket.accept_queue,
                         std::uint64_t{socket.limit} + 1));
    return;
  }
  if (const SocketState* listener = queue_of(scene.state, socket.id)) {
    page.sentence(ui.say("Nobody has accepted it: it waits in the accept queue of {0}. It can send already.",
                         scene.state.label(listener->id)));
  }
  if (socket.recv_queue > 0) page.sentence(ui.say("{0} bytes wait in its receive queue.", socket.recv_queue));
  if (socket.send_queue > 0) page.sentence(ui.say("{0} bytes wait in its send queue.", socket.send_queue));
}

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

void queue_facts(DetailsPage& page, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  if (socket.state == TcpState::LISTEN) {
    page.fact(ui.tr("accept queue"),
              ui.say("{0} of {1}", socket.accept_queue, std::uint64_t{socket.limit} + 1),
              ui.say("backlog {0} + 1", socket.limit));
    page.fact(ui.tr("SYN queue"), std::to_string(socket.syn_queue), "TCP_INFO");
    return;
  }
  if (socket.bytes_sent + socket.bytes_received > 0) {
    page.fact(ui.tr("sent"), ui.say("{0} B", socket.bytes_sent), ui.say("send calls: {0}", socket.sends));
    page.fact(ui.tr("received"), ui.say("{0} B", socket.bytes_received), ui.say("by recv()"));
  }
  if (socket.open) {
    page.fact(ui.tr("receive queue"), ui.say("{0} B", socket.recv_queue), ui.say("asked the kernel"));
    page.fact(ui.tr("send queue"), ui.say("{0} B", socket.send_queue), ui.say("asked the kernel"));
  }
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

}  // namespace

void socket_details(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  ui::Ui& ui = page.ui();
  const std::string name = scene.state.label(socket.id);
  std::string numbers = fmt::format("#{}", socket.id);
  numbers += socket.fd >= 0 ? fmt::format("  fd {}", socket.fd) : "  " + std::string(ui.tr("no fd"));
  const ImVec2 glyph{page.at().x + ui.px(10), page.at().y + ui.measure(ui.fonts.title, "x").y / 2};
  if (is_tcp(socket)) {
    ui::state_glyph(ImGui::GetWindowDrawList(), ui, glyph, ui.px(9), socket.state);
  } else {
    ui::other_glyph(ImGui::GetWindowDrawList(), ui, glyph, ui.px(9),
                    socket.peer.known()    ? 2
                    : socket.local.known() ? 1
                                           : 0);
  }
  page.title(name, state_text(socket), ui.theme.state_text[static_cast<std::size_t>(socket.state)], numbers,
             ui.px(28));
  page.sentence(state_words(ui, name, socket));
  queue_words(page, scene, socket);
  page.gap(6);
  address_facts(page, scene, socket);
  queue_facts(page, socket);
  identity_facts(page, socket);
  options(page, socket);
  unread(page, scene, socket);
  page.footer({}, is_tcp(socket) ? "tcp(7)" : socket.family == AF_UNIX ? "unix(7)" : "socket(7)");
}

}  // namespace sockscope
