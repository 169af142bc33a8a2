// The two ends of a connection do not always believe the same: what each believes, and why.
#include "panes/details.h"
#include "panes/kernel_words.h"

namespace sockscope {
namespace {

bool has_finished(TcpState state) {
  return state == TcpState::FIN_WAIT1 || state == TcpState::FIN_WAIT2;
}

std::string end_name(const ui::Ui& ui, const State& state, const SocketState& socket) {
  return socket.queued() ? ui.say("the end at {0}", state.label(socket.from)) : state.label(socket.id);
}

// Why `a` is not what `b` is, seen from a; empty: not from this side.
std::string why(const ui::Ui& ui, const State& state, const SocketState& a, const SocketState& b) {
  const std::string one = end_name(ui, state, a), other = end_name(ui, state, b);
  if (has_finished(a.state) && b.state == TcpState::CLOSE_WAIT) {
    return ui.say("{0} has finished sending, and {1} knows; {1} has not closed its side.", one, other);
  }
  if (a.state == TcpState::FIN_WAIT1 && b.state == TcpState::ESTABLISHED) {
    return ui.say("The FIN of {0} has not reached {1}.", one, other);
  }
  if (a.state == TcpState::TIME_WAIT) {
    return ui.say("{0} closed first, so it alone remembers the connection.", one);
  }
  if (has_finished(a.state) && b.state == TcpState::LAST_ACK) {
    return ui.say("Both have finished; the last FIN and its ACK are under way.");
  }
  if (a.state == TcpState::SYN_SENT && b.state == TcpState::SYN_RECV) {
    return ui.say("The answer to the SYN of {0} is under way.", one);
  }
  if (a.state == TcpState::ESTABLISHED && b.state == TcpState::SYN_RECV) {
    return ui.say("{0} has its answer; the last ACK of the handshake is not taken on the other side.", one);
  }
  return {};
}

std::string belief(const ui::Ui& ui, const State& state, const SocketState& socket) {
  std::string says(name_of(socket.state));
  if (socket.queued()) {
    const std::string none(ui.tr("not accepted yet"));
    says = socket.state == TcpState::ESTABLISHED ? none : says + ", " + none;
    return state.label(socket.from) + ": " + says;
  }
  return state.label(socket.id) + ": " + says;
}

}  // namespace

void socket_beliefs(DetailsPage& page, const Scene& scene, const SocketState& socket) {
  const SocketState* mate = mate_of(scene.state, socket);
  if (mate == nullptr || mate->id == socket.id) return;
  const bool queued = socket.queued() || mate->queued();
  const bool known = socket.state != TcpState::not_known && mate->state != TcpState::not_known;
  if (!queued && (!known || socket.state == mate->state)) return;
  const ui::Ui& ui = page.ui();
  page.gap(4);
  page.mono(belief(ui, scene.state, socket) + "; " + belief(ui, scene.state, *mate), ui.theme.ink);
  std::string words = why(ui, scene.state, socket, *mate);
  if (words.empty()) words = why(ui, scene.state, *mate, socket);
  if (words.empty() && queued) {
    words = ui.say("The kernel finished the handshake by itself; accept() has not taken the connection.");
  }
  if (words.empty()) words = ui.say("What one end did has not reached the other.");
  page.sentence(words);
}

}  // namespace sockscope
