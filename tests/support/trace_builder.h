#pragma once
// Traces written by hand, for tests that need no kernel. Times are milliseconds after the start; each event
// comes 10 µs after the one before it unless at() says otherwise. Ids are given in order, from 1.
//
//   TraceBuilder b;
//   const ThreadId client = b.thread("client");
//   const SocketId c = b.socket(client, "c");
//   b.at(100);
//   const CallId call = b.enter(client, Call::connect, c, b.to(loopback(9999)));
//   b.at(150).blocked(client, call);
//   b.at(200).fail(call, ECONNREFUSED);
//   const Trace trace = b.trace();

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/clock.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

class TraceBuilder {
 public:
  static constexpr Time kStart = 100 * kSecond;

  // Later events happen at `ms` and after.
  TraceBuilder& at(double ms) {
    clock_ = kStart + static_cast<Time>(ms * 1e6);
    return *this;
  }
  TraceBuilder& after(double ms) {
    clock_ += static_cast<Time>(ms * 1e6);
    return *this;
  }
  TraceBuilder& put(Body body) {
    events_.push_back(Event{clock_, std::move(body)});
    clock_ += 10 * kMicrosecond;
    return *this;
  }
  Time now() const { return clock_; }

  // threads and lines
  ThreadId thread(std::string_view name, ThreadRole role = ThreadRole::play, std::string_view server = {},
                  ThreadId parent = 0) {
    const ThreadId id = ++threads_;
    put(event::ThreadStarted{id, parent, static_cast<std::int32_t>(1000 + id), role, name, "localhost",
                             server});
    return id;
  }
  TraceBuilder& end_thread(ThreadId thread) { return put(event::ThreadEnded{thread}); }
  LineId line(ThreadId thread, std::int32_t number, std::string_view text,
              std::string_view file = "example.play") {
    put(event::LineStarted{++lines_, thread, number, file, text});
    return lines_;
  }
  TraceBuilder& line_returned(LineId line, ThreadId thread, std::string_view value = {}) {
    return put(event::LineEnded{line, thread, 0, {}, value});
  }
  TraceBuilder& line_raised(LineId line, ThreadId thread, std::string_view exception, std::int32_t error,
                            std::string_view text) {
    return put(event::LineEnded{line, thread, error, exception, text});
  }
  TraceBuilder& name(NameKind kind, std::uint32_t id, std::string_view name, std::string_view value = {}) {
    return put(event::NameBound{kind, id, name, value});
  }

  // calls
  static Args numbers(std::int64_t a, std::int64_t b = 0, std::int64_t c = 0) {
    Args args;
    args.numbers = {a, b, c};
    return args;
  }
  static Args text(std::string_view text, Numbers numbers = {}) {
    Args args;
    args.text = Blob(text);
    args.numbers = numbers;
    return args;
  }
  static Args datagram(std::string_view data, Address to = {}) {
    Args args = bytes(data);
    args.address = std::move(to);
    return args;
  }
  static Args to(Address address) {
    Args args;
    args.address = std::move(address);
    return args;
  }
  static Args bytes(std::string_view data) {
    Args args;
    args.data = preview_of(data);
    return args;
  }
  CallId enter(ThreadId thread, Call name, SocketId socket, Args args = {}) {
    inside_.push_back(thread);
    const auto id = static_cast<CallId>(inside_.size());
    put(event::CallEntered{id, thread, socket, name, std::move(args)});
    return id;
  }
  TraceBuilder& blocked(ThreadId thread, CallId call, double first_look_ms_ago = 20) {
    return put(event::CallBlocked{call, thread, clock_ - static_cast<Time>(first_look_ms_ago * 1e6)});
  }
  // How a call came back: `returned` has all fields but the ids.
  TraceBuilder& ret(CallId call, event::CallReturned returned = {}) {
    returned.call = call;
    returned.thread = inside_[call - 1];
    return put(std::move(returned));
  }
  TraceBuilder& ret(CallId call, std::int64_t result) {
    event::CallReturned returned;
    returned.result = result;
    return ret(call, std::move(returned));
  }
  TraceBuilder& fail(CallId call, std::int32_t error) {
    event::CallReturned returned;
    returned.result = -1;
    returned.error = error;
    return ret(call, std::move(returned));
  }
  TraceBuilder& received(CallId call, std::string_view data) {
    event::CallReturned returned;
    returned.result = static_cast<std::int64_t>(data.size());
    returned.data = preview_of(data);
    return ret(call, std::move(returned));
  }

