#include "calls/execute.h"

#include <sys/syscall.h>

#include <utility>

namespace sockscope {
namespace {

struct Entry {
  Call call;
  Outcome (*execute)(Run&);
};

constexpr Entry kTable[] = {
    {Call::socket, execute_socket},
    {Call::setsockopt, execute_setsockopt},
    {Call::bind, execute_bind},
    {Call::listen, execute_listen},
    {Call::accept, execute_accept},
    {Call::connect, execute_connect},
    {Call::send, execute_send},
    {Call::sendall, execute_sendall},
    {Call::recv, execute_recv},
    {Call::recv_into, execute_recv_into},
    {Call::recvfrom, execute_recvfrom},
    {Call::recvmsg, execute_recvmsg},
    {Call::sendto, execute_sendto},
    {Call::sendmsg, execute_sendmsg},
    {Call::sendfile, execute_sendfile},
    {Call::getsockopt, execute_getsockopt},
    {Call::shutdown, execute_shutdown},
    {Call::close, execute_close},
    {Call::getsockname, execute_getsockname},
    {Call::getpeername, execute_getpeername},
    {Call::settimeout, execute_settimeout},
    {Call::setblocking, execute_setblocking},
    {Call::socketpair, execute_socketpair},
    {Call::fromfd, execute_fromfd},
    {Call::dup, execute_dup},
    {Call::detach, execute_detach},
    {Call::fileno, execute_fileno},
    {Call::gettimeout, execute_gettimeout},
    {Call::getblocking, execute_getblocking},
    {Call::getdefaulttimeout, execute_getdefaulttimeout},
    {Call::setdefaulttimeout, execute_setdefaulttimeout},
    {Call::connect_ex, execute_connect_ex},
    {Call::getaddrinfo, execute_getaddrinfo},
    {Call::gethostbyname, execute_gethostbyname},
    {Call::create_connection, execute_create_connection},
    {Call::create_server, execute_create_server},
    {Call::select, execute_select},
    {Call::poll, execute_poll},
};

Outcome execute(Run& run) {
  for (const Entry& entry : kTable) {
    if (entry.call == run.request.call) return entry.execute(run);
  }
  return failed(ENOSYS);
}

void answer(Reply& reply, const Outcome& outcome) {
  reply.result = outcome.result;
  reply.error = outcome.error;
  reply.timed_out = outcome.timed_out;
  reply.interrupted = outcome.interrupted;
}

Blob whole(std::string_view text) {
  return text.empty() ? Blob() : Blob(text.substr(0, kMostText), text.size());
}

// Results that are text are no bytes that moved: they are not cut to a preview.
bool is_text(Call call) {
  const ResultKind kind = info(call).result;
  return kind == ResultKind::addresses || kind == ResultKind::ready || kind == ResultKind::events ||
         kind == ResultKind::text;
}

}  // namespace

Reply perform(Caller& caller, const Request& request) {
  Reply reply;
  CallScope scope(caller, request.call, request.socket, [&] {
    return Args{request.numbers, request.address, request.data.empty() ? Blob() : preview_of(request.data),
                whole(request.text)};
  });
  Run run{scope, caller, request,
          request.socket == 0 ? nullptr : caller.room().sockets().find(request.socket), reply};
  const Outcome outcome = execute(run);
  answer(reply, outcome);
  // connect_ex gives its error as a result.
  const bool by_result = request.call == Call::connect_ex && outcome.error == 0;
  look_at_failure(scope, request.call, run.socket.get(), request.address,
                  by_result ? static_cast<int>(outcome.result) : outcome.error);
  scope.returned(outcome, [&](event::CallReturned& body) {
    body.makes = reply.socket;
    body.also_makes = reply.also;
    body.flags = reply.flags;
    body.address = reply.address;
    if (!reply.data.empty()) body.data = is_text(request.call) ? whole(reply.data) : preview_of(reply.data);
  });
  return reply;
}

Reply call_accept(Caller& caller, SocketHandle& listener, SocketHandle& made) {
  Reply reply;
  CallScope scope(caller, Call::accept, listener ? listener->id : 0, [] { return Args{}; });
  const Outcome outcome = accept_from(scope, listener.get(), reply, made);
  answer(reply, outcome);
  scope.returned(outcome, [&](event::CallReturned& body) {
    body.makes = reply.socket;
    body.address = reply.address;
  });
  return reply;
}

std::int64_t call_recv(Caller& caller, SocketHandle& socket, char* buffer, std::size_t size, int flags,
                       int& error) {
  CallScope scope(caller, Call::recv, socket ? socket->id : 0, [&] {
    Args args;
    args.numbers = {static_cast<std::int64_t>(size), flags, 0};
    return args;
  });
  const Outcome outcome = receive(caller, socket.get(), buffer, size, flags);
  scope.returned(outcome, [&](event::CallReturned& body) {
    if (outcome.result > 0) body.data = preview_of({buffer, static_cast<std::size_t>(outcome.result)});
  });
  error = outcome.error;
  return outcome.result;
}

std::int64_t call_send(Caller& caller, SocketHandle& socket, std::string_view data, int& error) {
  CallScope scope(caller, Call::send, socket ? socket->id : 0, [&] {
    return Args{{}, {}, preview_of(data)};
  });
  const Outcome outcome = send_some(caller, socket.get(), data, 0, deadline_of(socket.get()));
  scope.returned(outcome);
  error = outcome.error;
  return outcome.result;
}

std::int64_t call_sendall(Caller& caller, SocketHandle& socket, std::string_view data, int& error) {
  CallScope scope(caller, Call::sendall, socket ? socket->id : 0, [&] {
    return Args{{}, {}, preview_of(data)};
  });
  const Outcome outcome = send_all(caller, socket.get(), data, 0);
  scope.returned(outcome);
  error = outcome.error;
  return outcome.error == 0 ? static_cast<std::int64_t>(data.size()) : -1;
}

}  // namespace sockscope
