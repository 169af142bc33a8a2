#pragma once
// Hosts, wires and packets, as they are at a point of the trace.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/packet.h"
#include "trace/event.h"

namespace sockscope {

struct HostState {
  HostId id = 0;
  std::string name;
  Address address, address6;
  int keeper = 0, net = -1;  // /proc/KEEPER/fd/NET is its namespace
  bool alive = false;
  std::string why;  // it ended; empty: it was no longer needed
  Time started = 0, ended = 0;
  bool operator==(const HostState&) const = default;
};

struct WireState {  // one direction
  event::WireChanged is;
  Time since = 0;
  bool operator==(const WireState&) const = default;
};

enum class PacketPlace : std::uint8_t { under_way, held, arrived, dropped };

struct PacketState {
  PacketId id = 0, copy_of = 0;
  HostId from = 0, to = 0;
  std::uint32_t length = 0;  // of the frame
  Time sent = 0, due = 0;    // due 0: it is not to arrive
  Time held_at = 0, released_at = 0;
  Time ended = 0;  // when it arrived or was dropped
  PacketPlace place = PacketPlace::under_way;
  Loss why = Loss::lost;
  bool known = false;  // its headers could be read
  Packet header;
  // Of TCP, within its connection:
  std::uint32_t seq = 0, ack = 0;  // after the first of each side, as Wireshark shows them
  bool again = false;              // these bytes, this SYN or FIN, were sent before
  bool needless = false;           // again, though the one before was not lost
  bool duplicate_ack = false, zero_window = false;
  PacketId again_of = 0;
  SocketId sender = 0, receiver = 0;  // 0: none of ours, or not known yet
  CallId call = 0;                    // whose bytes these are, or whose SYN or FIN; 0: nobody's, or not known
  std::uint64_t call_seq = 0;         // of that call's CallEntered
  CallId taken_by = 0;                // the receive that took its first byte; 0: none yet, or not known
  std::uint64_t taken_seq = 0;        // of that call's CallEntered
  std::uint32_t send = 0;             // the how-manieth send of `sender`: its colour; 0: not known
  bool operator==(const PacketState&) const = default;
};

// All packets, by id. A copy is cheap: what no longer changes is shared.
class Packets {
 public:
  static constexpr std::size_t kChunk = 256;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // By place: id − 1. Entries with id 0 are gaps.
  const PacketState& operator[](std::size_t at) const { return (*chunks_[at / kChunk])[at % kChunk]; }
  const PacketState* find(PacketId id) const;  // nullptr: no such packet
  PacketState& edit(std::size_t at);           // at < size()
  void grow(std::size_t size);
  std::size_t bytes_beside(const Packets& other) const;  // held here and not by `other`
  friend bool operator==(const Packets& a, const Packets& b);

 private:
  using Chunk = std::vector<PacketState>;
  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace sockscope
