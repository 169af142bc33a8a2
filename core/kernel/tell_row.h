#pragma once
// What sock_diag(7) said of one of our sockets, told to the trace when it changed. Private to kernel/.

#include "calls/sockets.h"
#include "kernel/diag.h"
#include "trace/inbox.h"

namespace sockscope {

// All of it: state, queues, timer. Inside Sockets::with_told. Returns how many events it put.
std::size_t tell_row(const SocketEntry& entry, const DiagRow& row, Inbox::Lane& lane);
// The timer alone. One that only moved on by a little is no change.
std::size_t tell_timer(const SocketEntry& entry, const DiagRow& row, Inbox::Lane& lane);
// The kernel has nothing of it any more. Inside Sockets::with_told.
std::size_t tell_gone(const SocketEntry& entry, Inbox::Lane& lane);

}  // namespace sockscope
