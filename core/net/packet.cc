#include "net/packet.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>

namespace sockscope {
namespace {

constexpr std::uint16_t kIpv4 = 0x0800, kArp = 0x0806, kIpv6 = 0x86dd;
constexpr std::size_t kEthernet = 14;

// Big-endian numbers at places of a frame; 0 beyond its end, which `whole` then remembers.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::uint8_t u8(std::size_t at) {
    if (at >= bytes_.size()) {
      whole_ = false;
      return 0;
    }
    return static_cast<std::uint8_t>(bytes_[at]);
  }
  std::uint16_t u16(std::size_t at) { return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1)); }
  std::uint32_t u32(std::size_t at) { return std::uint32_t{u16(at)} << 16 | u16(at + 2); }
  Address ip(std::size_t at, std::uint16_t family) {
    Address address;
    address.family = family;
    for (std::size_t i = 0; i < (family == AF_INET6 ? 16u : 4u); ++i) address.ip[i] = u8(at + i);
    return address;
  }
  bool whole() const { return whole_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool whole_ = true;
};

void read_options(Reader& in, Packet& out, std::size_t at, std::size_t end) {
  while (at < end) {
    const std::uint8_t kind = in.u8(at);
    if (kind == 0) return;
    if (kind == 1) {
      ++at;
      continue;
    }
    const std::uint8_t length = in.u8(at + 1);
    if (length < 2 || at + length > end) return;
    if (kind == 2 && length == 4) out.mss = in.u16(at + 2);
    if (kind == 3 && length == 3)
      out.window_scale = static_cast<std::int8_t>(std::min<int>(in.u8(at + 2), 14));
    if (kind == 4) out.sack_permitted = true;
    if (kind == 5) out.sack_blocks = static_cast<std::uint8_t>((length - 2) / 8);
    at += length;
  }
}

void read_ports(Reader& in, Packet& out, std::size_t at) {
  out.source.port = in.u16(at);
  out.destination.port = in.u16(at + 2);
}

// `end`: where the IP payload ends, as its header says.
void read_transport(Reader& in, Packet& out, unsigned protocol, std::size_t at, std::size_t end) {
  const auto payload_from = [&](std::size_t from) {
    out.payload_at = static_cast<std::uint32_t>(from);
    out.payload = from <= end ? static_cast<std::uint32_t>(end - from) : 0;
  };
  if (protocol == IPPROTO_TCP) {
    out.protocol = Packet::Protocol::tcp;
    read_ports(in, out, at);
    out.seq = in.u32(at + 4);
    out.ack = in.u32(at + 8);
    const std::size_t header = std::size_t{in.u8(at + 12)} / 16 * 4;
    out.flags = in.u8(at + 13) & 0x3f;
    out.window = in.u16(at + 14);
    read_options(in, out, at + 20, at + header);
    payload_from(at + header);
  } else if (protocol == IPPROTO_UDP) {
    out.protocol = Packet::Protocol::udp;
    read_ports(in, out, at);
    in.u16(at + 6);
    payload_from(at + 8);
  } else if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) {
    out.protocol = protocol == IPPROTO_ICMP ? Packet::Protocol::icmp : Packet::Protocol::icmp6;
    out.type = in.u8(at);
    out.code = in.u8(at + 1);
    in.u16(at + 2);
    payload_from(std::min(at + 8, end));
  } else {
    payload_from(at);
  }
}

void read_ipv4(Reader& in, Packet& out) {
  const std::size_t header = std::size_t{in.u8(kEthernet) & 15u} * 4;
  const std::size_t end = kEthernet + in.u16(kEthernet + 2);
  out.source = in.ip(kEthernet + 12, AF_INET);
  out.destination = in.ip(kEthernet + 16, AF_INET);
  out.ttl = in.u8(kEthernet + 8);
  out.fragment = (in.u16(kEthernet + 6) & 0x1fff) != 0;
  const unsigned protocol = out.fragment ? unsigned{IPPROTO_MAX} : in.u8(kEthernet + 9);
  read_transport(in, out, protocol, kEthernet + header, end);
}

