#include "kernel/tell_row.h"

#include "calls/tcp_info.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

// Timers are told in milliseconds and run in jiffies.
constexpr Time kSameEnd = 50 * kMillisecond;

}  // namespace

std::size_t tell_timer(const SocketEntry& entry, const DiagRow& row, Inbox::Lane& lane) {
  event::TimerSampled& told = entry.told.timer;
  const Time at = now();
  const Time ends = row.timer == Timer::none ? 0 : at + row.left;
  const Time moved = ends > told.ends ? ends - told.ends : told.ends - ends;
  if (row.timer == told.timer && row.tries == told.tries && moved < kSameEnd) return 0;
  told = {entry.id, row.timer, row.tries, ends};
  lane.put(at, told);
  return 1;
}

std::size_t tell_row(const SocketEntry& entry, const DiagRow& row, Inbox::Lane& lane) {
  std::size_t put = tell_passed_by_fin(entry, row.state, now(), lane);
  put += tell_new_state(entry, row.state, How::sample, now(), lane);
  event::QueuesSampled sampled = entry.told.queues;
  sampled.socket = entry.id;
  // A FIN is counted as one by the kernel; nobody has read it here. We count bytes.
  const bool fin =
      row.state == TcpState::CLOSE_WAIT || row.state == TcpState::CLOSING || row.state == TcpState::LAST_ACK;
  sampled.recv_queue = row.recv_queue - (fin && row.recv_queue > 0 ? 1 : 0);
  sampled.send_queue = without_fin(row.state, row.send_queue);
  put += tell_queues(entry, sampled, lane);
  return put + tell_timer(entry, row, lane);
}

std::size_t tell_gone(const SocketEntry& entry, Inbox::Lane& lane) {
  entry.told.timer = {};
  return tell_new_state(entry, TcpState::CLOSED, How::sample, now(), lane);
}

}  // namespace sockscope
