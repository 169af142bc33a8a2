// create_connection and create_server: Python's own functions, made of traced calls (Lib/socket.py).

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "calls/execute.h"

namespace sockscope {
namespace {

constexpr int kPythonsBacklog = 128;  // of listen()

Outcome outcome_of(const Reply& reply) {
  return {reply.result, reply.error, reply.timed_out, reply.interrupted};
}

Reply inner(Run& run, Call call, SocketId socket, const Numbers& numbers, const Address& address = {}) {
  Request made;
  made.call = call;
  made.socket = socket;
  made.numbers = numbers;
  made.address = address;
  return perform(run.caller, made);
}

Reply set_option(Run& run, SocketId socket, int level, int option, int value) {
  return inner(run, Call::setsockopt, socket, {level, option, value});
}

// Closes the socket of a failed attempt and keeps what failed.
Outcome given_up(Run& run, SocketId socket, const Reply& why) {
  inner(run, Call::close, socket, {});
  return outcome_of(why);
}

Outcome succeeded(Run& run, SocketId socket) {
  run.reply.socket = socket;
  const SocketHandle made = run.caller.room().sockets().find(socket);
  return {made == nullptr ? -1 : made->number.load(), 0, false, false};
}

Reply look_up_target(Run& run) {
  Request made;
  made.call = Call::getaddrinfo;
  made.numbers = {AF_UNSPEC, SOCK_STREAM, 0, 0, static_cast<std::int64_t>(PortKind::integer)};
  made.text = run.request.text + '\0' + std::to_string(run.request.numbers[0]);
  return perform(run.caller, made);
}

Reply bind_source(Run& run, SocketId socket, int family) {
  Address source = run.request.address;
  if (is_any(source) && source.family == AF_INET && family == AF_INET6) {  // '' of either family
    source = *numeric_address("::", source.port);
  }
  if (source.family == family) return inner(run, Call::bind, socket, {}, source);
  Reply wrong;  // Python looks the host up in the socket's family, before any system call
  wrong.result = -1;
  wrong.error = EAI_ADDRFAMILY;
  return wrong;
}

// One address: a socket of it, connected, or nothing left of it.
Outcome attempt(Run& run, const Reply::Row& row) {
  const Reply made = inner(run, Call::socket, 0, {row.family, row.type, row.protocol, -1});
  if (!made.ok()) return outcome_of(made);
  if (run.request.numbers[1] != kDefaultTimeout) {
    const Reply timed = inner(run, Call::settimeout, made.socket, {run.request.numbers[1]});
    if (!timed.ok()) return given_up(run, made.socket, timed);
  }
  if (run.request.address.known()) {
    const Reply bound = bind_source(run, made.socket, row.family);
    if (!bound.ok()) return given_up(run, made.socket, bound);
  }
  const Reply connected = inner(run, Call::connect, made.socket, {}, row.address);
  if (!connected.ok()) return given_up(run, made.socket, connected);
  return succeeded(run, made.socket);
}

Reply prepare_server(Run& run, SocketId socket) {
  set_option(run, socket, SOL_SOCKET, SO_REUSEADDR, 1);  // Python goes on if it fails
  Reply reply;
  if (run.number(2) != 0) reply = set_option(run, socket, SOL_SOCKET, SO_REUSEPORT, 1);
  if (reply.ok() && run.number(0) == AF_INET6) {
    reply = set_option(run, socket, IPPROTO_IPV6, IPV6_V6ONLY, run.number(3) != 0 ? 0 : 1);
  }
  if (reply.ok()) reply = inner(run, Call::bind, socket, {}, run.request.address);
  const int backlog = run.number(1) < 0 ? kPythonsBacklog : run.number(1);
  if (reply.ok()) reply = inner(run, Call::listen, socket, {backlog});
  return reply;
}

}  // namespace

Outcome execute_create_connection(Run& run) {
  const Reply found = look_up_target(run);
  if (!found.ok()) return outcome_of(found);
  Outcome last;
  for (const Reply::Row& row : found.rows) {
    last = attempt(run, row);
    // Interrupted: Python's KeyboardInterrupt would end the loop too.
    if (last.error == 0 || last.interrupted || run.caller.asked_back()) return last;
  }
  return last;
}

Outcome execute_create_server(Run& run) {
  const Reply made = inner(run, Call::socket, 0, {run.number(0), SOCK_STREAM, 0, -1});
  if (!made.ok()) return outcome_of(made);
  const Reply ready = prepare_server(run, made.socket);
  return ready.ok() ? succeeded(run, made.socket) : given_up(run, made.socket, ready);
}

}  // namespace sockscope
