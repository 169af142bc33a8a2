#pragma once
// How each kind of event changes the state: the inside of State::apply. Private to trace/.

#include <cstdint>
#include <string_view>
#include <vector>

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

  // The entry of `id`, introduced empty if it is new; nullptr for none and for an absurd id.
  SocketState* socket(SocketId id) { return entry(state.sockets_, id); }
  ThreadState* thread(ThreadId id) { return entry(state.threads_, id); }

 private:
  template <class Entry>
  Entry* entry(std::vector<Entry>& all, std::uint32_t id);

  void succeeded(const OpenCall& call, const event::CallReturned& e);
  void accepted(SocketState& listener, const event::CallReturned& e);
  void received(SocketState& on, const OpenCall& call, const event::CallReturned& e);

  void unname(std::string_view name);

  // Who waits in whose accept queue.
  State::Connecting& connecting(const SocketState& client);
  State::Connecting* connecting_if_any(SocketId client);
  bool is_waiting(SocketId client);
  void established(SocketState& client);
  void sit_down(SocketState& client);
  void taken(SocketState& client);
  void stand_up(SocketState& client, State::Connecting& how);
  void listens(const SocketState& socket);
  SocketState* listener_at(const Address& address);
  void pair(SocketState& socket);
  void paired(SocketState& one, SocketState& other);
  bool pairable(const SocketState& socket, const SocketState& mate);
};

template <class Entry>
Entry* Fold::entry(std::vector<Entry>& all, std::uint32_t id) {
  // Ids are given from 1 on without gaps, one an event at most; the slack is for what was lost or is late.
  constexpr std::uint64_t kSlack = 4096;
  if (id == 0 || id > kMostIds || id > seq + kSlack) return nullptr;
  if (id > all.size()) all.resize(id);
  Entry& found = all[id - 1];
  found.id = id;
  return &found;
}

}  // namespace sockscope
