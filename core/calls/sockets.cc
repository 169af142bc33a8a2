#include "calls/sockets.h"

#include <unistd.h>

namespace sockscope {

SocketHandle Sockets::enter(int fd, int family, int type, int protocol) {
  auto made = std::make_shared<SocketEntry>();
  made->family = family;
  made->type = type;
  made->protocol = protocol;
  made->fd = fd;
  std::lock_guard lock(mutex_);
  made->id = ++last_;
  entries_.emplace_hint(entries_.end(), made->id, made);
  return made;
}

SocketHandle Sockets::find(SocketId id) const {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second;
}

std::vector<SocketHandle> Sockets::open() const {
  std::lock_guard lock(mutex_);
  std::vector<SocketHandle> result;
  for (const auto& [id, entry] : entries_) {
    if (entry->fd.load() >= 0) result.push_back(entry);
  }
  return result;
}

int Sockets::take(SocketEntry& entry) {
  std::lock_guard closing(closing_);
  const int fd = entry.fd.exchange(-1);
  if (fd < 0) return fd;
  std::lock_guard lock(mutex_);
  closed_.push_back(entry.id);
  if (closed_.size() > kClosedKept) {
    entries_.erase(closed_.front());
    closed_.pop_front();
  }
  return fd;
}

Sockets::~Sockets() {
  for (const auto& [id, entry] : entries_) {
    if (const int fd = entry->fd.exchange(-1); fd >= 0) ::close(fd);
  }
}

}  // namespace sockscope
