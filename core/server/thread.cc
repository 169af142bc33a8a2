// socketserver.ThreadingTCPServer: a thread for each client.

#include "server/service.h"

namespace sockscope {

void serve_thread(Service& service, Caller& caller) {
  Service::BackOff back_off;
  while (auto client = service.accept(caller, back_off)) {
    const bool begun = service.spawn(caller, "client", [&service, client = *client](Caller& own) {
      service.handle(own, client);
      service.shutdown_request(own, client);
    });
    if (!begun) service.shutdown_request(caller, *client);
  }
}

}  // namespace sockscope
