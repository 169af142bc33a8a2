#include "panes/stage_model.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "panes/queue_seats.h"
#include "trace/connecting.h"

namespace sockscope {

bool on_stage(const SocketState& socket) {
  if (socket.id == 0) return false;
  if (socket.queued()) return false;  // it sits in its listener's queue
  return socket.open || (socket.state != TcpState::not_known && socket.state != TcpState::CLOSED);
}

namespace stage {

bool listens(const SocketState& socket) {
  return socket.open && (socket.state == TcpState::LISTEN || socket.backlog >= 0);
}

bool is_past(const SocketState& socket) {
  return !socket.open && socket.state == TcpState::TIME_WAIT;
}

// Whether a connect to `target` comes to this listening socket. Its address may be that of all interfaces.
bool reaches(const Address& target, const SocketState& listener) {
  if (target.family == AF_UNIX) return listener.local == target;
  const auto is_any = [](const Address& a) { return a.ip == Address{}.ip; };
  return target.family != 0 && target.port == listener.local.port &&
         (target.ip == listener.local.ip || is_any(listener.local) || is_any(target));
}

// A session's sockets are mostly gone: they are looked through once.
using Sockets = std::vector<const SocketState*>;

// Which host is looked at; empty: all are one.
bool is_on(std::string_view host, std::string_view its) {
  return host.empty() || host == (its.empty() ? std::string_view("localhost") : its);
}

// Of a socket whose first descriptor is closed the others stand there: a fork server closes its own, and the
// client's process goes on with the second.
Sockets shown_of(const State& state, std::string_view host) {
  Sockets shown;
  std::unordered_set<SocketId> replaced;
  for (const SocketState& socket : state.sockets()) {
    if (!on_stage(socket) || !is_on(host, socket.host)) continue;
    shown.push_back(&socket);
    if (socket.open && socket.same_as != 0) replaced.insert(socket.same_as);
  }
  std::erase_if(shown, [&](const SocketState* one) { return !one->open && replaced.contains(one->id); });
  return shown;
}

// Of a fork server: who accepts on the listening socket that the key made.
std::unordered_map<ThreadId, ThreadId> acceptors_of(const State& state) {
  std::unordered_map<ThreadId, ThreadId> found;
  for (const ThreadState& thread : state.threads()) {
    if (!thread.alive || thread.role != ThreadRole::accept) continue;
    const ThreadState* parent = state.thread(thread.parent);
    if (parent != nullptr && parent->role == ThreadRole::accept) found[parent->id] = thread.id;
  }
  return found;
}

// Which thread stands beside each socket. A thread that serves it now comes before the one that is in a call
// on it, and that before the one that made it or used it last.
std::unordered_map<SocketId, ThreadId> threads_by_socket(const State& state, const Sockets& shown) {
  std::unordered_map<SocketId, ThreadId> users;
  const auto acceptors = acceptors_of(state);
  for (const SocketState* socket : shown) {
    const ThreadState* maker = state.thread(socket->maker);
    if (maker == nullptr || !maker->alive) continue;
    const auto acceptor = acceptors.find(maker->id);
    users[socket->id] = acceptor == acceptors.end() ? maker->id : acceptor->second;
  }
  for (const ThreadState& thread : state.threads()) {
    if (thread.alive && thread.last_socket != 0) users.try_emplace(thread.last_socket, thread.id);
  }
  for (const ThreadState& thread : state.threads()) {
    if (!thread.alive) continue;
    if (thread.serving != 0) users[thread.serving] = thread.id;
    const SocketId in = thread.calls.empty() ? 0 : thread.calls.back().socket;
    if (in != 0) users.try_emplace(in, thread.id);
  }
  return users;
}

StageServer server_of(const State& state, const SocketState& listener, ThreadId user) {
  StageServer server;
  server.listener = listener.id;
  server.acceptor = user;
  for (const ServerState& known : state.servers()) {
    if (known.id != 0 && known.listener == listener.id) server.server = known.id;
  }
  server.seats = listener.backlog >= 0 || listener.limit > 0 ? queue_limit(listener) + 1 : 0;
  for (const SocketId id : listener.waiting) {
    if (!half_made(state, id)) server.waiting.push_back(id);  // else it is in the SYN queue yet
  }
  server.taken = std::max(listener.accept_queue, static_cast<std::uint32_t>(server.waiting.size()));
  return server;
}

struct Builder {
  const State& state;
  const Sockets& shown;
  std::string_view host;
  StageModel model;
  std::unordered_map<SocketId, ThreadId> users;
  std::unordered_map<SocketId, std::size_t> servers;  // place in model.servers, by listener
  std::unordered_map<SocketId, std::size_t> past;     // sockets in TIME_WAIT, by listener; 0: clients
  std::unordered_set<ThreadId> placed, clients;

  void add_servers() {
    for (const SocketState* each : shown) {
      const SocketState& socket = *each;
      if (!listens(socket)) continue;
      servers[socket.id] = model.servers.size();
      const auto user = users.find(socket.id);
      model.servers.push_back(server_of(state, socket, user == users.end() ? 0 : user->second));
    }
  }

  // A thread of the learner's that also has a client's socket stays on the clients' side, once.
  void find_clients() {
    for (const SocketState* each : shown) {
      const SocketState& socket = *each;
      const auto user = users.find(socket.id);
      if (socket.from != 0 || listens(socket) || user == users.end()) continue;
      const ThreadState* thread = state.thread(user->second);
      if (thread->role == ThreadRole::play || thread->role == ThreadRole::load) clients.insert(thread->id);
    }
  }
  bool is_client(ThreadId thread) const { return clients.contains(thread); }

