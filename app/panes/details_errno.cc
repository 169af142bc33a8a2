#include <cerrno>

#include "net/catalogue.h"
#include "panes/details_call.h"

namespace sockscope {

std::string failure_words(const ui::Ui& ui, const event::CallEntered& entered,
                          const event::CallReturned& returned) {
  const std::string where = to_text(entered.args.address);
  if (returned.timed_out) return ui.say("The socket's own timeout ran out before the call was done.");
  if (returned.interrupted) return ui.say("The call was interrupted by a signal before it was done.");
  switch (returned.error) {
    case ECONNREFUSED:
      return ui.say("Nobody listens at {0}.", where);
    case EADDRINUSE:
      return ui.say("The address {0} is taken already.", where);
    case EADDRNOTAVAIL:
      return ui.say("{0} is not an address of this machine.", where);
    case EACCES:
      return ui.say("You are not permitted to do this.");
    case EPERM:
      return ui.say("Only a privileged program may do this.");
    case ENOTCONN:
      return ui.say("The socket has no connection.");
    case EISCONN:
      return ui.say("The socket is connected already.");
    case EINVAL:
      if (entered.name == Call::accept) return ui.say("The socket does not listen.");
      if (entered.name == Call::bind) return ui.say("The socket has an address already.");
      return ui.say("The kernel does not accept an argument of this call.");
    case EPIPE:
      return ui.say("The connection's way out is closed, so the bytes cannot leave.");
    case ECONNRESET:
      return ui.say("The peer ended the connection with an RST.");
    case EAGAIN:
      return ui.say("The call would have to wait, and this socket must not block.");
    case EINPROGRESS:
      return ui.say("The handshake has begun and is not done; this socket must not block.");
    case EALREADY:
      return ui.say("An earlier connect on this socket is still under way.");
    case ETIMEDOUT:
      return ui.say("The peer's kernel did not answer in time.");
    case EHOSTUNREACH:
    case ENETUNREACH:
      return ui.say("The kernel knows no way to {0}.", where);
    case EBADF:
      return ui.say("The descriptor is closed.");
    case EMFILE:
      return ui.say("This process has no free descriptors left.");
    case EOPNOTSUPP:
      return ui.say("A socket of this kind cannot do this.");
    case EAFNOSUPPORT:
      return ui.say("The kernel does not know this address family here.");
    case EPROTONOSUPPORT:
    case ESOCKTNOSUPPORT:
      return ui.say("This family has no such type or protocol.");
    default:
      return ui.say("The kernel refused: {0}.", std::string(errno_text(returned.error)));
  }
}

std::string failure_advice(const ui::Ui& ui, const event::CallEntered& entered,
                           const event::CallReturned& returned) {
  if (returned.timed_out || returned.interrupted) return {};
  switch (returned.error) {
    case ECONNREFUSED:
      return ui.say("Your SYN was answered with an RST: no socket is in LISTEN at this address and port.");
    case EADDRINUSE:
      return ui.say(
          "Another socket is bound to it, or an old connection of it is in TIME_WAIT. SO_REUSEADDR, set "
          "before "
          "bind(), lets you have it while it is only in TIME_WAIT.");
    case EADDRNOTAVAIL:
      return ui.say("bind() takes an address of this machine; 127.0.0.1 always is one.");
    case EACCES:
      if (entered.name == Call::bind) return ui.say("Ports below 1024 need a privilege. Take a higher one.");
      return {};
    case ENOTCONN:
      return ui.say("It needs connect() first, or to come from accept().");
    case EINVAL:
      if (entered.name == Call::accept) return ui.say("listen() comes before accept().");
      return {};
    case EPIPE:
      return ui.say("It was shut down for writing here, or the peer answered earlier bytes with an RST.");
    case ECONNRESET:
      return ui.say(
          "A peer's kernel sends an RST when its program closes with bytes unread, or when bytes arrive for "
          "a "
          "socket that is gone.");
    case EAGAIN:
      return ui.say("Call it again when the socket is ready, or let it block.");
    case EISCONN:
      return ui.say("One socket makes one connection. For another, make another socket.");
    case EOPNOTSUPP:
      return ui.say("listen() and accept() are for stream sockets.");
    default:
      return {};
  }
}

std::string ends_words(const ui::Ui& ui, Call call) {
  switch (call) {
    case Call::accept:
      return ui.say("It ends when a connection is in the accept queue.");
    case Call::connect:
      return ui.say("It ends when the peer's kernel answers the SYN. Left alone: ETIMEDOUT.");
    case Call::recv:
      return ui.say("It ends when bytes arrive, or when the peer finishes: then recv() gives b''.");
    case Call::send:
    case Call::sendall:
      return ui.say("It ends when the peer reads: that makes room in the send queue.");
    default:
      return ui.say("It ends when the kernel answers.");
  }
}

}  // namespace sockscope
