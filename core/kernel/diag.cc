#include "kernel/diag.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sockscope {
namespace {

constexpr std::size_t kBuffer = 32 << 10;                      // the most that one answer of a dump holds
constexpr int kTries = 3;                                      // of a dump that something changed meanwhile
constexpr unsigned kNewSynReceived = 12, kBoundInactive = 13;  // include/net/tcp_states.h

TcpState state_of(unsigned kernels) {
  if (kernels == kNewSynReceived) return TcpState::SYN_RECV;
  if (kernels == kBoundInactive) return TcpState::CLOSED;
  return kernels <= static_cast<unsigned>(TcpState::CLOSING) ? static_cast<TcpState>(kernels)
                                                             : TcpState::not_known;
}

std::uint64_t joined(const std::uint32_t (&halves)[2]) {
  return halves[0] | static_cast<std::uint64_t>(halves[1]) << 32;
}

Address address_of(unsigned family, const std::uint32_t (&ip)[4], std::uint16_t port, std::uint32_t scope) {
  Address address;
  address.family = static_cast<std::uint16_t>(family);
  address.port = ntohs(port);
  std::memcpy(address.ip.data(), ip, family == AF_INET ? 4 : 16);
  if (family == AF_INET6 && (address.ip[0] == 0xfe || address.ip[0] == 0xff)) address.scope = scope;
  return address;
}

DiagRow inet_row(const nlmsghdr& message, int protocol) {
  const auto& row = *static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(&message));
  DiagRow out;
  out.family = row.idiag_family;
  out.protocol = protocol;
  if (protocol == IPPROTO_TCP) out.state = state_of(row.idiag_state);
  out.local = address_of(row.idiag_family, row.id.idiag_src, row.id.idiag_sport, row.id.idiag_if);
  if (row.id.idiag_dport != 0)
    out.peer = address_of(row.idiag_family, row.id.idiag_dst, row.id.idiag_dport, row.id.idiag_if);
  out.uid = row.idiag_uid;
  out.inode = row.idiag_inode;
  out.cookie = joined(row.id.idiag_cookie);
  return out;
}

// include/linux/kdev_t.h: the kernel's own form has 20 bits of minor.
std::uint64_t device_of(std::uint32_t kernels) {
  return makedev(kernels >> 20, kernels & 0xfffff);
}

int take_attribute(const nlattr* attribute, void* context) {
  auto& out = *static_cast<DiagRow*>(context);
  const std::size_t size = mnl_attr_get_payload_len(attribute);
  const void* payload = mnl_attr_get_payload(attribute);
  const auto type = mnl_attr_get_type(attribute);
  if (type == UNIX_DIAG_NAME) {
    std::string_view name(static_cast<const char*>(payload), size);
    if (!name.empty() && name.front() != '\0') name = name.substr(0, name.find('\0'));
    out.local.family = AF_UNIX;
    out.local.path = Blob(name);
  } else if (type == UNIX_DIAG_VFS && size >= sizeof(unix_diag_vfs)) {
    const auto& file = *static_cast<const unix_diag_vfs*>(payload);
    out.file = file.udiag_vfs_ino;
    out.device = device_of(file.udiag_vfs_dev);
  } else if (type == UNIX_DIAG_UID && size >= sizeof out.uid) {
    out.uid = mnl_attr_get_u32(attribute);
  }
  return MNL_CB_OK;
}

void unix_row(const nlmsghdr& message, std::vector<DiagRow>& rows) {
  const auto& row = *static_cast<const unix_diag_msg*>(mnl_nlmsg_get_payload(&message));
  DiagRow out;
  out.family = AF_UNIX;
  out.type = row.udiag_type;
  if (row.udiag_type != SOCK_DGRAM) out.state = state_of(row.udiag_state);
  out.inode = row.udiag_ino;
  out.cookie = joined(row.udiag_cookie);
  mnl_attr_parse(&message, sizeof(unix_diag_msg), take_attribute, &out);
  if (out.local.known()) rows.push_back(std::move(out));
}

struct Reading {
  const std::function<void(const nlmsghdr&, std::vector<DiagRow>&)>& read;
  std::vector<DiagRow>& rows;
  std::size_t least;  // bytes of a row, without its attributes
};

int take_row(const nlmsghdr* message, void* context) {
  auto& reading = *static_cast<Reading*>(context);
  if (mnl_nlmsg_get_payload_len(message) >= reading.least) reading.read(*message, reading.rows);
  return MNL_CB_OK;
}

}  // namespace

void Diag::Close::operator()(mnl_socket* socket) const {
  mnl_socket_close(socket);
}

tl::expected<Diag, int> Diag::open() {
  mnl_socket* socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
  if (socket == nullptr) return tl::unexpected(errno);
  Diag diag(socket);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) return tl::unexpected(errno);
  return diag;
}

tl::expected<std::vector<DiagRow>, int> Diag::on_port(int family, int protocol, std::uint16_t port) {
  inet_diag_req_v2 request{};
  request.sdiag_family = static_cast<std::uint8_t>(family);
  request.sdiag_protocol = static_cast<std::uint8_t>(protocol);
  request.idiag_states = ~0U;
  request.id.idiag_sport = htons(port);
  return dump(&request, sizeof request, [&](const nlmsghdr& message, Rows& rows) {
    if (mnl_nlmsg_get_payload_len(&message) < sizeof(inet_diag_msg)) return;
    DiagRow row = inet_row(message, protocol);
    if (row.local.port == port) rows.push_back(std::move(row));
  });
}

tl::expected<std::vector<DiagRow>, int> Diag::unix_sockets() {
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = ~0U;
  request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_UID;
  return dump(&request, sizeof request, unix_row);
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
  std::array<char, 256> ask{};
  nlmsghdr* header = mnl_nlmsg_put_header(ask.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = ++sequence_;
  std::memcpy(mnl_nlmsg_put_extra_header(header, size), request, size);
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0) return errno;
  Reading reading{read, rows, std::min(sizeof(unix_diag_msg), sizeof(inet_diag_msg))};
  const unsigned port = mnl_socket_get_portid(socket_.get());
  int error = 0;
  std::vector<char> buffer(kBuffer);
  for (;;) {
    const ssize_t got = ::recv(mnl_socket_get_fd(socket_.get()), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? error : errno;
    const int more =
        mnl_cb_run(buffer.data(), static_cast<std::size_t>(got), sequence_, port, take_row, &reading);
    if (more == MNL_CB_ERROR && errno != EINTR) return errno;
    if (more == MNL_CB_ERROR) error = EINTR;  // it changed meanwhile; the rest is read all the same
    if (more == MNL_CB_STOP) return error;
  }
}

}  // namespace sockscope
