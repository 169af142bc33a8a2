#include "trace/narrate_packets.h"

#include <string_view>

#include "trace/clock.h"
#include "trace/narrate_text.h"

namespace sockscope {
namespace {

std::string host_name(const State& state, HostId id) {
  const HostState* host = state.host(id);
  return host == nullptr ? "host #" + std::to_string(id) : plain(host->name);
}

std::string gist(const PacketState& packet) {
  if (!packet.known) return std::to_string(packet.length) + " B";
  return gist_of(packet.header);
}

// A packet of which nothing was told: of a recording whose beginning is lost.
PacketState known_packet(const State& state, PacketId id) {
  const PacketState* found = state.packets().find(id);
  return found == nullptr ? PacketState{} : *found;
}

std::string share(std::uint32_t millionths) {
  return two_digits(static_cast<double>(millionths) / 10'000) + " %";
}

std::string rate_text(std::uint64_t bits) {
  const auto value = static_cast<double>(bits);
  if (bits >= 1'000'000) return three_digits(value / 1e6) + " Mbit/s";
  if (bits >= 1'000) return three_digits(value / 1e3) + " kbit/s";
  return std::to_string(bits) + " bit/s";
}

void list(std::string& all, const std::string& one) {
  all += all.empty() ? one : ", " + one;
}

}  // namespace

std::string told_host(const event::HostStarted& e, const Translate& tr) {
  return say(tr("Host {0} is on the desk, at {1}."), plain(e.name.view()), plain(host_of(e.address.get())));
}

std::string told_host(const event::HostEnded& e, const State& before, const Translate& tr) {
  const std::string name = host_name(before, e.host);
  if (e.why.empty()) return say(tr("Host {0} ends."), name);
  return say(tr("Host {0} is gone: {1}."), name, plain(e.why.view()));
}

std::string told_wire(const event::WireChanged& e, const State& before, const Translate& tr) {
  const std::string from = host_name(before, e.from), to = host_name(before, e.to);
  if (!e.joined) return say(tr("The wire from {0} to {1} is cut."), from, to);
  std::string settings = say(tr("delay {0}"), duration_text(e.delay, tr));
  if (e.jitter != 0) list(settings, say(tr("jitter {0}"), duration_text(e.jitter, tr)));
  if (e.loss != 0) list(settings, say(tr("loss {0}"), share(e.loss)));
  if (e.duplicate != 0) list(settings, say(tr("duplicates {0}"), share(e.duplicate)));
  if (e.reorder != 0) list(settings, say(tr("overtaking {0}"), share(e.reorder)));
  if (e.rate != 0) list(settings, rate_text(e.rate));
  if (e.hold) list(settings, std::string(tr("every packet is held")));
  return say(tr("The wire from {0} to {1}: {2}."), from, to, settings);
}

std::string told_packet(const event::PacketSent& e, const State& before, const Translate& tr) {
  const auto header = read_frame(e.frame.view());
  const std::string what = header ? gist_of(*header) : std::to_string(e.length) + " B";
  const std::string from = host_name(before, e.from), to = host_name(before, e.to);
  if (e.copy_of != 0) return say(tr("{1} from {0} to {2} is doubled."), from, what, to);
  const PacketState* earlier = header ? before.sent_before(e.from, *header) : nullptr;
  if (earlier != nullptr && earlier->place != PacketPlace::dropped)
    return say(tr("{0} sends {1} to {2} again, though the first was not lost."), from, what, to);
  if (earlier != nullptr) return say(tr("{0} sends {1} to {2} again."), from, what, to);
  if (e.from == e.to) return say(tr("{0} sends itself {1}."), from, what);
  return say(tr("{0} sends {1} to {2}."), from, what, to);
}

std::string told_packet(const event::PacketHeld& e, const State& before, const Translate& tr) {
  const PacketState packet = known_packet(before, e.packet);
  if (packet.copy_of != 0 && packet.held_at == 0 && before.at() == packet.sent) return {};
  return say(tr("{1} from {0} to {2} is held in the middle of the wire."), host_name(before, packet.from),
             gist(packet), host_name(before, packet.to));
}

std::string told_packet(const event::PacketReleased& e, const State& before, const Translate& tr) {
  const PacketState packet = known_packet(before, e.packet);
  return say(tr("{1} from {0} to {2} is let through."), host_name(before, packet.from), gist(packet),
             host_name(before, packet.to));
}

std::string told_packet(const event::PacketDropped& e, const State& before, const Translate& tr) {
  const PacketState packet = known_packet(before, e.packet);
  const std::string from = host_name(before, packet.from), to = host_name(before, packet.to),
                    what = gist(packet);
  switch (e.why) {
    case Loss::lost:
      return say(tr("The wire loses {1} from {0} to {2}."), from, what, to);
    case Loss::cut:
      return say(tr("{1} from {0} does not get to {2}: there is no wire, or it is cut."), from, what, to);
    case Loss::dropped:
      return say(tr("{1} from {0} to {2} is dropped by hand."), from, what, to);
    case Loss::full:
      return say(tr("{1} from {0} to {2} is dropped: too much waits on the wire."), from, what, to);
    case Loss::gone:
      return say(tr("{1} from {0} goes nowhere: {2} is gone."), from, what, to);
  }
  return {};
}

std::string told_packet(const event::PacketArrived& e, const State& before, Time at, const Translate& tr) {
  const PacketState packet = known_packet(before, e.packet);
  if (packet.from == packet.to) return {};
  return say(tr("{1} from {0} arrives at {2} after {3}."), host_name(before, packet.from), gist(packet),
             host_name(before, packet.to), duration_text(at - packet.sent, tr));
}

}  // namespace sockscope
