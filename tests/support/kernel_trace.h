#pragma once
// Traces in which the kernel says more than the calls do: who sits in an accept queue, timers, windows,
// drops, states after close.

#include <string>

#include "trace_builder.h"

namespace sockscope {

// A connection the kernel made for listening socket `from` and nobody has accepted.
inline void queued(TraceBuilder& b, SocketId id, SocketId from, std::uint16_t port,
                   std::uint16_t client_port) {
  event::SocketOpened made{id, from, -1, AF_INET, SOCK_STREAM, 0, SocketHow::queue, 0x9000 + id, {}};
  b.put(made).named(id, loopback(port), loopback(client_port));
  b.state(id, TcpState::not_known, TcpState::ESTABLISHED);
}

// listen(2), so three seats: a, who has closed and keeps the head; another program at :54321; b. Then c and d
// ask in vain, four SYNs are dropped, and c's third comes a second after the end.
struct FullQueue {
  static constexpr ThreadId server = 1, ann = 2, bob = 3, carl = 4, dan = 5;
  static constexpr SocketId s = 1, a = 2, b = 3, c = 4, d = 5, for_a = 6, other = 7, for_b = 8;
  static constexpr double end = 2500;
};

inline TraceBuilder full_queue_builder() {
  using Q = FullQueue;
  TraceBuilder b;
  for (const char* name : {"server", "ann", "bob", "carl", "dan"}) b.thread(name);
  b.socket(Q::server, "s");
  b.socket(Q::ann, "a");
  b.socket(Q::bob, "b");
  b.socket(Q::carl, "c");
  b.socket(Q::dan, "d");
  b.bind(Q::server, Q::s, loopback(4000), loopback(4000)).listen(Q::server, Q::s, 2);
  b.at(300).connect(Q::ann, Q::a, loopback(4000), loopback(40001));
  queued(b, Q::for_a, Q::s, 4000, 40001);
  b.send(Q::ann, Q::a, "hello\n").queues(Q::for_a, 6);
  b.at(600);
  queued(b, Q::other, Q::s, 4000, 54321);
  b.at(700).connect(Q::bob, Q::b, loopback(4000), loopback(40002));
  queued(b, Q::for_b, Q::s, 4000, 40002);
  b.listener(Q::s, 3, 2);
  b.at(1000).close(Q::ann, Q::a).state(Q::a, TcpState::ESTABLISHED, TcpState::FIN_WAIT1, How::derived);
  b.at(1300).state(Q::a, TcpState::FIN_WAIT1, TcpState::FIN_WAIT2);
  b.state(Q::for_a, TcpState::ESTABLISHED, TcpState::CLOSE_WAIT);
  const auto ask = [&](ThreadId thread, SocketId socket) {
    const CallId call = b.enter(thread, Call::connect, socket, TraceBuilder::to(loopback(4000)));
    b.state(socket, TcpState::CLOSED, TcpState::SYN_SENT, How::call);
    b.put(event::CallBlocked{call, thread, b.now(), "inet_stream_connect"});
  };
  ask(Q::carl, Q::c);
  ask(Q::dan, Q::d);
  b.at(Q::end).put(event::ListenerSampled{Q::s, 3, 2, 1, 4});
  b.put(event::TimerSampled{Q::c, Timer::retransmit, 1, TraceBuilder::kStart + 3500 * kMillisecond});
  return b.put(event::TimerSampled{Q::d, Timer::retransmit, 1, TraceBuilder::kStart + 3700 * kMillisecond});
}
inline Trace full_queue_trace() {
  return full_queue_builder().trace();
}

// c sends more than conn's buffer and its own hold: 90 kB arrive, 10 kB are not acknowledged, 200 kB not
// sent.
struct ShutWindow {
  static constexpr ThreadId client = 1, server = 2;
  static constexpr SocketId s = 1, c = 2, conn = 3;
};

inline TraceBuilder shut_window_builder() {
  using W = ShutWindow;
  TraceBuilder b;
  b.thread("client");
  b.thread("server");
  b.socket(W::server, "s");
  b.socket(W::client, "c");
  b.bind(W::server, W::s, loopback(5000), loopback(5000)).listen(W::server, W::s, 100000);
  b.put(event::ListenerSampled{W::s, 0, 4096, 0, 0});
  b.connect(W::client, W::c, loopback(5000), loopback(41000));
  const CallId accept = b.enter(W::server, Call::accept, W::s);
  b.accepted(accept, W::s, loopback(5000), loopback(41000));
  b.name(NameKind::socket, W::conn, "conn");
  b.send(W::client, W::c, std::string(300'000, 'x'));
  b.put(event::QueuesSampled{W::c, 0, 210'000, 10, 40, 3, 200'000, 0, 65'536, 131'072, 2'626'560, 0});
  return b.put(event::QueuesSampled{W::conn, 90'000, 0, 10, 44, 0, 0, 65'536, 0, 131'072, 2'626'560, 0});
}
inline Trace shut_window_trace() {
  return shut_window_builder().trace();
}

// `count` connections to one server that both sides closed; the clients are in TIME_WAIT. One more is open.
inline TraceBuilder many_past_builder(std::size_t count) {
  TraceBuilder b;
  const ThreadId server = b.thread("server"), client = b.thread("client");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(7000), loopback(7000)).listen(server, s, 4096);
  for (std::size_t i = 0; i <= count; ++i) {
    const auto port = static_cast<std::uint16_t>(10'000 + i);
    const SocketId c = b.socket(client);
    b.connect(client, c, loopback(7000), loopback(port));
    const CallId accept = b.enter(server, Call::accept, s);
    const SocketId conn = b.accepted(accept, s, loopback(7000), loopback(port));
    if (i == count) break;
    b.close(client, c).close(server, conn);
    b.state(c, TcpState::ESTABLISHED, TcpState::TIME_WAIT)
        .state(conn, TcpState::ESTABLISHED, TcpState::CLOSED);
    b.put(event::TimerSampled{c, Timer::time_wait, 0, b.now() + 60 * kSecond});
  }
  return b;
}

}  // namespace sockscope
