#pragma once
// The table of our sockets: id → descriptor. Everything CLOEXEC, no monitoring dup. A descriptor usually has
// one entry; socket(fileno=…) gives it a second one, and closing either ends it for both. A detached
// descriptor has none until it is adopted again. Any thread.

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/address.h"
#include "trace/event.h"

namespace sockscope {

struct SocketEntry {
  SocketId id = 0;
  int family = 0, type = 0, protocol = 0;
  std::string host;          // whose network it is in; empty: this machine's
  std::uint64_t cookie = 0;  // SO_COOKIE: the kernel's own name of it; 0: not known
  std::atomic<int> fd{-1};   // −1 from the moment close is called: the kernel then answers EBADF
  // What fileno() says. As in Python it is kept when another entry closed the descriptor they shared; `fd` is
  // then −1 for ever, so that the number can never hit a later socket.
  std::atomic<int> number{-1};
  std::atomic<std::int64_t> timeout_ns{-1};  // settimeout, as Python keeps it: −1 blocks, 0 does not
  std::atomic<bool> listening{false};
  std::atomic<bool> elsewhere{false};  // another process has a descriptor of the kernel's socket too
  // What the trace was last told, so that a call and a sample never tell the same change twice or in the
  // wrong order. Touched only inside Sockets::with_fd, with_told, add and queued.
  struct Told {
    TcpState state = TcpState::not_known;
    event::ListenerSampled listener;
    event::QueuesSampled queues;
    event::TimerSampled timer;
    Address target;  // what connect was asked last: in SYN_SENT getpeername does not say
  };
  mutable Told told;
};
using SocketHandle = std::shared_ptr<SocketEntry>;

// A TCP socket no descriptor of ours reaches any more, while the kernel may still keep its connection.
struct LeftBehind {
  SocketHandle entry;
  Address local, peer;
};

class Sockets {
 public:
  // Takes the descriptor. `announce(entry)` puts the events of its birth before anything can look at it from
  // outside; it must not block.
  template <typename F>
  SocketHandle add(int fd, int family, int type, int protocol, F announce, const std::string& host = {}) {
    std::lock_guard lock(closing_);
    SocketHandle made = enter(fd, family, type, protocol, host);
    announce(std::as_const(*made));
    return made;
  }
  SocketHandle add(int fd, int family, int type, int protocol) {
    return add(fd, family, type, protocol, [](const SocketEntry&) {});
  }
  // nullptr: never made, or closed before the last kClosedKept that were closed.
  SocketHandle find(SocketId id) const;
  bool any_open() const;
  // The open ones, in order of id.
  std::vector<SocketHandle> open() const;
  // Runs f(fd) while no close can take the descriptor away; false if it is closed. f must not block.
  template <typename F>
  bool with_fd(const SocketEntry& entry, F f) const {
    std::lock_guard lock(closing_);
    const int fd = entry.fd.load();
    if (fd < 0) return false;
    f(fd);
    return true;
  }
  // The same for what the trace was told of it, whether it is open or not: f(fd), −1 when it is closed.
  template <typename F>
  void with_told(const SocketEntry& entry, F f) const {
    std::lock_guard lock(closing_);
    f(entry.fd.load());
  }

  // A connection of `listener` that the kernel has made and nobody has accepted: an entry without a
  // descriptor. The accept that takes it, known by its cookie, gives the same entry its descriptor. nullptr:
  // it is known already. `announce` as for add.
  template <typename F>
  SocketHandle queued(const SocketEntry& listener, std::uint64_t cookie, F announce) {
    std::lock_guard lock(closing_);
    SocketHandle made = enter_queued(listener, cookie);
    if (made != nullptr) announce(std::as_const(*made));
    return made;
  }
  // Whether the kernel's socket of this cookie is, or was lately, one of ours.
  bool knows(std::uint64_t cookie) const;
  // Whether an open entry has the kernel's socket of this cookie.
  bool reached(std::uint64_t cookie) const;
  // The connection is gone and nobody will accept it.
  void forget_queued(const SocketEntry& entry);
  // Whether an accept has taken what queued() made.
  bool still_queued(const SocketEntry& entry) const;

