// What is so now, as facts: who has the address, and what is known of the socket itself.

#include <netinet/in.h>

#include <algorithm>

#include "explain/failure.h"

namespace sockscope {
namespace {

std::string what_held(const Failure& f, const event::AddressHeld& held) {
  if (held.local.family == AF_UNIX)
    return held.state == TcpState::LISTEN ? f.say("listening on this name") : f.say("bound to this name");
  switch (held.state) {
    case TcpState::LISTEN:
      return f.say("listening on port {0}", held.local.port);
    case TcpState::CLOSED:
    case TcpState::not_known:
      return f.say("bound to port {0}", held.local.port);
    default:
      return f.say("{0} on port {1}", name_of(held.state), held.local.port);
  }
}

bool listens_there(const Failure& f, const Address& local) {
  return std::any_of(f.held.begin(), f.held.end(), [&](const event::AddressHeld* other) {
    return other->state == TcpState::LISTEN && other->local.port == local.port;
  });
}

std::string known_of(const Failure& f, const event::AddressHeld& held) {
  // Until accept() takes it, a connection belongs to no program: it has no holder, and root's number.
  const bool connection =
      held.state != TcpState::LISTEN && held.state != TcpState::CLOSED && held.state != TcpState::TIME_WAIT;
  const bool nobodys = held.socket == 0 && held.holder.empty() && held.uid == 0;
  if (connection && nobodys && listens_there(f, held.local)) return f.say("a connection not accepted yet");
  if (held.socket == 0 && held.state == TcpState::TIME_WAIT) return f.say("the kernel's, of a closed socket");
  return f.holder(held) + ", " + constant_name("AF", held.local.family);
}

void add_holders(const Failure& f, Explanation& out) {
  if (f.looked == nullptr) return;
  if (f.looked->error != 0) {
    out.now.push_back({f.say("who has {0}", place(f.looked->asked)), f.say("not known"),
                       f.say("the kernel could not be asked: {0}", errno_name(f.looked->error))});
    return;
  }
  for (const event::AddressHeld* held : f.held)
    out.now.push_back({what_held(f, *held), place(held->local), known_of(f, *held)});
  if (f.held.empty())
    out.now.push_back(
        {f.say("who has {0}", place(f.looked->asked)), f.say("nobody"), f.say("the kernel was asked")});
}

void add_socket(const Failure& f, Explanation& out) {
  if (f.socket == nullptr) return;
  const SocketState& s = *f.socket;
  const std::string own = f.own();
  if (!s.open) {
    out.now.push_back({own, f.say("closed"), {}});
    return;
  }
  std::string kind = constant_name("AF", s.family) + ", " + constant_name("SOCK", s.type);
  if (s.state != TcpState::not_known) kind += ", " + std::string(name_of(s.state));
  out.now.push_back({own, kind, s.local.known() ? place(s.local) : std::string()});
  if (s.deadline_ns >= 0)
    out.now.push_back({f.say("timeout of {0}", own), python_seconds(s.deadline_ns) + " s", {}});
  if (f.error == EADDRINUSE && s.family != AF_UNIX)
    out.now.push_back({f.say("SO_REUSEADDR on {0}", own),
                       f.option_set(s, SOL_SOCKET, SO_REUSEADDR) ? f.say("set") : f.say("not set"),
                       {}});
}

void add_peer(const Failure& f, Explanation& out) {
  const SocketState* peer =
      f.socket == nullptr || f.socket->peer_id == 0 ? nullptr : f.before.socket(f.socket->peer_id);
  if (peer == nullptr) return;
  out.now.push_back({f.say("its peer, {0}", f.of(peer->id)), peer->open ? f.say("open") : f.say("closed"),
                     place(peer->local)});
}

}  // namespace

void add_facts(const Failure& f, Explanation& out) {
  add_holders(f, out);
  add_socket(f, out);
  add_peer(f, out);
}

}  // namespace sockscope
