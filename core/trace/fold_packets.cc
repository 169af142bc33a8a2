// Hosts, wires and packets: where a packet is, what it is to its connection, and whose bytes it carries.

#include <netinet/in.h>

#include <algorithm>
#include <utility>

#include "trace/fold.h"

namespace sockscope {
namespace {

constexpr std::size_t kMostHosts = 256;   // a recording with more is not a lab
constexpr std::size_t kRecentKept = 128;  // sequence numbers of one direction
constexpr std::size_t kSpansKept = 4096;  // sends of one socket
constexpr std::size_t kMostStreams = 100'000;

// Sequence numbers go round: a is before b.
bool before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

// What of a segment is counted by sequence numbers.
std::uint32_t counted(const Packet& segment) {
  return segment.payload + ((segment.flags & kSyn) != 0 ? 1 : 0) + ((segment.flags & kFin) != 0 ? 1 : 0);
}

// Whether a call inside of which a SYN, FIN or RST leaves can be why.
bool may_cause(Call name, std::uint8_t flags) {
  if ((flags & kSyn) != 0) return name == Call::connect || name == Call::connect_ex;
  return name == Call::close || name == Call::shutdown;
}

}  // namespace

const PacketState* Packets::find(PacketId id) const {
  if (id == 0 || id > size_) return nullptr;
  const PacketState& found = (*this)[id - 1];
  return found.id == 0 ? nullptr : &found;
}

PacketState& Packets::edit(std::size_t at) {
  std::shared_ptr<Chunk>& chunk = chunks_[at / kChunk];
  if (chunk.use_count() > 1) chunk = std::make_shared<Chunk>(*chunk);
  return (*chunk)[at % kChunk];
}

void Packets::grow(std::size_t size) {
  if (size <= size_) return;
  while (chunks_.size() * kChunk < size) chunks_.push_back(std::make_shared<Chunk>(kChunk));
  size_ = size;
}

std::size_t Packets::bytes_beside(const Packets& other) const {
  std::size_t bytes = chunks_.size() * sizeof(chunks_[0]);
  for (std::size_t i = 0; i < chunks_.size(); ++i)
    if (i >= other.chunks_.size() || chunks_[i] != other.chunks_[i]) bytes += kChunk * sizeof(PacketState);
  return bytes;
}

bool operator==(const Packets& a, const Packets& b) {
  if (a.size_ != b.size_) return false;
  for (std::size_t i = 0; i < a.chunks_.size(); ++i)
    if (a.chunks_[i] != b.chunks_[i] && *a.chunks_[i] != *b.chunks_[i]) return false;
  return true;
}

HostId Fold::host_number(std::string_view name) const {
  const HostState* found = state.host(name);
  return found == nullptr ? 0 : found->id;
}

// The host that has this address: a lab host's own, else the asking one's.
HostId Fold::home_of(const Address& address, std::string_view asking) const {
  const Address plain = plain_end(address);
  for (const HostState& host : state.hosts_) {
    const Address& its = plain.family == AF_INET6 ? host.address6 : host.address;
    if (host.id != 0 && its.known() && its.ip == plain.ip) return host.id;
  }
  return host_number(asking);
}

void Fold::operator()(const event::HostStarted& e) {
  if (e.host > kMostHosts) return;
  HostState* host = entry(state.hosts_, e.host);
  if (host == nullptr) return;
  host->name = e.name.view();
  host->address = e.address.get();
  host->address6 = e.address6.get();
  host->keeper = e.keeper;
  host->net = e.net;
  host->alive = true;
  host->started = at;
}

void Fold::operator()(const event::HostEnded& e) {
  if (e.host > kMostHosts) return;
  HostState* host = entry(state.hosts_, e.host);
  if (host == nullptr) return;
  host->alive = false;
  host->why = e.why.view();
  host->ended = at;
}

void Fold::operator()(const event::WireChanged& e) {
  if (e.from == 0 || e.to == 0 || e.from > kMostHosts || e.to > kMostHosts) return;
  auto& wires = state.wires_;
  const auto found = std::find_if(wires.begin(), wires.end(), [&](const WireState& wire) {
    return wire.is.from == e.from && wire.is.to == e.to;
  });
  if (found == wires.end())
    wires.push_back({e, at});
  else
    *found = {e, at};
}

PacketState* Fold::packet(PacketId id) {
  constexpr std::uint64_t kSlack = 4096;  // as for every entry
  if (id == 0 || id > kMostIds || id > seq + kSlack) return nullptr;
  state.packets_.grow(id);
  PacketState& found = state.packets_.edit(id - 1);
  found.id = id;
  return &found;
}

void Fold::operator()(const event::PacketSent& e) {
  PacketState* packet = this->packet(e.packet);
  if (packet == nullptr) return;
  packet->copy_of = e.copy_of;
  packet->from = e.from;
  packet->to = e.to;
  packet->length = e.length;
  packet->sent = at;
  packet->due = e.due;
  const std::pair pair{std::min(e.from, e.to), std::max(e.from, e.to)};
  auto& pairs = state.packet_pairs_;
  if (pair.second <= kMostHosts && std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
    pairs.push_back(pair);
  const auto header = read_frame(e.frame.view());
  packet->known = header.has_value();
  if (header) packet->header = *header;
  if (packet->known && packet->header.protocol == Packet::Protocol::tcp) segment_sent(*packet);
  if (packet->known && packet->header.protocol == Packet::Protocol::udp) datagram_sent(*packet);
}

void Fold::operator()(const event::PacketHeld& e) {
  PacketState* packet = this->packet(e.packet);
  if (packet == nullptr) return;
  packet->place = PacketPlace::held;
  packet->held_at = at;
}
void Fold::operator()(const event::PacketReleased& e) {
  PacketState* packet = this->packet(e.packet);
  if (packet == nullptr) return;
  packet->place = PacketPlace::under_way;
  packet->released_at = at;
  packet->due = e.due;
}
void Fold::operator()(const event::PacketDropped& e) {
  PacketState* packet = this->packet(e.packet);
  if (packet == nullptr) return;
  packet->place = PacketPlace::dropped;
  packet->why = e.why;
  packet->ended = at;
  if (packet->known && packet->header.protocol == Packet::Protocol::tcp) no_longer_needless(e.packet);
}
// The one before was lost after all: what was sent again since was needed.
void Fold::no_longer_needless(PacketId lost) {
  constexpr std::size_t kLookedAt = 4096;
  const Packets& packets = state.packets_;
  for (std::size_t i = lost; i < packets.size() && i < lost + kLookedAt; ++i)
    if (packets[i].needless && packets[i].again_of == lost) state.packets_.edit(i).needless = false;
}

void Fold::operator()(const event::PacketArrived& e) {
  PacketState* packet = this->packet(e.packet);
  if (packet == nullptr) return;
  packet->place = PacketPlace::arrived;
  packet->ended = at;
  const Packet& h = packet->header;
  if (!packet->known) return;
  if (h.protocol == Packet::Protocol::udp) return datagram_arrived(*packet);
  if (h.protocol != Packet::Protocol::tcp || h.payload == 0) return;
  if (packet->receiver == 0) packet->receiver = socket_between(h.destination, h.source, packet->to);
  if (packet->receiver == 0 || packet->receiver > state.sockets_.size()) return;
  if (std::uint64_t{packet->seq} - 1 < state.sockets_[packet->receiver - 1].bytes_received) return;  // again
  may_be_taken(*packet);
}

void Fold::may_be_taken(const PacketState& packet) {
  auto& untaken = state.untaken_[packet.receiver];
  if (untaken.size() < kSpansKept) untaken.push_back(packet.id);
}

// ---- TCP

std::pair<State::Endpoint, State::Endpoint> State::ends_of(const Address& source,
                                                           const Address& destination) {
  const auto end = [](const Address& address) {
    const Address plain = plain_end(address);
    return Endpoint{plain.family, plain.port, 0, plain.ip};
  };
  return {end(source), end(destination)};
}

State::Stream& Fold::stream(HostId from, const Address& source, const Address& destination) {
  return state.streams_[{from, State::ends_of(source, destination)}];
}

const PacketState* State::sent_before(HostId from, const Packet& segment) const {
  if (segment.protocol != Packet::Protocol::tcp || counted(segment) == 0) return nullptr;
  const auto found = streams_.find({from, ends_of(segment.source, segment.destination)});
  if (found == streams_.end() || !before(segment.seq, found->second.next)) return nullptr;
  const auto& recent = found->second.recent;
  const auto first = std::find_if(recent.rbegin(), recent.rend(),
                                  [&](const auto& sent) { return sent.first == segment.seq; });
  return first == recent.rend() ? nullptr : packets_.find(first->second);
}

void Fold::segment_sent(PacketState& packet) {
  const Packet& h = packet.header;
  if (state.streams_.size() > kMostStreams) state.streams_.clear();
  State::Stream& ours = stream(packet.from, h.source, h.destination);
  const bool opens = (h.flags & kSyn) != 0;
  if (!ours.begun || (opens && h.seq != ours.first)) {
    ours = {};
    ours.begun = true;
    ours.begun_at = at;
    ours.first = opens ? h.seq : h.seq - 1;
    ours.next = h.seq;
    ours.last_ack = h.ack;
  }
  State::Stream& theirs = stream(packet.to, h.destination, h.source);
  find_ends(packet, ours, theirs);
  packet.seq = h.seq - ours.first;
  packet.ack = (h.flags & kAck) == 0 ? 0 : theirs.begun ? h.ack - theirs.first : 1;
  packet.zero_window = h.window == 0 && (h.flags & (kSyn | kRst)) == 0;
  if (packet.copy_of == 0) compare(packet, ours, theirs);
  attribute(packet);
}

// With what the same side sent before.
void Fold::compare(PacketState& packet, State::Stream& ours, const State::Stream& theirs) {
  const Packet& h = packet.header;
  const std::uint32_t length = counted(h), end = h.seq + length;
  if (length > 0 && before(h.seq, ours.next)) {
    packet.again = true;
    if (const PacketState* earlier = state.sent_before(packet.from, h)) {
      packet.again_of = earlier->id;
      packet.needless = earlier->place != PacketPlace::dropped;
    }
  }
  const bool plain_ack = length == 0 && (h.flags & ~(kPsh | kUrg)) == kAck;
  packet.duplicate_ack = plain_ack && ours.acked && h.ack == ours.last_ack && h.window == ours.last_window &&
                         theirs.begun && before(h.ack, theirs.next) && !before(h.seq, ours.next);
  if (length > 0) {
    ours.recent.emplace_back(h.seq, packet.id);
    if (ours.recent.size() > kRecentKept) ours.recent.erase(ours.recent.begin());
    if (before(ours.next, end)) ours.next = end;
  }
  if ((h.flags & kAck) != 0) {
    ours.acked = true;
    ours.last_ack = h.ack;
    ours.last_window = h.window;
  }
}

SocketId Fold::socket_between(const Address& local, const Address& peer, HostId host) const {
  const HostState* at_host = state.host(host);
  const std::string_view name = at_host == nullptr ? std::string_view() : std::string_view(at_host->name);
  return latest_between(endpoint(local, name), endpoint(peer, name));
}

// Which sockets of ours it goes between. A client's own address is not told before connect is back: its SYN
// is that of the connect that asks for this address and has no SYN yet.
void Fold::find_ends(PacketState& packet, State::Stream& ours, State::Stream& theirs) {
  const Packet& h = packet.header;
  if (ours.socket == 0) ours.socket = socket_between(h.source, h.destination, packet.from);
  if (ours.socket == 0 && (h.flags & (kSyn | kAck)) == kSyn) ours.socket = connecting_from(packet);
  packet.sender = ours.socket;
  if (theirs.socket == 0) theirs.socket = socket_between(h.destination, h.source, packet.to);
  packet.receiver = theirs.socket;
}

SocketId Fold::connecting_from(const PacketState& packet) const {
  const HostState* host = state.host(packet.from);
  for (const ThreadState& thread : state.threads_) {
    if (thread.id == 0 || host == nullptr || thread.host != host->name || thread.calls.empty()) continue;
    const OpenCall& call = thread.calls.back();
    if (call.name != Call::connect && call.name != Call::connect_ex) continue;
    const Address* target = target_of(state, call.socket);
    if (target == nullptr || target->port != packet.header.destination.port ||
        plain_end(*target).ip != packet.header.destination.ip)
      continue;
    const bool taken = std::any_of(state.streams_.begin(), state.streams_.end(), [&](const auto& known) {
      return known.second.socket == call.socket && known.second.begun_at >= call.entered;
    });
    if (!taken) return call.socket;
  }
  return 0;
}

// Whose bytes: the send whose span of the stream the first one lies in, or one that has not returned.
void Fold::attribute(PacketState& packet) {
  if (packet.sender == 0 || packet.sender > state.sockets_.size()) return;
  const Packet& h = packet.header;
  if (h.payload > 0) {
    const std::uint64_t offset = packet.seq - 1;
    const auto spans = state.spans_.find(packet.sender);
    if (spans != state.spans_.end())
      for (const State::Span& span : spans->second)
        if (offset >= span.from && offset < span.end) {
          packet.call = span.call;
          packet.send = span.send;
          packet.call_seq = span.seq;
          return;
        }
    for (const State::Sending& sending : state.sending_) {
      if (sending.from != packet.sender) continue;
      packet.call = sending.call;
      packet.call_seq = seq_of(sending.call);
      packet.send = sending.send != 0 ? sending.send : state.sockets_[packet.sender - 1].sends + 1;
      return;
    }
    return;
  }
  if ((h.flags & (kSyn | kFin | kRst)) == 0) return;
  for (const ThreadState& thread : state.threads_)
    for (const OpenCall& call : thread.calls)
      if (call.socket == packet.sender && may_cause(call.name, h.flags)) {
        packet.call = call.call;
        packet.call_seq = call.seq;
      }
}

void Fold::remember_span(SocketId socket, const OpenCall& call, std::uint32_t send, std::uint64_t from,
                         std::uint64_t bytes) {
  if (state.hosts_.empty()) return;  // no packet can be seen
  auto& spans = state.spans_[socket];
  spans.push_back({from, from + bytes, call.call, send, call.seq});
  if (spans.size() > kSpansKept) spans.erase(spans.begin(), spans.begin() + kSpansKept / 2);
}

std::uint64_t Fold::seq_of(CallId open_call) const {
  for (const ThreadState& thread : state.threads_)
    for (const OpenCall& call : thread.calls)
      if (call.call == open_call) return call.seq;
  return 0;
}

// A receive has taken so many bytes of the stream: those packets whose first byte is among them.
void Fold::take_packets(const SocketState& on, const OpenCall& call) {
  const auto found = state.untaken_.find(on.id);
  if (found == state.untaken_.end()) return;
  std::erase_if(found->second, [&](PacketId id) {
    if (std::uint64_t{std::as_const(state.packets_)[id - 1].seq} - 1 >= on.bytes_received) return false;
    PacketState& packet = state.packets_.edit(id - 1);
    packet.taken_by = call.call;
    packet.taken_seq = call.seq;
    return true;
  });
}

}  // namespace sockscope
