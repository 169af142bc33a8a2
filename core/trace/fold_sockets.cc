// Sockets, who is whose peer, and who waits in which accept queue.

#include <netinet/in.h>

#include <algorithm>

#include "trace/fold.h"

namespace sockscope {
namespace {

// net.core.somaxconn's usual 4096 and the seat of the +1.
constexpr std::size_t kMostWaiting = 4097;

bool has_port(const Address& address) {
  return address.port != 0 && (address.family == AF_INET || address.family == AF_INET6);
}

}  // namespace

void Fold::operator()(const event::SocketOpened& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  if (s->opened == 0) s->opened = at;  // a connection that waited in a queue keeps its birth
  s->from = e.from;
  s->fd = e.fd;
  s->family = e.family;
  s->type = e.type;
  s->protocol = e.protocol;
  s->how = e.how;
  s->host = e.host.view();
  s->cookie = e.cookie;
  s->open = e.how != SocketHow::queue;
  s->accepted = e.how == SocketHow::accept;
  if (!s->accepted || s->peer_id == 0) return;
  if (SocketState* client = socket(s->peer_id)) taken(*client);
}

void Fold::operator()(const event::SocketNamed& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  s->local = e.local;
  s->peer = e.peer;
  if (s->backlog >= 0) listens(*s);
  pair(*s);
  State::Connecting* how = connecting_if_any(s->id);
  if (how != nullptr && how->established) sit_down(*s);
}

void Fold::operator()(const event::SocketClosed& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  s->open = false;
  s->fd = -1;
  s->closed = at;
  // What the kernel makes of it from here on is only known if something observes it.
  s->state = TcpState::not_known;
  s->state_since = at;
  s->accept_queue = s->syn_queue = 0;
  s->recv_queue = s->send_queue = 0;
  for (const SocketId client : s->waiting) {
    if (State::Connecting* how = connecting_if_any(client)) how->in_queue_of = 0;
  }
  s->waiting.clear();
}

void Fold::operator()(const event::StateChanged& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  if (s->state != e.to) s->state_since = at;
  s->state = e.to;
  s->known = e.how;
  if (e.to != TcpState::ESTABLISHED) return;
  const State::Connecting* how = connecting_if_any(s->id);
  if (how != nullptr && !how->established) established(*s);
}

void Fold::operator()(const event::ListenerSampled& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  s->accept_queue = e.accept_queue;
  s->limit = e.limit;
  s->syn_queue = e.syn_queue;
}

void Fold::operator()(const event::QueuesSampled& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  s->recv_queue = e.recv_queue;
  s->send_queue = e.send_queue;
  s->cwnd = e.cwnd;
  s->rtt_us = e.rtt_us;
  s->retransmits = e.retransmits;
}

// ---- peers

namespace {
template <class Endpoint>
Endpoint endpoint_of(const Address& address) {
  return {address.family, address.port, address.ip};
}
}  // namespace

// The same two addresses can come again. A mate is believed if nobody else's and still there: open, waiting
// in an accept queue, or born after this one.
bool Fold::pairable(const SocketState& s, const SocketState& mate) {
  if (mate.id == s.id || (mate.peer_id != 0 && mate.peer_id != s.id)) return false;
  return mate.closed == 0 || is_waiting(mate.id) || mate.opened >= s.opened;
}

void Fold::pair(SocketState& s) {
  if (!has_port(s.local) || !has_port(s.peer)) return;
  const auto local = endpoint_of<State::Endpoint>(s.local);
  const auto peer = endpoint_of<State::Endpoint>(s.peer);
  state.ends_[{local, peer}] = s.id;
  const auto other = state.ends_.find({peer, local});
  if (other == state.ends_.end()) return;
  SocketState& mate = state.sockets_[other->second - 1];
  if (pairable(s, mate)) paired(s, mate);
}

void Fold::paired(SocketState& one, SocketState& other) {
  one.peer_id = other.id;
  other.peer_id = one.id;
  if (one.accepted) taken(other);
  if (other.accepted) taken(one);
}

// ---- accept queues

State::Connecting& Fold::connecting(const SocketState& client) {
  if (client.id > state.connecting_.size()) state.connecting_.resize(client.id);
  return state.connecting_[client.id - 1];
}

State::Connecting* Fold::connecting_if_any(SocketId client) {
  if (client == 0 || client > state.connecting_.size()) return nullptr;
  State::Connecting& how = state.connecting_[client - 1];
  return how.target.known() ? &how : nullptr;
}

bool Fold::is_waiting(SocketId client) {
  const State::Connecting* how = connecting_if_any(client);
  return how != nullptr && how->in_queue_of != 0;
}

void Fold::established(SocketState& client) {
  if (State::Connecting* how = connecting_if_any(client.id)) {
    how->established = true;
    sit_down(client);
  }
}

void Fold::sit_down(SocketState& client) {
  State::Connecting& how = connecting(client);
  if (how.taken || how.in_queue_of != 0) return;
  if (client.peer_id != 0 && state.sockets_[client.peer_id - 1].accepted) {
    how.taken = true;  // accept was faster than connect's return
    return;
  }
  SocketState* listener = listener_at(client.peer.known() ? client.peer : how.target);
  if (listener == nullptr || listener->waiting.size() >= kMostWaiting) return;
  listener->waiting.push_back(client.id);
  how.in_queue_of = listener->id;
}

void Fold::stand_up(SocketState& client, State::Connecting& how) {
  if (how.in_queue_of != 0) std::erase(state.sockets_[how.in_queue_of - 1].waiting, client.id);
  how.in_queue_of = 0;
}

void Fold::taken(SocketState& client) {
  State::Connecting* how = connecting_if_any(client.id);
  if (how == nullptr) return;
  stand_up(client, *how);
  how->taken = true;
}

// An accept says its peer's address also where nothing named the new socket.
void Fold::accepted(SocketState& listener, const event::CallReturned& e) {
  const auto waits = [&](SocketId id) { return state.sockets_[id - 1].local == e.address; };
  const auto found = std::find_if(listener.waiting.begin(), listener.waiting.end(), waits);
  if (found == listener.waiting.end() || !e.address.known()) return;
  taken(state.sockets_[*found - 1]);
}

void Fold::listens(const SocketState& s) {
  if (has_port(s.local)) state.listening_[endpoint_of<State::Endpoint>(s.local)] = s.id;
}

SocketState* Fold::listener_at(const Address& address) {
  if (!has_port(address)) return nullptr;
  auto exact = endpoint_of<State::Endpoint>(address);
  auto any = exact;
  any.ip = {};
  const bool to_any = exact.ip == any.ip;  // connect to 0.0.0.0 reaches this machine: 127.0.0.1
  if (to_any && address.family == AF_INET) exact.ip = {127, 0, 0, 1};
  for (const auto& place : {exact, any}) {
    const auto found = state.listening_.find(place);
    if (found == state.listening_.end()) continue;
    SocketState& listener = state.sockets_[found->second - 1];
    if (listener.open) return &listener;
  }
  return nullptr;
}

}  // namespace sockscope
