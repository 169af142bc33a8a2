// socketserver.UDPServer, UnixDatagramServer, and with the model thread ThreadingUDPServer: no connections,
// each datagram is a request of its own.

#include <cerrno>

#include "server/service.h"

namespace sockscope {
namespace {

constexpr std::int64_t kLongestPacket = 8192;  // UDPServer.max_packet_size

struct Datagram {
  std::string data;
  Address from;
};

std::optional<Datagram> receive_datagram(Service& service, Caller& caller, Service::BackOff& back_off) {
  Request request;
  request.call = Call::recvfrom;
  request.socket = service.listener()->id;
  request.numbers[0] = kLongestPacket;
  while (!service.must_leave(caller)) {
    Reply reply = perform(caller, request);
    if (reply.ok()) return Datagram{std::move(reply.data), reply.address};
    if (!service.failed_with(caller, "recvfrom", reply.error, back_off)) return std::nullopt;
    if (reply.error != EINTR) Service::rest(caller, back_off);
  }
  return std::nullopt;
}

void answer(Service& service, Caller& caller, const Datagram& request, std::string_view bytes) {
  if (!request.from.known() || (request.from.family == AF_UNIX && request.from.path.empty())) {
    service.notice(
        caller, "no-address",
        service.options().name +
            " cannot answer: the sender's socket has no name; a bind() before it sends gives it one");
    return;
  }
  Request sends;
  sends.call = Call::sendto;
  sends.socket = service.listener()->id;
  sends.address = request.from;
  sends.data = bytes;
  perform(caller, sends);
}

// A datagram is a whole message: what a handler waits for more of comes no more.
void handle_datagram(Service& service, Caller& caller, const Datagram& request) {
  const Client client{service.listener(), request.from};
  service.begin(caller, client);
  const auto handler = service.handler_for(caller, client);
  Handler::Answer first = handler->take(request.data);
  Handler::Answer rest = first.done || request.data.empty() ? Handler::Answer{} : handler->take({});
  if ((first.works || rest.works) && service.options().work > 0) work(caller, service.options().work);
  const std::string bytes = first.bytes + first.to_all + rest.bytes + rest.to_all;
  if (!service.must_end(caller) && (first.says || rest.says || !bytes.empty()))
    answer(service, caller, request, bytes);
  service.end(caller, client);
}

}  // namespace

void serve_datagrams(Service& service, Caller& caller) {
  const bool threads = service.options().model == "thread";
  Service::BackOff back_off;
  while (auto request = receive_datagram(service, caller, back_off)) {
    if (!threads)
      handle_datagram(service, caller, *request);
    else
      service.spawn(caller, "client", [&service, request = std::move(*request)](Caller& own) {
        handle_datagram(service, own, request);
      });
  }
}

}  // namespace sockscope
