// The wrong kind of socket or descriptor; what is used up.

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

std::string family_name(const Failure& f) {
  return constant_name("AF", f.entered.args.numbers[0]);
}

void no_such_kind(const Failure& f, Explanation& out) {
  const std::string type = constant_name("SOCK", f.entered.args.numbers[1]);
  const std::string doctor =
      f.say("sockscope doctor shows which families, types and protocols work on this machine.");
  if (f.error == EAFNOSUPPORT) {
    const std::string family = family_name(f);
    out.plain = family.starts_with("AF_") ? f.say("This kernel has no {0}.", family)
                                          : f.say("No address family has the number {0}.", family);
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
  if (f.call() == Call::socketpair) {
    out.plain = f.say("{0} makes no pairs: on Linux AF_UNIX does.", family_name(f));
    f.offer(seen(out, f.say("A family makes pairs or does not")), f.say("Make a pair of AF_UNIX"),
            "a, b = socketpair()");
    return;
  }
  out.plain = f.say("{0}() is not for a socket of this type.", info(f.call()).python);
  if (f.is_receive() && (f.entered.args.numbers[1] & MSG_OOB) != 0) {
    out.plain = f.say("{0} has no urgent bytes: that is TCP's.", f.own());
    return;
  }
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

}  // namespace

bool explain_kind(const Failure& f, Explanation& out) {
  switch (f.error) {
    case EBADF:
      bad_descriptor(f, out);
      return true;
    case EINVAL:
      invalid_argument(f, out);
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
      no_such_option(f, out);
      return true;
    default:
      return false;
  }
}

}  // namespace sockscope
