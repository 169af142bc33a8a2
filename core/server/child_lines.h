#pragma once
// What a child process of ours tells, line by line: its events (trace/event_line.h) and lines of its own
// kind. Its own numbers of threads, sockets and calls become ids of ours, and its events go into the inbox as
// it stamped them. Numbers of threads and sockets are one count for all its processes; each thread counts its
// own calls. Used by one thread.

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/engine.h"
#include "trace/event_line.h"

namespace sockscope {

class ChildLines {
 public:
  // Takes a lane of the inbox. `host`: where its sockets are. `parent`: the thread of ours that started it.
  ChildLines(Engine& engine, const std::string& host, ThreadId parent = 0);
  virtual ~ChildLines();  // gives the lane back
  ChildLines(const ChildLines&) = delete;
  ChildLines& operator=(const ChildLines&) = delete;

  // One read(2) of `fd`, and all lines that are whole then. What read gave: 0 at the end, −1 and errno.
  ssize_t pull(int fd);
  // The process has ended: a line it did not finish is lost, what it had open the kernel has closed.
  virtual void end();
  // Lines that could not be read, each left out, and what was wrong with the first.
  std::size_t lost() const { return lost_; }
  const std::string& why_lost() const { return why_lost_; }

  void put(Body body);  // an event of ours beside those that come

 protected:
  void line(std::string_view text);
  void event(Event its);
  // A line that is no event: nullopt: it is none of its own kind either; else why it is lost, empty: it was
  // taken.
  virtual std::optional<std::string> other_line(std::string_view text) = 0;
  // Of a kind that not every child may tell: whether this one may, and its ids, made ours.
  virtual bool own_event(Body&) { return false; }
  virtual void took(const Body&) {}  // an event of its, with our ids, whether it is traced or not

  Engine& engine() { return engine_; }
  // A socket of ours that it has too, by its number: its end does not close it.
  void lend(SocketId its, SocketId ours) { lent_[its] = ours; }
  // Its number → our id; false: there is none. 0 is 0.
  bool socket_of_ours(SocketId& id) const;
  bool thread_of_ours(ThreadId& id) const;
  void close_socket(SocketId its);  // the kernel has closed it
  void end_thread(ThreadId its);    // it is gone without a word

 private:
  struct Ours;
  struct Thread {
    ThreadId id = 0;
    std::unordered_map<CallId, CallId> calls{};  // while it has not returned
  };
  void take_lines();
  void lose(std::string why);
  void opened(const event::SocketOpened& e);
  void closed(SocketId socket);

  Engine& engine_;
  const std::string host_;  // empty: this machine
  const ThreadId parent_;
  Inbox::Lane& lane_;
  LineReader reader_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  bool skipping_ = false;  // inside a line that was too long
  std::size_t lost_ = 0;
  std::string why_lost_;
  std::unordered_map<ThreadId, Thread> threads_;    // by its number, until it has ended
  std::unordered_map<SocketId, SocketId> sockets_;  // its number → our id, while it is open
  std::unordered_map<SocketId, SocketId> lent_;
  // By our id: what it takes to ask the kernel for its connection once the process has closed it.
  std::unordered_map<SocketId, LeftBehind> open_;
};

}  // namespace sockscope
