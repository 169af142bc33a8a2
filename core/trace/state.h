#pragma once
// What is so at a point of the trace. apply() is the only way anything becomes so: live view, replay, checks
// and narration fold the same events through it. A value: compare, and copy, which is cheap: what does not
// change any more is shared. A state and its copies are one thread's at a time. No clock, no system call.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/event.h"
#include "trace/packet_state.h"
#include "trace/shared_vector.h"

namespace sockscope {

// Bytes of one send, as far as they have not been received: each send's bytes keep who sent them.
struct Piece {
  SocketId from = 0;         // the socket that sent them
  std::uint32_t send = 0;    // the how-manieth send of that socket, from 1: its colour
  CallId call = 0;           // the call that sent them
  std::uint64_t offset = 0;  // where in that send these begin
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;  // of a datagram, in `taken`: what did not fit and is lost
  bool operator==(const Piece&) const = default;
};

struct SetOption {  // what setsockopt set, the last value of each
  std::int32_t level = 0, option = 0;
  std::int64_t value = 0;
  std::string bytes;  // when it was given as bytes
  bool operator==(const SetOption&) const = default;
};

inline constexpr std::size_t kPiecesKept = 256;  // of one socket; the oldest beyond are one piece with send 0

struct SocketState {
  SocketId id = 0;
  SocketId from = 0;               // the listening socket it was accepted from
  ThreadId maker = 0;              // the thread whose call made it
  SocketId peer_id = 0;            // the other end, when it is one of ours too
  std::string called;              // the last variable ever bound to it: what a person calls it afterwards
  std::vector<std::string> names;  // variables bound to it now, oldest first
  std::string host;
  int fd = -1, family = 0, type = 0, protocol = 0;
  SocketHow how = SocketHow::socket;
  bool open = false;      // a descriptor of ours reaches it
  bool accepted = false;  // made by accept
  TcpState state = TcpState::not_known;
  How known = How::call;
  Time state_since = 0, opened = 0, closed = 0;
  std::uint64_t cookie = 0;
  Address local, peer;
  // listening sockets
  std::int32_t backlog = -1;  // as asked; −1: listen was not called
  std::uint32_t accept_queue = 0, limit = 0, syn_queue = 0;
  // Who sits in the accept queue, head first: of our own clients the client's socket, in the order their
  // connects succeeded; of others' the connection the kernel made (how queue), in the order it was seen. A
  // client that closes keeps its seat, as in the kernel. Shorter than accept_queue where sock_diag(7) is
  // refused and others connect too.
  std::vector<SocketId> waiting;
  std::uint32_t drops = 0;  // connection requests, or datagrams, that found no room
  // queues, in bytes
  std::uint32_t recv_queue = 0, send_queue = 0, cwnd = 0, rtt_us = 0, retransmits = 0;
  std::uint32_t unsent = 0;                        // of send_queue: not sent even once
  std::uint32_t send_window = 0, recv_window = 0;  // what the peer offers, what we offer
  std::uint32_t recv_buffer = 0, send_buffer = 0;  // 0: not sampled
  Timer timer = Timer::none;
  std::uint32_t timer_tries = 0;
  Time timer_ends = 0;  // when it runs out, unless something happens before
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  std::uint32_t sends = 0;    // how many calls sent something: the number of the last send
  std::string last_received;  // at most 64 bytes
  // Who sent what has not been received yet, oldest first, and what the last receive took. Derived from the
  // calls of our own sockets: empty when the peer is another program's. A piece with send 0 is of sends not
  // known.
  std::vector<Piece> unread, taken;
  std::vector<SetOption> options;
  SocketId same_as = 0;  // dup and fileno=: the first descriptor of the same socket
  bool eof = false;      // recv gave b''
  bool shut_write = false;
  Time deadline_ns = -1;  // settimeout, or the default timeout it was made with: −1 none
  // The kernel has made this connection, and no accept has taken it.
  bool queued() const { return before_accept(how) && !accepted; }
  bool operator==(const SocketState&) const = default;
};

struct OpenCall {
  CallId call = 0;
  Call name = Call::none;
  SocketId socket = 0;
  Time entered = 0;
  std::uint64_t seq = 0;  // of its CallEntered
  Numbers numbers{};      // Args::numbers
  Time deadline = -1;     // when it runs out of time; −1 never
  std::string text;       // Args::text: what select and poll watch; setsockopt's bytes
  bool operator==(const OpenCall&) const = default;
};

struct ThreadState {
  ThreadId id = 0, parent = 0;
  std::int32_t tid = 0;
  ThreadRole role = ThreadRole::play;
  std::string name, host, server;
  bool alive = false;
  Time started = 0, ended = 0;
  std::vector<OpenCall> calls;  // innermost last; empty: not in a call
  bool blocked = false;         // proved, in the innermost call
  Time blocked_since = 0;
  std::string sleeps_in;  // the kernel's function, when blocked; empty: not known
  // the latest call that returned
  Call last_call = Call::none;
  SocketId last_socket = 0;
  std::uint64_t last_return = 0;  // seq of its CallReturned
  int last_error = 0;
  bool has_returned = false;
  // the latest line
  LineId line_id = 0;
  std::int32_t line = 0;
  bool line_running = false;
  std::uint64_t line_seq = 0;      // seq of its LineStarted
  std::uint64_t line_end_seq = 0;  // seq of its LineEnded, when not running
  int line_error = 0;
  std::string line_exception;  // empty: it returned (or none was run)
  SocketId serving = 0;        // the client's socket a server thread serves now
  bool operator==(const ThreadState&) const = default;
};

struct ServerState {
  ServerId id = 0;
  std::string name, model, handler;
  Address address;
  SocketId listener = 0;
  bool running = false;
  std::uint32_t served = 0, serving = 0;  // clients finished; clients now
  event::ServerSampled cost;              // as last told; server 0: never
  Time started = 0, ended = 0;
  bool operator==(const ServerState&) const = default;
};

struct LoadState {
  ServerId id = 0;
  std::string name, to;
  bool running = false;
  std::uint32_t clients = 0, answered = 0, waiting = 0, refused = 0, errors = 0;
  bool operator==(const LoadState&) const = default;
};

struct BoundName {
  std::string name;
  NameKind kind = NameKind::value;
  std::uint32_t id = 0;
  std::string value;  // repr
  bool operator==(const BoundName&) const = default;
};

struct PrintedLine {
  Time at = 0;
  ServerId server = 0;
  ThreadId thread = 0;
  std::string text;
  bool operator==(const PrintedLine&) const = default;
};

// Larger ids are refused when a recording is loaded.
inline constexpr std::uint32_t kMostIds = 10'000'000;

class State {
 public:
  // `seq` is the event's place in the trace. Events come in trace order; any prefix may be applied, and
  // events may name ids never introduced (a torn recording): they are then introduced empty. An id that so
  // few events cannot have reached (ids are given densely) is ignored, so that a hostile recording cannot
  // make the state much larger than itself.
  void apply(const Event& event, std::uint64_t seq);

