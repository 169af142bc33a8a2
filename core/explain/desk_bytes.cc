// Sending, receiving, ending: what became of the connection, and by whom.

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "explain/failure.h"

namespace sockscope {
namespace {

const SocketState* peer_of(const Failure& f) {
  return f.socket == nullptr || f.socket->peer_id == 0 ? nullptr : f.before.socket(f.socket->peer_id);
}

// Whether `socket` sent something after `moment`.
bool sent_after(const Failure& f, SocketId socket, Time moment) {
  const std::uint64_t least = f.returned_seq > kMostScanned ? f.returned_seq - kMostScanned : 0;
  for (std::uint64_t seq = f.entered_seq; seq-- > least && f.trace[seq].at >= moment;) {
    const auto* entered = std::get_if<event::CallEntered>(&f.trace[seq].body);
    if (entered != nullptr && entered->socket == socket && info(entered->name).freed_by == "recv")
      return true;
  }
  return false;
}

// SO_LINGER on with 0 seconds, as struct linger in bytes.
bool lingers_not(const SocketState& socket) {
  for (const SetOption& set : socket.options) {
    if (set.level != SOL_SOCKET || set.option != SO_LINGER || set.bytes.size() < sizeof(linger)) continue;
    linger value{};
    std::memcpy(&value, set.bytes.data(), sizeof value);
    return value.l_onoff != 0 && value.l_linger == 0;
  }
  return false;
}

// Why the peer's kernel sent an RST, as far as this trace proves it.
void why_reset_by(const Failure& f, const SocketState& peer, Explanation& out) {
  const std::string who = f.of(peer.id);
  const std::uint64_t sent = f.socket->bytes_sent, read = peer.bytes_received;
  if (lingers_not(peer)) {
    seen(out, f.say("{0} was closed with SO_LINGER of 0 seconds", who),
         f.say("That is an RST instead of a FIN."));
  } else if (sent_after(f, f.socket->id, peer.closed)) {
    seen(out, f.say("{0} was closed, and bytes came for it after that", who),
         f.say("Its kernel answers such bytes with an RST."));
  } else if (sent > read) {
    seen(out, f.say("{0} was closed with {1} bytes unread", who, sent - read),
         f.say("Its kernel then sends an RST instead of a FIN."));
  } else {
    possible(out, f.say("{0} was closed", who));
  }
}

const SocketState* closed_listener(const Failure& f) {
  for (const SocketState& s : f.before.sockets())
    if (s.id != 0 && s.backlog >= 0 && s.closed != 0 && f.socket != nullptr && s.local == f.socket->peer)
      return &s;
  return nullptr;
}

void why_reset(const Failure& f, Explanation& out) {
  const SocketState* peer = peer_of(f);
  if (peer != nullptr && peer->closed != 0) return why_reset_by(f, *peer, out);
  const SocketState* listener = peer == nullptr ? closed_listener(f) : nullptr;
  if (listener != nullptr) {
    possible(out, f.say("The listener was closed before this connection was accepted"),
             f.say("{0} was closed; those who wait in its accept queue get an RST.", f.of(listener->id)));
    return;
  }
  possible(out, f.say("The peer's program closed its socket with bytes unread, or ended"),
           f.say("Its kernel then answers with an RST."));
}

void broken(const Failure& f, Explanation& out) {
  if (f.socket != nullptr && f.socket->shut_write) {
    out.plain = f.say("{0} was shut down for writing, so nothing more can be sent.", f.own());
    seen(out, f.say("shutdown() was called"), f.say("It told the peer that nothing more comes."));
    return;
  }
  if (f.socket != nullptr && !f.socket->peer.known() && f.socket->state != TcpState::ESTABLISHED) {
    out.plain = f.say("{0} has no connection to send on.", f.own());
    possible(out, f.say("It was never connected, or the connection is over"));
    return;
  }
  out.plain = f.say("The connection to {0} is over: nobody takes these bytes.", f.at());
  why_reset(f, out);
  out.causes.back().why +=
      (out.causes.back().why.empty() ? std::string() : f.between()) +
      f.say("The first bytes after that still left; their answer makes later sends fail.");
}

void reset(const Failure& f, Explanation& out) {
  out.plain = f.is_connect() ? f.say("{0} ended the connection with an RST.", f.at())
                             : f.say("The peer at {0} ended the connection with an RST.", f.at());
  why_reset(f, out);
}

bool told_not_to_wait(const Failure& f) {
  const auto flags = f.is_receive() ? f.entered.args.numbers[1] : f.entered.args.numbers[0];
  return (f.is_receive() || f.is_send()) && (flags & MSG_DONTWAIT) != 0;
}

bool has_kernel_timeout(const Failure& f) {
  return f.socket != nullptr && (f.option_set(*f.socket, SOL_SOCKET, SO_RCVTIMEO) ||
                                 f.option_set(*f.socket, SOL_SOCKET, SO_SNDTIMEO));
}

void would_wait(const Failure& f, Explanation& out) {
  if (f.is_receive())
    out.plain = f.say("Nothing is there to receive on {0} yet.", f.own());
  else if (f.call() == Call::accept)
    out.plain = f.say("Nobody waits in the accept queue of {0}.", f.own());
  else if (f.is_send())
    out.plain = f.say("The send queue of {0} is full.", f.own());
  else
    out.plain = f.say("{0} would have to wait.", f.own());
  if (f.is_connect() && f.asked.family == AF_UNIX) {
    out.plain = f.say("The accept queue at {0} is full.", f.at());
    f.offer(seen(out, f.say("A Unix socket has no SYN that could be repeated"),
                 f.say("So connect() waits for a free seat, or, when it must not wait, fails at once.")),
            f.say("Let it block"), "{0}.setblocking(True)");
    return;
  }
  if (f.is_connect()) {
    possible(out, f.say("The accept queue is full"), f.say("Or no local port is free."));
    return;
  }
  Cause& cause =
      told_not_to_wait(f) ? seen(out, f.say("This call has MSG_DONTWAIT"), f.say("It must not wait."))
      : f.socket != nullptr && f.socket->deadline_ns == 0
          ? seen(out, f.say("{0} does not block: setblocking(False), or a timeout of 0", f.own()))
      : has_kernel_timeout(f)
          ? seen(out, f.say("SO_RCVTIMEO or SO_SNDTIMEO is set on {0}, and its time is over", f.own()))
          : possible(out, f.say("The socket does not block"));
  f.offer(cause, f.say("Wait until it is ready"),
          f.is_send() ? "select.select([], [{0}], [], 5)" : "select.select([{0}], [], [], 5)");
  f.offer(cause, f.say("Let it block"), "{0}.setblocking(True)");
}

void why_timed_out(const Failure& f, Explanation& out) {
  const SocketState* peer = peer_of(f);
  if (f.is_send() && peer != nullptr && peer->open && peer->recv_queue > 0)
    seen(out, f.say("The peer does not read"),
         f.say("{0} has {1} bytes unread in its receive queue.", f.of(peer->id), peer->recv_queue));
  if (f.is_receive() && peer != nullptr && peer->open)
    seen(out, f.say("The peer has sent nothing"), f.say("{0} is open: it may send later.", f.of(peer->id)));
  if (out.causes.empty()) possible(out, f.say("What the call waits for did not happen in time"));
  f.offer(out.causes.front(), f.say("Wait without an end"), "{0}.settimeout(None)");
}

// The socket's own timeout, kept with poll(2): Python's, not the kernel's.
void timed_out(const Failure& f, Explanation& out) {
  const std::string limit = f.socket == nullptr ? "" : python_seconds(f.socket->deadline_ns);
  if (f.is_receive())
    out.plain = f.say("Nothing came on {0} within its timeout of {1} s.", f.own(), limit);
  else if (f.call() == Call::accept)
    out.plain = f.say("No client came to {0} within its timeout of {1} s.", f.own(), limit);
  else if (f.is_send())
    out.plain = f.say("The peer of {0} made no room within its timeout of {1} s.", f.own(), limit);
  else if (f.is_connect())
    return no_answer(f, out);
  else
    out.plain = f.say("{0} did not come to an end within its timeout.", f.own());
  why_timed_out(f, out);
}

void not_connected(const Failure& f, Explanation& out) {
  if (f.socket != nullptr && f.socket->state == TcpState::LISTEN) {
    out.plain = f.say("{0} listens: it carries no bytes itself.", f.own());
    f.offer(seen(out, f.say("The bytes go through the socket that accept() gives"),
                 f.say("There is a new one for each client.")),
            f.say("Take a client"), "conn, addr = {0}.accept()");
    return;
  }
  out.plain = f.say("{0} has no connection.", f.own());
  const SocketState* peer = peer_of(f);
  if (peer != nullptr && peer->closed != 0)
    seen(out, f.say("The connection is over"), f.say("It was to {0}, which was closed.", f.of(peer->id)));
  else if (f.socket != nullptr && !f.socket->peer.known())
    seen(out, f.say("connect() was not called on it, or did not succeed"));
  else
    possible(out, f.say("The connection is over"));
}

void too_long(const Failure& f, Explanation& out) {
  const std::uint64_t bytes = f.entered.args.data.total();
  out.plain = f.say("{0} bytes do not fit into one datagram.", bytes);
  const std::string title = f.say("A datagram has a greatest length");
  const std::string pieces = f.say("Send it in pieces, or over a stream.");
  if (f.socket != nullptr && f.socket->family == AF_INET && bytes > 65'507)
    seen(
        out, title,
        f.say("UDP over IPv4 holds 65507 bytes: 65535 less the headers of 20 and 8.") + f.between() + pieces);
  else if (f.socket != nullptr && f.socket->family == AF_INET6 && bytes > 65'527)
    seen(out, title, f.say("UDP over IPv6 holds 65527 bytes.") + f.between() + pieces);
  else
    possible(out, title,
             f.say("It must fit into the send buffer, SO_SNDBUF, as a whole.") + f.between() + pieces);
}

void no_destination(const Failure& f, Explanation& out) {
  out.plain = f.say("{0} does not know where to send it.", f.own());
  seen(out, f.say("It has no peer, and send() names none"), f.say("sendto() names one; or connect() first."));
}

}  // namespace

bool explain_moving(const Failure& f, Explanation& out) {
  if (f.returned.timed_out || (f.call() == Call::connect_ex && f.error == EAGAIN)) {
    timed_out(f, out);
    return true;
  }
  switch (f.error) {
    case EPIPE:
      broken(f, out);
      return true;
    case ECONNRESET:
      reset(f, out);
      return true;
    case EAGAIN:
      would_wait(f, out);
      return true;
    case ENOTCONN:
      not_connected(f, out);
      return true;
    case EMSGSIZE:
      too_long(f, out);
      return true;
    case EDESTADDRREQ:
      no_destination(f, out);
      return true;
    case ETIMEDOUT:
      out.plain = f.say(
          "The peer at {0} answered nothing for so long that the kernel gave the connection up.", f.at());
      possible(out, f.say("The way to it is cut, or its machine is down"));
      return true;
    default:
      return false;
  }
}

}  // namespace sockscope
