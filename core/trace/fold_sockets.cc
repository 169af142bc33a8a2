// Sockets, who is whose peer, and who waits in which accept queue.

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <utility>

#include "trace/fold.h"

namespace sockscope {
namespace {

bool is_each_hosts_own(const Address& plain) {
  const bool zero = std::all_of(plain.ip.begin(), plain.ip.end() - 1, [](auto byte) { return byte == 0; });
  if (plain.family == AF_INET) return plain.ip[0] == 127 || (zero && plain.ip.back() == 0);
  return zero && plain.ip.back() <= 1;  // :: and ::1
}

}  // namespace

State::Endpoint Fold::endpoint(const Address& address, std::string_view host) const {
  const Address plain = plain_end(address);
  return {plain.family, plain.port, is_each_hosts_own(plain) ? host_number(host) : 0, plain.ip};
}

void Fold::operator()(const event::SocketOpened& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  if (s->opened == 0) s->opened = at;  // a connection that waited in a queue keeps its birth
  const bool queued = of_listener(e.how);
  s->from = queued ? e.from : 0;
  s->fd = e.fd;
  s->family = e.family;
  s->type = e.type;
  s->protocol = e.protocol;
  s->how = e.how;
  s->host = e.host.view();
  s->cookie = e.cookie;
  s->open = !before_accept(e.how);
  s->accepted = e.how == SocketHow::accept;
  s->deadline_ns = state.default_timeout_;
  s->same_as = 0;
  if (s->accepted && s->from != 0 && s->from <= state.sockets_.size()) {
    std::erase(root(state.sockets_[s->from - 1]).waiting, s->id);
  }
  if (e.how == SocketHow::dup || e.how == SocketHow::adopted) {
    return becomes_same(*s, e.from);
  }
  if (e.how == SocketHow::pair && e.from != 0 && e.from <= state.sockets_.size() && e.from != s->id) {
    return paired(*s, state.sockets_[e.from - 1]);
  }
  if (!s->accepted || s->peer_id == 0) return;
  if (SocketState* client = socket(s->peer_id)) taken(*client);
}

void Fold::operator()(const event::SocketNamed& e) {
  SocketState* named = socket(e.socket);
  if (named == nullptr) return;
  SocketState& s = root(*named);
  rename(s, e.local);
  s.peer = e.peer;
  if (s.backlog >= 0) listens(s);
  pair(s);
  if (s.queued()) seat(s);
  State::Connecting* how = connecting_if_any(s.id);
  if (how != nullptr && how->established) sit_down(s);
  share(s);
}

void Fold::operator()(const event::StateChanged& e) {
  SocketState* found = socket(e.socket);
  if (found == nullptr) return;
  SocketState& s = root(*found);
  if (s.state != e.to) s.state_since = at;
  s.state = e.to;
  s.known = e.how;
  if (e.to == TcpState::CLOSED) {  // no timer outlives a connection
    s.timer = Timer::none;
    s.timer_tries = 0;
    s.timer_ends = 0;
  }
  share(s);
  if (e.to != TcpState::ESTABLISHED) return;
  const State::Connecting* how = connecting_if_any(s.id);
  if (how != nullptr && !how->established) established(s);
}

void Fold::operator()(const event::ListenerSampled& e) {
  SocketState* found = socket(e.socket);
  if (found == nullptr) return;
  SocketState& s = root(*found);
  s.accept_queue = e.accept_queue;
  s.limit = e.limit;
  s.syn_queue = e.syn_queue;
  s.drops = e.drops;
  share(s);
}

void Fold::operator()(const event::QueuesSampled& e) {
  SocketState* found = socket(e.socket);
  if (found == nullptr) return;
  SocketState& s = root(*found);
  s.recv_queue = e.recv_queue;
  s.send_queue = e.send_queue;
  s.cwnd = e.cwnd;
  s.rtt_us = e.rtt_us;
  s.retransmits = e.retransmits;
  s.unsent = e.unsent;
  s.send_window = e.send_window;
  s.recv_window = e.recv_window;
  s.recv_buffer = e.recv_buffer;
  s.send_buffer = e.send_buffer;
  s.drops = e.drops;
  share(s);
}

void Fold::operator()(const event::TimerSampled& e) {
  SocketState* found = socket(e.socket);
  if (found == nullptr) return;
  SocketState& s = root(*found);
  s.timer = e.timer;
  s.timer_tries = e.tries;
  s.timer_ends = e.ends;
  share(s);
}

// ---- peers

// A name is the socket's until it closes; an accepted socket only repeats its listener's.
void Fold::rename(SocketState& s, const Address& local) {
  if (s.local == local) return;
  forget_name(s);
  s.local = local;
  if (local.family == AF_UNIX && !local.path.empty() && s.from == 0) {
    state.unix_.insert_or_assign(std::string(local.path.view()), s.id);
  } else if (has_port(local) && shape_of(s) == Shape::datagrams) {
    state.bound_[endpoint(local, s.host)] = s.id;
  }
}

void Fold::forget_name(const SocketState& s) {
  if (s.local.family == AF_UNIX) {
    const auto found = state.unix_.find(s.local.path.view());
    if (found != state.unix_.end() && found->second == s.id) state.unix_.erase(found);
  } else if (shape_of(s) == Shape::datagrams && has_port(s.local)) {
    const auto found = state.bound_.find(endpoint(s.local, s.host));
    if (found != state.bound_.end() && found->second == s.id) state.bound_.erase(found);
  }
}

// The places an address of this machine may be bound at, the exact one first. connect to 0.0.0.0 reaches
// 127.0.0.1, and a socket on [::] takes IPv4 too.
std::array<State::Endpoint, 3> Fold::places(const Address& address, std::string_view host) const {
  State::Endpoint exact = endpoint(address, host);
  State::Endpoint any = exact;
  any.ip = {};
  any.host = home_of(address, host);
  State::Endpoint dual = any;
  dual.family = AF_INET6;
  if (exact.ip == any.ip && exact.family == AF_INET) exact.ip = {127, 0, 0, 1};
  return {exact, any, dual};
}

SocketState* Fold::bound_at(const Address& address, std::string_view host) {
  if (address.family == AF_UNIX) {
    const auto found = state.unix_.find(address.path.view());
    return found == state.unix_.end() ? nullptr : &state.sockets_[found->second - 1];
  }
  if (!has_port(address)) return nullptr;
  for (const auto& place : places(address, host)) {
    const auto found = state.bound_.find(place);
    if (found != state.bound_.end()) return &state.sockets_[found->second - 1];
  }
  return nullptr;
}

// A connected socket takes datagrams of its peer only.
SocketState* Fold::datagrams_to(const SocketState& from, const Address& address) {
  SocketState* to = bound_at(address, from.host);
  if (to == nullptr || shape_of(*to) != Shape::datagrams) return nullptr;
  const bool closed_to_us = is_named(to->peer) && is_named(from.local) && !same_end(to->peer, from.local);
  return closed_to_us ? nullptr : to;
}

// The same two addresses can come again. A mate is believed if nobody else's and still there: open, waiting
// in an accept queue, or born after this one.
bool Fold::pairable(const SocketState& s, const SocketState& mate) {
  if (mate.id == s.id || (mate.peer_id != 0 && mate.peer_id != s.id)) return false;
  return mate.closed == 0 || is_waiting(mate.id) || mate.opened >= s.opened;
}

// The kernel gives ports that lie together one after another: what changes in a while is in few parts.
std::size_t State::ends_part(const Endpoint& local, const Endpoint& peer) {
  return (std::size_t{local.port} + peer.port) / 128 % kEndsParts;
}

SocketId Fold::latest_between(const State::Endpoint& local, const State::Endpoint& peer) const {
  const State& is = state;
  if (is.ends_.empty()) return 0;
  const State::Ends& part = is.ends_[State::ends_part(local, peer)];
  const auto found = part.find({local, peer});
  return found == part.end() ? 0 : found->second;
}

void Fold::pair(SocketState& s) {
  if (!has_port(s.local) || !has_port(s.peer)) return;
  const auto local = endpoint(s.local, s.host);
  const auto peer = endpoint(s.peer, s.host);
  state.ends_.resize(State::kEndsParts);
  state.ends_[State::ends_part(local, peer)][{local, peer}] = s.id;
  const SocketId other = latest_between(peer, local);
  if (other == 0) return;
  // Looked at first: an old socket that is left alone stays shared.
  if (pairable(s, std::as_const(state.sockets_)[other - 1])) paired(s, state.sockets_[other - 1]);
}

void Fold::paired(SocketState& one, SocketState& other) {
  one.peer_id = other.id;
  other.peer_id = one.id;
  if (one.accepted) taken(other);
  if (other.accepted) taken(one);
  if (one.queued()) seat(one);
  if (other.queued()) seat(other);
  hand_over(one, other);
  hand_over(other, one);
  share(one);
  share(other);
}

}  // namespace sockscope