  std::uint64_t next() const { return next_; }  // the seq to apply next
  Time at() const { return at_; }               // greatest time applied

  Time default_timeout() const { return default_timeout_; }  // setdefaulttimeout; −1 none

  // In order of id; ids start at 1 and are dense, so id − 1 is the index. Entries with id 0 are gaps.
  const SharedVector<SocketState>& sockets() const { return sockets_; }
  const SharedVector<ThreadState>& threads() const { return threads_; }
  const std::vector<ServerState>& servers() const { return servers_; }
  const std::vector<LoadState>& loads() const { return loads_; }
  const std::vector<HostState>& hosts() const { return hosts_; }
  const std::vector<WireState>& wires() const {
    return wires_;
  }  // each direction, in the order of their making
  const Packets& packets() const { return packets_; }
  // Between which hosts packets have been, the lower number first, each once; twice the same host: its own
  // lo.
  const std::vector<std::pair<HostId, HostId>>& packet_pairs() const { return packet_pairs_; }
  const std::vector<BoundName>& names() const { return names_; }
  const std::vector<PrintedLine>& printed() const { return printed_; }  // at least the last 200
  const std::vector<event::Notice>& notices() const { return notices_; }

  const SocketState* socket(SocketId id) const;  // nullptr: no such socket
  const ThreadState* thread(ThreadId id) const;
  const ThreadState* thread(std::string_view name) const;
  const ServerState* server(ServerId id) const;
  const ServerState* server(std::string_view name) const;
  const LoadState* load(std::string_view name) const;
  const HostState* host(HostId id) const;
  const HostState* host(std::string_view name) const;
  const WireState* wire(HostId from, HostId to) const;  // nullptr: never joined
  // The packet that carried the same bytes of the connection, or the same SYN or FIN, before: what a segment
  // with this header would repeat if `from` sent it now. nullptr: there is none.
  const PacketState* sent_before(HostId from, const Packet& segment) const;
  const BoundName* name(std::string_view name) const;
  // What a person calls it: its latest variable, the last one it had, the server that listens on it. Empty:
  // nothing.
  std::string_view called(SocketId id) const;
  // called(), else "socket #3".
  std::string label(SocketId id) const;
  // About how many bytes this holds that `other` does not share.
  std::size_t bytes_beside(const State& other) const;

  bool operator==(const State&) const = default;

