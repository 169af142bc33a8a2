#pragma once
// What has become of a socket that was just closed (calls/caller.h, ClosedLook), from sock_diag(7).

#include <mutex>
#include <optional>

#include "calls/sockets.h"
#include "kernel/diag.h"

namespace sockscope {

class ClosedLooks {
 public:
  ClosedLooks();
  // Any thread. CLOSED: the kernel has nothing of it any more; not_known: it cannot be asked.
  TcpState operator()(const LeftBehind& left);

 private:
  std::mutex mutex_;
  std::optional<Diag> diag_;
};

}  // namespace sockscope
