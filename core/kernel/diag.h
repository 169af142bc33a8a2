#pragma once
// What the kernel says of any socket of this machine, not only ours: sock_diag(7) over netlink, as ss(8) asks
// it. No privilege is needed. Owned by one thread; an ask takes well under a millisecond.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "net/address.h"
#include "net/names.h"
#include "trace/event.h"

struct mnl_socket;
struct nlmsghdr;

namespace sockscope {

// One socket as the kernel has it. What the ask did not want is at its default.
struct DiagRow {
  int family = 0, type = 0, protocol = 0;  // type: of AF_UNIX only, 0 else
  TcpState state = TcpState::not_known;  // bound and nothing more is CLOSED; not_known of what has no states
  Address local, peer;
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;   // 0: no descriptor reaches it any more
  std::uint64_t cookie = 0;  // SO_COOKIE; in TIME_WAIT still the one it had
  std::uint64_t file = 0;    // AF_UNIX: inode and device of the path it is bound to; 0: none
  std::uint64_t device = 0;  // as stat(2) has it
  // As ss(8) shows them: bytes; of a listening socket who waits and how many may.
  std::uint32_t recv_queue = 0, send_queue = 0;
  Timer timer = Timer::none;
  std::uint32_t tries = 0;  // how often the timer has run out
  Time left = 0;            // until it does again
  std::uint32_t drops = 0;  // what found no room
};

class Diag {
 public:
  ~Diag();
  Diag(Diag&&) noexcept;
  Diag& operator=(Diag&&) noexcept;
  static tl::expected<Diag, int> open();  // errno
  // From a socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG), perhaps of another network namespace, which it
  // then owns; it is closed when that fails.
  static tl::expected<Diag, int> adopt(int fd);
  // TCP or UDP sockets (IPPROTO_…) of the family with this local port, in every state, TIME_WAIT too. Kernels
  // before 6.8 leave out those that are bound and nothing more.
  tl::expected<std::vector<DiagRow>, int> on_port(int family, int protocol, std::uint16_t port);
  // 0, or the errno with which the kernel refuses to tell of TCP sockets: without inet_diag connection()
  // would find none.
  int tcp_error();
  // The one TCP socket between these two, if it is still that of `cookie`; peer not known: a listening one.
  // None: the kernel has none (any more), or is just putting one of TIME_WAIT in its place: while it does,
  // for some 100 µs at most, it finds neither. Who must know asks again later.
  tl::expected<std::optional<DiagRow>, int> connection(const Address& local, const Address& peer,
                                                       std::uint64_t cookie);
  // What is between a listening socket's SYN queue and accept: the TCP connections of that port in SYN_RECV,
  // ESTABLISHED and CLOSE_WAIT, whether accepted or not (inode 0: not).
  tl::expected<std::vector<DiagRow>, int> before_accept(int family, std::uint16_t port);
  // Every Unix socket with a name.
  tl::expected<std::vector<DiagRow>, int> unix_sockets();
  // The Unix socket of this inode, with its queues.
  tl::expected<std::optional<DiagRow>, int> unix_socket(std::uint64_t inode);

  // TCP sockets that ended since the last ask, by cookie: a hint to look again, of every program's. A socket
  // that goes on in TIME_WAIT ends here too. fd(): readable when there is one; −1: not to be had.
  int destroyed_fd();
  std::vector<std::uint64_t> destroyed();

 private:
  using Rows = std::vector<DiagRow>;
  using Read = std::function<void(const nlmsghdr&, Rows&)>;
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  explicit Diag(mnl_socket* socket);
  static tl::expected<Diag, int> bound(mnl_socket* socket);
  tl::expected<Rows, int> inet(int family, int protocol, std::uint16_t port, std::uint32_t states);
  tl::expected<Rows, int> dump(const void* request, std::size_t size, const Read& read);
  int dump_once(const void* request, std::size_t size, const Read& read, Rows& rows);
  // One socket, or none.
  tl::expected<std::optional<DiagRow>, int> get(const void* request, std::size_t size, const Read& read);
  int ask(const void* request, std::size_t size, std::uint16_t flags);
  std::unique_ptr<mnl_socket, Close> socket_, destroyed_;
  std::vector<char> buffer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace sockscope
