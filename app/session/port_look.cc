#include "session/port_look.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "kernel/diag.h"
#include "kernel/holder.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

// No descriptor reaches it, and the kernel will forget it: TIME_WAIT, and FIN_WAIT2 of a closed socket.
bool ends_by_itself(const DiagRow& row) {
  return row.timer == Timer::time_wait || row.state == TcpState::TIME_WAIT;
}

}  // namespace

std::optional<PortHolder> holder_of_port(std::uint16_t port) {
  auto diag = Diag::open();
  if (!diag) return std::nullopt;
  const auto rows = diag->on_port(AF_INET, IPPROTO_TCP, port);
  if (!rows || rows->empty()) return std::nullopt;
  PortHolder holder;
  for (const DiagRow& row : *rows) {
    if (ends_by_itself(row)) {
      holder.free_at = std::max(holder.free_at, now() + row.left);
      continue;
    }
    const auto names = holders_of({row.inode});
    return PortHolder{0, names.empty() ? std::string() : names.begin()->second};
  }
  return holder;
}

}  // namespace sockscope
