// socketserver.TCPServer: one client at a time. The others wait in the accept queue.

#include "server/service.h"

namespace sockscope {

void serve_iterative(Service& service, Caller& caller) {
  Service::BackOff back_off;
  while (auto client = service.accept(caller, back_off)) {
    service.handle(caller, *client);
    service.shutdown_request(caller, *client);
  }
}

}  // namespace sockscope
