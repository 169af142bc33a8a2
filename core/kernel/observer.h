#pragma once
// What the kernel says of our sockets: of open ones TCP_INFO, SIOCINQ, SIOCOUTQ and SO_MEMINFO, and from
// sock_diag(7) timers, what waits before accept, and what becomes of a connection after close. Passive: a
// poll looks for a bounded time and puts an event for what changed since anybody told it last. Where the
// kernel does not tell, a Notice (code "sock-diag") says what stays unknown. Owned by one thread.

#include <cstddef>
#include <vector>

#include "calls/sockets.h"
#include "kernel/diags.h"
#include "kernel/queue_watch.h"
#include "kernel/watch_list.h"
#include "trace/inbox.h"

namespace sockscope {

class Observer {
 public:
  Observer(Sockets& sockets, const Hosts& hosts, Inbox& inbox);  // takes a lane of the inbox
  ~Observer();                                                   // gives it back
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // A poll goes on for no longer than this; the next one goes on where it stopped.
  static constexpr Time kMostOfAPoll = 2 * kMillisecond;
  // Looks. Returns how many events it put: none means nothing moved.
  std::size_t poll();
  // What is told is so at this moment or later: when the last round through all sockets began.
  Time complete() const { return complete_; }
  // When to poll next, when nothing has moved for `quiet`: at once while things move, more and more seldom
  // when nothing does, and never so often that asking takes more than 2 % of a core (of 100 sockets; 5 % of
  // 1,000). −1: there is nothing to look at.
  Time next_due(Time quiet) const;
  // Whether a poll that comes sooner, because something else woke the caller, may look again already.
  bool may_poll(Time quiet) const;
  // Readable when a TCP socket of this machine ended, until hear() is called; −1: the kernel does not tell.
  int wake_fd() const { return wake_fd_; }
  // Whether one of ours ended: reason to poll.
  bool hear();

 private:
  std::size_t look(const SocketHandle& entry);
  std::size_t look_tcp(const SocketHandle& entry);
  std::size_t look_datagrams(const SocketHandle& entry);
  void begin_round();
  std::size_t end_round();
  Time rest() const;
  std::size_t failed(const SocketEntry& entry, int error);
  std::size_t refused(int error);
  std::size_t unix_refused(int error);
  void notice(std::string_view code, const std::string& text);

  Sockets& sockets_;
  Inbox& inbox_;
  Inbox::Lane& lane_;
  Diags diags_;
  bool unix_told_ = true;  // the kernel tells of AF_UNIX sockets
  int wake_fd_ = -1;
  WatchList watch_;
  QueueWatch queues_;
  std::vector<SocketHandle> round_;
  std::size_t next_ = 0;  // in round_
  Time round_begun_ = 0, complete_ = 0, polled_ = 0;
  Time cost_ = 0;            // of the last poll, this thread's processor time
  Time timers_asked_ = 0;    // when the last round began that asked for every timer
  bool all_timers_ = false;  // this round does
  bool moved_ = false;       // the last poll put something
  Time thinned_ = 0;         // a round's length when it was told; 0: it was not
};

}  // namespace sockscope