  // sockets; the calls are entered and return at once. They are of the family and type that were set last.
  TraceBuilder& of(int family, int type) {
    family_ = family;
    type_ = type;
    return *this;
  }
  TraceBuilder& opened(SocketId socket, SocketHow how = SocketHow::socket, SocketId from = 0) {
    return put(event::SocketOpened{socket, from, static_cast<std::int32_t>(socket + 6), family_, type_, 0,
                                   how, 0x1000 + socket, "localhost"});
  }
  SocketId socket(ThreadId thread, std::string_view variable = {}) {
    const SocketId id = ++sockets_;
    const CallId call = enter(thread, Call::socket, 0, numbers(family_, type_));
    opened(id);
    event::CallReturned made;
    made.makes = id;
    made.result = static_cast<std::int64_t>(id + 6);
    ret(call, std::move(made));
    if (!variable.empty()) name(NameKind::socket, id, variable, "<socket>");
    return id;
  }
  TraceBuilder& named(SocketId socket, Address local, Address peer = {}) {
    return put(event::SocketNamed{socket, std::move(local), std::move(peer)});
  }
  TraceBuilder& state(SocketId socket, TcpState from, TcpState to, How how = How::sample) {
    return put(event::StateChanged{socket, from, to, how});
  }
  TraceBuilder& listener(SocketId socket, std::uint32_t accept_queue, std::uint32_t limit) {
    return put(event::ListenerSampled{socket, accept_queue, limit, 0});
  }
  TraceBuilder& queues(SocketId socket, std::uint32_t recv_queue, std::uint32_t send_queue = 0) {
    return put(event::QueuesSampled{socket, recv_queue, send_queue, 10, 20, 0});
  }
  TraceBuilder& bind(ThreadId thread, SocketId socket, const Address& asked, const Address& got) {
    const CallId call = enter(thread, Call::bind, socket, to(asked));
    named(socket, got);
    return ret(call);
  }
  TraceBuilder& listen(ThreadId thread, SocketId socket, std::int64_t backlog) {
    const CallId call = enter(thread, Call::listen, socket, numbers(backlog));
    state(socket, TcpState::CLOSED, TcpState::LISTEN, How::call);
    ret(call);
    return listener(socket, 0, static_cast<std::uint32_t>(backlog));
  }
  TraceBuilder& connect(ThreadId thread, SocketId socket, const Address& peer, const Address& local) {
    const CallId call = enter(thread, Call::connect, socket, to(peer));
    after(0.03);
    named(socket, local, peer);
    state(socket, TcpState::CLOSED, TcpState::ESTABLISHED, How::call);
    return ret(call);
  }
  // The end of an accept that `call` entered: the new socket's id.
  SocketId accepted(CallId call, SocketId listener, const Address& local, const Address& peer) {
    const SocketId id = ++sockets_;
    opened(id, SocketHow::accept, listener);
    named(id, local, peer);
    state(id, TcpState::not_known, TcpState::ESTABLISHED, How::call);
    event::CallReturned made;
    made.makes = id;
    made.result = static_cast<std::int64_t>(id + 6);
    made.address = peer;
    ret(call, std::move(made));
    return id;
  }
  TraceBuilder& sendall(ThreadId thread, SocketId socket, std::string_view data) {
    const CallId outer = enter(thread, Call::sendall, socket, bytes(data));
    const CallId inner = enter(thread, Call::send, socket, bytes(data));
    ret(inner, static_cast<std::int64_t>(data.size()));
    return ret(outer);
  }
  TraceBuilder& send(ThreadId thread, SocketId socket, std::string_view data, std::int64_t flags = 0) {
    Args args = bytes(data);
    args.numbers[0] = flags;
    return ret(enter(thread, Call::send, socket, std::move(args)), static_cast<std::int64_t>(data.size()));
  }
  TraceBuilder& sendto(ThreadId thread, SocketId socket, std::string_view data, const Address& to) {
    return ret(enter(thread, Call::sendto, socket, datagram(data, to)),
               static_cast<std::int64_t>(data.size()));
  }
  // recv(asked) that gives `bytes` bytes; recvfrom where there is an address.
  TraceBuilder& recv(ThreadId thread, SocketId socket, std::int64_t asked, std::size_t bytes,
                     std::int64_t flags = 0, const Address& from = {}) {
    const CallId call =
        enter(thread, from.known() ? Call::recvfrom : Call::recv, socket, numbers(asked, flags));
    event::CallReturned returned;
    returned.result = static_cast<std::int64_t>(bytes);
    returned.data = preview_of(std::string(bytes, 'x'));
    returned.address = from;
    return ret(call, std::move(returned));
  }
  std::pair<SocketId, SocketId> pair(ThreadId thread) {
    const SocketId one = ++sockets_, two = ++sockets_;
    const CallId call = enter(thread, Call::socketpair, 0, numbers(family_, type_));
    opened(one, SocketHow::pair).opened(two, SocketHow::pair, one);
    event::CallReturned made;
    made.makes = one;
    made.also_makes = two;
    ret(call, std::move(made));
    return {one, two};
  }
  SocketId dup(ThreadId thread, SocketId socket, SocketHow how = SocketHow::dup) {
    const SocketId id = ++sockets_;
    const CallId call =
        enter(thread, how == SocketHow::dup ? Call::dup : Call::socket, how == SocketHow::dup ? socket : 0);
    opened(id, how, socket);
    event::CallReturned made;
    made.makes = id;
    ret(call, std::move(made));
    return id;
  }
  TraceBuilder& close(ThreadId thread, SocketId socket) {
    const CallId call = enter(thread, Call::close, socket);
    put(event::SocketClosed{socket});
    return ret(call);
  }