void read_ipv6(Reader& in, Packet& out) {
  constexpr std::size_t kHeader = 40;
  constexpr int kMostExtensions = 8;
  const std::size_t end = kEthernet + kHeader + in.u16(kEthernet + 4);
  out.source = in.ip(kEthernet + 8, AF_INET6);
  out.destination = in.ip(kEthernet + 24, AF_INET6);
  out.ttl = in.u8(kEthernet + 7);
  unsigned next = in.u8(kEthernet + 6);
  std::size_t at = kEthernet + kHeader;
  for (int i = 0; i < kMostExtensions; ++i) {
    if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS) break;
    next = in.u8(at);
    at += (std::size_t{in.u8(at + 1)} + 1) * 8;
  }
  read_transport(in, out, next, at, end);
}

void read_arp(Reader& in, Packet& out) {
  out.protocol = Packet::Protocol::arp;
  out.type = in.u8(kEthernet + 7);
  out.source = in.ip(kEthernet + 14, AF_INET);
  out.destination = in.ip(kEthernet + 24, AF_INET);
}

struct FlagName {
  std::uint8_t bit;
  std::string_view name;
};
constexpr std::array<FlagName, 6> kFlagNames{
    {{kSyn, "SYN"}, {kFin, "FIN"}, {kRst, "RST"}, {kPsh, "PSH"}, {kUrg, "URG"}, {kAck, "ACK"}}};

std::string gist_of_icmp(const Packet& packet) {
  const bool six = packet.protocol == Packet::Protocol::icmp6;
  if (packet.type == (six ? 128 : 8)) return "Echo request";
  if (packet.type == (six ? 129 : 0)) return "Echo reply";
  if (packet.type == (six ? 1 : 3)) {
    const bool port = packet.code == (six ? 4 : 3);
    return port ? "Port unreachable" : "Unreachable";
  }
  if (packet.type == (six ? 3 : 11)) return "Time exceeded";
  return fmt::format("{} type {}", name_of(packet.protocol), packet.type);
}

}  // namespace

std::optional<Packet> read_frame(std::string_view frame) {
  Reader in(frame);
  Packet out;
  switch (in.u16(12)) {
    case kIpv4:
      read_ipv4(in, out);
      break;
    case kIpv6:
      read_ipv6(in, out);
      break;
    case kArp:
      read_arp(in, out);
      break;
    default:
      out.payload_at = kEthernet;
      out.payload = frame.size() > kEthernet ? static_cast<std::uint32_t>(frame.size() - kEthernet) : 0;
  }
  if (!in.whole()) return std::nullopt;
  return out;
}

std::string_view name_of(Packet::Protocol protocol) {
  constexpr std::array<std::string_view, 6> kNames = {"other", "ARP", "ICMP", "ICMPv6", "TCP", "UDP"};
  return kNames[static_cast<std::size_t>(protocol)];
}

std::string flags_text(std::uint8_t flags) {
  std::string text;
  for (const auto& [bit, name] : kFlagNames)
    if ((flags & bit) != 0) text.append(text.empty() ? "" : ",").append(name);
  return text;
}

std::optional<std::uint8_t> flags_of(std::string_view text) {
  std::uint8_t flags = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    const auto found = std::find_if(kFlagNames.begin(), kFlagNames.end(),
                                    [&](const FlagName& known) { return known.name == word; });
    if (found == kFlagNames.end()) return std::nullopt;
    flags = static_cast<std::uint8_t>(flags | found->bit);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return flags;
}

std::string gist_of(const Packet& packet) {
  switch (packet.protocol) {
    case Packet::Protocol::tcp:
      if (packet.payload > 0 && (packet.flags & (kSyn | kFin | kRst)) == 0)
        return fmt::format("{} B", packet.payload);
      if (packet.payload > 0) return fmt::format("{} {} B", flags_text(packet.flags), packet.payload);
      return flags_text(packet.flags);
    case Packet::Protocol::arp:
      if (packet.type == 1) return fmt::format("Who has {}?", host_of(packet.destination));
      return fmt::format("{} is here", host_of(packet.source));
    case Packet::Protocol::icmp:
    case Packet::Protocol::icmp6:
      return gist_of_icmp(packet);
    case Packet::Protocol::udp:
    case Packet::Protocol::other:
      break;
  }
  return fmt::format("{} B", packet.payload);
}

}  // namespace sockscope
