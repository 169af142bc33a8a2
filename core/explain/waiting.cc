#include "explain/waiting.h"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "explain/failure.h"
#include "explain/waiting_text.h"
#include "trace/connecting.h"

namespace sockscope {
namespace {

struct Blocked {
  const State& state;
  const Say& say;
  const Translate& tr;
  const OpenCall& call;
  const SocketState* socket;  // nullptr: none
  std::string of(SocketId id) const { return whose(state, id, tr); }
  const SocketState* peer() const {
    const SocketState* found = socket == nullptr ? nullptr : state.socket(socket->peer_id);
    return found != nullptr && found->open ? found : nullptr;
  }
};

bool has_kernel_peer(const Blocked& b) {
  return b.socket != nullptr && b.socket->peer.known();
}

void in_accept(const Blocked& b, WaitsFor& out) {
  if (b.socket == nullptr || !b.socket->local.known()) {
    out.what = b.say("a client");
    return;
  }
  out.what = b.say("a client, at {0}", place(b.socket->local));
  out.freed_by = b.say("a connect to {0}", place(b.socket->local));
}

bool any_host(const Address& address) {
  return std::all_of(address.ip.begin(), address.ip.end(), [](std::uint8_t byte) { return byte == 0; });
}

const SocketState* listener_at(const State& state, const Address& asked) {
  for (const SocketState& s : state.sockets()) {
    if (!s.open || s.backlog < 0 || s.local.family != asked.family) continue;
    const bool same =
        s.local == asked || (asked.port != 0 && s.local.port == asked.port && any_host(s.local));
    if (same) return &s;
  }
  return nullptr;
}

void in_connect(const Blocked& b, WaitsFor& out) {
  const Address* asked = b.socket == nullptr ? nullptr : connecting_to(b.state, b.socket->id);
  if (asked == nullptr) {
    out.what = b.say("the peer's kernel to answer");
    return;
  }
  const SocketState* listener = listener_at(b.state, *asked);
  const bool full = listener != nullptr && listener->accept_queue > listener->limit;
  if (full)
    out.what = b.say("a place in the accept queue of {0}, which is full: {1} of {2}", b.of(listener->id),
                     listener->accept_queue, listener->limit + 1);
  else if (asked->family == AF_UNIX)  // nothing else makes it wait
    out.what = b.say("a place in the accept queue at {0}, which is full", place(*asked));
  else
    out.what = b.say("SYN,ACK from {0}", place(*asked));
  if (listener != nullptr && (full || asked->family == AF_UNIX))
    out.freed_by = b.say("accept on {0}", b.of(listener->id));
}

void in_receive(const Blocked& b, WaitsFor& out) {
  const SocketState* peer = b.peer();
  const bool datagrams = b.socket != nullptr && (b.socket->type == SOCK_DGRAM || b.socket->type == SOCK_RAW);
  if (datagrams) {
    out.what =
        b.socket->local.known() ? b.say("a datagram to {0}", place(b.socket->local)) : b.say("a datagram");
    if (peer != nullptr)
      out.freed_by = b.say("send on {0}", b.of(peer->id));
    else if (b.socket->local.known())
      out.freed_by = b.say("a sendto to {0}", place(b.socket->local));
    return;
  }
  const bool named = has_kernel_peer(b) && (b.socket->peer.family != AF_UNIX || !b.socket->peer.path.empty());
  if (named)
    out.what = b.say("bytes or FIN from {0}", place(b.socket->peer));
  else
    out.what = peer != nullptr ? b.say("bytes or the end from {0}", b.of(peer->id)) : b.say("bytes or FIN");
  if (peer != nullptr) out.freed_by = b.say("send, shutdown or close on {0}", b.of(peer->id));
}

void in_send(const Blocked& b, WaitsFor& out) {
  const SocketState* peer = b.peer();
  if (peer != nullptr && peer->recv_queue > 0)
    out.what = b.say("room in the receive queue of {0}, where {1} bytes are unread", b.of(peer->id),
                     peer->recv_queue);
  else
    out.what = b.say("room in the peer's receive queue");
  if (peer != nullptr) out.freed_by = b.say("recv on {0}", b.of(peer->id));
}

// "s to be readable, c to be writable": at most four, then how many more.
void in_select(const Blocked& b, WaitsFor& out) {
  constexpr std::size_t kShown = 4;
  const auto watched = watched_by(b.call);
  std::string list;
  for (std::size_t i = 0; i < std::min(watched.size(), kShown); ++i) {
    const auto& [id, how] = watched[i];
    const std::string one = how == Watched::How::write    ? b.say("{0} to be writable", b.of(id))
                            : how == Watched::How::urgent ? b.say("urgent data on {0}", b.of(id))
                                                          : b.say("{0} to be readable", b.of(id));
    list = list.empty() ? one : b.say("{0}, or {1}", list, one);
  }
  if (watched.size() > kShown) list = b.say("{0}, or one of {1} more", list, watched.size() - kShown);
  out.what = list.empty() ? b.say("its time to run out: it watches nothing") : list;
}

void describe(const Blocked& b, WaitsFor& out) {
  switch (b.call.name) {
    case Call::accept:
      return in_accept(b, out);
    case Call::connect:
    case Call::connect_ex:
    case Call::create_connection:
      return in_connect(b, out);
    case Call::recv:
    case Call::recv_into:
    case Call::recvfrom:
    case Call::recvmsg:
      return in_receive(b, out);
    case Call::send:
    case Call::sendall:
    case Call::sendto:
    case Call::sendmsg:
    case Call::sendfile:
    case Call::os_sendfile:
      return in_send(b, out);
    case Call::select:
    case Call::poll:
      return in_select(b, out);
    case Call::epoll_wait:
      out.what = b.say("something to happen on one of the {0} sockets of its list", b.call.numbers[1]);
      return;
    default: {
      const std::string_view what = info(b.call.name).waits_for;
      out.what = what.empty() ? b.say("the kernel to answer") : b.say(what);
    }
  }
}

}  // namespace

std::vector<Watched> watched_by(const OpenCall& call) {
  std::vector<Watched> found;
  std::string_view text = call.text;
  auto how = Watched::How::read;
  while (!text.empty()) {
    SocketId id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    if (read.ec == std::errc()) {
      text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
      Watched one{id, how};
      if (call.name == Call::poll && text.starts_with(':')) {
        int events = 0;
        const auto mask = std::from_chars(text.data() + 1, text.data() + text.size(), events);
        constexpr int kOut = 4, kIn = 1;  // POLLOUT, POLLIN
        if ((events & kOut) != 0 && (events & kIn) == 0) one.how = Watched::How::write;
        text.remove_prefix(static_cast<std::size_t>(mask.ptr - text.data()));
      }
      found.push_back(one);
      continue;
    }
    if (text.front() == '|') how = how == Watched::How::read ? Watched::How::write : Watched::How::urgent;
    text.remove_prefix(1);
  }
  return found;
}

std::optional<WaitsFor> waits_for(const State& state, ThreadId thread, const Translate& tr) {
  const ThreadState* t = state.thread(thread);
  if (t == nullptr || !t->blocked || t->calls.empty()) return std::nullopt;
  const OpenCall& call = t->calls.back();
  const Say say(tr);
  WaitsFor out;
  out.since = t->blocked_since;
  for (const OpenCall& open : t->calls)
    if (open.deadline >= 0 && (out.deadline < 0 || open.deadline < out.deadline))
      out.deadline = open.deadline;
  describe({state, say, tr, call, call.socket == 0 ? nullptr : state.socket(call.socket)}, out);
  return out;
}

}  // namespace sockscope
