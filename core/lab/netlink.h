#pragma once
// What `ip` does, by rtnetlink(7): links, addresses, neighbours, routes of one network namespace. Of the
// keeper's child only. Every method: 0, or the errno of the kernel's answer.

#include <net/if.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "net/address.h"

struct mnl_socket;
struct nlmsghdr;

namespace sockscope {

using Mac = std::array<std::uint8_t, 6>;

inline constexpr unsigned kMtu = 1500;

class Rtnetlink {
 public:
  // Of the network namespace this thread is in now.
  static tl::expected<Rtnetlink, int> open();

  struct End {
    std::string name;
    Mac mac{};
  };
  // Two joined ends; `there` comes to be in the network namespace of descriptor `namespace_fd`.
  int add_veth(const End& here, const End& there, int namespace_fd);
  int remove_link(const std::string& name);
  // No IPv6 address by itself.
  int no_own_addresses(unsigned interface);
  int set_flags(unsigned interface, unsigned set, unsigned clear);  // IFF_UP, IFF_NOARP…
  // Whether it is up, has its peer and sends: before that what is sent is dropped without a word.
  tl::expected<bool, int> operates(unsigned interface);
  // Whether what comes for `address` is taken: the kernel makes an IPv6 address's own route a moment after
  // the address itself, and drops what comes before.
  tl::expected<bool, int> is_local(const Address& address);
  int add_address(unsigned interface, const Address& address, unsigned prefix);
  int add_route(unsigned interface, const Address& to);                           // to that one address
  int add_neighbour(unsigned interface, const Address& address, const Mac& mac);  // for good
  int remove_neighbour(unsigned interface, const Address& address);

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  explicit Rtnetlink(mnl_socket* socket);
  nlmsghdr* begin(std::uint16_t type, std::uint16_t flags);
  int ask(nlmsghdr* message);
  // Sends it, and gives each message of the answer to `read`, with `told`. 0 or errno.
  int look_up(nlmsghdr* message, int (*read)(const nlmsghdr* found, void* told), void* told);
  int neighbour(std::uint16_t type, unsigned interface, const Address& address, const Mac* mac);

  std::unique_ptr<mnl_socket, Close> socket_;
  std::vector<char> buffer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace sockscope
