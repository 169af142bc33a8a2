// Datagrams between hosts: on a wire they take their time, get lost, come twice, overtake each other. So the
// packet's arrival puts them into the receive queue, not the send's return.

#include <algorithm>
#include <utility>

#include "trace/fold.h"

namespace sockscope {
namespace {

constexpr std::size_t kDatagramsKept = 4096;

}  // namespace

void Fold::datagram_sent(PacketState& packet) {
  if (const PacketState* first = std::as_const(state.packets_).find(packet.copy_of)) {
    packet.sender = first->sender;
    packet.receiver = first->receiver;
    packet.call = first->call;
    packet.call_seq = first->call_seq;
    packet.send = first->send;
    return;
  }
  const Packet& h = packet.header;
  const HostState* from = state.host(packet.from);
  const std::string_view name = from == nullptr ? std::string_view() : std::string_view(from->name);
  const auto bound = state.bound_.find(endpoint(h.source, name));
  if (bound != state.bound_.end()) packet.sender = bound->second;
  const SocketState* to = bound_at(h.destination, name);
  packet.receiver = to == nullptr ? 0 : to->id;
  for (const ThreadState& thread : state.threads_) {
    if (thread.id == 0 || from == nullptr || thread.host != from->name || thread.calls.empty()) continue;
    const OpenCall& call = thread.calls.back();
    if (!is_send(call.name) || (packet.sender != 0 && call.socket != packet.sender)) continue;
    const SocketState* by = state.socket(call.socket);
    if (by == nullptr || shape_of(*by) != Shape::datagrams) continue;
    packet.sender = call.socket;
    packet.call = call.call;
    packet.call_seq = call.seq;
    packet.send = by->sends + 1;
  }
  if (packet.call == 0) sent_after_all(packet);
  if (packet.call != 0) state.datagrams_[packet.call].packet = packet.id;
  while (state.datagrams_.size() > kDatagramsKept) state.datagrams_.erase(state.datagrams_.begin());
}

// The kernel may keep one back until it knows the hardware address (ARP): its send has returned by then.
void Fold::sent_after_all(PacketState& packet) {
  for (const auto& [call, datagram] : state.datagrams_) {
    const Piece& piece = datagram.piece;
    if (datagram.packet != 0 || piece.bytes != packet.header.payload) continue;
    if (piece.from == 0 || piece.from != packet.sender) continue;
    packet.call = call;
    packet.call_seq = datagram.seq;
    packet.send = piece.send;
    return;
  }
}

bool Fold::on_another_host(const SocketState& from, SocketId to) const {
  return to != 0 && to <= state.sockets_.size() && from.host != state.sockets_[to - 1].host;
}

// Its send has returned.
void Fold::on_its_way(const Piece& piece, SocketId to, std::uint64_t call_seq) {
  State::Datagram& datagram = state.datagrams_[piece.call];
  datagram.to = to;
  datagram.piece = piece;
  datagram.seq = call_seq;
  for (; datagram.early > 0; --datagram.early) deliver(state.sockets_[to - 1], piece);
  while (state.datagrams_.size() > kDatagramsKept) state.datagrams_.erase(state.datagrams_.begin());
}

void Fold::datagram_arrived(const PacketState& packet) {
  if (packet.receiver == 0 || packet.receiver > state.sockets_.size()) return;
  const auto known = state.datagrams_.find(packet.call);
  if (known != state.datagrams_.end() && packet.copy_of == 0 && std::exchange(known->second.ahead, false))
    return;
  may_be_taken(packet);
  if (known == state.datagrams_.end() || packet.from == packet.to) return;
  if (known->second.to != 0)
    deliver(state.sockets_[known->second.to - 1], known->second.piece);
  else
    ++known->second.early;
}

// What a receive took that is in no queue: a wire's thread that had to wait for the processor tells of an
// arrival after the receive that it made possible.
bool Fold::received_on_its_way(SocketState& on, const Reception& reception) {
  for (auto& [call, datagram] : state.datagrams_) {
    if (datagram.to != on.id || datagram.ahead) continue;
    const PacketState* packet = std::as_const(state.packets_).find(datagram.packet);
    if (packet == nullptr || packet->place != PacketPlace::under_way) continue;
    if (!can_be(state, on, reception, datagram.piece.from, datagram.piece.bytes)) continue;
    on.taken.push_back(received_part(datagram.piece, reception));
    datagram.ahead = !reception.peek;
    return true;
  }
  return false;
}

// A receive has taken the datagrams of these sends.
void Fold::take_datagrams(const SocketState& on, const OpenCall& call) {
  const auto took = [&](PacketId id) {
    PacketState& packet = state.packets_.edit(id - 1);
    packet.taken_by = call.call;
    packet.taken_seq = call.seq;
  };
  for (const Piece& piece : on.taken) {
    const auto known = state.datagrams_.find(piece.call);
    if (piece.call != 0 && known != state.datagrams_.end() && known->second.ahead) took(known->second.packet);
  }
  const auto found = state.untaken_.find(on.id);
  if (found == state.untaken_.end()) return;
  for (const Piece& piece : on.taken) {
    const auto its = std::find_if(found->second.begin(), found->second.end(), [&](PacketId id) {
      return piece.call != 0 && std::as_const(state.packets_)[id - 1].call == piece.call;
    });
    if (its == found->second.end()) continue;
    took(*its);
    found->second.erase(found->second.begin(), its + 1);  // those before it found no room in the queue
  }
}

}  // namespace sockscope
