#include "kernel/diags.h"

#include <linux/netlink.h>
#include <sys/socket.h>

namespace sockscope {

std::optional<Diag> Diags::open(const std::string& host, int& error) {
  tl::expected<Diag, int> made = tl::unexpected(0);
  if (host.empty()) {
    made = Diag::open();
  } else {
    const int fd = hosts_.make_socket(host, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
    made = fd < 0 ? tl::expected<Diag, int>(tl::unexpected(-fd)) : Diag::adopt(fd);
  }
  error = made ? made->tcp_error() : made.error();
  if (error != 0) return std::nullopt;
  return std::move(*made);
}

Diag* Diags::of(const std::string& host) {
  auto found = diags_.find(host);
  if (found == diags_.end()) {
    int error = 0;
    found = diags_.emplace(host, open(host, error)).first;
    if (host.empty()) error_ = error;
  }
  return found->second ? &*found->second : nullptr;
}

int Diags::error() {
  of({});
  return error_;
}

void Diags::lose(const std::string& host) {
  diags_[host].reset();
}

}  // namespace sockscope
