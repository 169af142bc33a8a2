// connect and its relations: who listens, who does not, who does not answer.

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "explain/failure.h"

namespace sockscope {
namespace {

bool same_ip(const Address& a, const Address& b) {
  return a.family == b.family && a.ip == b.ip;
}

// One of ours before another program's.
const event::AddressHeld* held_in(const Failure& f, TcpState state) {
  const event::AddressHeld* found = nullptr;
  for (const event::AddressHeld* held : f.held)
    if (held->state == state && (found == nullptr || (found->socket == 0 && held->socket != 0))) found = held;
  return found;
}

// A listening socket of ours that was at this port and is closed.
const SocketState* former_listener(const Failure& f) {
  const SocketState* latest = nullptr;
  for (const SocketState& s : f.before.sockets()) {
    const bool there = s.id != 0 && s.backlog >= 0 && !s.open && s.closed != 0 && f.asked.port != 0;
    if (there && s.local.port == f.asked.port && (latest == nullptr || s.closed > latest->closed))
      latest = &s;
  }
  return latest;
}

const SocketState* only_listener(const Failure& f) {
  const SocketState* found = nullptr;
  for (const SocketState& s : f.before.sockets()) {
    if (s.id == 0 || !s.open || s.state != TcpState::LISTEN || s.local.port == f.asked.port) continue;
    if (found != nullptr) return nullptr;
    found = &s;
  }
  return found;
}

void offer_connect(const Failure& f, Cause& cause, const Address& to) {
  f.offer(cause, f.say("Connect to {0}", place(to)), "c2 = create_connection(" + to_python(to) + ")");
}

void refused_but_listens(const Failure& f, const event::AddressHeld& listener, Explanation& out) {
  const std::string who = f.holder(listener), where = place(listener.local);
  if (listener.local.family != f.asked.family) {
    out.plain = f.say("Nobody listens at {0}, but {1} listens at {2}: the other family.", f.at(), who, where);
    offer_connect(f,
                  seen(out, f.say("The server listens on the other address family"),
                       f.say("The port is right and the family is not: {0} takes no connections to {1}.",
                             where, f.at())),
                  listener.local);
  } else if (!same_ip(listener.local, f.asked)) {
    out.plain = f.say("Nobody listens at {0}, but {1} listens at {2}: another address.", f.at(), who, where);
    offer_connect(f,
                  seen(out, f.say("The server listens on another address of this machine"),
                       f.say("A listener takes only what comes to its own address, {0}.", where)),
                  listener.local);
  } else {
    out.plain = f.say("The connection to {0} was refused, though {1} listens there now.", f.at(), who);
    offer_connect(f, possible(out, f.say("It began to listen only after the call was refused")),
                  listener.local);
    return;
  }
  ruled_out(out, f.say("The server is not running"), f.say("{0} listens at {1}.", who, where));
}

void offer_server(const Failure& f, Cause& cause) {
  f.offer(cause, f.say("Listen there"), "s2 = create_server(" + to_python(f.asked) + ")");
}

void nobody_there(const Failure& f, Explanation& out) {
  if (f.asked.port == 0) {
    out.plain = f.say("Nobody can listen at {0}: port 0 is no port.", f.at());
    seen(out, f.say("For bind() a 0 means: choose one"), f.say("getsockname() says which one it became."));
    return;
  }
  out.plain = f.say("Nobody listens at {0}.", f.at());
  const std::string none = f.say("No socket of this machine has the port {0}.", f.asked.port);
  const bool empty = f.looked_well() && f.held.empty();
  if (const SocketState* former = former_listener(f)) {
    offer_server(f,
                 seen(out, f.say("The server was closed"),
                      f.say("{0} listened at {1}, and was closed.", f.of(former->id), place(former->local))));
  } else if (empty) {
    offer_server(f, seen(out, f.say("The server was not started yet, or has ended"), none));
  } else {
    possible(out, f.say("The server was not started yet, or has ended"));
  }
  if (const SocketState* other = only_listener(f))
    offer_connect(f,
                  possible(out, f.say("Another port was meant"),
                           f.say("{0} listens at {1}.", f.of(other->id), place(other->local))),
                  other->local);
  if (empty) {
    ruled_out(out, f.say("The server listens on the other address family"), none);
    ruled_out(out, f.say("The server is bound and does not listen yet"), none);
  } else if (!f.looked_well()) {
    unchecked(out, f.say("Another program has the port"), f.say("The kernel could not be asked who has it."));
  }
}

void bound_only(const Failure& f, const event::AddressHeld& bound, Explanation& out) {
  const std::string who = f.holder(bound);
  out.plain = f.say("Nobody listens at {0}: {1} is bound there, but does not listen.", f.at(), who);
  Cause& cause = seen(out, f.say("The server is bound and does not listen yet"),
                      f.say("{0} has an address, but listen() was not called on it.", who));
  if (bound.socket != 0) f.offer_on(cause, bound.socket, f.say("Listen there"), "{0}.listen()");
}

void refused_stream(const Failure& f, Explanation& out) {
  if (const event::AddressHeld* listener = held_in(f, TcpState::LISTEN))
    return refused_but_listens(f, *listener, out);
  if (const event::AddressHeld* bound = held_in(f, TcpState::CLOSED)) return bound_only(f, *bound, out);
  nobody_there(f, out);
}

void refused_unix(const Failure& f, Explanation& out) {
  if (!f.held.empty()) return bound_only(f, *f.held.front(), out);
  if (f.asked.path.view().starts_with('\0')) {
    out.plain = f.say("No socket has the name {0}.", f.at());
    possible(out, f.say("The server was not started yet, or has ended"));
    return;
  }
  out.plain = f.say("The path {0} is there, but no socket is behind it.", f.at());
  left_behind(f, out);
}

void refused_datagram(const Failure& f, Explanation& out) {
  out.plain = f.say("Nobody took an earlier datagram at {0}.", f.at());
  possible(out, f.say("No socket was bound there when the datagram came"),
           f.say("Its ICMP answer is told at the next call of the connected socket."));
}

void refused(const Failure& f, Explanation& out) {
  if (f.asked.family == AF_UNIX) return refused_unix(f, out);
  if (f.socket != nullptr && f.socket->type == SOCK_DGRAM) return refused_datagram(f, out);
  refused_stream(f, out);
}

bool blocks_not(const Failure& f) {
  return f.socket != nullptr && f.socket->deadline_ns == 0;
}

void under_way(const Failure& f, Explanation& out) {
  out.plain = f.error == EALREADY
                  ? f.say("An earlier connect of {0} is still under way.", f.own())
                  : f.say("The handshake with {0} has begun; this socket does not wait for its end.", f.at());
  const std::string why = f.say("select() says when it can be written, and SO_ERROR how it went.");
  Cause& cause =
      blocks_not(f)
          ? seen(out, f.say("{0} does not block: setblocking(False), or a timeout of 0", f.own()), why)
          : possible(out, f.say("The socket does not block"), why);
  f.offer(cause, f.say("Wait until it is connected"), "select.select([], [{0}], [], 5)");
  f.offer(cause, f.say("Ask how it went"), "{0}.getsockopt(SOL_SOCKET, SO_ERROR)");
}

void connected_already(const Failure& f, Explanation& out) {
  const bool known = f.socket != nullptr && f.socket->peer.known();
  out.plain = known ? f.say("{0} is connected already, to {1}.", f.own(), place(f.socket->peer))
                    : f.say("{0} is connected already.", f.own());
  Cause& cause = f.is_send() ? seen(out, f.say("A connected socket has its peer"),
                                    f.say("sendto() must not name another one; send() needs none."))
                             : seen(out, f.say("One socket makes one connection"),
                                    f.say("For another one, make another socket."));
  f.offer(cause, f.say("Ask for the peer"), "{0}.getpeername()");
}

void no_such_path(const Failure& f, Explanation& out) {
  if (f.call() == Call::bind) {
    out.plain = f.say("A directory of the path {0} does not exist.", f.at());
    seen(out, f.say("bind() makes the socket's file, but no directory"));
    return;
  }
  out.plain = f.say("No socket has the path {0}.", f.at());
  Cause& cause = possible(out, f.say("The server was not started yet, or its file was removed"),
                          f.say("No such file is there: bind() makes it."));
  f.offer(cause, f.say("Make the server's socket"), "s2 = socket(AF_UNIX, SOCK_STREAM)");
  f.offer(cause, f.say("Bind it"), "s2.bind(" + to_python(f.asked) + ")");
  f.offer(cause, f.say("Listen there"), "s2.listen()");
}

// The listener that the connection was meant for, when it is ours.
const SocketState* our_listener(const Failure& f) {
  for (const event::AddressHeld* held : f.held) {
    if (held->state == TcpState::LISTEN && held->socket != 0) return f.before.socket(held->socket);
  }
  return nullptr;
}

}  // namespace

void no_answer(const Failure& f, Explanation& out) {
  const SocketState* listener = our_listener(f);
  const bool full = listener != nullptr && listener->accept_queue > listener->limit;
  if (full) {
    out.plain = f.say("{0} listens at {1}, but its accept queue is full: the SYN is not answered.",
                      f.of(listener->id), f.at());
    Cause& cause = seen(out, f.say("The accept queue is full"),
                        f.say("It holds {0} connections, one more than its limit of {1}.",
                              listener->accept_queue, listener->limit));
    f.offer_on(cause, listener->id, f.say("Take one of them"), "{0}.accept()");
    return;
  }
  out.plain = f.say("{0} did not answer in time.", f.at());
  if (f.looked_well() && f.held.empty())
    ruled_out(out, f.say("The accept queue is full"),
              f.say("No socket of this machine has the port {0}.", f.asked.port));
  else
    possible(out, f.say("The accept queue is full"), f.say("A SYN is then dropped, and sent again later."));
  possible(out, f.say("The SYN was lost, or something threw it away"));
}

bool explain_connecting(const Failure& f, Explanation& out) {
  switch (f.error) {
    case ECONNREFUSED:
      refused(f, out);
      return true;
    case ETIMEDOUT:
      if (!f.is_connect()) return false;
      no_answer(f, out);
      return true;
    case EINPROGRESS:
    case EALREADY:
      under_way(f, out);
      return true;
    case EISCONN:
      connected_already(f, out);
      return true;
    case ENOENT:
      no_such_path(f, out);
      return true;
    case ENETUNREACH:
    case EHOSTUNREACH:
      out.plain = f.say("The kernel knows no way to {0}.", f.at());
      possible(out, f.say("The interface is down, or no route leads there"));
      return true;
    case EPROTOTYPE:
      out.plain = f.say("The socket at {0} is of another type.", f.at());
      possible(out, f.say("Both ends need the same type"),
               f.say("SOCK_STREAM speaks to SOCK_STREAM only, SOCK_DGRAM to SOCK_DGRAM."));
      return true;
    case ECONNABORTED:
      out.plain = f.say("The connection was given up before it could be used.");
      possible(out, f.say("The other side ended it while it waited"));
      return true;
    default:
      return false;
  }
}

}  // namespace sockscope
