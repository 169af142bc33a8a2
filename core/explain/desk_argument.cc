// EINVAL and ENOPROTOOPT: which argument the kernel did not take, as far as the call itself shows it.

#include <netinet/in.h>

#include <cerrno>

#include "explain/failure.h"

namespace sockscope {
namespace {

constexpr std::int64_t kMostTypes = 10;  // SOCK_PACKET is the last

void wrong_type_number(const Failure& f, Explanation& out) {
  const std::int64_t type = f.entered.args.numbers[1];
  out.plain = type > kMostTypes ? f.say("No type of socket has the number {0}.", type)
                                : f.say("One of the three numbers cannot be.");
  f.offer(seen(out, f.say("A type is SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET or SOCK_RDM")),
          f.say("Make a stream socket"), "s2 = socket(AF_INET, SOCK_STREAM)");
}

void wrong_option_value(const Failure& f, Explanation& out) {
  const auto level = f.entered.args.numbers[0], option = f.entered.args.numbers[1];
  out.plain = f.say("The kernel does not take this value for the option.");
  if (level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO))
    f.offer(seen(out, f.say("Its value is a struct timeval: seconds and microseconds"),
                 f.say("An int is too short for it; struct.pack('ll', 5, 0) makes 5 seconds.")),
            f.say("Set 5 seconds"),
            option == SO_RCVTIMEO ? "{0}.setsockopt(SOL_SOCKET, SO_RCVTIMEO, struct.pack('ll', 5, 0))"
                                  : "{0}.setsockopt(SOL_SOCKET, SO_SNDTIMEO, struct.pack('ll', 5, 0))");
  else if (level == SOL_SOCKET && option == SO_LINGER)
    f.offer(seen(out, f.say("Its value is a struct linger: on or off, and seconds"),
                 f.say("struct.pack('ii', 1, 0) is on, with 0 seconds.")),
            f.say("Set it"), "{0}.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack('ii', 1, 0))");
  else if (level == IPPROTO_IP && option == IP_TTL)
    f.offer(seen(out, f.say("A TTL is a number from 1 to 255"), f.say("It has 8 bits in the header.")),
            f.say("Set 64"), "{0}.setsockopt(IPPROTO_IP, IP_TTL, 64)");
  else
    possible(out, f.say("It is too short, or out of range"),
             f.say("Most options are an int of 4 bytes; some are a struct."));
}

void cannot_send_file(const Failure& f, Explanation& out) {
  if (f.socket != nullptr && f.socket->type != SOCK_STREAM) {
    out.plain = f.say("sendfile() is for SOCK_STREAM, and {0} is no stream.", f.own());
    seen(out, f.say("A file is longer than a datagram"), f.say("Python asks for a stream before it begins."));
  } else if (f.socket != nullptr && f.socket->deadline_ns == 0) {
    out.plain = f.say("sendfile() is not for a socket that does not block, and {0} does not.", f.own());
    f.offer(seen(out, f.say("Python would have to stop in the middle of the file")), f.say("Let it block"),
            "{0}.setblocking(True)");
  } else {
    out.plain = f.say("The file cannot be sent by the kernel.");
  }
}

bool of_the_socket(const Failure& f, Explanation& out) {
  const SocketState* s = f.socket;
  if (s == nullptr) return false;
  if (f.call() == Call::accept && s->backlog < 0) {
    out.plain = f.say("{0} does not listen.", f.own());
    f.offer(seen(out, f.say("listen() comes before accept()")), f.say("Listen there"), "{0}.listen()");
  } else if (f.call() == Call::bind && s->local.known() && s->local.port != 0) {
    out.plain = f.say("{0} has an address already: {1}.", f.own(), place(s->local));
    seen(out, f.say("A socket is bound once"), f.say("For another address, make another socket."));
  } else if (f.call() == Call::listen && s->peer.known()) {
    out.plain = f.say("{0} is connected, so it cannot listen.", f.own());
    seen(out, f.say("One socket listens, others carry connections"));
  } else {
    return false;
  }
  return true;
}

// Whether the level of an option is a family's or a protocol's that the socket is not of.
bool of_another_socket(const Failure& f, Explanation& out) {
  const SocketState& s = *f.socket;
  const auto level = f.entered.args.numbers[0], option = f.entered.args.numbers[1];
  if (level == IPPROTO_TCP && (s.type != SOCK_STREAM || s.family == AF_UNIX))
    out.plain = f.say("TCP_… is for TCP, and {0} is not of TCP.", f.own());
  else if (level == IPPROTO_IPV6 && s.family != AF_INET6)
    out.plain = f.say("IPV6_… is for AF_INET6, and {0} is of {1}.", f.own(), constant_name("AF", s.family));
  else if (level == IPPROTO_IP && s.family == AF_UNIX)
    out.plain = f.say("IP_… is for AF_INET, and {0} is of {1}.", f.own(), constant_name("AF", s.family));
  else if (level == IPPROTO_IP && option == IP_HDRINCL && s.type != SOCK_RAW)
    out.plain = f.say("IP_HDRINCL is for SOCK_RAW, and {0} is {1}.", f.own(), constant_name("SOCK", s.type));
  else
    return false;
  seen(out, f.say("An option belongs to a family, a type or a protocol"));
  return true;
}

}  // namespace

void invalid_argument(const Failure& f, Explanation& out) {
  if (of_the_socket(f, out)) return;
  if (f.call() == Call::socket || f.call() == Call::socketpair) return wrong_type_number(f, out);
  if (f.call() == Call::setsockopt) return wrong_option_value(f, out);
  if (f.call() == Call::sendfile) return cannot_send_file(f, out);
  if (f.is_receive() && (f.entered.args.numbers[1] & MSG_OOB) != 0) {
    out.plain = f.say("No urgent byte waits on {0}.", f.own());
    possible(out, f.say("The peer sent none with MSG_OOB, or it was read already"),
             f.say("SO_OOBINLINE would put it among the others."));
    return;
  }
  out.plain = f.say("The kernel does not accept an argument of {0}.", info(f.call()).python);
  if (f.call() == Call::shutdown)
    f.offer(seen(out, f.say("shutdown() takes SHUT_RD, SHUT_WR or SHUT_RDWR"), f.say("0, 1 or 2.")),
            f.say("End sending"), "{0}.shutdown(SHUT_WR)");
}

void no_such_option(const Failure& f, Explanation& out) {
  if (f.socket != nullptr && of_another_socket(f, out)) return;
  const auto level = f.entered.args.numbers[0], option = f.entered.args.numbers[1];
  if (f.call() == Call::setsockopt && level == SOL_SOCKET &&
      (option == SO_ERROR || option == SO_TYPE || option == SO_ACCEPTCONN)) {
    out.plain = f.say("This option can be read and not be set.");
    seen(out, f.say("The kernel alone sets it"));
    return;
  }
  out.plain = f.say("This level has no such option.");
  possible(out, f.say("The level is the wrong one"),
           f.say("SO_… belongs to SOL_SOCKET, TCP_… to IPPROTO_TCP, IP_… to IPPROTO_IP."));
}

}  // namespace sockscope
