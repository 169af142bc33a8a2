#pragma once
// The way each TCP socket went through the states: a trace read once, so that a frame costs the new events
// only. Pure.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "panes/states_graph.h"
#include "trace/trace.h"

namespace sockscope {

struct WalkCall {  // a call that may move a socket to another state
  Call name = Call::none;
  ThreadId thread = 0;
  CallId call = 0;
  std::uint64_t seq = 0;       // of its CallEntered
  std::uint64_t returned = 0;  // seq of its CallReturned; 0: not yet
  std::int32_t error = 0;
  friend bool operator==(const WalkCall&, const WalkCall&) = default;
};

struct WalkStep {
  std::uint64_t seq = 0;  // of its StateChanged; of the CallReturned that tells of a try
  Time at = 0;
  TcpState from = TcpState::not_known, to = TcpState::not_known;  // the same: it came to be in this state
  How known = How::call;
  bool eof = false;        // recv had given b'': the peer's FIN was there
  WalkCall open, close;    // the latest listen() or connect(), and close() or shutdown(), before it
  std::int32_t error = 0;  // of a call on the socket that failed because of the connection
  std::uint64_t told = 0;  // seq of that call's CallReturned
  bool tried = false;      // a connect failed so fast that nothing saw it: CLOSED, SYN_SENT, CLOSED
  friend bool operator==(const WalkStep&, const WalkStep&) = default;
};

// The edges a step went along, the figure's indices. More than one: it was not seen in the states between.
// None: not a way of the figure (a reset).
std::vector<std::size_t> edges_of(const WalkStep& step);

struct StepCause {
  enum class Kind : std::uint8_t { appeared, call, segment, timer, reset, timed_out, not_known } kind;
  Call call = Call::none;  // of Kind::call
  ThreadId thread = 0;
  std::size_t edge = kStateEdges;  // of Kind::segment and timer
  std::int32_t error = 0;          // of Kind::reset
};
StepCause cause_of(const WalkStep& step);

// Which end of a connection sent the first FIN, as far as the steps of both tell.
enum class ClosedFirst : std::uint8_t { nobody, one, other, both };
ClosedFirst closed_first(const std::vector<WalkStep>& one, const std::vector<WalkStep>& other);

class StatesWalk {
 public:
  static constexpr std::size_t kMost = 64;

  // Reads what `trace` has beyond what was read. Another trace, or one that begins otherwise, starts anew.
  void extend(const Trace& trace);
  // The socket's steps among the first `end` events, the oldest first, at most the last kMost. What happened
  // after `end` is not in them.
  std::vector<WalkStep> steps(SocketId socket, std::uint64_t end) const;
  // The TCP socket whose state changed last among the first `end` events; a listening one only where there is
  // no other. 0: none.
  SocketId latest(std::uint64_t end) const;
  // The sockets listen() was ever called on.
  const std::vector<SocketId>& listened() const { return listened_; }

 private:
  struct Track {
    SocketId same_as = 0;
    bool tcp = true, from_listener = false, listened = false, eof = false;
    TcpState state = TcpState::not_known;
    WalkCall open, close;
    std::int32_t error = 0;
    std::uint64_t told = 0;
    std::vector<WalkStep> steps;
  };
  struct Inside {
    CallId call;
    SocketId socket;
    Call name;
  };
  struct Move {
    std::uint64_t seq;
    SocketId socket;
  };
  void on(const event::SocketOpened& e, Time at, std::uint64_t seq);
  void on(const event::CallEntered& e, Time at, std::uint64_t seq);
  void on(const event::CallReturned& e, Time at, std::uint64_t seq);
  void on(const event::StateChanged& e, Time at, std::uint64_t seq);
  template <typename Other>
  void on(const Other&, Time, std::uint64_t) {}
  void failed(SocketId socket, std::int32_t error, Time at, std::uint64_t seq);
  void push(SocketId socket, Track& track, WalkStep step);
  SocketId root(SocketId id) const;

  const Trace* trace_ = nullptr;
  Time start_ = 0;
  std::uint64_t read_ = 0;
  std::unordered_map<SocketId, Track> tracks_;
  std::unordered_map<ThreadId, std::vector<Inside>> inside_;  // innermost last
  std::vector<Move> connections_, listeners_;
  std::vector<SocketId> listened_;
};

}  // namespace sockscope
