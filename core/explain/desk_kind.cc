// The wrong kind of socket, descriptor or argument; what is used up; names that cannot be looked up.

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "explain/failure.h"

namespace sockscope {
namespace {

// The thread whose close or detach took the descriptor.
std::string closer(const Failure& f) {
  const std::uint64_t least = f.returned_seq > kMostScanned ? f.returned_seq - kMostScanned : 0;
  for (std::uint64_t seq = f.entered_seq; seq-- > least;) {
    const auto* entered = std::get_if<event::CallEntered>(&f.trace[seq].body);
    const bool ends = entered != nullptr && (entered->name == Call::close || entered->name == Call::detach);
    if (ends && entered->socket == f.entered.socket) return thread_name(f.before, entered->thread);
  }
  return {};
}

void bad_descriptor(const Failure& f, Explanation& out) {
  if (f.socket == nullptr || f.socket->open) {
    out.plain = f.say("The number is no open descriptor.");
    return;
  }
  out.plain = f.say("{0} is closed.", f.own());
  const std::string thread = closer(f);
  if (!thread.empty()) seen(out, f.say("Thread {0} closed it", thread));
}

void invalid(const Failure& f, Explanation& out) {
  const SocketState* s = f.socket;
  if (f.call() == Call::accept && s != nullptr && s->backlog < 0) {
    out.plain = f.say("{0} does not listen.", f.own());
    f.offer(seen(out, f.say("listen() comes before accept()")), f.say("Listen there"), "{0}.listen()");
  } else if (f.call() == Call::bind && s != nullptr && s->local.known() && s->local.port != 0) {
    out.plain = f.say("{0} has an address already: {1}.", f.own(), place(s->local));
    seen(out, f.say("A socket is bound once"), f.say("For another address, make another socket."));
  } else if (f.call() == Call::listen && s != nullptr && s->peer.known()) {
    out.plain = f.say("{0} is connected, so it cannot listen.", f.own());
    seen(out, f.say("One socket listens, others carry connections"));
  } else if (f.is_receive() && (f.entered.args.numbers[1] & MSG_OOB) != 0) {
    out.plain = f.say("No urgent byte waits on {0}.", f.own());
    possible(out, f.say("The peer sent none with MSG_OOB, or it was read already"),
             f.say("SO_OOBINLINE would put it among the others."));
  } else {
    out.plain = f.say("The kernel does not accept an argument of {0}.", info(f.call()).python);
  }
}

std::string family_name(const Failure& f) {
  return constant_name("AF", f.entered.args.numbers[0]);
}

void no_such_kind(const Failure& f, Explanation& out) {
  const std::string type = constant_name("SOCK", f.entered.args.numbers[1]);
  const std::string doctor =
      f.say("sockscope doctor shows which families, types and protocols work on this machine.");
  if (f.error == EAFNOSUPPORT) {
    out.plain = f.say("This kernel has no {0}.", family_name(f));
    possible(out, f.say("Its module is not built or not loaded here"), doctor);
  } else if (f.error == ESOCKTNOSUPPORT) {
    out.plain = f.say("{0} has no sockets of type {1}.", family_name(f), type);
    seen(out, f.say("A family has its own types"), doctor);
  } else {
    out.plain = f.say("{0} with {1} has no protocol {2}.", family_name(f), type, f.entered.args.numbers[2]);
    if (f.entered.args.numbers[1] == SOCK_RAW && f.entered.args.numbers[2] == 0)
      seen(out, f.say("A raw socket must name its protocol"), f.say("IPPROTO_ICMP, for example."));
    else
      seen(out, f.say("A family and a type have their own protocols"), doctor);
  }
}

void not_supported(const Failure& f, Explanation& out) {
  out.plain = f.say("{0}() is not for a socket of this type.", info(f.call()).python);
  const bool accepts = f.call() == Call::listen || f.call() == Call::accept;
  if (f.socket != nullptr && f.socket->type == SOCK_DGRAM && accepts)
    f.offer(seen(out, f.say("A datagram socket has no connections"),
                 f.say("recvfrom() on {0} takes what comes, from anybody.", f.own())),
            f.say("Receive a datagram"), "{0}.recvfrom(1024)");
  else if (f.socket != nullptr && f.is_connect() && f.socket->state == TcpState::LISTEN)
    seen(out, f.say("{0} listens", f.own()));
}

void used_up(const Failure& f, Explanation& out) {
  const auto open = std::count_if(f.before.sockets().begin(), f.before.sockets().end(),
                                  [](const SocketState& s) { return s.open; });
  out.plain = f.error == EMFILE   ? f.say("This process has no free descriptor left.")
              : f.error == ENFILE ? f.say("The whole system has no free file left.")
                                  : f.say("The kernel has no memory left for it.");
  if (f.error == EMFILE)
    seen(out, f.say("{0} sockets are open here", open),
         f.say("ulimit -n says how many descriptors a process may have. Close those that are not needed."));
}

void interrupted(const Failure& f, Explanation& out) {
  out.plain = f.say("The call was interrupted before it was done.");
  if (f.returned.interrupted)
    seen(out, f.say("You asked for it, or the play had ended"), f.say("A signal made it come back."));
  else
    possible(out, f.say("A signal came from outside"));
}

void not_a_name(const Failure& f, Explanation& out, std::string_view host) {
  out.plain = f.say("Nobody knows the name {0}.", plain(host));
  possible(out, f.say("It is misspelled, or not known on this machine"),
           f.say("Sockscope asks no name server: it knows numbers, localhost and what is in /etc/hosts."));
}

}  // namespace

bool explain_lookup(const Failure& f, Explanation& out) {
  const std::string_view text = f.entered.args.text.view();
  const std::string_view host = text.substr(0, text.find('\0'));
  switch (f.error) {
    case EAI_NONAME:
      not_a_name(f, out, host);
      return true;
    case EAI_AGAIN:
      out.plain = f.say("The name {0} could not be looked up now.", plain(host));
      possible(out, f.say("The name server is not reached"));
      return true;
    case EAI_SERVICE:
      out.plain = f.say("No service has this name.");
      possible(out, f.say("A port is a number, or a name that stands in /etc/services"));
      return true;
    case EAI_FAMILY:
    case EAI_SOCKTYPE:
      out.plain = f.say("This family, type and protocol do not go together.");
      return true;
    default:
      if (f.error >= 0) return false;
      out.plain = f.say("The name {0} could not be looked up.", plain(host));
      return true;
  }
}

bool explain_kind(const Failure& f, Explanation& out) {
  switch (f.error) {
    case EBADF:
      bad_descriptor(f, out);
      return true;
    case EINVAL:
      invalid(f, out);
      return true;
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
    case ESOCKTNOSUPPORT:
      no_such_kind(f, out);
      return true;
    case EOPNOTSUPP:
      not_supported(f, out);
      return true;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      used_up(f, out);
      return true;
    case EINTR:
      interrupted(f, out);
      return true;
    case ENOTSOCK:
      out.plain = f.say("The descriptor is no socket's: it belongs to a file, a pipe or a terminal.");
      return true;
    case ENOPROTOOPT:
      out.plain = f.say("This level has no such option.");
      possible(out, f.say("The level is the wrong one"),
               f.say("SO_… belongs to SOL_SOCKET, TCP_… to IPPROTO_TCP, IP_… to IPPROTO_IP."));
      return true;
    default:
      return false;
  }
}

}  // namespace sockscope
