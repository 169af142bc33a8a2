#pragma once
// What can happen. Every event is a plain value with ==; text and bytes are Blobs so that an event stays
// within 96 bytes. docs/recording.md gives each kind's line in a recording.

#include <cstdint>
#include <variant>

#include "net/address.h"
#include "net/blob.h"
#include "net/boxed.h"
#include "net/catalogue.h"
#include "net/names.h"

namespace sockscope {

using Time = std::int64_t;       // nanoseconds, CLOCK_MONOTONIC
using ThreadId = std::uint32_t;  // ours, from 1, never reused; 0 is none. So are all ids here.
using SocketId = std::uint32_t;
using CallId = std::uint32_t;
using LineId = std::uint32_t;
using ServerId = std::uint32_t;  // servers and loads share one count
using HostId = std::uint32_t;
using PacketId = std::uint32_t;

enum class ThreadRole : std::uint8_t { play, accept, client, load };
enum class How : std::uint8_t { call, sample, packet, derived };  // how a state is known
// How a socket came to be. dup: a second descriptor of `from`. adopted: socket(fileno=…), the very descriptor
// of `from`; closing either closes both.
// queue, syn_queue: the kernel made it for the listening socket `from`; whole, or half made (SYN_RECV).
enum class SocketHow : std::uint8_t { socket, accept, queue, pair, dup, adopted, syn_queue };
constexpr bool before_accept(SocketHow how) {
  return how == SocketHow::queue || how == SocketHow::syn_queue;
}
constexpr bool of_listener(SocketHow how) {
  return how == SocketHow::accept || before_accept(how);
}
enum class NameKind : std::uint8_t { value, socket, thread, server, load, host };
// What the kernel will do by itself, as `ss -o` shows it: send again what was not acknowledged (on), ask
// whether the peer is still there (keepalive), forget the connection (timewait), ask for room (persist).
enum class Timer : std::uint8_t { none, retransmit, keepalive, time_wait, probe };

// Why a packet goes no further. lost: by the wire's own chance; cut: the wire is cut, or the two hosts were
// never joined; dropped: the learner dropped it; full: more waited on the wire than it keeps; gone: the host
// it was for has ended.
enum class Loss : std::uint8_t { lost, cut, dropped, full, gone };

inline constexpr std::uint32_t kNotTold = ~std::uint32_t{0};

inline constexpr std::size_t kFrameKept = 2048;  // of a packet, in an event

namespace event {

struct ThreadStarted {
  ThreadId thread = 0, parent = 0;
  std::int32_t tid = 0;
  ThreadRole role = ThreadRole::play;
  Blob name, host;
  Blob server;  // the server or load it works for
  bool operator==(const ThreadStarted&) const = default;
};
struct ThreadEnded {
  ThreadId thread = 0;
  bool operator==(const ThreadEnded&) const = default;
};

struct LineStarted {
  LineId line_id = 0;
  ThreadId thread = 0;
  std::int32_t line = 0;  // line number in `file`; 0 when typed
  Blob file, text;
  bool operator==(const LineStarted&) const = default;
};
struct LineEnded {  // exactly one for each LineStarted whose statement finished
  LineId line_id = 0;
  ThreadId thread = 0;
  std::int32_t error = 0;  // errno of the exception; 0 if it has none
  Blob exception;          // Python's class name; empty: it returned
  Blob text;               // repr of the value, or the exception's message
  bool operator==(const LineEnded&) const = default;
};
struct NameBound {
  NameKind kind = NameKind::value;
  std::uint32_t id = 0;  // the socket, thread, server or load
  Blob name, value;      // value: its repr
  bool operator==(const NameBound&) const = default;
};
struct NameUnbound {
  Blob name;
  bool operator==(const NameUnbound&) const = default;
};
struct Expectation {
  std::int32_t line = 0;
  bool met = false;
  Blob file, text, saw;
  bool operator==(const Expectation&) const = default;
};
struct SettleTimedOut {
  std::int32_t line = 0;
  Blob moving;  // names of the threads that keep moving
  bool operator==(const SettleTimedOut&) const = default;
};

// Both sides of every call. A blocked call is entered and not returned. Inner calls (each send of a
// sendall) nest: they are entered and returned by the same thread while the outer one is open.
struct CallEntered {
  CallId call = 0;
  ThreadId thread = 0;
  SocketId socket = 0;
  Call name = Call::none;
  Args args;
  bool operator==(const CallEntered&) const = default;
};
struct CallReturned {
  CallId call = 0;
  ThreadId thread = 0;
  SocketId makes = 0;       // the socket it made
  SocketId also_makes = 0;  // socketpair's second
  std::int32_t error = 0;   // errno, 0 when it succeeded; below 0: getaddrinfo's EAI code
  std::int32_t flags = 0;   // recvmsg's msg_flags
  std::int64_t result = 0;
  Address address;           // accept's peer, getsockname's answer
  Blob data;                 // preview of what recv gave; other results as ResultKind says
  bool timed_out = false;    // the socket's own timeout (settimeout) ran out; error is then ETIMEDOUT
  bool interrupted = false;  // it was asked to come back
  bool operator==(const CallReturned&) const = default;
};
struct CallBlocked {  // proved by two looks; `since` is the first
  CallId call = 0;
  ThreadId thread = 0;
  Time since = 0;
  Blob where = {};  // the kernel's function it sleeps in (/proc/TID/wchan); empty: not known
  bool operator==(const CallBlocked&) const = default;
};

struct SocketOpened {
  SocketId socket = 0, from = 0;  // from: the listening socket it came from
  std::int32_t fd = -1, family = 0, type = 0, protocol = 0;
  SocketHow how = SocketHow::socket;
  std::uint64_t cookie = 0;  // SO_COOKIE
  Blob host;
  bool operator==(const SocketOpened&) const = default;
};
struct SocketNamed {  // its addresses, as soon as they are known
  SocketId socket = 0;
  Address local, peer;
  bool operator==(const SocketNamed&) const = default;
};
struct SocketClosed {
  SocketId socket = 0;
  bool operator==(const SocketClosed&) const = default;
};
struct StateChanged {
  SocketId socket = 0;
  TcpState from = TcpState::not_known, to = TcpState::not_known;
  How how = How::sample;
  bool operator==(const StateChanged&) const = default;
};
struct ListenerSampled {
  SocketId socket = 0;
  std::uint32_t accept_queue = 0, limit = 0, syn_queue = 0;
  std::uint32_t drops = 0;  // what the kernel did not take: mostly SYNs that found the accept queue full
  bool operator==(const ListenerSampled&) const = default;
};
struct QueuesSampled {
  SocketId socket = 0;
  std::uint32_t recv_queue = 0, send_queue = 0;  // bytes, as ss Recv-Q, Send-Q
  std::uint32_t cwnd = 0, rtt_us = 0, retransmits = 0;
  std::uint32_t unsent = 0;  // of send_queue: not sent even once; the rest is not acknowledged
  // Bytes the peer offered last, and we; kNotTold: kernels before 5.4, and before 6.2, do not tell.
  std::uint32_t send_window = 0, recv_window = 0;
  std::uint32_t recv_buffer = 0, send_buffer = 0;  // SO_RCVBUF, SO_SNDBUF
  std::uint32_t drops = 0;                         // datagrams that found no room
  bool operator==(const QueuesSampled&) const = default;
};
struct TimerSampled {
  SocketId socket = 0;
  Timer timer = Timer::none;
  std::uint32_t tries = 0;  // how often it has run out already
  Time ends = 0;            // when it runs out (again); 0 with Timer::none
  bool operator==(const TimerSampled&) const = default;
};

// Live evidence for an error: what the kernel knew of the address when a call on it failed. Between that
// call's entry and its return: AddressLooked, then `found` times AddressHeld.
struct AddressLooked {
  CallId call = 0;
  std::uint32_t found = 0;
  std::int32_t error = 0;  // errno of the look itself: nothing is known then
  Address asked;
  bool operator==(const AddressLooked&) const = default;
};
struct AddressHeld {  // a socket on that port (or name), of this machine
  CallId call = 0;
  SocketId socket = 0;  // ours; 0: of another program, or no descriptor reaches it any more
  std::int32_t protocol = 0;
  std::uint32_t uid = 0;
  TcpState state = TcpState::not_known;
  Address local;
  Blob holder;  // "python3 (pid 123)"; empty: not known
  bool operator==(const AddressHeld&) const = default;
};

struct ServerStarted {
  ServerId server = 0;
  SocketId listener = 0;
  Blob name, model, handler;
  Address address;
  bool operator==(const ServerStarted&) const = default;
};
struct ServerEnded {
  ServerId server = 0;
  bool operator==(const ServerEnded&) const = default;
};
struct ClientStarted {  // a server begins to serve a client
  ServerId server = 0;
  ThreadId thread = 0;
  SocketId socket = 0;
  Address peer;
  bool operator==(const ClientStarted&) const = default;
};
struct ClientEnded {
  ServerId server = 0;
  ThreadId thread = 0;
  SocketId socket = 0;
  bool operator==(const ClientEnded&) const = default;
};
// What its threads have cost until now, as they told it when they began or ended with a client
// (getrusage(2) RUSAGE_THREAD, mincore(2) of their stacks; of a process of its own: RUSAGE_SELF and its
// memory).
struct ServerSampled {
  ServerId server = 0;
  std::uint32_t threads = 0;    // alive
  std::uint64_t memory = 0;     // bytes in RAM that only they have
  std::uint64_t switches = 0;   // context switches because they waited
  std::uint64_t preempted = 0;  // and because their time was up
  Time processor = 0;           // CPU time
  bool operator==(const ServerSampled&) const = default;
};
struct LoadStarted {
  ServerId load = 0;
  std::uint32_t clients = 0;
  Blob name, to;
  bool operator==(const LoadStarted&) const = default;
};
struct LoadEnded {
  ServerId load = 0;
  std::uint32_t answered = 0, waiting = 0, refused = 0, errors = 0;
  bool operator==(const LoadEnded&) const = default;
};
struct HandlerPrinted {  // what the tutorial's handler prints
  ServerId server = 0;
  ThreadId thread = 0;
  Blob text;
  bool operator==(const HandlerPrinted&) const = default;
};
// Hosts and wires. A host is a private network namespace; a wire is the way from one host to another, and
// each direction is its own.
struct HostStarted {
  HostId host = 0;
  std::int32_t keeper = 0;  // pid of the process that keeps its namespace
  std::int32_t net = -1;    // the namespace's descriptor in that process: /proc/KEEPER/fd/NET
  Blob name;
  Boxed<Address> address, address6;  // without ports
  bool operator==(const HostStarted&) const = default;
};
struct HostEnded {
  HostId host = 0;
  Blob why;  // empty: it was no longer needed
  bool operator==(const HostEnded&) const = default;
};
struct WireChanged {  // the way from → to is so from now on
  HostId from = 0, to = 0;
  bool joined = true;  // false: cut
  bool hold = false;   // packets stop in the middle until someone lets them go
  bool arp = false;    // the hosts ask each other's hardware address; else they know it
  std::uint32_t seed = 0;
  std::uint32_t loss = 0, duplicate = 0, reorder = 0;  // in a million
  Time delay = 0, jitter = 0;                          // of one way; jitter: at most so much more
  std::uint64_t rate = 0;                              // bits a second; 0: no limit
  bool operator==(const WireChanged&) const = default;
};
struct PacketSent {  // it left `from`; from == to: on the host's own loopback interface
  PacketId packet = 0;
  HostId from = 0, to = 0;
  PacketId copy_of = 0;      // the wire or the learner doubled that one
  std::uint32_t length = 0;  // of the whole frame, Ethernet header included
  Time due = 0;              // when it arrives, if nothing happens to it; 0: it is not to arrive
  Blob frame;                // the first kFrameKept bytes of it
  bool operator==(const PacketSent&) const = default;
};
struct PacketHeld {  // it stops in the middle
  PacketId packet = 0;
  bool operator==(const PacketHeld&) const = default;
};
struct PacketReleased {
  PacketId packet = 0;
  Time due = 0;  // as PacketSent's
  bool operator==(const PacketReleased&) const = default;
};
struct PacketDropped {
  PacketId packet = 0;
  Loss why = Loss::lost;
  bool operator==(const PacketDropped&) const = default;
};
struct PacketArrived {
  PacketId packet = 0;
  bool operator==(const PacketArrived&) const = default;
};

struct StepReached {
  std::int32_t step = 0;
  Blob lesson;
  bool operator==(const StepReached&) const = default;
};
struct Notice {  // what is not permitted here, what was lost, and why. code: a short stable word.
  Blob code, text;
  bool operator==(const Notice&) const = default;
};
struct Unknown {  // a line of a later version, kept as it was
  Blob kind, line;
  bool operator==(const Unknown&) const = default;
};

}  // namespace event

using Body = std::variant<
    event::ThreadStarted, event::ThreadEnded, event::LineStarted, event::LineEnded, event::NameBound,
    event::NameUnbound, event::Expectation, event::SettleTimedOut, event::CallEntered, event::CallReturned,
    event::CallBlocked, event::SocketOpened, event::SocketNamed, event::SocketClosed, event::StateChanged,
    event::ListenerSampled, event::QueuesSampled, event::ServerStarted, event::ServerEnded,
    event::ClientStarted, event::ClientEnded, event::LoadStarted, event::LoadEnded, event::HandlerPrinted,
    event::StepReached, event::Notice, event::AddressLooked, event::AddressHeld, event::TimerSampled,
    event::HostStarted, event::HostEnded, event::WireChanged, event::PacketSent, event::PacketHeld,
    event::PacketReleased, event::PacketDropped, event::PacketArrived, event::ServerSampled, event::Unknown>;

struct Event {
  Time at = 0;
  Body body;
  friend bool operator==(const Event&, const Event&) = default;
};
static_assert(sizeof(Event) <= 96);

}  // namespace sockscope
