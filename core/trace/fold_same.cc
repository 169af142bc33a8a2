#include <sys/socket.h>

#include <algorithm>

#include "trace/fold.h"

namespace sockscope {
namespace {

// Descriptors of one socket that are kept alike; a recording with more is not a session.
constexpr std::size_t kMostSame = 8;

}  // namespace

SocketState& Fold::root(SocketState& socket) {
  if (socket.same_as == 0 || socket.same_as > state.sockets_.size()) return socket;
  SocketState& first = state.sockets_[socket.same_as - 1];
  return first.id == 0 || first.same_as != 0 ? socket : first;
}

bool Fold::reachable(const SocketState& root) {
  if (root.open) return true;
  const State::Flow* flow = flow_if_any(root.id);
  if (flow != nullptr && flow->detached >= 0) return true;
  return flow != nullptr && std::any_of(flow->same.begin(), flow->same.end(), [&](SocketId id) {
           const SocketState& other = state.sockets_[id - 1];
           return other.open && other.same_as == root.id;
         });
}

void Fold::becomes_same(SocketState& socket, SocketId from) {
  if (from == 0 || from > state.sockets_.size() || state.sockets_[from - 1].id == 0) return;
  const SocketId first = root(state.sockets_[from - 1]).id;
  const State::Flow* own = flow_if_any(socket.id);
  if (first == socket.id || (own != nullptr && !own->same.empty())) return;
  auto& same = flow(first).same;
  socket.same_as = first;
  if (std::find(same.begin(), same.end(), socket.id) == same.end() && same.size() < kMostSame) {
    same.push_back(socket.id);
  }
  share(state.sockets_[first - 1]);
}

void Fold::share(const SocketState& root) {
  const State::Flow* flow = flow_if_any(root.id);
  if (flow == nullptr) return;
  for (const SocketId id : flow->same) {
    SocketState& other = state.sockets_[id - 1];
    if (other.same_as != root.id || !other.open) continue;
    SocketState one = root;
    one.id = other.id;
    one.maker = other.maker;
    one.same_as = other.same_as;
    one.called = std::move(other.called);
    one.names = std::move(other.names);
    one.host = std::move(other.host);
    one.fd = other.fd;
    one.family = other.family;
    one.type = other.type;
    one.protocol = other.protocol;
    one.how = other.how;
    one.open = other.open;
    one.opened = other.opened;
    one.closed = other.closed;
    one.cookie = other.cookie != 0 ? other.cookie : root.cookie;
    one.deadline_ns = other.deadline_ns;  // Python's timeout is the object's
    other = std::move(one);
  }
}

// What the kernel makes of it from here on is only known if something observes it.
void Fold::close_one(SocketState& socket, bool last) {
  socket.open = false;
  socket.fd = -1;
  socket.closed = at;
  if (!last && socket.same_as == 0) return;  // another descriptor still reaches it
  socket.state = TcpState::not_known;
  socket.state_since = at;
  socket.accept_queue = socket.syn_queue = 0;
  socket.recv_queue = socket.send_queue = socket.unsent = 0;
  socket.timer = Timer::none;
  socket.timer_tries = 0;
  socket.timer_ends = 0;
  socket.unread.clear();
}

void Fold::gone(SocketState& root) {
  close_one(root, true);
  forget_name(root);
  for (const SocketId client : root.waiting) {
    if (State::Connecting* how = connecting_if_any(client)) how->in_queue_of = 0;
  }
  root.waiting.clear();
  if (State::Flow* flow = flow_if_any(root.id)) flow->unmet.clear();
}

void Fold::operator()(const event::SocketClosed& e) {
  SocketState* s = socket(e.socket);
  if (s == nullptr) return;
  const int fd = s->fd;
  const bool adopted = s->how == SocketHow::adopted;
  SocketState& first = root(*s);
  close_one(*s, false);
  if (State::Flow* own = flow_if_any(s->id); own != nullptr && own->detaching) {
    flow(first.id).detached = fd;
    return;
  }
  if (State::Flow* flow = flow_if_any(first.id); flow != nullptr && flow->detached == fd) flow->detached = -1;
  // Objects that took over the same descriptor are closed with it.
  const auto with_it = [&](SocketState& other) {
    const bool one = adopted || other.how == SocketHow::adopted;
    if (other.open && one && fd >= 0 && other.fd == fd) close_one(other, false);
  };
  with_it(first);
  if (const State::Flow* flow = flow_if_any(first.id)) {
    for (const SocketId id : flow->same) {
      if (state.sockets_[id - 1].same_as == first.id) with_it(state.sockets_[id - 1]);
    }
  }
  if (reachable(first)) return;
  const Time closed = first.closed;
  gone(first);
  first.closed = closed != 0 ? closed : at;
}

}  // namespace sockscope
