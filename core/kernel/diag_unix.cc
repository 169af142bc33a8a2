// AF_UNIX sockets: unix_diag.

#include <libmnl/libmnl.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

#include <cstring>

#include "kernel/diag_rows.h"

namespace sockscope {
namespace {

// include/linux/kdev_t.h: the kernel's own form has 20 bits of minor.
std::uint64_t device_of(std::uint32_t kernels) {
  return makedev(kernels >> 20, kernels & 0xfffff);
}

void take_name(DiagRow& out, std::string_view name) {
  if (!name.empty() && name.front() != '\0') name = name.substr(0, name.find('\0'));
  out.local.family = AF_UNIX;
  out.local.path = Blob(name);
}

int take_attribute(const nlattr* attribute, void* context) {
  auto& out = *static_cast<DiagRow*>(context);
  const std::size_t size = mnl_attr_get_payload_len(attribute);
  const void* payload = mnl_attr_get_payload(attribute);
  switch (mnl_attr_get_type(attribute)) {
    case UNIX_DIAG_NAME:
      take_name(out, {static_cast<const char*>(payload), size});
      break;
    case UNIX_DIAG_VFS:
      if (size < sizeof(unix_diag_vfs)) break;
      out.file = static_cast<const unix_diag_vfs*>(payload)->udiag_vfs_ino;
      out.device = device_of(static_cast<const unix_diag_vfs*>(payload)->udiag_vfs_dev);
      break;
    case UNIX_DIAG_UID:
      if (size >= sizeof out.uid) out.uid = mnl_attr_get_u32(attribute);
      break;
    case UNIX_DIAG_RQLEN:
      if (size < sizeof(unix_diag_rqlen)) break;
      out.recv_queue = static_cast<const unix_diag_rqlen*>(payload)->udiag_rqueue;
      out.send_queue = static_cast<const unix_diag_rqlen*>(payload)->udiag_wqueue;
      break;
    default:
      break;
  }
  return MNL_CB_OK;
}

void unix_row(const nlmsghdr& message, std::vector<DiagRow>& rows) {
  if (mnl_nlmsg_get_payload_len(&message) < sizeof(unix_diag_msg)) return;
  const auto& row = *static_cast<const unix_diag_msg*>(mnl_nlmsg_get_payload(&message));
  DiagRow out;
  out.family = AF_UNIX;
  out.type = row.udiag_type;
  if (row.udiag_type != SOCK_DGRAM) out.state = state_of(row.udiag_state);
  out.inode = row.udiag_ino;
  out.cookie = joined(row.udiag_cookie);
  mnl_attr_parse(&message, sizeof(unix_diag_msg), take_attribute, &out);
  rows.push_back(std::move(out));
}

unix_diag_req unix_request_of(std::uint32_t show) {
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = ~0U;
  request.udiag_show = show;
  return request;
}

}  // namespace

tl::expected<std::vector<DiagRow>, int> Diag::unix_sockets() {
  const unix_diag_req request = unix_request_of(UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_UID);
  return dump(&request, sizeof request, [](const nlmsghdr& message, Rows& rows) {
    unix_row(message, rows);
    if (!rows.empty() && !rows.back().local.known()) rows.pop_back();
  });
}

tl::expected<std::optional<DiagRow>, int> Diag::unix_socket(std::uint64_t inode) {
  unix_diag_req request = unix_request_of(UDIAG_SHOW_RQLEN);
  request.udiag_ino = static_cast<std::uint32_t>(inode);
  request.udiag_cookie[0] = request.udiag_cookie[1] = ~0U;  // any
  return get(&request, sizeof request, unix_row);
}

}  // namespace sockscope
