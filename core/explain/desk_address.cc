// bind and listen: who has the address, and whether it may be had.

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "explain/cell_text.h"
#include "explain/failure.h"

namespace sockscope {
namespace {

bool is_any_address(const Address& address) {
  return std::all_of(address.ip.begin(), address.ip.end(), [](std::uint8_t byte) { return byte == 0; });
}

// Whether both cannot be had at once: a listener on another address of the port is no obstacle.
bool conflicts(const Address& one, const Address& other) {
  if (one.family == other.family) return one.ip == other.ip || is_any_address(one) || is_any_address(other);
  return is_any_address(one.family == AF_INET6 ? one : other);  // [::] takes IPv4 too
}

const event::AddressHeld* first_in(const Failure& f, TcpState state) {
  for (const event::AddressHeld* held : f.held)
    if (held->state == state && conflicts(f.asked, held->local)) return held;
  return nullptr;
}

bool reuse_address(const Failure& f, const SocketState& socket) {
  return f.option_set(socket, SOL_SOCKET, SO_REUSEADDR);
}

// Our end of the old connection that is in TIME_WAIT: closed, with that very address and a peer.
const SocketState* old_end(const Failure& f, const event::AddressHeld& waits) {
  const SocketState* latest = nullptr;
  for (const SocketState& s : f.before.sockets()) {
    const bool it = s.id != 0 && s.closed != 0 && s.peer.known() && s.local == waits.local;
    if (it && (latest == nullptr || s.closed > latest->closed)) latest = &s;
  }
  return latest;
}

constexpr std::string_view kReuse = "{0}.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)";

void in_time_wait(const Failure& f, const event::AddressHeld& waits, Explanation& out) {
  out.plain = f.say("{0} still belongs to an old connection in TIME_WAIT.", place(waits.local));
  const SocketState* end = old_end(f, waits);
  seen(out, f.say("This side closed the old connection first"),
       end != nullptr
           ? f.say("TIME_WAIT stays for 60 seconds on the side that closed first: here {0}.", f.of(end->id))
           : f.say(
                 "TIME_WAIT stays for 60 seconds on the side that closed first: the one with this address."));
  const SocketState* listener = end == nullptr ? nullptr : f.before.socket(end->from);
  const bool here = f.socket != nullptr && reuse_address(f, *f.socket);
  const bool then = listener != nullptr && reuse_address(f, *listener);
  const std::string old = listener == nullptr ? std::string() : f.of(listener->id);
  if (!here) {
    Cause& cause =
        seen(out, f.say("SO_REUSEADDR is not set on {0}", f.own()),
             listener == nullptr ? f.say("Set before bind(), it helps when the old server had set it too.")
             : then ? f.say("{0}, the old server, had set it: with it bind() would succeed.", old)
                    : f.say("It helps when both had set it, and {0}, the old server, had not either.", old));
    f.offer(cause, f.say("Set SO_REUSEADDR"), kReuse);
  } else if (listener != nullptr && !then) {
    seen(out, f.say("SO_REUSEADDR was not set on the old server"),
         f.say("It is set on {0}, but {1} had not set it, and both must.", f.own(), old));
  } else {
    unchecked(out, f.say("SO_REUSEADDR was not set on the old server"));
  }
  ruled_out(out, f.say("A server is still running there"), f.say("Nobody listens at {0}.", f.at()));
}

void why_overlaps(const Failure& f, const event::AddressHeld& held, Explanation& out) {
  const std::string where = place(held.local);
  const std::string title = f.say("An address for all takes every address");
  if (held.local.family != f.asked.family && is_any_address(held.local))
    seen(out, title, f.say("[::] takes IPv4 too, unless IPV6_V6ONLY is set."));
  else if (is_any_address(held.local) && !is_any_address(f.asked))
    seen(out, title, f.say("{0} stands for every address of this machine, so also for {1}.", where, f.at()));
  else if (is_any_address(f.asked) && !is_any_address(held.local))
    seen(out, title, f.say("{0} stands for every address of this machine, so also for {1}.", f.at(), where));
}

void taken(const Failure& f, const event::AddressHeld& held, bool listens, Explanation& out) {
  const std::string who = f.holder(held), where = place(held.local);
  out.plain = listens ? f.say("{0} is taken: {1} listens at {2}.", f.at(), who, where)
                      : f.say("{0} is taken: {1} has {2}.", f.at(), who, where);
  Cause& cause = held.socket != 0
                     ? seen(out, f.say("{0} has the address", who), f.say("It has {0}.", where))
                     : seen(out, f.say("Another program has the address"), f.say("It is {0}.", who));
  if (f.call() == Call::bind && f.asked.family != AF_UNIX) {
    Address any_port = f.asked;
    any_port.port = 0;
    f.offer(cause, f.say("Let the kernel choose a port"), "{0}.bind(" + to_python(any_port) + ")");
  }
  if (held.socket != 0) f.offer_on(cause, held.socket, f.say("Close {0}", who), "{0}.close()");
  if (f.asked.family == AF_UNIX) return;
  why_overlaps(f, held, out);
  if (listens && f.socket != nullptr && reuse_address(f, *f.socket))
    ruled_out(out, f.say("SO_REUSEADDR is missing"),
              f.say("It is set, but while another socket listens it does not help."));
  ruled_out(out, f.say("An old connection is in TIME_WAIT"),
            listens ? f.say("The port is listened on now.") : f.say("The port is bound now."));
}

void path_taken(const Failure& f, Explanation& out) {
  if (!f.held.empty()) return taken(f, *f.held.front(), f.held.front()->state == TcpState::LISTEN, out);
  out.plain = f.say("The path {0} exists already.", f.at());
  left_behind(f, out);
}

void in_use(const Failure& f, Explanation& out) {
  if (f.asked.family == AF_UNIX) return path_taken(f, out);
  if (f.call() == Call::setsockopt) {
    out.plain = f.say("{0} is a member of this group already.", f.own());
    return;
  }
  if (const event::AddressHeld* held = first_in(f, TcpState::LISTEN)) return taken(f, *held, true, out);
  for (const TcpState state : {TcpState::CLOSED, TcpState::not_known})
    if (const event::AddressHeld* held = first_in(f, state)) return taken(f, *held, false, out);
  if (const event::AddressHeld* held = first_in(f, TcpState::TIME_WAIT)) return in_time_wait(f, *held, out);
  const auto other = std::find_if(f.held.begin(), f.held.end(), [&](const event::AddressHeld* held) {
    return conflicts(f.asked, held->local);
  });
  if (other != f.held.end()) {
    const event::AddressHeld& held = **other;
    out.plain = f.say("{0} still belongs to a connection in {1}.", place(held.local), name_of(held.state));
    seen(out, f.say("A connection of the old server is not over yet"),
         held.socket != 0 ? f.say("It is the connection of {0}.", f.holder(held)) : std::string());
    return;
  }
  out.plain = f.is_connect() ? f.say("This very connection to {0} exists already.", f.at())
                             : f.say("{0} is taken already.", f.at());
  possible(out, f.say("Another socket has it, or an old connection of it is in TIME_WAIT"));
}

void not_available(const Failure& f, Explanation& out) {
  if (f.call() == Call::bind || f.call() == Call::create_server) {
    out.plain = f.say("{0} is not an address of this machine.", plain(host_of(f.asked)));
    Cause& cause = seen(out, f.say("bind() takes an address that this machine has"),
                        f.say("127.0.0.1 and ::1 always are, and 0.0.0.0 means all."));
    f.offer(cause, f.say("Bind to this machine"), fmt::format("{{0}}.bind(('127.0.0.1', {}))", f.asked.port));
    return;
  }
  out.plain = f.say("There is no local address or port from which to reach {0}.", f.at());
  if (f.asked.port == 0) seen(out, f.say("Port 0 is no port"), f.say("Nobody can be there."));
  possible(out, f.say("Every local port is in use, many perhaps in TIME_WAIT"));
}

bool is_broadcast(const Address& address) {
  return address.family == AF_INET && address.ip[3] == 255;
}

void no_ping_socket(const Failure& f, Explanation& out) {
  const auto& [family, type, protocol, fileno, unused] = f.entered.args.numbers;
  const CellText cell = cell_text(
      {static_cast<int>(family), static_cast<int>(type), static_cast<int>(protocol), f.error}, f.translate);
  out.plain = f.say("You are not permitted to make such a socket.");
  seen(out, cell.why, cell.where);
}

void no_access(const Failure& f, Explanation& out) {
  if (f.asked.family == AF_UNIX) {
    out.plain = f.say("You are not permitted to use the path {0}.", f.at());
    possible(out, f.say("The directory or the file is somebody else's"),
             f.say("bind() needs the right to write in the directory, connect() the right to write the "
                   "socket's file."));
    return;
  }
  if (f.call() == Call::bind || f.call() == Call::create_server) {
    out.plain = f.say("You are not permitted to have port {0}.", f.asked.port);
    const std::string title = f.say("Low ports need a privilege");
    const std::string why =
        f.say("net.ipv4.ip_unprivileged_port_start says from which port on everybody may.");
    Cause& cause = f.told("privileged-port") ? seen(out, title, why) : possible(out, title, why);
    Address high = f.asked;
    high.port = 8080;
    f.offer(cause, f.say("Take a higher port"), "{0}.bind(" + to_python(high) + ")");
    return;
  }
  if (f.call() == Call::socket) return no_ping_socket(f, out);
  out.plain = f.say("You are not permitted to do this.");
  if (!is_broadcast(f.asked) || f.socket == nullptr) return;
  out.plain = f.say("You are not permitted to send to the broadcast address {0}.", f.at());
  if (!f.option_set(*f.socket, SOL_SOCKET, SO_BROADCAST))
    f.offer(seen(out, f.say("SO_BROADCAST is not set on {0}", f.own()),
                 f.say("{0} is a broadcast address.", f.at())),
            f.say("Set SO_BROADCAST"), "{0}.setsockopt(SOL_SOCKET, SO_BROADCAST, 1)");
}

void no_permission(const Failure& f, Explanation& out) {
  if (f.told("not-here")) {
    out.plain = f.say("Sockscope did not let it through: {0} is not on this machine.", f.at());
    seen(out, f.say("Sockscope stays on this machine"),
         f.say("The kernel was not asked. Use 127.0.0.1 instead."));
  } else if (f.call() == Call::socket) {
    out.plain = f.say("Only a privileged program may make such a socket.");
    const std::string title = f.say("The privilege CAP_NET_RAW is missing");
    Cause& cause = f.entered.args.numbers[1] == SOCK_RAW
                       ? seen(out, title,
                              f.say("Every raw socket needs it. Pings go without it where "
                                    "net.ipv4.ping_group_range allows them."))
                       : possible(out, title);
    f.offer(cause, f.say("Try a ping socket"), "p = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)");
  } else {
    out.plain = f.say("Only a privileged program may do this.");
  }
}

}  // namespace

bool explain_address(const Failure& f, Explanation& out) {
  switch (f.error) {
    case EADDRINUSE:
      in_use(f, out);
      return true;
    case EADDRNOTAVAIL:
      not_available(f, out);
      return true;
    case EACCES:
      no_access(f, out);
      return true;
    case EPERM:
      no_permission(f, out);
      return true;
    case EAFNOSUPPORT:
      if (f.call() != Call::bind && !f.is_connect() && !f.is_send()) return false;
      out.plain = f.say("{0} and the address {1} are of different families.", f.own(), f.at());
      seen(out, f.say("A socket has one family, and takes addresses of that family only"));
      return true;
    default:
      return false;
  }
}

}  // namespace sockscope
