#include "calls/sockets.h"

#include <sys/socket.h>
#include <unistd.h>

#include <iterator>

namespace sockscope {

namespace {

std::uint64_t cookie_of(int fd) {
  std::uint64_t cookie = 0;
  socklen_t length = sizeof cookie;
  return ::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0 ? cookie : 0;
}

}  // namespace

SocketHandle Sockets::enter(int fd, int family, int type, int protocol, const std::string& host) {
  const std::uint64_t cookie = cookie_of(fd);
  std::lock_guard lock(mutex_);
  SocketHandle made;
  if (const auto waited = queued_.find(cookie); waited != queued_.end()) {
    made = waited->second;
    queued_.erase(waited);
  } else {
    made = make(++last_, family, type, protocol, cookie, host);
  }
  made->fd = fd;
  made->number = fd;
  open_.emplace(made->id, made);
  ++open_count_[cookie];
  return made;
}

// With mutex_ held.
SocketHandle Sockets::make(SocketId id, int family, int type, int protocol, std::uint64_t cookie,
                           const std::string& host) {
  auto made = std::make_shared<SocketEntry>();
  made->id = id;
  made->family = family;
  made->type = type;
  made->protocol = protocol;
  made->cookie = cookie;
  made->host = host;
  entries_.emplace(id, made);
  if (cookie != 0) by_cookie_.try_emplace(cookie, id);
  return made;
}

SocketHandle Sockets::enter_queued(const SocketEntry& listener, std::uint64_t cookie) {
  std::lock_guard lock(mutex_);
  if (cookie == 0 || by_cookie_.contains(cookie)) return nullptr;
  SocketHandle made = make(++last_, listener.family, listener.type, listener.protocol, cookie, listener.host);
  queued_.emplace(cookie, made);
  return made;
}

void Sockets::forget_queued(const SocketEntry& entry) {
  {
    std::lock_guard lock(mutex_);
    if (queued_.erase(entry.cookie) == 0) return;
  }
  forget(entry.id);
}

bool Sockets::knows(std::uint64_t cookie) const {
  std::lock_guard lock(mutex_);
  return by_cookie_.contains(cookie);
}

bool Sockets::reached(std::uint64_t cookie) const {
  std::lock_guard lock(mutex_);
  return open_count_.contains(cookie);
}

bool Sockets::still_queued(const SocketEntry& entry) const {
  std::lock_guard lock(mutex_);
  return queued_.contains(entry.cookie);
}

void Sockets::leave(LeftBehind left) {
  std::lock_guard lock(mutex_);
  left_.push_back(std::move(left));
  if (left_.size() <= kMostLeft) return;
  left_.pop_front();
  ++left_dropped_;
}

Sockets::Left Sockets::take_left() {
  std::lock_guard lock(mutex_);
  Left taken{{std::make_move_iterator(left_.begin()), std::make_move_iterator(left_.end())}, left_dropped_};
  left_.clear();
  left_dropped_ = 0;
  return taken;
}

SocketHandle Sockets::find(SocketId id) const {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second;
}

bool Sockets::any_open() const {
  std::lock_guard lock(mutex_);
  return !open_.empty() || !left_.empty();
}

std::vector<SocketHandle> Sockets::open() const {
  std::lock_guard lock(mutex_);
  std::vector<SocketHandle> result;
  result.reserve(open_.size());
  for (const auto& [id, entry] : open_) {
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
  if (const auto was_open = open_.find(closed); was_open != open_.end()) {
    const auto count = open_count_.find(was_open->second->cookie);
    if (--count->second == 0) open_count_.erase(count);
    open_.erase(was_open);
  }
  closed_.push_back(closed);
  if (closed_.size() <= kClosedKept) return;
  if (const auto oldest = entries_.find(closed_.front()); oldest != entries_.end()) {
    const auto named = by_cookie_.find(oldest->second->cookie);
    if (named != by_cookie_.end() && named->second == oldest->first) by_cookie_.erase(named);
    entries_.erase(oldest);
  }
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
