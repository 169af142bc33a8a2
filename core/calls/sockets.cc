#include "calls/sockets.h"

#include <unistd.h>

namespace sockscope {

SocketHandle Sockets::enter(int fd, int family, int type, int protocol) {
  auto made = std::make_shared<SocketEntry>();
  made->family = family;
  made->type = type;
  made->protocol = protocol;
  made->fd = fd;
  made->number = fd;
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

std::vector<SocketHandle> Sockets::having(int fd) const {
  std::vector<SocketHandle> result = open();
  std::erase_if(result, [fd](const SocketHandle& entry) { return entry->fd.load() != fd; });
  return result;
}

SocketId Sockets::owner_of(int fd) const {
  if (fd < 0) return 0;
  if (const auto found = detached_.find(fd); found != detached_.end()) return found->second;
  const std::vector<SocketHandle> owners = having(fd);
  return owners.empty() ? 0 : owners.front()->id;
}

void Sockets::share(int fd) {
  detached_.erase(fd);
  if (having(fd).size() > 1) shared_.insert(fd);
}

void Sockets::forget(SocketId closed) {
  std::lock_guard lock(mutex_);
  closed_.push_back(closed);
  if (closed_.size() <= kClosedKept) return;
  entries_.erase(closed_.front());
  closed_.pop_front();
}

Sockets::Taken Sockets::take(SocketEntry& entry) {
  std::lock_guard closing(closing_);
  Taken taken;
  taken.fd = entry.fd.load();
  if (taken.fd < 0) return taken;
  if (shared_.erase(taken.fd) != 0) {
    taken.entries = having(taken.fd);
  } else {
    taken.entries.push_back(find(entry.id));
  }
  for (const SocketHandle& having_it : taken.entries) {
    having_it->fd = -1;
    forget(having_it->id);
  }
  return taken;
}

int Sockets::detach(SocketEntry& entry) {
  std::lock_guard closing(closing_);
  const int fd = entry.fd.exchange(-1);
  if (fd < 0) return fd;
  if (shared_.erase(fd) == 0) {
    detached_.emplace(fd, entry.id);
  } else {
    share(fd);
  }
  forget(entry.id);
  return fd;
}

std::vector<int> Sockets::take_detached() {
  std::lock_guard closing(closing_);
  std::vector<int> result;
  for (const auto& [fd, of] : detached_) result.push_back(fd);
  detached_.clear();
  return result;
}

Sockets::~Sockets() {
  for (const SocketHandle& entry : open()) {
    if (const int fd = take(*entry).fd; fd >= 0) ::close(fd);
  }
  for (const int fd : take_detached()) ::close(fd);
}

}  // namespace sockscope
