#include "kernel/watch_list.h"

#include <algorithm>
#include <utility>

#include "kernel/tell_row.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr Time kYoung = kSecond;
constexpr Time kWhileYoung = 10 * kMillisecond, kAfterwards = 250 * kMillisecond;
constexpr Time kWhileTimed = 5 * kSecond;  // a new connection may take its addresses over
constexpr Time kPastEnd = 20 * kMillisecond;
// One that is not found may be on its way into TIME_WAIT: Diag::connection.
constexpr Time kUntilSure = 5 * kMillisecond;

constexpr std::size_t kMostNudged = 256;

// Nothing but its timer, or a new connection in its place, ends it.
bool is_settled(const DiagRow& row) {
  return row.state == TcpState::TIME_WAIT;
}

// When it is worth looking again.
Time next_look(const DiagRow& row, Time since, Time at) {
  if (is_settled(row)) {
    return at + std::clamp(row.left + kPastEnd, kAfterwards, kWhileTimed);
  }
  return at + (at - since < kYoung ? kWhileYoung : kAfterwards);
}

}  // namespace

void WatchList::put(Watched watched) {
  const SocketId id = watched.socket.entry->id;
  watched.since = watched.due = now();
  order_.push({watched.due, id});
  by_cookie_[watched.socket.entry->cookie] = id;
  unsettled_.insert(id);
  watched_.insert_or_assign(id, std::move(watched));
}

void WatchList::add(LeftBehind left) {
  put({std::move(left), nullptr});
}

void WatchList::add_queued(LeftBehind connection, SocketHandle listener) {
  put({std::move(connection), std::move(listener)});
}

void WatchList::hint(std::uint64_t cookie) {
  const auto id = by_cookie_.find(cookie);
  const auto found = id == by_cookie_.end() ? watched_.end() : watched_.find(id->second);
  if (found != watched_.end()) look_now(found->first, found->second);
}

void WatchList::look_now(SocketId id, Watched& watched) {
  watched.due = now();
  order_.push({watched.due, id});
}

void WatchList::nudge() {
  if (unsettled_.size() > kMostNudged) return;
  for (const SocketId id : unsettled_) {
    const auto found = watched_.find(id);
    if (found != watched_.end()) look_now(id, found->second);
  }
}

Time WatchList::next_due() const {
  return order_.empty() ? -1 : order_.top().at;
}

Time WatchList::lag() const {
  return order_.empty() ? 0 : std::max<Time>(0, now() - order_.top().at);
}

std::size_t WatchList::poll(Diags& diags, Time end) {
  std::size_t put = 0;
  while (!order_.empty() && order_.top().at <= now()) {
    const Due due = order_.top();
    const auto found = watched_.find(due.id);
    if (found == watched_.end() || found->second.due != due.at) {
      order_.pop();
      continue;
    }
    if (now() >= end) break;
    order_.pop();
    bool keep = true;
    put += look(diags, found->second, keep);
    if (keep) {
      order_.push({found->second.due, due.id});
    } else {
      by_cookie_.erase(found->second.socket.entry->cookie);
      unsettled_.erase(due.id);
      watched_.erase(found);
    }
  }
  return put;
}

// Whether somebody can still accept it.
std::size_t WatchList::look_in_queue(Watched& watched, bool& keep) {
  const SocketEntry& entry = *watched.socket.entry;
  keep = sockets_.still_queued(entry);
  if (!keep || sockets_.reached(watched.listener->cookie)) return 0;  // by it, or by a dup
  keep = false;  // its queue was emptied when the listening socket was closed
  sockets_.forget_queued(entry);
  std::size_t put = 0;
  sockets_.with_told(entry, [&](int) { put = tell_gone(entry, lane_); });
  return put;
}

std::size_t WatchList::look(Diags& diags, Watched& watched, bool& keep) {
  const SocketEntry& entry = *watched.socket.entry;
  std::size_t put = 0;
  if (watched.listener != nullptr) put += look_in_queue(watched, keep);
  if (!keep) return put;
  Diag* diag = diags.of(entry.host);
  keep = diag != nullptr;
  if (!keep) return put;
  const auto found = watched.gone ? tl::expected<std::optional<DiagRow>, int>(std::nullopt)
                                  : diag->connection(watched.socket.local, watched.socket.peer, entry.cookie);
  const Time at = now();
  watched.due = at + kAfterwards;
  if (!found) return put;  // not answered this time
  sockets_.with_told(entry, [&](int fd) {
    // Accepted since it was asked for, and perhaps closed already: what was seen is no longer so.
    if (fd >= 0 || (watched.listener != nullptr && !sockets_.still_queued(entry))) {
      keep = false;
    } else if (*found) {
      put += tell_row(entry, **found, lane_);
      watched.due = next_look(**found, watched.since, at);
      watched.missed = -1;
      if (is_settled(**found)) unsettled_.erase(entry.id);
    } else if (watched.missed < 0) {
      watched.missed = at;
      watched.due = at + kUntilSure;
    } else if (at - watched.missed < kUntilSure) {
      watched.due = watched.missed + kUntilSure;
    } else {
      put += tell_gone(entry, lane_);
      watched.gone = true;
      unsettled_.erase(entry.id);
      keep = watched.listener != nullptr;
    }
  });
  return put;
}

}  // namespace sockscope
