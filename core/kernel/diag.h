#pragma once
// What the kernel says of any socket of this machine, not only ours: sock_diag(7) over netlink, as ss(8) asks
// it. No privilege is needed. Owned by one thread; an ask takes well under a millisecond.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "net/address.h"
#include "net/names.h"

struct mnl_socket;
struct nlmsghdr;

namespace sockscope {

struct DiagRow {
  int family = 0, type = 0, protocol = 0;  // type: of AF_UNIX only, 0 else
  TcpState state = TcpState::not_known;  // bound and nothing more is CLOSED; not_known of what has no states
  Address local, peer;
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;   // 0: no descriptor reaches it any more
  std::uint64_t cookie = 0;  // SO_COOKIE; in TIME_WAIT still the one it had
  std::uint64_t file = 0;    // AF_UNIX: inode and device of the path it is bound to; 0: none
  std::uint64_t device = 0;  // as stat(2) has it
};

class Diag {
 public:
  static tl::expected<Diag, int> open();  // errno
  // TCP or UDP sockets (IPPROTO_…) of the family with this local port, in every state, TIME_WAIT too. Kernels
  // before 6.8 leave out those that are bound and nothing more.
  tl::expected<std::vector<DiagRow>, int> on_port(int family, int protocol, std::uint16_t port);
  // Every Unix socket with a name.
  tl::expected<std::vector<DiagRow>, int> unix_sockets();

 private:
  using Rows = std::vector<DiagRow>;
  using Read = std::function<void(const nlmsghdr&, Rows&)>;
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  explicit Diag(mnl_socket* socket) : socket_(socket) {}
  tl::expected<Rows, int> dump(const void* request, std::size_t size, const Read& read);
  int dump_once(const void* request, std::size_t size, const Read& read, Rows& rows);
  std::unique_ptr<mnl_socket, Close> socket_;
  std::uint32_t sequence_ = 0;
};

}  // namespace sockscope
