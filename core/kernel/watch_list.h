#pragma once
// TCP sockets that no descriptor of ours reaches: closed ones whose connection the kernel keeps, and
// connections that nobody has accepted yet. Each is asked for by its cookie and addresses: often while it is
// young, seldom while it waits for a timer. Private to kernel/.

#include <cstdint>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "calls/sockets.h"
#include "kernel/diags.h"
#include "trace/inbox.h"

namespace sockscope {

class WatchList {
 public:
  WatchList(Sockets& sockets, Inbox::Lane& lane) : sockets_(sockets), lane_(lane) {}

  void add(LeftBehind left);
  void add_queued(LeftBehind connection, SocketHandle listener);
  // This one ended, or turned into TIME_WAIT: looked at with the next poll.
  void hint(std::uint64_t cookie);
  // Something moved: those that may move with it are looked at with the next poll.
  void nudge();
  // Looks at what is due, for no longer than until `end`. Returns how many events it put.
  std::size_t poll(Diags& diags, Time end);
  Time next_due() const;  // −1: nothing is watched
  Time lag() const;       // for how long something has been due
  std::size_t size() const { return watched_.size(); }

 private:
  struct Watched {
    LeftBehind socket;
    SocketHandle listener;  // of a connection nobody has accepted; else nullptr
    Time since = 0, due = 0;
    Time missed = -1;   // since when it has not been found; −1: it was, or was not looked for
    bool gone = false;  // the kernel's list has it no more; an accept may still take it
  };
  struct Due {
    Time at;
    SocketId id;
    bool operator<(const Due& other) const { return at > other.at; }  // the soonest on top
  };
  void put(Watched watched);
  void look_now(SocketId id, Watched& watched);
  // How many events it put; `keep`: whether it is watched on.
  std::size_t look(Diags& diags, Watched& watched, bool& keep);
  std::size_t look_in_queue(Watched& watched, bool& keep);
  Sockets& sockets_;
  Inbox::Lane& lane_;
  std::unordered_map<SocketId, Watched> watched_;
  std::unordered_map<std::uint64_t, SocketId> by_cookie_;
  std::unordered_set<SocketId> unsettled_;  // what only a timer will move is not among them
  std::priority_queue<Due> order_;          // may name what has moved on: then its time differs
};

}  // namespace sockscope
