#pragma once
// What the keeper and its child say to each other: one SOCK_SEQPACKET message each way, descriptors beside
// the answer. Of this room only.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "net/address.h"
#include "net/descriptor.h"

namespace sockscope::keeper {

inline constexpr std::string_view kArgument = "lab-keeper";
inline constexpr int kControl = 3;  // the child's end
inline constexpr unsigned kMostHosts = 16;

enum class Ask : std::uint8_t { add_host, socket, set_arp, namespaces };

struct Ip {  // an Address without what owns memory
  std::uint16_t family = 0;
  std::array<std::uint8_t, 16> ip{};
};

struct Request {
  Ask ask = Ask::socket;
  bool on = false;
  unsigned host = 0, other = 0;  // from 1
  int family = 0, type = 0, protocol = 0;
  Ip address, address6;
};

struct Reply {
  int error = 0;                // errno
  int net = -1;                 // the new host's namespace, its number in the child
  std::array<char, 48> step{};  // what failed, when it is not the request itself
};

Ip plain(const Address& address);
Address whole(const Ip& ip);
// False: the other side is gone.
bool say(int control, const void* message, std::size_t size, const std::vector<int>& descriptors = {});
// What came in place of a message: its size, 0 when the other side is gone, or −errno. `fit`: every
// descriptor that was sent came.
int hear(int control, void* message, std::size_t size, std::vector<Descriptor>& descriptors, bool& fit);

}  // namespace sockscope::keeper
