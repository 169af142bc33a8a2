#pragma once
// A trace read once into lanes: what each thread called, what state each socket had, how long each accept
// queue was. extend() folds only what is new, so a frame costs the new events and the pixels, not the trace.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "panes/timeline_density.h"
#include "panes/timeline_spans.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

struct ThreadLane {
  ThreadId id = 0, parent = 0;
  ThreadRole role = ThreadRole::play;
  std::string name, server, host;
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

// The lanes of a server, a load or a host.
struct LaneGroup {
  ServerId id = 0;  // 0: not told, or a host
  std::string name;
  SocketId listener = 0;
  std::string host;               // of a server: where its first thread is
  std::vector<ThreadId> threads;  // its own and, of a load, its clients
  Spans alive;                    // value: how many of them live; of a server without who accepts
  Spans failures;                 // points: calls of its threads that failed, requests they dropped
  Spans accept_failures;          // of a server: those of who accepts, which has a lane of its own
  std::uint32_t living = 0;
};

enum class MarkKind : std::uint8_t { expectation, notice };

class TimelineIndex {
 public:
  // Folds what `trace` has beyond what was folded. Another trace, or one that begins otherwise, starts anew.
  void extend(const Trace& trace);
  std::size_t folded() const { return static_cast<std::size_t>(state_.next()); }
  const State& state() const { return state_; }  // at folded()
  // Changes whenever lanes came or moved: the rows must then be made again.
  std::uint64_t lanes_version() const { return version_; }

  const std::vector<ThreadLane>& threads() const { return threads_; }
  const std::vector<SocketLane>& sockets() const { return sockets_; }
  const std::vector<LaneGroup>& groups() const { return groups_; }  // servers and loads
  const std::vector<LaneGroup>& hosts() const { return hosts_; }    // in the order they began
  const Spans& marks() const { return marks_; }                     // kind: a MarkKind
  const ThreadLane* thread(ThreadId id) const;
  const SocketLane* socket(SocketId id) const;
  const TimelineDensity& density() const { return density_; }
  // Calls entered in [from, to], and bytes that sends took in it.
  std::uint64_t calls_between(Time from, Time to) const;
  std::uint64_t bytes_between(Time from, Time to) const;

 private:
  struct Inside {
    CallId call;
    bool outer;
  };
  void note(const Event& event, std::uint32_t seq);
  void on(const event::ThreadStarted& e, Time at, std::uint32_t seq);
  void on(const event::ThreadEnded& e, Time at, std::uint32_t seq);
  void on(const event::HostStarted& e, Time at, std::uint32_t seq);
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
  LaneGroup& group(std::string_view name);
  LaneGroup& host(std::string_view name);
  void fail(const ThreadLane& lane, Time at, std::uint32_t seq);
  // Reads the socket's state and queue from state_, after an event that may have changed them.
  void look(SocketId id, Time at, std::uint32_t seq);
  void look_at_queue(const SocketState& socket, SocketLane& lane, Time at, std::uint32_t seq, bool over);
  void hand(SocketId socket, ThreadId thread, Time at);
  void count(LaneGroup& group, Time at, std::uint32_t seq);

  const Trace* trace_ = nullptr;
  Time start_ = 0;
  State state_;  // at folded(): what is so is said in one place only
  std::uint64_t version_ = 0;
  std::vector<ThreadLane> threads_;
  std::vector<SocketLane> sockets_;
  std::vector<LaneGroup> groups_, hosts_;
  std::unordered_map<ThreadId, std::size_t> thread_at_;
  std::unordered_map<SocketId, std::size_t> socket_at_;
  std::unordered_map<ThreadId, std::vector<CallId>> inside_;  // calls a thread is in, innermost last
  std::unordered_set<CallId> sends_;                          // entered and not back
  struct Taken {
    Time at;
    std::uint64_t bytes;  // by all sends up to it
  };
  std::vector<Taken> taken_;
  TimelineDensity density_;
  Spans marks_;
};

}  // namespace sockscope