 private:
  friend struct Fold;  // trace/fold.h: one overload a kind
  struct Endpoint {
    std::uint16_t family = 0, port = 0;
    HostId host = 0;  // of a loopback or any address: whose; else 0, as on this machine
    std::array<std::uint8_t, 16> ip{};
    auto operator<=>(const Endpoint&) const = default;
  };
  // What connect was asked, and where the connection stands with its listener.
  struct Connecting {
    Address target;
    bool established = false;
    bool taken = false;        // an accept has taken it
    SocketId in_queue_of = 0;  // the listener in whose `waiting` it is
    bool operator==(const Connecting&) const = default;
  };
  // What a socket's calls leave behind that is in nobody's receive queue.
  struct Flow {
    std::vector<Piece> held;      // sent to a peer that is not known yet
    std::vector<SocketId> same;   // its dups
    std::vector<SocketId> unmet;  // AF_UNIX listener: accepted, and whose connect has not returned
    Piece urgent;                 // MSG_OOB's byte
    std::uint64_t ahead = 0;      // received, and the send is not in the trace yet
    int detached = -1;            // the descriptor that detach let go of and nobody has closed
    bool detaching = false;       // inside of detach
    bool operator==(const Flow&) const = default;
  };
  // A send that was entered and has not returned: a receive may return first.
  struct Sending {
    CallId call = 0;
    ThreadId thread = 0;
    SocketId from = 0;
    SocketId to = 0;         // of a datagram; 0: the peer, whoever that is by then
    std::uint32_t send = 0;  // its number, once a receive took some of it
    std::uint64_t offered = 0, taken = 0;
    bool gone = false;  // a whole datagram, received already
    bool operator==(const Sending&) const = default;
  };
  // One direction of a TCP connection, by its packets.
  struct Stream {
    bool begun = false, acked = false;
    Time begun_at = 0;
    SocketId socket = 0;                // the one that sends
    std::uint32_t first = 0, next = 0;  // the SYN's number; one behind the last sent
    std::uint32_t last_ack = 0;
    std::uint16_t last_window = 0;
    std::vector<std::pair<std::uint32_t, PacketId>> recent;  // sequence numbers, oldest first
    bool operator==(const Stream&) const = default;
  };
  struct Datagram {       // between two hosts
    SocketId to = 0;      // 0: its send has not returned
    PacketId packet = 0;  // 0: not seen on the wire
    Piece piece;
    std::uint64_t seq = 0;    // of its CallEntered
    std::uint32_t early = 0;  // arrived before its send returned, copies too
    bool ahead = false;       // received, and its arrival is not in the trace yet
    bool operator==(const Datagram&) const = default;
  };
  static std::pair<Endpoint, Endpoint> ends_of(const Address& source, const Address& destination);
  struct Span {  // the bytes of one send in its socket's stream
    std::uint64_t from = 0, end = 0;
    CallId call = 0;
    std::uint32_t send = 0;
    std::uint64_t seq = 0;  // of its CallEntered
    bool operator==(const Span&) const = default;
  };
  std::uint64_t next_ = 0;
  Time at_ = 0;
  Time default_timeout_ = -1;
  SharedVector<SocketState> sockets_;
  SharedVector<ThreadState> threads_;
  std::vector<ServerState> servers_;
  std::vector<LoadState> loads_;
  std::vector<HostState> hosts_;
  std::vector<WireState> wires_;
  Packets packets_;
  std::vector<std::pair<HostId, HostId>> packet_pairs_;
  std::vector<BoundName> names_;
  std::vector<PrintedLine> printed_;
  std::vector<event::Notice> notices_;
  // How to find things; all of it follows from the events too.
  using Ends = std::map<std::pair<Endpoint, Endpoint>, SocketId>;
  static constexpr std::size_t kEndsParts = 512;
  static std::size_t ends_part(const Endpoint& local, const Endpoint& peer);
  SharedVector<Ends, 1> ends_;  // by local and peer: the latest such socket; in parts by their ports
  std::map<Endpoint, SocketId> listening_;                   // by local
  std::map<std::string, std::size_t, std::less<>> name_at_;  // in names_
  SharedVector<Connecting> connecting_;                      // by socket, as far as connect was called
  std::map<Endpoint, SocketId> bound_;                       // datagram sockets, by local
  std::map<std::string, SocketId, std::less<>> unix_;  // AF_UNIX sockets, by their path or abstract name
  SharedVector<Flow> flows_;                           // by socket, as far as one was needed
  std::map<std::pair<HostId, std::pair<Endpoint, Endpoint>>, Stream>
      streams_;                                        // by sender, source, destination
  std::map<SocketId, std::vector<PacketId>> untaken_;  // data that arrived and no receive has begun to take
  std::map<SocketId, std::vector<Span>> spans_;        // where hosts are: the latest sends, oldest first
  std::map<CallId, Datagram> datagrams_;               // by the call that sent it: the latest
  std::vector<Sending> sending_;                       // the oldest first; few
};

}  // namespace sockscope
