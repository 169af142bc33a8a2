#pragma once
// Who is between the SYN and accept: the connections the kernel has made for our listening sockets and that
// nobody has accepted, each put into the trace as a socket of its own. Private to kernel/.

#include <cstdint>
#include <unordered_map>

#include "calls/sockets.h"
#include "kernel/diag.h"
#include "kernel/watch_list.h"
#include "trace/inbox.h"

namespace sockscope {

class QueueWatch {
 public:
  QueueWatch(Sockets& sockets, Inbox::Lane& lane, WatchList& watch)
      : sockets_(sockets), lane_(lane), watch_(watch) {}

  // Both return how many events they put, or an errno.
  // `listener` is a TCP one and was sampled just now. Asks only if its queue changed or some time has passed.
  tl::expected<std::size_t, int> look_tcp(Diag& diag, const SocketHandle& listener);
  // How many wait and how many may; of those who wait unix_diag gives no cookie to know them by, so they are
  // no sockets of their own. ENOENT: this kernel does not tell of AF_UNIX sockets.
  tl::expected<std::size_t, int> look_unix(Diag& diag, const SocketHandle& listener);

 private:
  struct Seen {
    std::uint32_t accept_queue = 0, drops = 0;
    Time asked = 0;
  };
  bool is_due(const SocketHandle& listener, Address& local);
  std::size_t announce(const SocketHandle& listener, const DiagRow& row);
  void forget_closed();
  Sockets& sockets_;
  Inbox::Lane& lane_;
  WatchList& watch_;
  std::unordered_map<SocketId, Seen> seen_;
};

}  // namespace sockscope
