#include "kernel/closed_look.h"

#include <netinet/in.h>

#include "kernel/protocol.h"

namespace sockscope {

TcpState ClosedLooks::operator()(const LeftBehind& left) {
  if (!left.local.known() || left.entry->cookie == 0) return TcpState::not_known;
  if (protocol_of(*left.entry) != IPPROTO_TCP) return TcpState::not_known;
  // Without a port it never was anywhere but in its descriptor.
  if (left.local.port == 0) return TcpState::CLOSED;
  std::lock_guard lock(mutex_);
  Diag* diag = diags_.of(left.entry->host);
  if (diag == nullptr) return TcpState::not_known;
  const auto found = diag->connection(left.local, left.peer, left.entry->cookie);
  if (!found) return TcpState::not_known;
  return *found ? (*found)->state : TcpState::CLOSED;
}

}  // namespace sockscope
