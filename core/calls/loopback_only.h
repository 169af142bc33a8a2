#pragma once
// What keeps an IP socket on the loopback interface, and which options would let it out. Of this room only.

#include <cstdint>
#include <string>
#include <string_view>

#include "calls/sockets.h"

namespace sockscope {

// The loopback interface is the first of every network namespace (LOOPBACK_IFINDEX in the kernel).
inline constexpr std::uint32_t kLoopbackIndex = 1;

bool tie_to_loopback(int fd);  // SO_BINDTODEVICE, socket(7); false: not permitted

// A new socket that would see every packet of the machine (AF_PACKET, SOCK_RAW) sees those of the loopback
// interface; of any other nothing is done.
void see_only_loopback(int fd, int protocol);

// Makes what the socket sends to a multicast or broadcast address go by the loopback interface; false: it
// cannot be kept there.
bool send_by_loopback(int fd, const Address& address);

// Families whose every address may_use() judges.
bool has_address_rule(int family);

// The destination in the header that a raw socket's data begins with (IP_HDRINCL); no address: it has none.
Address address_in_header(const SocketEntry& socket, int fd, std::string_view data);

// Why this option may not be set: it would let a socket out to another interface. Empty: it may. A group
// joined on no interface in particular is joined on the loopback interface: `value` is changed to say so.
std::string_view option_refusal(int level, int option, std::string& value);

}  // namespace sockscope