  // Sockets closed with a connection that the kernel may keep: put by close, taken by who observes them. At
  // most kMostLeft wait; of those beyond the oldest are dropped and counted.
  void leave(LeftBehind left);
  struct Left {
    std::vector<LeftBehind> sockets;
    std::size_t dropped = 0;
  };
  Left take_left();
  static constexpr std::size_t kMostLeft = 32768;

  // Takes the descriptor out of the table, from every entry that has it. The caller closes it.
  struct Taken {
    int fd = -1;  // −1: it is closed already
    std::vector<SocketHandle> entries;
  };
  Taken take(SocketEntry& entry);
  // The entry has no descriptor from now on, but nothing is closed: its number, −1 if it is closed already.
  int detach(SocketEntry& entry);
  // Detached descriptors that nobody has adopted; the caller closes them.
  std::vector<int> take_detached();

  // Runs f(of) while no close can take the descriptor `number` away; false: it is none of ours. `of`: the
  // socket that has it, or had it when it was detached. f must not block.
  template <typename F>
  bool with_number(int number, F f) const {
    std::lock_guard lock(closing_);
    const SocketId of = owner_of(number);
    if (of == 0) return false;
    f(of);
    return true;
  }
  // A further entry for a descriptor of ours; nullptr if it is none of ours (any more). `describe(of)` gives
  // its Kind; `announce(entry, of)` as for add.
  struct Kind {
    int family = 0, type = 0, protocol = 0;
  };
  template <typename Describe, typename Announce>
  SocketHandle adopt(int number, Describe describe, Announce announce) {
    std::lock_guard lock(closing_);
    const SocketId of = owner_of(number);
    if (of == 0) return nullptr;
    const Kind kind = describe(of);
    const SocketHandle owner = find(of);
    SocketHandle made =
        enter(number, kind.family, kind.type, kind.protocol, owner ? owner->host : std::string());
    share(number);
    announce(std::as_const(*made), of);
    return made;
  }
  // An id for a socket of another process: it is in no table.
  SocketId reserve() {
    std::lock_guard lock(mutex_);
    return ++last_;
  }
  // Closes what is left. No thread may be in a call.
  ~Sockets();
  Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  static constexpr std::size_t kClosedKept = 4096;  // a server may run for days

 private:
  SocketHandle enter(int fd, int family, int type, int protocol, const std::string& host);
  SocketId owner_of(int fd) const;
  std::vector<SocketHandle> having(int fd) const;
  void share(int fd);
  void forget(SocketId closed);
  SocketHandle enter_queued(const SocketEntry& listener, std::uint64_t cookie);
  SocketHandle make(SocketId id, int family, int type, int protocol, std::uint64_t cookie,
                    const std::string& host);
  mutable std::mutex mutex_;          // what follows but for shared_ and detached_
  mutable std::mutex closing_;        // held while a descriptor is looked at from outside, and to take one
  std::set<int> shared_;              // descriptors with several entries; under closing_
  std::map<int, SocketId> detached_;  // and whose they were; under closing_
  std::unordered_map<SocketId, SocketHandle> entries_;
  std::map<SocketId, SocketHandle> open_;
  std::unordered_map<std::uint64_t, SocketId> by_cookie_;   // the first entry of each kernel's socket
  std::unordered_map<std::uint64_t, unsigned> open_count_;  // entries of open_, by cookie
  std::unordered_map<std::uint64_t, SocketHandle> queued_;  // by cookie
  std::deque<LeftBehind> left_;
  std::size_t left_dropped_ = 0;
  std::deque<SocketId> closed_;  // oldest first
  SocketId last_ = 0;
};

}  // namespace sockscope
