#pragma once
// A frame as it crosses a wire, read: Ethernet, ARP (RFC 826), IPv4 (RFC 791), IPv6 (RFC 8200), ICMP (RFC
// 792, 4443), TCP (RFC 9293), UDP (RFC 768). Bytes of anybody: nothing beyond the frame is ever read.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"

namespace sockscope {

inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16, kUrg = 32;  // of TCP

struct Packet {
  enum class Protocol : std::uint8_t { other, arp, icmp, icmp6, tcp, udp };
  Protocol protocol = Protocol::other;
  Address source, destination;      // with the ports of TCP and UDP; of ARP who asks and who is asked for
  std::uint8_t flags = 0;           // of TCP
  std::uint32_t seq = 0, ack = 0;   // as they stand in the header
  std::uint16_t window = 0;         // likewise: not scaled
  std::uint16_t mss = 0;            // option of a SYN; 0: not there
  std::int8_t window_scale = -1;    // option of a SYN; −1: not there
  bool sack_permitted = false;      // likewise
  std::uint8_t sack_blocks = 0;     // what was received beyond `ack`, in how many pieces
  std::uint8_t type = 0, code = 0;  // of ICMP; of ARP type is 1 a question, 2 an answer
  std::uint8_t ttl = 0;             // IPv6: hop limit
  std::uint32_t payload_at = 0;     // in the frame
  std::uint32_t payload = 0;        // bytes the headers say there are, kept here or not
  bool fragment = false;            // a later piece of an IPv4 datagram: no ports
  bool operator==(const Packet&) const = default;
};

// Nothing: it is shorter than its headers say they are.
std::optional<Packet> read_frame(std::string_view frame);

std::string_view name_of(Packet::Protocol protocol);  // "TCP", "ICMPv6"; other: "other"
std::string flags_text(std::uint8_t flags);           // "SYN,ACK", "FIN,ACK", "PSH,ACK", "RST": one order
std::optional<std::uint8_t> flags_of(std::string_view text);  // its inverse, any order; empty text is 0
// What it says, in few words: "SYN", "Echo request", "Who has 10.0.0.2?", "5 B".
std::string gist_of(const Packet& packet);

}  // namespace sockscope
