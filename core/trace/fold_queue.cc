// Who waits in which accept queue.

#include <sys/socket.h>

#include <algorithm>

#include "trace/fold.h"

namespace sockscope {
namespace {

// net.core.somaxconn's usual 4096 and the seat of the +1.
constexpr std::size_t kMostWaiting = 4097;

// Several may listen on its address: in whose queue a client sits, no call of the client's tells.
bool shares_its_port(const SocketState& listener) {
  return std::any_of(listener.options.begin(), listener.options.end(), [](const SetOption& one) {
    return one.level == SOL_SOCKET && one.option == SO_REUSEPORT && one.value != 0;
  });
}

}  // namespace

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

// A datagram socket's connect only says who its peer is: the peer does not hear of it.
void Fold::established(SocketState& client) {
  if (shape_of(client) == Shape::datagrams) {
    const State::Connecting* how = connecting_if_any(client.id);
    const SocketState* peer = how == nullptr ? nullptr : bound_at(how->target, client.host);
    client.peer_id = peer == nullptr ? 0 : peer->id;
    return;
  }
  if (State::Connecting* how = connecting_if_any(client.id)) {
    how->established = true;
    sit_down(client);
  }
}

void Fold::sit_down(SocketState& client) {
  State::Connecting& how = connecting(client);
  if (how.taken || how.in_queue_of != 0 || shape_of(client) == Shape::datagrams) return;
  if (client.peer_id != 0 && state.sockets_[client.peer_id - 1].accepted) {
    how.taken = true;  // accept was faster than connect's return
    return;
  }
  SocketState* listener = listener_at(client.peer.known() ? client.peer : how.target, client.host);
  if (listener == nullptr || listener->waiting.size() >= kMostWaiting) return;
  if (shares_its_port(*listener)) return;
  State::Flow* flow = flow_if_any(listener->id);
  if (flow != nullptr && !flow->unmet.empty()) {
    SocketState& made = state.sockets_[flow->unmet.front() - 1];
    flow->unmet.erase(flow->unmet.begin());
    how.taken = true;
    return paired(client, made);
  }
  listener->waiting.push_back(client.id);
  how.in_queue_of = listener->id;
}

// The kernel's own connection of a client: it has the client's seat, or one of its own where the client is
// not one of ours.
void Fold::seat(SocketState& queued) {
  if (queued.from == 0 || queued.from > state.sockets_.size() || queued.from == queued.id) return;
  SocketState& listener = root(state.sockets_[queued.from - 1]);
  auto& waiting = listener.waiting;
  const auto own = std::find(waiting.begin(), waiting.end(), queued.id);
  State::Connecting* how = connecting_if_any(queued.peer_id);
  if (how != nullptr && (how->taken || how->in_queue_of != 0)) {
    if (own != waiting.end()) waiting.erase(own);
    return;
  }
  const SocketId sits = how != nullptr ? queued.peer_id : queued.id;
  if (own != waiting.end()) {
    *own = sits;
  } else if (waiting.size() < kMostWaiting && listener.id != 0) {
    waiting.push_back(sits);
  } else {
    return;
  }
  if (how != nullptr) how->in_queue_of = listener.id;
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
  SocketState* made =
      e.makes == 0 || e.makes > state.sockets_.size() ? nullptr : &state.sockets_[e.makes - 1];
  if (made != nullptr && (listener.family == AF_UNIX || e.address.family == AF_UNIX)) {
    return accepted_unnamed(listener, *made, e.address);
  }
  if (!e.address.known()) return;
  const auto waits = [&](SocketId id) { return same_end(state.sockets_[id - 1].local, e.address); };
  const auto found = std::find_if(listener.waiting.begin(), listener.waiting.end(), waits);
  if (found != listener.waiting.end()) taken(state.sockets_[*found - 1]);
}

// A client on AF_UNIX seldom has a name: the queue's order tells which connect this accept took.
void Fold::accepted_unnamed(SocketState& listener, SocketState& made, const Address& peer) {
  if (made.peer_id != 0 || made.id == 0) return;
  const auto& waiting = listener.waiting;
  auto found = std::find_if(waiting.begin(), waiting.end(), [&](SocketId id) {
    return is_named(peer) && state.sockets_[id - 1].local == peer;
  });
  if (found == waiting.end()) found = waiting.begin();
  if (found == waiting.end()) {  // accept was faster than connect's return
    auto& unmet = flow(listener.id).unmet;
    if (unmet.size() < kMostWaiting) unmet.push_back(made.id);
    return;
  }
  SocketState& client = state.sockets_[*found - 1];
  taken(client);
  paired(client, made);
}

void Fold::listens(const SocketState& s) {
  if (has_port(s.local)) state.listening_[endpoint(s.local, s.host)] = s.id;
}

SocketState* Fold::listener_at(const Address& address, std::string_view host) {
  if (address.family == AF_UNIX) {
    SocketState* found = bound_at(address, host);
    return found != nullptr && found->backlog >= 0 && reachable(*found) ? found : nullptr;
  }
  if (!has_port(address)) return nullptr;
  for (const auto& place : places(address, host)) {
    const auto found = state.listening_.find(place);
    if (found == state.listening_.end()) continue;
    SocketState& listener = state.sockets_[found->second - 1];
    if (reachable(listener)) return &listener;
  }
  return nullptr;
}

}  // namespace sockscope
