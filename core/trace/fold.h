#pragma once
// How each kind of event changes the state: the inside of State::apply. Private to trace/.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "trace/pieces.h"
#include "trace/state.h"

namespace sockscope {

struct Fold {
  State& state;
  Time at;
  std::uint64_t seq;

  // fold.cc: threads, lines, names, servers, what was said
  void operator()(const event::ThreadStarted& e);
  void operator()(const event::ThreadEnded& e);
  void operator()(const event::LineStarted& e);
  void operator()(const event::LineEnded& e);
  void operator()(const event::NameBound& e);
  void operator()(const event::NameUnbound& e);
  void operator()(const event::Expectation&) {}
  void operator()(const event::SettleTimedOut&) {}
  void operator()(const event::ServerStarted& e);
  void operator()(const event::ServerEnded& e);
  void operator()(const event::ClientStarted& e);
  void operator()(const event::ClientEnded& e);
  void operator()(const event::LoadStarted& e);
  void operator()(const event::ServerSampled& e);
  void operator()(const event::LoadEnded& e);
  void operator()(const event::HandlerPrinted& e);
  void operator()(const event::StepReached&) {}
  void operator()(const event::Notice& e);
  void operator()(const event::AddressLooked&) {}
  void operator()(const event::AddressHeld&) {}
  void operator()(const event::Unknown&) {}

  // fold_calls.cc
  void operator()(const event::CallEntered& e);
  void operator()(const event::CallReturned& e);
  void operator()(const event::CallBlocked& e);

  // fold_sockets.cc
  void operator()(const event::SocketOpened& e);
  void operator()(const event::SocketNamed& e);
  void operator()(const event::SocketClosed& e);
  void operator()(const event::StateChanged& e);
  void operator()(const event::ListenerSampled& e);
  void operator()(const event::QueuesSampled& e);
  void operator()(const event::TimerSampled& e);

  // fold_packets.cc
  void operator()(const event::HostStarted& e);
  void operator()(const event::HostEnded& e);
  void operator()(const event::WireChanged& e);
  void operator()(const event::PacketSent& e);
  void operator()(const event::PacketHeld& e);
  void operator()(const event::PacketReleased& e);
  void operator()(const event::PacketDropped& e);
  void operator()(const event::PacketArrived& e);

  // The entry of `id`, introduced empty if it is new; nullptr for none and for an absurd id.
  SocketState* socket(SocketId id) { return entry(state.sockets_, id); }
  ThreadState* thread(ThreadId id) { return entry(state.threads_, id); }
  static const Address* target_of(const State& state, SocketId client);  // connecting.h

 private:
  template <class All>
  typename All::value_type* entry(All& all, std::uint32_t id);

  // fold_calls.cc
  void succeeded(const OpenCall& call, const event::CallReturned& e);
  void succeeded_apart(const OpenCall& call, const event::CallReturned& e);
  void set_option(SocketState& on, const OpenCall& call);
  Time deadline(const ThreadState& thread, const event::CallEntered& e);
  void made(const event::CallReturned& e);

  // fold_packets.cc
  HostId host_number(std::string_view name) const;
  HostId home_of(const Address& address, std::string_view asking) const;
  PacketState* packet(PacketId id);
  State::Stream& stream(HostId from, const Address& source, const Address& destination);
  void segment_sent(PacketState& packet);
  void compare(PacketState& packet, State::Stream& ours, const State::Stream& theirs);
  void find_ends(PacketState& packet, State::Stream& ours, State::Stream& theirs);
  SocketId connecting_from(const PacketState& packet) const;
  void attribute(PacketState& packet);
  void remember_span(SocketId socket, const OpenCall& call, std::uint32_t send, std::uint64_t from,
                     std::uint64_t bytes);
  std::uint64_t seq_of(CallId open_call) const;  // of its CallEntered; 0: it has returned
  SocketId socket_between(const Address& local, const Address& peer, HostId host) const;
  void take_packets(const SocketState& on, const OpenCall& call);
  void no_longer_needless(PacketId lost);
  void may_be_taken(const PacketState& packet);

  // fold_datagrams.cc
  void datagram_sent(PacketState& packet);
  void sent_after_all(PacketState& packet);
  bool on_another_host(const SocketState& from, SocketId to) const;
  void take_datagrams(const SocketState& on, const OpenCall& call);
  void on_its_way(const Piece& piece, SocketId to, std::uint64_t call_seq);
  void datagram_arrived(const PacketState& packet);
  bool received_on_its_way(SocketState& on, const Reception& reception);

  // fold_bytes.cc
  static bool is_send(Call name);
  void sending(const event::CallEntered& e);
  State::Sending no_longer_sending(CallId call);
  void sent(SocketState& on, const OpenCall& call, const State::Sending& before,
            const event::CallReturned& e);
  void deliver(SocketState& to, Piece piece);
  void hand_over(const SocketState& from, SocketState& to);
  void received(SocketState& on, const OpenCall& call, const event::CallReturned& e);
  void received_urgent(SocketState& on, const Reception& reception);
  void received_bytes(SocketState& on, const Reception& reception);
  void received_message(SocketState& on, const Reception& reception);
  void received_of_sending(SocketState& on, const Reception& reception);
  std::uint32_t number_of(State::Sending& sending);
  State::Flow& flow(SocketId id);
  State::Flow* flow_if_any(SocketId id);

  // fold_same.cc: several descriptors of one socket. The first one, the root, keeps what is the socket's.
  SocketState& root(SocketState& socket);
  bool reachable(const SocketState& root);
  void becomes_same(SocketState& socket, SocketId from);
  void share(const SocketState& root);
  void close_one(SocketState& socket, bool last);
  void gone(SocketState& root);

  void unname(std::string_view name);

  // fold_sockets.cc: names and peers
  void rename(SocketState& socket, const Address& local);
  void forget_name(const SocketState& socket);
  // `host`: the name of the host the address is meant on: loopback and any address are each host's own.
  State::Endpoint endpoint(const Address& address, std::string_view host) const;
  std::array<State::Endpoint, 3> places(const Address& address, std::string_view host) const;
  SocketState* bound_at(const Address& address, std::string_view host);
  SocketState* datagrams_to(const SocketState& from, const Address& address);
  SocketId latest_between(const State::Endpoint& local, const State::Endpoint& peer) const;  // 0: none
  void pair(SocketState& socket);
  void paired(SocketState& one, SocketState& other);
  bool pairable(const SocketState& socket, const SocketState& mate);

  // fold_queue.cc: who waits in whose accept queue
  State::Connecting& connecting(const SocketState& client);
  State::Connecting* connecting_if_any(SocketId client);
  bool is_waiting(SocketId client);
  void established(SocketState& client);
  void sit_down(SocketState& client);
  void seat(SocketState& queued);
  void taken(SocketState& client);
  void stand_up(SocketState& client, State::Connecting& how);
  void listens(const SocketState& socket);
  void accepted(SocketState& listener, const event::CallReturned& e);
  void accepted_unnamed(SocketState& listener, SocketState& made, const Address& peer);
  SocketState* listener_at(const Address& address, std::string_view host);
};

template <class All>
typename All::value_type* Fold::entry(All& all, std::uint32_t id) {
  // Ids are given from 1 on without gaps, one an event at most; the slack is for what was lost or is late.
  constexpr std::uint64_t kSlack = 4096;
  if (id == 0 || id > kMostIds || id > seq + kSlack) return nullptr;
  if (id > all.size()) all.resize(id);
  typename All::value_type& found = all[id - 1];
  found.id = id;
  return &found;
}

}  // namespace sockscope
