#include "panes/states_graph.h"

#include <algorithm>
#include <deque>

namespace sockscope {
namespace {

using enum TcpState;

// The way a connection usually goes comes first: way_between() prefers it.
constexpr std::array<StateEdge, kStateEdges> kEdges = {{
    {CLOSED, LISTEN, Trigger::passive_open, "passive OPEN", "create TCB", "listen()"},
    {LISTEN, CLOSED, Trigger::close, "CLOSE", "delete TCB", "close()"},
    {CLOSED, SYN_SENT, Trigger::active_open, "active OPEN", "create TCB, snd SYN", "connect()"},
    {SYN_SENT, CLOSED, Trigger::close, "CLOSE", "delete TCB", "close()"},
    {LISTEN, SYN_RECV, Trigger::segment, "rcv SYN", "snd SYN,ACK", "SYN arrived"},
    {LISTEN, SYN_SENT, Trigger::send, "SEND", "snd SYN", "no call of Linux does this"},
    {SYN_SENT, ESTABLISHED, Trigger::segment, "rcv SYN,ACK", "snd ACK", "SYN,ACK arrived"},
    {SYN_SENT, SYN_RECV, Trigger::segment, "rcv SYN", "snd SYN,ACK", "SYN arrived"},
    {SYN_RECV, ESTABLISHED, Trigger::segment, "rcv ACK of SYN", "", "ACK of its SYN arrived"},
    {SYN_RECV, LISTEN, Trigger::segment, "rcv RST", "", "RST arrived"},
    {SYN_RECV, FIN_WAIT1, Trigger::close, "CLOSE", "snd FIN", "close()"},
    {ESTABLISHED, FIN_WAIT1, Trigger::close, "CLOSE", "snd FIN", "close()"},
    {ESTABLISHED, CLOSE_WAIT, Trigger::segment, "rcv FIN", "snd ACK", "FIN arrived"},
    {FIN_WAIT1, FIN_WAIT2, Trigger::segment, "rcv ACK of FIN", "", "ACK of its FIN arrived"},
    {FIN_WAIT1, CLOSING, Trigger::segment, "rcv FIN", "snd ACK", "FIN arrived"},
    {FIN_WAIT2, TIME_WAIT, Trigger::segment, "rcv FIN", "snd ACK", "FIN arrived"},
    {CLOSING, TIME_WAIT, Trigger::segment, "rcv ACK of FIN", "", "ACK of its FIN arrived"},
    {CLOSE_WAIT, LAST_ACK, Trigger::close, "CLOSE", "snd FIN", "close()"},
    {LAST_ACK, CLOSED, Trigger::segment, "rcv ACK of FIN", "", "ACK of its FIN arrived"},
    {TIME_WAIT, CLOSED, Trigger::timer, "timeout = 2 MSL", "delete TCB", "60 s are over"},
}};

bool stops_a_way(TcpState state) {
  return state == CLOSED || state == LISTEN;
}

}  // namespace

std::span<const StateEdge, kStateEdges> state_edges() {
  return kEdges;
}

bool by_call(Trigger trigger) {
  return trigger != Trigger::segment && trigger != Trigger::timer;
}

std::optional<std::size_t> edge_between(TcpState from, TcpState to) {
  for (std::size_t i = 0; i < kEdges.size(); ++i) {
    if (kEdges[i].from == from && kEdges[i].to == to) return i;
  }
  return std::nullopt;
}

std::vector<std::size_t> way_between(TcpState from, TcpState to) {
  if (from == to) return {};
  std::array<std::optional<std::size_t>, 12> came{};  // by state: the edge it was first reached by
  std::deque<TcpState> todo{from};
  while (!todo.empty() && !came[static_cast<std::size_t>(to)]) {
    const TcpState at = todo.front();
    todo.pop_front();
    if (at != from && stops_a_way(at)) continue;
    for (std::size_t i = 0; i < kEdges.size(); ++i) {
      auto& first = came[static_cast<std::size_t>(kEdges[i].to)];
      if (kEdges[i].from != at || kEdges[i].to == from || first) continue;
      first = i;
      todo.push_back(kEdges[i].to);
    }
  }
  std::vector<std::size_t> way;
  for (TcpState at = to; at != from;) {
    const auto edge = came[static_cast<std::size_t>(at)];
    if (!edge) return {};
    way.push_back(*edge);
    at = kEdges[*edge].from;
  }
  std::reverse(way.begin(), way.end());
  return way;
}

std::string_view meaning_of(TcpState state) {
  switch (state) {
    case CLOSED:
      return "There is no connection: not yet, or not any more.";
    case LISTEN:
      return "A server's socket waits for connections. It stays here; each connection gets a socket of its "
             "own.";
    case SYN_SENT:
      return "It asked for a connection with a SYN and has had no answer.";
    case SYN_RECV:
      return "It answered a SYN and waits for the last part of the handshake.";
    case ESTABLISHED:
      return "It is connected. Both directions are open.";
    case FIN_WAIT1:
      return "It has finished sending and sent its FIN. The peer has not confirmed the FIN yet.";
    case FIN_WAIT2:
      return "It has finished sending, and the peer knows. The peer may still send.";
    case CLOSING:
      return "Both ends finished at the same time. The peer has not confirmed this end's FIN yet.";
    case TIME_WAIT:
      return "Both ends have finished. The end that closed first keeps the address for 60 s, so that a late "
             "packet "
             "does no harm.";
    case CLOSE_WAIT:
      return "The peer has finished sending. This end may still send; it has not called close() yet.";
    case LAST_ACK:
      return "Both ends have finished. The last confirmation is under way.";
    case not_known:
      break;
  }
  return "Nothing has observed the state.";
}

}  // namespace sockscope
