#pragma once
// What has become of a socket that was just closed (calls/caller.h, ClosedLook), from sock_diag(7).

#include <mutex>

#include "calls/sockets.h"
#include "kernel/diags.h"

namespace sockscope {

class ClosedLooks {
 public:
  explicit ClosedLooks(const Hosts& hosts) : diags_(hosts) { diags_.of({}); }  // not in the first close
  // Any thread. CLOSED: the kernel has nothing of it any more; not_known: it cannot be asked.
  TcpState operator()(const LeftBehind& left);

 private:
  std::mutex mutex_;
  Diags diags_;
};

}  // namespace sockscope
