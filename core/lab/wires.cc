#include "lab/wires.h"

#include "lab/wires_loop.h"

namespace sockscope {

Wires::Wires(Inbox& inbox) : loop_(std::make_unique<Loop>(inbox)) {}
Wires::~Wires() = default;

void Wires::add_host(HostId host, Descriptor wire, Descriptor loopback) {
  loop_->add_host(host, std::move(wire), std::move(loopback));
}
void Wires::end_hosts() {
  loop_->end_hosts();
}
void Wires::set(HostId from, HostId to, const WireSettings& settings) {
  loop_->set(from, to, settings);
}
std::optional<WireSettings> Wires::settings(HostId from, HostId to) const {
  return loop_->settings(from, to);
}
bool Wires::let(PacketId packet, Go go) {
  return loop_->let(packet, go);
}
bool Wires::held(PacketId packet) const {
  return loop_->held(packet);
}
Wires::Figures Wires::figures() const {
  return loop_->figures();
}

}  // namespace sockscope
