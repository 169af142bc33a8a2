#include "panes/packet_look.h"

#include <fmt/format.h>

#include <algorithm>

#include "ui/bytes.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr Time kCrossShown = 1'500'000'000;  // of a packet the wire lost

}  // namespace

PacketLook packet_look(const ui::Theme& theme, const PacketState& packet) {
  PacketLook look;
  look.again = packet.again;
  look.colour = theme.ink2;
  if (!packet.known) return look;
  const Packet& h = packet.header;
  if (h.protocol == Packet::Protocol::tcp) {
    look.colour = theme.busy;
    if ((h.flags & kSyn) != 0) {
      look.colour = theme.warn.fill;
      look.weight = 1.7f;
    }
    if ((h.flags & kFin) != 0) {
      look.colour = theme.state_fill[static_cast<std::size_t>(TcpState::FIN_WAIT1)];
      look.weight = 1.7f;
      look.fin = true;
    }
    if ((h.flags & kRst) != 0) {
      look.colour = theme.bad.fill;
      look.weight = 2;
      look.rst = true;
    }
  }
  const bool bytes = h.protocol == Packet::Protocol::tcp || h.protocol == Packet::Protocol::udp;
  if (bytes && h.payload > 0 && !look.fin && !look.rst) {
    look.colour = ui::byte_line(theme, packet.send == 0 ? 1 : packet.send);
    look.weight = 2.5f;
    look.head = 9;
  }
  return look;
}

std::string wire_settings_text(const ui::Ui& ui, const WireState& wire) {
  const auto& is = wire.is;
  if (!is.joined) return std::string(ui.tr("cut"));
  std::string text = ui::duration_text(is.delay);
  const auto add = [&](const std::string& one) { text += ", " + one; };
  const auto share = [](std::uint32_t millionths) {
    return fmt::format("{:g} %", static_cast<double>(millionths) / 10'000);
  };
  if (is.jitter != 0) add(ui.say("jitter {0}", ui::duration_text(is.jitter)));
  if (is.loss != 0) add(ui.say("loss {0}", share(is.loss)));
  if (is.duplicate != 0) add(ui.say("duplicates {0}", share(is.duplicate)));
  if (is.reorder != 0) add(ui.say("overtaking {0}", share(is.reorder)));
  if (is.rate != 0) add(fmt::format("{:g} kbit/s", static_cast<double>(is.rate) / 1e3));
  if (is.hold) add(std::string(ui.tr("hold")));
  return text;
}

std::string packet_gist(const PacketState& packet) {
  return packet.known ? gist_of(packet.header) : std::to_string(packet.length) + " B";
}

std::string packet_label(const ui::Ui& ui, const PacketState& packet) {
  std::string label = packet_gist(packet);
  if (packet.needless)
    label += ", " + std::string(ui.tr("again, needlessly"));
  else if (packet.again)
    label += ", " + std::string(ui.tr("again"));
  if (packet.zero_window) label += ", " + std::string(ui.tr("window 0"));
  if (packet.duplicate_ack) label += ", " + std::string(ui.tr("says it again"));
  if (packet.copy_of != 0) label += ", " + std::string(ui.tr("a copy"));
  return label;
}

float packet_way(const PacketState& packet, Time now) {
  if (packet.place == PacketPlace::held && now >= packet.held_at) return 0.5f;
  const Time end = packet.ended != 0 ? std::min(now, packet.ended) : now;
  const auto part = [](Time done, Time whole) {
    return whole <= 0 ? 1.0f : std::clamp(static_cast<float>(done) / static_cast<float>(whole), 0.0f, 1.0f);
  };
  if (packet.released_at != 0 && now >= packet.released_at)
    return 0.5f + 0.5f * part(end - packet.released_at, packet.due - packet.released_at);
  if (packet.held_at != 0 && now >= packet.held_at) return 0.5f;
  if (packet.due == 0) return 0.06f;  // no wire takes it
  return part(end - packet.sent, packet.due - packet.sent);
}

std::size_t first_looked_at(const Packets& packets) {
  constexpr std::size_t kMostLooked = 65536;
  return packets.size() > kMostLooked ? packets.size() - kMostLooked : 0;
}

bool packet_on_wire(const PacketState& packet, Time now) {
  if (packet.id == 0 || packet.from == packet.to || now < packet.sent) return false;
  if (packet.ended == 0 || now < packet.ended) return true;
  return packet.place == PacketPlace::dropped && now < packet.ended + kCrossShown;
}

}  // namespace sockscope
