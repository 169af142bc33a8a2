#include "kernel/diag.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "kernel/diag_rows.h"

namespace sockscope {
namespace {

constexpr std::size_t kBuffer = 32 << 10;  // the most that one answer of a dump holds
constexpr int kTries = 3;                  // of a dump that something changed meanwhile

}  // namespace

Diag::Diag(mnl_socket* socket) : socket_(socket), buffer_(kBuffer) {}
Diag::~Diag() = default;
Diag::Diag(Diag&&) noexcept = default;
Diag& Diag::operator=(Diag&&) noexcept = default;

void Diag::Close::operator()(mnl_socket* socket) const {
  mnl_socket_close(socket);
}

tl::expected<Diag, int> Diag::bound(mnl_socket* socket) {
  Diag diag(socket);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) return tl::unexpected(errno);
  return diag;
}

tl::expected<Diag, int> Diag::open() {
  mnl_socket* socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
  if (socket == nullptr) return tl::unexpected(errno);
  return bound(socket);
}

tl::expected<Diag, int> Diag::adopt(int fd) {
  mnl_socket* socket = mnl_socket_fdopen(fd);
  if (socket == nullptr) {
    const int error = errno;
    ::close(fd);
    return tl::unexpected(error);
  }
  return bound(socket);
}

namespace {

struct Reading {
  const std::function<void(const nlmsghdr&, std::vector<DiagRow>&)>& read;
  std::vector<DiagRow>& rows;
};

int take_row(const nlmsghdr* message, void* context) {
  auto& reading = *static_cast<Reading*>(context);
  reading.read(*message, reading.rows);
  return MNL_CB_OK;
}

}  // namespace

int Diag::ask(const void* request, std::size_t size, std::uint16_t flags) {
  std::array<char, 256> bytes{};
  nlmsghdr* header = mnl_nlmsg_put_header(bytes.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  header->nlmsg_seq = ++sequence_;
  std::memcpy(mnl_nlmsg_put_extra_header(header, size), request, size);
  return mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0 ? errno : 0;
}

tl::expected<std::vector<DiagRow>, int> Diag::dump(const void* request, std::size_t size, const Read& read) {
  Rows rows;
  int error = EINTR;
  for (int i = 0; i < kTries && error == EINTR; ++i) {
    rows.clear();
    error = dump_once(request, size, read, rows);
  }
  // Sockets that came and went while it was asked are no reason to know nothing.
  if (error != 0 && error != EINTR) return tl::unexpected(error);
  return rows;
}

// The kernel answers in the call that asks: nothing here waits.
int Diag::dump_once(const void* request, std::size_t size, const Read& read, Rows& rows) {
  if (const int error = ask(request, size, NLM_F_DUMP); error != 0) return error;
  Reading reading{read, rows};
  const unsigned port = mnl_socket_get_portid(socket_.get());
  int error = 0;
  for (;;) {
    const ssize_t got =
        ::recv(mnl_socket_get_fd(socket_.get()), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? error : errno;
    const int more =
        mnl_cb_run(buffer_.data(), static_cast<std::size_t>(got), sequence_, port, take_row, &reading);
    if (more == MNL_CB_ERROR && errno != EINTR) return errno;
    if (more == MNL_CB_ERROR) error = EINTR;  // it changed meanwhile; the rest is read all the same
    if (more == MNL_CB_STOP) return error;
  }
}

tl::expected<std::optional<DiagRow>, int> Diag::get(const void* request, std::size_t size, const Read& read) {
  if (const int error = ask(request, size, 0); error != 0) return tl::unexpected(error);
  Rows rows;
  Reading reading{read, rows};
  const unsigned port = mnl_socket_get_portid(socket_.get());
  ssize_t got = 0;
  do {
    got = ::recv(mnl_socket_get_fd(socket_.get()), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return tl::unexpected(errno);
  const int answer =
      mnl_cb_run(buffer_.data(), static_cast<std::size_t>(got), sequence_, port, take_row, &reading);
  // ESTALE: the addresses are another socket's by now.
  if (answer == MNL_CB_ERROR && errno != ENOENT && errno != ESTALE) return tl::unexpected(errno);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

int Diag::destroyed_fd() {
  if (destroyed_) return mnl_socket_get_fd(destroyed_.get());
  std::unique_ptr<mnl_socket, Close> socket(
      mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC | SOCK_NONBLOCK));
  // Bound first: an unbound one joins and hears nothing.
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return -1;
  for (int group : {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY}) {
    if (mnl_socket_setsockopt(socket.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0) return -1;
  }
  destroyed_ = std::move(socket);
  return mnl_socket_get_fd(destroyed_.get());
}

std::vector<std::uint64_t> Diag::destroyed() {
  constexpr int kMostReads = 256;  // another program may end sockets without end
  std::vector<std::uint64_t> cookies;
  if (!destroyed_) return cookies;
  for (int i = 0; i < kMostReads; ++i) {
    const ssize_t got =
        ::recv(mnl_socket_get_fd(destroyed_.get()), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && errno == ENOBUFS) continue;  // some were lost: it is a hint, sockets are looked at anyway
    if (got <= 0) break;
    auto left = static_cast<int>(got);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data()); mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      if (const auto cookie = cookie_in(*message); cookie != 0) cookies.push_back(cookie);
    }
  }
  return cookies;
}

}  // namespace sockscope
