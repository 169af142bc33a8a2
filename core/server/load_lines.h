#pragma once
// What the process of a load tells, line by line: its events, and how its clients stand ("=answered waiting
// refused errors settled"). Its own numbers of threads, sockets and calls become ids of ours, and its events
// go into the inbox as it stamped them. Used by one thread.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/load_clients.h"
#include "trace/event_line.h"

namespace sockscope {

class LoadLines {
 public:
  // Takes a lane of the inbox. `host`: where the load is.
  LoadLines(Engine& engine, LoadCounts& counts, const std::string& host);
  ~LoadLines();  // gives the lane back
  LoadLines(const LoadLines&) = delete;
  LoadLines& operator=(const LoadLines&) = delete;

  // One read(2) of `fd`, and all lines that are whole then. What read gave: 0 at the end, −1 and errno.
  ssize_t pull(int fd);
  // The process has ended: a line it did not finish is lost, what it had open the kernel has closed.
  void end();
  // Lines that could not be read, each left out, and what was wrong with the first.
  std::size_t lost() const { return lost_; }
  const std::string& why_lost() const { return why_lost_; }

  void put(Body body);  // an event of ours beside those that come
  static void append_figures(std::string& out, const Load::Figures& figures);  // a whole line

 private:
  struct Ours;
  void take_lines();
  void line(std::string_view text);
  bool figures(std::string_view text);
  void lose(std::string why);
  void opened(const event::SocketOpened& e);
  void closed(SocketId socket);

  Engine& engine_;
  LoadCounts& counts_;
  const std::string host_;  // empty: this machine
  Inbox::Lane& lane_;
  LineReader reader_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  bool skipping_ = false;  // inside a line that was too long
  std::size_t lost_ = 0;
  std::string why_lost_;
  ThreadId thread_ = 0;                             // its only one; 0: it has not begun, or it has ended
  std::unordered_map<SocketId, SocketId> sockets_;  // its number → our id, while it is open
  // By our id: what it takes to ask the kernel for its connection once the process has closed it.
  std::unordered_map<SocketId, LeftBehind> open_;
  std::unordered_map<CallId, CallId> calls_;  // while it has not returned
};

}  // namespace sockscope
