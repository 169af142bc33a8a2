#pragma once
// What the kernel says of our open sockets: TCP_INFO (state; on a listener: accept queue and limit), SIOCINQ,
// SIOCOUTQ. Passive: poll() looks once and puts an event for what changed since anybody told it last. The
// reader of TCP_INFO, and tcp_state_of() for one look, are calls/tcp_info.h. Owned by one thread.

#include <cstddef>

#include "calls/sockets.h"
#include "trace/inbox.h"

namespace sockscope {

class Observer {
 public:
  Observer(Sockets& sockets, Inbox& inbox);  // takes a lane of the inbox
  ~Observer();                               // gives it back
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  // Looks at every open socket (about 2 µs each). Returns how many events it put: none means nothing moved.
  std::size_t poll();

 private:
  Sockets& sockets_;
  Inbox& inbox_;
  Inbox::Lane& lane_;
};

}  // namespace sockscope
