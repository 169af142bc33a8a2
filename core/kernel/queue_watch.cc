#include "kernel/queue_watch.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "calls/birth.h"
#include "calls/here.h"
#include "calls/tcp_info.h"
#include "kernel/protocol.h"
#include "kernel/tell_row.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

// The SYN queue has no count that could be sampled: it is looked through this often.
constexpr Time kBetweenAsks = 100 * kMillisecond;
constexpr std::size_t kMostSeen = 4096;

std::uint64_t inode_of(int fd) {
  struct stat file {};
  return ::fstat(fd, &file) == 0 ? file.st_ino : 0;
}

bool listens_at(const Address& listener, const Address& local) {
  return listener.port == local.port && (listener.ip == local.ip || is_any(listener));
}

// Then a connection's addresses do not tell whose queue it is in.
bool shares_its_port(int fd) {
  int shared = 0;
  socklen_t length = sizeof shared;
  return ::getsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &shared, &length) == 0 && shared != 0;
}

}  // namespace

void QueueWatch::forget_closed() {
  if (seen_.size() <= kMostSeen) return;
  std::erase_if(seen_, [&](const auto& one) {
    const SocketHandle entry = sockets_.find(one.first);
    return entry == nullptr || entry->fd.load() < 0;
  });
}

bool QueueWatch::is_due(const SocketHandle& listener, Address& local) {
  Seen& seen = seen_[listener->id];
  const Time at = now();
  bool due = false;
  sockets_.with_fd(*listener, [&](int fd) {
    const event::ListenerSampled& told = listener->told.listener;
    due =
        told.accept_queue != seen.accept_queue || told.drops != seen.drops || at - seen.asked >= kBetweenAsks;
    if (due && !shares_its_port(fd)) local = name_of_socket(fd);
    seen.accept_queue = told.accept_queue;
    seen.drops = told.drops;
  });
  if (due) seen.asked = at;
  return due && local.known();
}

tl::expected<std::size_t, int> QueueWatch::look_tcp(Diag& diag, const SocketHandle& listener) {
  Address local;
  if (protocol_of(*listener) != IPPROTO_TCP || !is_due(listener, local)) return 0;
  const auto rows = diag.before_accept(local.family, local.port);
  if (!rows) return tl::unexpected(rows.error());
  std::size_t put = 0;
  std::uint32_t syn_queue = 0;
  for (const DiagRow& row : *rows) {
    if (row.inode != 0 || !listens_at(local, row.local)) continue;
    if (row.state == TcpState::SYN_RECV) ++syn_queue;
    // What another process accepts it may have accepted since, and tells later than we would.
    if (!listener->elsewhere) put += announce(listener, row);
  }
  sockets_.with_fd(*listener, [&](int) {
    event::ListenerSampled& told = listener->told.listener;
    if (told.socket == 0 || told.syn_queue == syn_queue) return;
    told.syn_queue = syn_queue;
    lane_.put(now(), told);
    ++put;
  });
  forget_closed();
  return put;
}

std::size_t QueueWatch::announce(const SocketHandle& listener, const DiagRow& row) {
  std::size_t put = 0;
  const bool half_made = row.state == TcpState::SYN_RECV;
  const SocketHandle made = sockets_.queued(*listener, row.cookie, [&](const SocketEntry& entry) {
    lane_.put(now(), opening_of(entry, listener->id, half_made ? SocketHow::syn_queue : SocketHow::queue));
    lane_.put(now(), event::SocketNamed{entry.id, row.local, row.peer});
    if (!half_made) tell_new_state(entry, TcpState::SYN_RECV, How::derived, now(), lane_);
    put = 2 + tell_row(entry, row, lane_);
  });
  if (made != nullptr) watch_.add_queued({made, row.local, row.peer}, listener);
  return put;
}

tl::expected<std::size_t, int> QueueWatch::look_unix(Diag& diag, const SocketHandle& listener) {
  std::uint64_t inode = 0;
  sockets_.with_fd(*listener, [&](int fd) { inode = inode_of(fd); });
  if (inode == 0) return 0;
  const auto row = diag.unix_socket(inode);
  if (!row) return tl::unexpected(row.error());
  if (!*row)
    return sockets_.with_fd(*listener, [](int) {}) ? tl::unexpected(ENOENT)
                                                   : tl::expected<std::size_t, int>(0);
  std::size_t put = 0;
  sockets_.with_fd(*listener, [&](int) {
    const event::ListenerSampled sampled{listener->id, (*row)->recv_queue, (*row)->send_queue, 0, 0};
    if (sampled == listener->told.listener) return;
    listener->told.listener = sampled;
    lane_.put(now(), sampled);
    ++put;
  });
  return put;
}

}  // namespace sockscope
