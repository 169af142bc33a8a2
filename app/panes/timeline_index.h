#pragma once
// A trace read once into lanes: what each thread called, what state each socket had, how long each accept
// queue was. extend() folds only what is new, so a frame costs the new events and the pixels, not the trace.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "panes/timeline_spans.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

struct ThreadLane {
  ThreadId id = 0, parent = 0;
  ThreadRole role = ThreadRole::play;
  std::string name, server;
  Time started = 0, ended = -1;   // −1: it lives
  Spans calls;                    // outermost; value: seq of the CallReturned
  Spans inner;                    // points: the calls inside them
  std::vector<SocketId> sockets;  // made here, or handed to it; oldest first
};

struct SocketLane {
  SocketId id = 0, from = 0;  // from: the listening socket
  ThreadId thread = 0;        // whose lane it is under; 0: nobody has accepted it
  Time opened = 0, accepted = -1, closed = -1;
  bool listened = false;
  std::string name;  // the first variable bound to it; kept when the variable goes on to another
  Spans states;  // kind: a TcpState; not_known only while it is open; goes on after close while one is known
  Spans drops;   // points: connection requests, or datagrams, were dropped
  std::uint32_t dropped = 0;
  Spans queue;  // of a listening socket; value: who waits
  std::uint32_t limit = 0, longest = 0;
};

struct ServerGroup {
  ServerId id = 0;
  std::string name;
  SocketId listener = 0;
  std::vector<ThreadId> threads;  // its own and, of a load, its clients
  Spans alive;                    // value: how many of them live, without who accepts
  std::uint32_t living = 0;
};

enum class MarkKind : std::uint8_t { expectation, notice };

class TimelineIndex {
 public:
  // Folds what `trace` has beyond what was folded. Another trace, or one that begins otherwise, starts anew.
  void extend(const Trace& trace);
  std::size_t folded() const { return static_cast<std::size_t>(state_.next()); }
  // Changes whenever lanes came or moved: the rows must then be made again.
  std::uint64_t lanes_version() const { return version_; }

  const std::vector<ThreadLane>& threads() const { return threads_; }
  const std::vector<SocketLane>& sockets() const { return sockets_; }
  const std::vector<ServerGroup>& groups() const { return groups_; }
  const Spans& marks() const { return marks_; }  // kind: a MarkKind
  const ThreadLane* thread(ThreadId id) const;
  const SocketLane* socket(SocketId id) const;

 private:
  struct Inside {
    CallId call;
    bool outer;
  };
  void note(const Event& event, std::uint32_t seq);
  void on(const event::ThreadStarted& e, Time at, std::uint32_t seq);
  void on(const event::ThreadEnded& e, Time at, std::uint32_t seq);
  void on(const event::NameBound& e, Time at, std::uint32_t seq);
  void on(const event::CallEntered& e, Time at, std::uint32_t seq);
  void on(const event::CallReturned& e, Time at, std::uint32_t seq);
  void on(const event::CallBlocked& e, Time at, std::uint32_t seq);
  void on(const event::SocketOpened& e, Time at, std::uint32_t seq);
  void on(const event::SocketClosed& e, Time at, std::uint32_t seq);
  void on(const event::StateChanged& e, Time at, std::uint32_t seq);
  void on(const event::ListenerSampled& e, Time at, std::uint32_t seq);
  void on(const event::QueuesSampled& e, Time at, std::uint32_t seq);
  void on(const event::ServerStarted& e, Time at, std::uint32_t seq);
  void on(const event::ServerEnded& e, Time at, std::uint32_t seq);
  void on(const event::LoadStarted& e, Time at, std::uint32_t seq);
  void on(const event::ClientStarted& e, Time at, std::uint32_t seq);
  void on(const event::Expectation& e, Time at, std::uint32_t seq);
  void on(const event::Notice& e, Time at, std::uint32_t seq);
  template <typename Other>
  void on(const Other&, Time, std::uint32_t) {}

  ThreadLane& thread_lane(ThreadId id, Time at);
  SocketLane& socket_lane(SocketId id, Time at);
  ServerGroup& group(std::string_view name);
  // Reads the socket's state and queue from state_, after an event that may have changed them.
  void look(SocketId id, Time at, std::uint32_t seq);
  void look_at_queue(const SocketState& socket, SocketLane& lane, Time at, std::uint32_t seq, bool over);
  void hand(SocketId socket, ThreadId thread, Time at);
  void count(ServerGroup& group, Time at, std::uint32_t seq);

  const Trace* trace_ = nullptr;
  Time start_ = 0;
  State state_;  // at folded(): what is so is said in one place only
  std::uint64_t version_ = 0;
  std::vector<ThreadLane> threads_;
  std::vector<SocketLane> sockets_;
  std::vector<ServerGroup> groups_;
  std::unordered_map<ThreadId, std::size_t> thread_at_;
  std::unordered_map<SocketId, std::size_t> socket_at_;
  std::unordered_map<ThreadId, std::vector<CallId>> inside_;  // calls a thread is in, innermost last
  Spans marks_;
};

}  // namespace sockscope
