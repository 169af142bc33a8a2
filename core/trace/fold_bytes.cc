// Whose bytes lie in which receive queue, and which of them a receive took.

#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "trace/fold.h"

namespace sockscope {
namespace {

constexpr std::size_t kReceivedKept = 64;
// More threads than this inside of a send at once: the oldest is then only told from its return.
constexpr std::size_t kMostSending = 64;

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max()
                                                           : a + b;
}

// The oldest beyond kPiecesKept are one piece of nobody's.
void put(std::vector<Piece>& queue, const Piece& piece) {
  queue.push_back(piece);
  if (queue.size() <= kPiecesKept) return;
  Piece& first = queue[0];
  first = {first.from == queue[1].from ? first.from : 0, 0, 0, 0, sum(first.bytes, queue[1].bytes), 0};
  queue.erase(queue.begin() + 1);
}

bool out_of_band(const OpenCall& call) {
  return call.name != Call::os_sendfile && (call.numbers[0] & MSG_OOB) != 0;
}

bool in_line(const SocketState& socket) {
  return std::any_of(socket.options.begin(), socket.options.end(), [](const SetOption& o) {
    return o.level == SOL_SOCKET && o.option == SO_OOBINLINE && o.value != 0;
  });
}

}  // namespace

State::Flow& Fold::flow(SocketId id) {
  if (id > state.flows_.size()) state.flows_.resize(id);
  return state.flows_[id - 1];
}
State::Flow* Fold::flow_if_any(SocketId id) {
  return id == 0 || id > state.flows_.size() ? nullptr : &state.flows_[id - 1];
}

// ---- sends

bool Fold::is_send(Call name) {
  return name == Call::send || name == Call::sendto || name == Call::sendmsg || name == Call::os_sendfile;
}

void Fold::sending(const event::CallEntered& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  const SocketState& from = root(*s);
  const bool file = e.name == Call::os_sendfile;
  if (shape_of(from) == Shape::none || (!file && (e.args.numbers[0] & MSG_OOB) != 0)) return;
  State::Sending sending{e.call, e.thread, from.id, 0, 0, 0, 0, false};
  sending.offered = file ? count_of(e.args.numbers[1]) : e.args.data.total();
  if (shape_of(from) == Shape::datagrams) {
    const Address* to = e.args.address.there();
    const SocketState* target = to != nullptr ? datagrams_to(from, *to) : nullptr;
    sending.to = to != nullptr ? (target != nullptr ? target->id : 0) : from.peer_id;
    if (sending.to == 0) return;
  }
  auto& all = state.sending_;
  if (all.size() >= kMostSending) all.erase(all.begin());
  all.push_back(sending);
}

State::Sending Fold::no_longer_sending(CallId call) {
  auto& all = state.sending_;
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [&](const State::Sending& s) { return s.call == call; });
  if (found == all.rend()) return {};
  const State::Sending sending = *found;
  all.erase(std::next(found).base());
  return sending;
}

void Fold::sent(SocketState& on, const OpenCall& call, const State::Sending& before,
                const event::CallReturned& e) {
  const Shape shape = shape_of(on);
  if (e.result < 0 || (e.result == 0 && (shape == Shape::stream || call.name == Call::os_sendfile))) return;
  const std::uint64_t bytes = count_of(e.result);
  const std::uint64_t from = on.bytes_sent;
  on.bytes_sent = sum(on.bytes_sent, bytes);
  const std::uint32_t number = before.send != 0 ? before.send : ++on.sends;
  if (shape == Shape::stream) remember_span(on.id, call, number, from, bytes);
  if (before.gone || shape == Shape::none) return;
  const std::uint64_t early = std::min(bytes, before.taken);
  if (shape == Shape::stream && early == bytes) return;
  Piece piece{on.id, number, call.call, early, bytes - early, 0};
  const SocketId to = before.to != 0 ? before.to : on.peer_id;
  if (to == 0) {
    if (shape != Shape::datagrams) put(flow(on.id).held, piece);
    return;
  }
  if (shape == Shape::datagrams && on_another_host(on, to)) return on_its_way(piece, to, call.seq);
  SocketState& peer = state.sockets_[to - 1];
  if (shape == Shape::stream && out_of_band(call) && !in_line(peer)) {
    --piece.bytes;
    flow(to).urgent = {on.id, number, call.call, bytes - 1, 1, 0};
  }
  if (piece.bytes > 0 || shape != Shape::stream) deliver(peer, piece);
}

