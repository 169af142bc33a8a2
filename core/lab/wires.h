#pragma once
// The wires between hosts: one thread forwards every frame a host sends to the host it is for, later, or not
// at all, and tells of it. A host's own loopback interface is listened to as well.

#include <cstdint>
#include <memory>
#include <optional>

#include "lab/wire_path.h"
#include "net/descriptor.h"
#include "trace/inbox.h"

namespace sockscope {

// Methods from any thread; each takes effect before it returns.
class Wires {
 public:
  explicit Wires(Inbox& inbox);
  ~Wires();  // what is under way goes no further
  Wires(const Wires&) = delete;
  Wires& operator=(const Wires&) = delete;

  // `wire`: what host number `host` sends can be read from it, a frame a read, and what is written arrives
  // there. Its frames come from MAC 02:00:00:00:00:`host`. `loopback`: an AF_PACKET end, or none.
  void add_host(HostId host, Descriptor wire, Descriptor loopback);
  // Nothing reaches any host any more: what is under way or held is dropped (Loss::gone).
  void end_hosts();

  // Of what is on all wires at once, held or not, more than 10,000 is dropped (Loss::full).
  // One direction is so from now on, and told (WireChanged). What is under way keeps its time; but a cut
  // drops what has not passed the middle when it gets there, and an end of `hold` lets everything go that is
  // held, in order. A pair that was never set is cut, and nothing is told of it.
  void set(HostId from, HostId to, const WireSettings& settings);
  std::optional<WireSettings> settings(HostId from, HostId to) const;

  enum class Go { release, drop, twice };
  // What becomes of a packet that is held. False: it is not (any more).
  bool let(PacketId packet, Go go);
  bool held(PacketId packet) const;

  struct Figures {
    std::uint64_t seen = 0, delivered = 0, dropped = 0;
    std::uint64_t not_seen = 0;      // frames the kernel had no room to hand to us; also a Notice
    std::size_t most_under_way = 0;  // at once
  };
  Figures figures() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace sockscope
