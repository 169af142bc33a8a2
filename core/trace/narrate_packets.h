#pragma once
// Sentences of hosts, wires and packets. Private to trace/.

#include <string>

#include "trace/narrate.h"

namespace sockscope {

std::string told_host(const event::HostStarted& e, const Translate& tr);
std::string told_host(const event::HostEnded& e, const State& before, const Translate& tr);
std::string told_wire(const event::WireChanged& e, const State& before, const Translate& tr);
std::string told_packet(const event::PacketSent& e, const State& before, const Translate& tr);
std::string told_packet(const event::PacketHeld& e, const State& before, const Translate& tr);
std::string told_packet(const event::PacketReleased& e, const State& before, const Translate& tr);
std::string told_packet(const event::PacketDropped& e, const State& before, const Translate& tr);
std::string told_packet(const event::PacketArrived& e, const State& before, Time at, const Translate& tr);

}  // namespace sockscope
