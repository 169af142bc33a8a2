#pragma once
// The thread behind Wires. Of this room only.

#include <deque>
#include <map>
#include <mutex>
#include <queue>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lab/frame_reader.h"
#include "lab/wires.h"

namespace sockscope {

class Wires::Loop {
 public:
  explicit Loop(Inbox& inbox);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void add_host(HostId host, Descriptor wire, Descriptor loopback);
  void end_hosts();
  void set(HostId from, HostId to, const WireSettings& settings);
  std::optional<WireSettings> settings(HostId from, HostId to) const;
  bool let(PacketId packet, Go go);
  bool held(PacketId packet) const;
  Figures figures() const;

 private:
  enum class Place { to_middle, held, to_end };
  struct UnderWay {
    HostId from = 0, to = 0;
    std::string frame;
    Place place = Place::to_middle;
    bool lost = false;
    Time middle = 0, due = 0;
  };
  struct Host {
    Descriptor wire, loopback;
    std::deque<PacketId> waiting;  // due, and its end had no room
  };
  struct Step {  // when something is to be done with a packet
    Time at = 0;
    PacketId packet = 0;
    bool operator>(const Step& other) const {
      return std::pair(at, packet) > std::pair(other.at, other.packet);
    }
  };

  void run();
  void read_from(HostId host, const Descriptor& end, bool loopback);
  void sent(HostId from, const Frame& frame);
  void send_to(HostId from, HostId to, Time at, std::string_view bytes);
  PacketId tell_sent(Time at, HostId from, HostId to, PacketId copy_of, Time due, std::string_view frame);
  void start(PacketId packet, UnderWay under_way);
  void step(PacketId packet, Time clock);
  void pass_middle(PacketId packet, UnderWay& under_way, Time clock);
  void deliver(PacketId packet, UnderWay& under_way, Time clock);
  bool hand_over(PacketId packet, const UnderWay& under_way, const Host& host);
  void hand_over_waiting();
  void release(PacketId packet, UnderWay& under_way, Time clock);
  void double_held(const UnderWay& under_way, PacketId packet, Time clock);
  void drop(PacketId packet, Loss why, Time clock);
  void tell_not_seen(std::uint64_t count);
  void set_timer();
  WirePath* path(HostId from, HostId to);

  Inbox& inbox_;
  mutable std::mutex mutex_;  // all that follows
  Inbox::Lane& lane_;
  std::map<HostId, Host> hosts_;
  std::map<std::pair<HostId, HostId>, WirePath> paths_;
  std::map<PacketId, UnderWay> under_way_;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> steps_;
  FrameReader reader_;
  PacketId last_ = 0;
  Figures figures_;
  bool ending_ = false;
  Descriptor epoll_, timer_, wake_;
  std::thread thread_;
};

}  // namespace sockscope
