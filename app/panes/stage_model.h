#pragma once
// Who stands on the Stage: the state, put in the order a connection goes. Client threads and their sockets;
// each listening socket with its queue and the threads that serve. Pure.

#include <cstdint>
#include <string_view>
#include <vector>

#include "trace/state.h"

namespace sockscope {

// A thread beside a socket; either may be missing (0): a thread without a socket, a socket no thread is known
// of.
struct StageRow {
  ThreadId thread = 0;
  SocketId socket = 0;
  bool head = false;  // the thread's card stands in this row; else it stands elsewhere and a line leads to it
  friend bool operator==(const StageRow&, const StageRow&) = default;
};

struct StageServer {
  SocketId listener = 0;
  ServerId server = 0;             // 0: a listening socket of the learner's own
  ThreadId acceptor = 0;           // the thread that made the listener or accepts on it
  std::uint32_t seats = 0;         // limit + 1, as the kernel says; 0: listen was not called
  std::uint32_t taken = 0;         // seats that somebody sits in
  std::vector<SocketId> waiting;   // who sits in the queue, head first; may be shorter than `taken`
  std::vector<SocketId> knocking;  // clients whose SYN has no answer
  std::vector<StageRow> served;    // accepted sockets, each with the thread that serves it
  std::size_t past = 0;            // accepted sockets in TIME_WAIT that are only counted
  Time past_ends = 0;              // when the last of them is forgotten; 0: not known
};

struct StageModel {
  std::vector<StageRow> clients;
  std::size_t past = 0;  // clients in TIME_WAIT that are only counted
  Time past_ends = 0;
  std::vector<StageServer> servers;
  bool empty() const { return clients.empty() && servers.empty() && past == 0; }
};

// More closed sockets in TIME_WAIT on one side than this are counted, not drawn: they need nobody's eye.
inline constexpr std::size_t kMostPast = 4;

// Its handshake is not finished on the listening side, though the client may believe that it is connected.
bool half_made(const State& state, SocketId waiting);

StageModel stage_model(const State& state);
// Only what is on that host; this machine: "localhost".
StageModel stage_model(const State& state, std::string_view host);

// The play thread a socket belongs to for the person who clicks it: the one in a call on it, else the one
// that made it, else 0.
ThreadId owner_of(const State& state, const SocketState& socket);
// Is there still something to see of it: a descriptor, or a state that is known and not CLOSED.
bool on_stage(const SocketState& socket);

}  // namespace sockscope