void Fold::deliver(SocketState& to, Piece piece) {
  if (to.closed != 0 && !reachable(to)) return;
  State::Flow* flow = flow_if_any(to.id);
  if (flow != nullptr && flow->ahead > 0 && shape_of(to) == Shape::stream) {
    const std::uint64_t had = split(piece, flow->ahead).bytes;
    flow->ahead -= had;
    if (piece.bytes == 0) return;
  }
  put(to.unread, piece);
  share(to);
}

void Fold::hand_over(const SocketState& from, SocketState& to) {
  State::Flow* flow = flow_if_any(from.id);
  if (flow == nullptr || flow->held.empty()) return;
  for (const Piece& piece : std::exchange(flow->held, {})) deliver(to, piece);
}

// ---- receives

void Fold::received(SocketState& on, const OpenCall& call, const event::CallReturned& e) {
  const std::uint64_t bytes = count_of(e.result);
  const Reception reception = reception_of(call, e);
  on.taken.clear();
  if (bytes > 0) {
    on.last_received.assign(e.data.view().substr(0, kReceivedKept));
    if (!reception.peek) {
      on.bytes_received = sum(on.bytes_received, bytes);
      if (shape_of(on) == Shape::stream) take_packets(on, call);
    }
  }
  switch (shape_of(on)) {
    case Shape::stream:
      if (reception.urgent) return received_urgent(on, reception);
      if (bytes == 0 && reception.asked > 0) on.eof = true;
      return received_bytes(on, reception);
    case Shape::messages:
      if (bytes == 0 && reception.asked > 0 && (on.unread.empty() || on.unread.front().bytes > 0)) {
        on.eof = true;
        return;
      }
      return received_message(on, reception);
    case Shape::datagrams:
      received_message(on, reception);
      if (!reception.peek) take_datagrams(on, call);
      return;
    case Shape::none:
      return;
  }
}

void Fold::received_urgent(SocketState& on, const Reception& reception) {
  State::Flow* flow = flow_if_any(on.id);
  if (flow == nullptr || flow->urgent.bytes == 0 || reception.bytes == 0) return;
  on.taken.push_back(flow->urgent);
  if (!reception.peek) flow->urgent = {};
}

void Fold::received_bytes(SocketState& on, const Reception& reception) {
  if (reception.peek) {
    std::vector<Piece> seen = on.unread;
    on.taken = taken_from(seen, reception.bytes);
  } else {
    on.taken = taken_from(on.unread, reception.bytes);
  }
  std::uint64_t rest = reception.bytes;
  for (const Piece& piece : on.taken) rest -= piece.bytes;
  for (State::Sending& sending : state.sending_) {
    if (rest == 0) return;
    const SocketState& from = state.sockets_[sending.from - 1];
    if (from.peer_id != on.id || sending.offered <= sending.taken) continue;
    const std::uint64_t bytes = std::min(rest, sending.offered - sending.taken);
    put(on.taken, {from.id, number_of(sending), sending.call, sending.taken, bytes, 0});
    if (!reception.peek) sending.taken += bytes;
    rest -= bytes;
  }
  if (rest == 0 || on.peer_id == 0) return;
  put(on.taken, {on.peer_id, 0, 0, 0, rest, 0});
  if (!reception.peek) flow(on.id).ahead = sum(flow(on.id).ahead, rest);
}

// A receive may return before the send whose bytes it took: that send has then got its number.
std::uint32_t Fold::number_of(State::Sending& sending) {
  if (sending.send == 0) sending.send = ++state.sockets_[sending.from - 1].sends;
  return sending.send;
}

void Fold::received_message(SocketState& on, const Reception& reception) {
  const auto place = message_of(state, on, reception);
  if (!place && received_on_its_way(on, reception)) return;
  if (!place) return received_of_sending(on, reception);
  auto& queue = on.unread;
  const auto found = queue.begin() + static_cast<std::ptrdiff_t>(*place);
  const Piece taken = received_part(*found, reception);
  on.taken.push_back(taken);
  if (reception.peek) return;
  if (found->send == 0) {
    split(*found, taken.bytes);
    return;
  }
  // What the same socket sent before it was dropped on the way: a queue keeps its order.
  const auto kept =
      std::remove_if(queue.begin(), found, [&](const Piece& p) { return p.from == taken.from; });
  queue.erase(kept, found + 1);
}

void Fold::received_of_sending(SocketState& on, const Reception& reception) {
  for (State::Sending& sending : state.sending_) {
    const SocketId to = sending.to != 0 ? sending.to : state.sockets_[sending.from - 1].peer_id;
    if (to != on.id || sending.gone || !can_be(state, on, reception, sending.from, sending.offered)) continue;
    const Piece message{sending.from, number_of(sending), sending.call, 0, sending.offered, 0};
    on.taken.push_back(received_part(message, reception));
    sending.gone = !reception.peek;
    return;
  }
}

}  // namespace sockscope
