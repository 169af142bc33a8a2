// Who waits for whom, as far as the state proves it.

#include <sys/socket.h>

#include <algorithm>

#include "explain/failure.h"
#include "explain/waiting.h"

namespace sockscope {
namespace {

bool receives(Call call) {
  return call == Call::recv || call == Call::recv_into || call == Call::recvmsg || call == Call::recvfrom;
}
bool sends(Call call) {
  return call == Call::send || call == Call::sendall || call == Call::sendmsg || call == Call::sendfile ||
         call == Call::os_sendfile;
}

bool has_timeout(const ThreadState& thread, const SocketState& socket) {
  for (const OpenCall& call : thread.calls)
    if (call.deadline >= 0) return true;
  return std::any_of(socket.options.begin(), socket.options.end(), [](const SetOption& set) {
    return set.level == SOL_SOCKET && (set.option == SO_RCVTIMEO || set.option == SO_SNDTIMEO);
  });
}

bool empty_between(const SocketState& one, const SocketState& other) {
  return one.unread.empty() && other.unread.empty() && one.recv_queue == 0 && other.recv_queue == 0 &&
         one.send_queue == 0 && other.send_queue == 0;
}

// The blocked thread that would have to act on `socket`: the one that is in a call on it, else the one that
// serves it, else the one that made it.
const ThreadState* user_of(const State& state, const SocketState& socket) {
  for (const ThreadState& t : state.threads())
    if (t.alive && t.blocked && !t.calls.empty() && t.calls.back().socket == socket.id) return &t;
  for (const ThreadState& t : state.threads())
    if (t.alive && t.serving == socket.id) return &t;
  return state.thread(socket.maker);
}

// The end of the connection that could free the call, if both ends are ours and nothing else can.
const SocketState* other_end(const State& state, const ThreadState& thread) {
  if (!thread.alive || !thread.blocked || thread.calls.empty()) return nullptr;
  const OpenCall& call = thread.calls.back();
  const SocketState* socket = call.socket == 0 ? nullptr : state.socket(call.socket);
  const SocketState* peer =
      socket == nullptr || socket->peer_id == 0 ? nullptr : state.socket(socket->peer_id);
  if (peer == nullptr || !socket->open || !peer->open || has_timeout(thread, *socket)) return nullptr;
  if (socket->type == SOCK_DGRAM || socket->type == SOCK_RAW) return nullptr;  // anybody may send a datagram
  if (receives(call.name)) return !peer->shut_write && empty_between(*socket, *peer) ? peer : nullptr;
  return sends(call.name) ? peer : nullptr;
}

// Whom it waits for; 0: nobody, or it is not proved.
ThreadId waits_on(const State& state, const ThreadState& thread) {
  const SocketState* peer = other_end(state, thread);
  const ThreadState* other = peer == nullptr ? nullptr : user_of(state, *peer);
  if (other == nullptr || !other->alive || !other->blocked || other->calls.empty()) return 0;
  const OpenCall& doing = other->calls.back();
  const bool reads_it = doing.socket == peer->id && receives(doing.name);
  return sends(thread.calls.back().name) && reads_it ? 0 : other->id;
}

// A thread that runs now may do anything, on any socket: variables are shared. An idle one does nothing by
// itself.
bool moves(const ThreadState& thread) {
  if (thread.id == 0 || !thread.alive || thread.blocked) return false;
  const bool directives = thread.name == "main" && thread.calls.empty();
  return !thread.calls.empty() || thread.role != ThreadRole::play || (thread.line_running && !directives);
}

std::vector<ThreadId> circle_from(const State& state, ThreadId first) {
  std::vector<ThreadId> way;
  for (ThreadId at = first; at != 0;) {
    const auto been = std::find(way.begin(), way.end(), at);
    if (been != way.end()) return {been, way.end()};
    way.push_back(at);
    const ThreadState* thread = state.thread(at);
    at = thread == nullptr ? 0 : waits_on(state, *thread);
  }
  return {};
}

}  // namespace

std::vector<ThreadId> deadlock(const State& state) {
  const auto& threads = state.threads();
  if (std::any_of(threads.begin(), threads.end(), moves)) return {};
  for (const ThreadState& thread : threads) {
    if (thread.id == 0 || !thread.blocked) continue;
    std::vector<ThreadId> circle = circle_from(state, thread.id);
    if (!circle.empty()) return circle;
  }
  return {};
}

std::string deadlock_text(const State& state, const Translate& tr) {
  const std::vector<ThreadId> circle = deadlock(state);
  if (circle.empty()) return {};
  const Say say(tr);
  std::string text;
  for (std::size_t i = 0; i < circle.size(); ++i) {
    const ThreadState& thread = *state.thread(circle[i]);
    const std::string next = thread_name(state, circle[(i + 1) % circle.size()]);
    const auto what = waits_for(state, thread.id, tr);
    const std::string one =
        circle.size() == 1 ? say("{0} waits for itself, in {1}: for {2}", plain(thread.name),
                                 info(thread.calls.back().name).python, what ? what->what : std::string())
                           : say("{0} waits for {1}, in {2}: for {3}", plain(thread.name), next,
                                 info(thread.calls.back().name).python, what ? what->what : std::string());
    text = text.empty() ? one : say("{0}; {1}", text, one);
  }
  return say("A deadlock: {0}. None of them can go on by itself.", text);
}

}  // namespace sockscope