  // The block of an accepted socket whose listening socket is closed: the connection is still served there.
  std::size_t block_of(const SocketState& socket) {
    const auto [at, is_new] = servers.try_emplace(socket.from, model.servers.size());
    if (is_new) {
      StageServer closed;
      closed.listener = socket.from;
      model.servers.push_back(closed);
    }
    return at->second;
  }

  void keep_acceptors() {
    for (StageServer& server : model.servers) {
      if (server.acceptor == 0) continue;
      if (is_client(server.acceptor) || !placed.insert(server.acceptor).second) server.acceptor = 0;
    }
  }

  // Who asks for a connection and has no answer, at whose door.
  void find_knocking() {
    for (const SocketState* each : shown) {
      const SocketState& socket = *each;
      if (!socket.open || socket.state != TcpState::SYN_SENT) continue;
      const Address* asked = connecting_to(state, socket.id);
      const Address& target = asked != nullptr ? *asked : socket.peer;
      for (StageServer& server : model.servers) {
        const SocketState* listener = state.socket(server.listener);
        if (listener == nullptr || !reaches(target, *listener)) continue;
        server.knocking.push_back(socket.id);
        break;
      }
    }
  }

  void count_past() {
    for (const SocketState* each : shown) {
      const SocketState& socket = *each;
      if (is_past(socket)) ++past[socket.from];
    }
  }

  // One of many in TIME_WAIT: counted here.
  bool only_counted(const SocketState& socket) {
    if (!is_past(socket) || past[socket.from] <= kMostPast) return false;
    StageServer* server = socket.from != 0 ? &model.servers[block_of(socket)] : nullptr;
    ++(server != nullptr ? server->past : model.past);
    Time& ends = server != nullptr ? server->past_ends : model.past_ends;
    if (socket.timer == Timer::time_wait) ends = std::max(ends, socket.timer_ends);
    return true;
  }

  void add_sockets() {
    for (const SocketState* each : shown) {
      const SocketState& socket = *each;
      if (servers.contains(socket.id) || only_counted(socket)) continue;
      const auto user = users.find(socket.id);
      StageRow row{user == users.end() ? 0 : user->second, socket.id, false};
      const bool served = socket.from != 0;
      if (served && is_client(row.thread)) row.thread = 0;
      row.head = row.thread != 0 && placed.insert(row.thread).second;
      (served ? model.servers[block_of(socket)].served : model.clients).push_back(row);
    }
  }

  // A thread's sockets one under the other, in the order the threads came.
  void group_clients() {
    std::unordered_map<ThreadId, SocketId> first;
    for (const StageRow& row : model.clients) {
      if (row.thread != 0) first.try_emplace(row.thread, row.socket);
    }
    const auto key = [&](const StageRow& row) { return row.thread == 0 ? row.socket : first[row.thread]; };
    std::stable_sort(model.clients.begin(), model.clients.end(),
                     [&](const StageRow& a, const StageRow& b) { return key(a) < key(b); });
  }

  // The listening socket at whose side a thread without a socket stands: its server's, else the one it
  // accepts on or whose connection it used last, so that it keeps its side before and after it serves.
  SocketId side_of(const ThreadState& thread) const {
    const ServerState* server = thread.server.empty() ? nullptr : state.server(thread.server);
    if (server != nullptr) return server->listener;
    const SocketId used = thread.calls.empty() ? thread.last_socket : thread.calls.back().socket;
    const SocketState* socket = state.socket(used);
    if (socket == nullptr || servers.contains(used)) return used;
    return socket->from;
  }

  void add_threads_without_sockets() {
    for (const ThreadState& thread : state.threads()) {
      if (!thread.alive || placed.contains(thread.id) || !is_on(host, thread.host)) continue;
      // The thread of the directives is of interest when it did something of its own.
      if (thread.name == "main" && !thread.has_returned && thread.calls.empty()) continue;
      const auto at = servers.find(side_of(thread));
      if (at == servers.end()) {
        model.clients.push_back({thread.id, 0, true});
      } else {
        model.servers[at->second].served.push_back({thread.id, 0, true});
      }
    }
  }
};

}  // namespace stage

bool half_made(const State& state, SocketId waiting) {
  const auto is = [](const SocketState* socket) {
    return socket != nullptr && socket->queued() && socket->state == TcpState::SYN_RECV;
  };
  const SocketState* who = state.socket(waiting);
  return is(who) || (who != nullptr && is(state.socket(who->peer_id)));
}

StageModel stage_model(const State& state) {
  return stage_model(state, {});
}

StageModel stage_model(const State& state, std::string_view host) {
  const stage::Sockets shown = stage::shown_of(state, host);
  stage::Builder builder{state, shown, host, {}, stage::threads_by_socket(state, shown), {}, {}, {}, {}};
  builder.find_clients();
  builder.add_servers();
  builder.keep_acceptors();
  builder.find_knocking();
  builder.count_past();
  builder.add_sockets();
  builder.group_clients();
  builder.add_threads_without_sockets();
  return std::move(builder.model);
}

ThreadId owner_of(const State& state, const SocketState& socket) {
  const auto is_play = [&](ThreadId id) {
    const ThreadState* thread = state.thread(id);
    return thread != nullptr && thread->alive && thread->role == ThreadRole::play;
  };
  for (const ThreadState& thread : state.threads()) {
    const bool inside = !thread.calls.empty() && thread.calls.back().socket == socket.id;
    if (inside && is_play(thread.id)) return thread.id;
  }
  if (is_play(socket.maker)) return socket.maker;
  for (const ThreadState& thread : state.threads()) {
    if (thread.last_socket == socket.id && is_play(thread.id)) return thread.id;
  }
  return 0;
}

}  // namespace sockscope