  std::vector<Event> events() const { return events_; }
  Trace trace() const {
    Trace trace;
    trace.commit(events_);
    return trace;
  }

 private:
  Time clock_ = kStart;
  std::vector<Event> events_;
  std::vector<ThreadId> inside_;  // by call
  ThreadId threads_ = 0;
  SocketId sockets_ = 0;
  LineId lines_ = 0;
  std::int32_t family_ = AF_INET, type_ = SOCK_STREAM;
};

inline State fold(const Trace& trace, std::size_t count) {
  State state;
  for (std::size_t seq = 0; seq < count; ++seq) state.apply(trace[seq], seq);
  return state;
}
inline State fold(const Trace& trace) {
  return fold(trace, trace.size());
}

// Ids in two_clients_trace().
struct TwoClients {
  static constexpr ThreadId main = 1, accept = 2, ann = 3, bob = 4;
  static constexpr SocketId listener = 1, a = 2, with_ann = 3, b = 4, with_bob = 5;
  static constexpr ServerId server = 1;
  static constexpr std::uint16_t port = 9999, ann_port = 40001, bob_port = 40002;
  // Milliseconds at which something can be seen: ann is served and silent, bob waits in the accept queue with
  // his bytes sent; then ann is answered; then bob.
  static constexpr double bob_waits = 1000, ann_answered = 1600, bob_answered = 1700;
};

