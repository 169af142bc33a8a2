#include "panes/call_advice.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>

namespace sockscope {

namespace advising {

struct About {
  const ui::Translator& tr;
  const State& state;
  const SocketState& socket;
  std::string name;
  bool internet, message, connected, bound;

  template <typename... A>
  Advice fails(int error, std::string_view pattern, const A&... args) const {
    return {fmt::format(fmt::runtime(tr(pattern)), args...) + " " +
                fmt::format(fmt::runtime(tr("It fails with {0}: try it.")), errno_name(error)),
            error};
  }
  template <typename... A>
  Advice says(std::string_view pattern, const A&... args) const {
    return {fmt::format(fmt::runtime(tr(pattern)), args...), 0};
  }
};

About about(const ui::Translator& tr, const State& state, const SocketState& socket) {
  About out{tr, state, socket, state.label(socket.id), false, false, false, false};
  out.internet = socket.family == AF_INET || socket.family == AF_INET6;
  out.message = socket.type != SOCK_STREAM && socket.type != SOCK_SEQPACKET;
  const bool was_connected = socket.state != TcpState::not_known && socket.state != TcpState::LISTEN &&
                             socket.state != TcpState::CLOSED && socket.state != TcpState::SYN_SENT;
  out.connected = socket.peer.known() || socket.peer_id != 0 || was_connected;
  out.bound = socket.local.known() && (out.internet ? socket.local.port != 0 : !socket.local.path.empty());
  return out;
}

Advice of_sending(const About& a) {
  if (a.socket.shut_write) return a.fails(EPIPE, "{0} has finished sending.", a.name);
  if (a.connected) return {};
  if (!a.internet) return a.fails(ENOTCONN, "{0} is not connected.", a.name);
  if (a.message) return a.fails(EDESTADDRREQ, "{0} has no peer: sendto says where to.", a.name);
  return a.fails(EPIPE, "{0} is not connected.", a.name);
}

Advice of_receiving(const About& a) {
  if (a.message) {
    if (a.bound || a.connected) return {};
    return a.says("{0} has no address: nothing can arrive, and it blocks.", a.name);
  }
  if (!a.connected) {
    const bool odd = a.socket.family == AF_UNIX && a.socket.type == SOCK_STREAM;
    return a.fails(odd ? EINVAL : ENOTCONN, "{0} is not connected.", a.name);
  }
  if (a.socket.eof) return a.says("The peer has finished: it gives b'' again.");
  return {};
}

Advice of_listening(const About& a) {
  if (a.message)
    return a.fails(EOPNOTSUPP, "{0} takes datagrams: there is no connection to wait for.", a.name);
  if (a.connected) return a.fails(EINVAL, "{0} is connected already.", a.name);
  if (!a.bound && a.internet)
    return a.says("{0} has no address yet: the kernel gives it a free port.", a.name);
  return a.bound ? Advice{} : a.fails(EINVAL, "{0} has no address yet.", a.name);
}

Advice of_accepting(const About& a) {
  if (a.message)
    return a.fails(EOPNOTSUPP, "{0} takes datagrams: there is no connection to wait for.", a.name);
  if (a.socket.backlog < 0) return a.fails(EINVAL, "{0} does not listen.", a.name);
  if (a.internet && a.socket.accept_queue == 0) {
    return a.says("Nobody waits in its accept queue: it blocks until a client connects.");
  }
  return {};
}

Advice of_connecting(const About& a) {
  if (a.message) return {};
  if (a.socket.backlog >= 0 && a.internet)
    return a.fails(EISCONN, "{0} listens: it cannot connect too.", a.name);
  if (a.connected && a.internet) return a.fails(EISCONN, "{0} is connected already.", a.name);
  return {};
}

bool given_address(const CallDraft& draft) {
  const auto params = info(draft.call).params;
  for (std::size_t i = 0; i < params.size() && i < draft.fields.size(); ++i) {
    const FieldDraft& field = draft.fields[i];
    if (params[i].kind == ParamKind::address && (!field.text.empty() || !field.whole.empty())) return true;
  }
  return false;
}

// What needs no descriptor, and what Python allows on a closed socket.
bool works_closed(Call call) {
  return call == Call::close || call == Call::fileno || call == Call::detach || call == Call::gettimeout ||
         call == Call::getblocking;
}

Advice of_call(const About& a, const CallDraft& draft) {
  switch (draft.call) {
    case Call::send:
    case Call::sendall:
      return of_sending(a);
    case Call::sendmsg:
      return given_address(draft) ? Advice{} : of_sending(a);
    case Call::sendfile:
      return a.message ? a.says("Python's sendfile takes SOCK_STREAM only: ValueError.") : of_sending(a);
    case Call::recv:
    case Call::recv_into:
    case Call::recvfrom:
    case Call::recvmsg:
      return of_receiving(a);
    case Call::listen:
      return of_listening(a);
    case Call::accept:
      return of_accepting(a);
    case Call::connect:
    case Call::connect_ex:
      return of_connecting(a);
    case Call::bind:
      return a.bound ? a.fails(EINVAL, "{0} has an address already.", a.name) : Advice{};
    case Call::getpeername:
      return a.connected ? Advice{} : a.fails(ENOTCONN, "{0} is not connected.", a.name);
    case Call::shutdown:
      return a.connected || !a.internet || a.socket.backlog >= 0
                 ? Advice{}
                 : a.fails(ENOTCONN, "{0} is not connected.", a.name);
    default:
      return {};
  }
}

}  // namespace advising

Advice advice(const ui::Translator& tr, const State& state, const CallDraft& draft) {
  const SocketState* socket = state.socket(draft.socket);
  if (socket == nullptr || !info(draft.call).is_method()) return {};
  const advising::About a = advising::about(tr, state, *socket);
  if (!socket->open) {
    return advising::works_closed(draft.call) ? Advice{} : a.fails(EBADF, "{0} is closed.", a.name);
  }
  return advising::of_call(a, draft);
}

}  // namespace sockscope
