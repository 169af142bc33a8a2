#pragma once
// What the kernel says of our open sockets: TCP_INFO (state; on a listener: accept queue and limit), SIOCINQ,
// SIOCOUTQ. Passive: poll() looks once and puts an event for what changed. Owned by one thread.

#include <map>
#include <vector>

#include "calls/sockets.h"
#include "trace/inbox.h"

namespace sockscope {

class Observer {
 public:
  Observer(Sockets& sockets, Inbox& inbox);
  // Looks at every open socket. Returns how many events it put: none means nothing moved.
  std::size_t poll();

 private:
  struct Seen {
    event::StateChanged state;
    event::ListenerSampled listener;
    event::QueuesSampled queues;
  };
  Sockets& sockets_;
  Inbox::Lane& lane_;
  std::map<SocketId, Seen> seen_;
};

// One look at a socket's state, for calls that change it: TCP_INFO's tcpi_state; not_known for what is not
// TCP.
TcpState tcp_state_of(int fd);

}  // namespace sockscope