namespace two_clients {

inline void serve(TraceBuilder& b) {
  using T = TwoClients;
  b.thread("main");
  const LineId line = b.line(T::main, 1, "%serve S model=iterative handler=upper port=9999");
  b.thread("S.accept", ThreadRole::accept, "S", T::main);
  b.socket(T::accept);
  b.bind(T::accept, T::listener, loopback(T::port), loopback(T::port));
  b.listen(T::accept, T::listener, 5);
  b.put(event::ServerStarted{T::server, T::listener, "S", "iterative", "upper", loopback(T::port)});
  b.name(NameKind::server, T::server, "S");
  b.line_returned(line, T::main);
}

inline void client(TraceBuilder& b, ThreadId thread, std::string_view variable, std::uint16_t port,
                   int line) {
  const std::string v(variable);
  LineId id = b.line(thread, line, v + " = socket(AF_INET, SOCK_STREAM)");
  const SocketId s = b.socket(thread, variable);
  b.line_returned(id, thread);
  b.after(20);
  id = b.line(thread, line + 1, v + ".connect(S.server_address)");
  b.connect(thread, s, loopback(TwoClients::port), loopback(port));
  b.line_returned(id, thread, "None");
}

// The server reads `data`, prints it, answers and closes.
inline void answer(TraceBuilder& b, CallId recv, SocketId with, std::string_view data,
                   std::string_view upper) {
  using T = TwoClients;
  b.received(recv, data);
  b.put(event::HandlerPrinted{T::server, T::accept, "127.0.0.1 wrote:"});
  b.put(event::HandlerPrinted{T::server, T::accept, Blob(python_bytes(data.substr(0, data.size() - 1)))});
  b.sendall(T::accept, with, upper);
  const CallId shut = b.enter(T::accept, Call::shutdown, with, TraceBuilder::numbers(SHUT_WR));
  b.state(with, TcpState::ESTABLISHED, TcpState::FIN_WAIT2, How::call);
  b.ret(shut);
  b.close(T::accept, with);
  b.put(event::ClientEnded{T::server, T::accept, with});
}

inline CallId serve_client(TraceBuilder& b, CallId accept, std::uint16_t port) {
  using T = TwoClients;
  const SocketId with = b.accepted(accept, T::listener, loopback(T::port), loopback(port));
  b.put(event::ClientStarted{T::server, T::accept, with, loopback(port)});
  return b.enter(T::accept, Call::recv, with, TraceBuilder::numbers(1024));
}

inline void end(TraceBuilder& b, CallId accept) {
  using T = TwoClients;
  b.put(event::Expectation{9, true, "example.play", "bob returned b'HELLO'", "b'HELLO'"});
  b.at(1900);
  const LineId line = b.line(T::main, 10, "%stop S");
  event::CallReturned back;
  back.result = -1;
  back.error = EINTR;
  back.interrupted = true;
  b.ret(accept, std::move(back));
  b.close(T::accept, T::listener);
  b.put(event::ServerEnded{T::server});
  b.end_thread(T::accept);
  b.line_returned(line, T::main);
  b.close(T::ann, T::a).close(T::bob, T::b);
  b.at(2000).end_thread(T::ann).end_thread(T::bob).end_thread(T::main);
}

}  // namespace two_clients

// The tutorial's two-client example against the iterative server, as a live run of two seconds looks.
inline TraceBuilder two_clients_builder() {
  using T = TwoClients;
  TraceBuilder b;
  two_clients::serve(b);
  CallId accept = b.enter(T::accept, Call::accept, T::listener);
  b.at(60).blocked(T::accept, accept);
  b.at(200).thread("ann");
  two_clients::client(b, T::ann, "a", T::ann_port, 2);
  CallId recv = two_clients::serve_client(b, accept, T::ann_port);
  b.at(300).blocked(T::accept, recv);
  b.at(600).thread("bob");
  two_clients::client(b, T::bob, "b", T::bob_port, 4);
  b.listener(T::listener, 1, 5);
  b.at(700);
  LineId line = b.line(T::bob, 6, "b.sendall(b'hello\\n')");
  b.sendall(T::bob, T::b, "hello\n").line_returned(line, T::bob, "None");
  b.at(800);
  const LineId bob_line = b.line(T::bob, 7, "b.recv(1024)");
  const CallId bob_recv = b.enter(T::bob, Call::recv, T::b, TraceBuilder::numbers(1024));
  b.at(850).blocked(T::bob, bob_recv);
  b.at(1500);
  line = b.line(T::ann, 8, "a.sendall(b'at last\\n')");
  b.sendall(T::ann, T::a, "at last\n").line_returned(line, T::ann, "None");
  two_clients::answer(b, recv, T::with_ann, "at last\n", "AT LAST");
  b.state(T::a, TcpState::ESTABLISHED, TcpState::CLOSE_WAIT).queues(T::a, 7);
  b.at(1650);
  accept = b.enter(T::accept, Call::accept, T::listener);
  recv = two_clients::serve_client(b, accept, T::bob_port);
  b.listener(T::listener, 0, 5);
  two_clients::answer(b, recv, T::with_bob, "hello\n", "HELLO");
  b.received(bob_recv, "HELLO").line_returned(bob_line, T::bob, "b'HELLO'");
  b.state(T::b, TcpState::ESTABLISHED, TcpState::CLOSE_WAIT);
  accept = b.enter(T::accept, Call::accept, T::listener);
  b.at(1720).blocked(T::accept, accept);
  two_clients::end(b, accept);
  return b;
}
inline Trace two_clients_trace() {
  return two_clients_builder().trace();
}

// Its beginning: bob waits in the accept queue; nothing more has happened.
inline Trace while_bob_waits() {
  const Trace whole = two_clients_trace();
  Trace out;
  for (std::size_t seq = 0; seq < whole.upto(whole.start() + 1000 * kMillisecond); ++seq)
    out.append(whole[seq], false);
  return out;
}

}  // namespace sockscope
