#include <sys/socket.h>

#include <algorithm>

#include "panes/details.h"
#include "panes/kernel_words.h"
#include "panes/stage_draw.h"
#include "panes/stage_model.h"
#include "trace/connecting.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

// The listening socket in whose accept queue it sits; nullptr: none.
const SocketState* queue_of(const State& state, SocketId id) {
  if (half_made(state, id)) return nullptr;
  for (const SocketState& socket : state.sockets()) {
    if (std::find(socket.waiting.begin(), socket.waiting.end(), id) != socket.waiting.end()) return &socket;
  }
  return nullptr;
}

std::string opening_words(const ui::Ui& ui, const std::string& name, const SocketState& socket) {
  if (!socket.open && socket.closed > 0 && socket.state == TcpState::CLOSED) {
    return ui.say("The descriptor of {0} is closed, and so is its connection.", name);
  }
  if (!socket.open && socket.closed > 0) {
    return ui.say("The descriptor of {0} is closed. Nothing has observed its connection since.", name);
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
  if (socket.queued() && socket.state != TcpState::SYN_RECV) {
    return ui.say("The kernel has made this connection. Nobody has accepted it, so it has no descriptor.");
  }
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

// Who is asked while there is no peer yet.
std::string asked_words(const ui::Ui& ui, const Scene& scene, const std::string& name,
                        const SocketState& socket) {
  const Address* asked = connecting_to(scene.state, socket.id);
  if (socket.state != TcpState::SYN_SENT || asked == nullptr) return state_words(ui, name, socket);
  return ui.say("{0} asked {1} for a connection and has had no answer.", name, to_text(*asked));
}

void queue_words(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  const ui::Ui& ui = page.ui();
  if (socket.state == TcpState::LISTEN) {
    page.sentence(ui.say("{0} of {1} places in its accept queue are taken.", socket.accept_queue,
                         std::uint64_t{socket.limit} + 1));
    return;
  }
  const std::string first = closed_first(ui, scene.state, socket);
  const std::string timer = timer_sentence(ui, socket, scene.cursor);
  page.sentence(first + (first.empty() || timer.empty() ? "" : " ") + timer);
  if (const SocketState* listener = queue_of(scene.state, socket.id); listener != nullptr) {
    const std::string queue = scene.state.label(listener->id);
    page.sentence(
        socket.state == TcpState::ESTABLISHED && !socket.queued()
            ? ui.say("Nobody has accepted it: it waits in the accept queue of {0}. It can send already.",
                     queue)
            : ui.say("It waits in the accept queue of {0}.", queue));
  }
  if (window_shut(socket)) {
    page.sentence(ui.say("Its peer has no room left: the window it offers is 0."));
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
  page.sentence(asked_words(ui, scene, name, socket));
  queue_words(page, scene, socket);
  socket_beliefs(page, scene, socket);
  page.gap(6);
  socket_facts(page, scene, socket);
  page.footer({}, is_tcp(socket) ? "tcp(7)" : socket.family == AF_UNIX ? "unix(7)" : "socket(7)");
}

}  // namespace sockscope
