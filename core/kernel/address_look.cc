#include "kernel/address_look.h"

#include <netinet/in.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "calls/birth.h"
#include "calls/tcp_info.h"
#include "kernel/diags.h"
#include "kernel/holder.h"
#include "kernel/protocol.h"

namespace sockscope {
namespace {

using Rows = std::vector<DiagRow>;

tl::expected<Rows, int> on_port(Diag& diag, int protocol, std::uint16_t port) {
  auto rows = diag.on_port(AF_INET, protocol, port);
  if (!rows) return rows;
  const auto more = diag.on_port(AF_INET6, protocol, port);
  if (more) rows->insert(rows->end(), more->begin(), more->end());  // a machine may have no IPv6
  return rows;
}

// The path is of the calling thread's own directory: the file tells which socket it is, the name does not.
tl::expected<Rows, int> on_name(Diag& diag, const Address& asked) {
  auto rows = diag.unix_sockets();
  if (!rows) return rows;
  const std::string_view name = asked.path.view();
  const bool abstract = name.starts_with('\0');
  struct stat file {};
  const bool exists = !abstract && ::stat(std::string(name).c_str(), &file) == 0;
  std::erase_if(*rows, [&](const DiagRow& row) {
    if (row.state == TcpState::ESTABLISHED) return true;  // an accepted one has its listener's name
    const bool same_name = row.local.path.view() == name;
    if (abstract) return !same_name;
    return !exists || row.file != file.st_ino || (row.device != file.st_dev && !same_name);
  });
  return rows;
}

struct Ours {
  SocketId id = 0;
  Address local;
  int protocol = 0;
  TcpState state = TcpState::not_known;
};

std::map<std::uint64_t, Ours> our_sockets(Sockets& sockets) {
  std::map<std::uint64_t, Ours> found;
  for (const SocketHandle& entry : sockets.open()) {
    sockets.with_fd(*entry, [&](int fd) {
      // A dup comes later than the one it is a dup of.
      found.try_emplace(entry->cookie,
                        Ours{entry->id, name_of_socket(fd), protocol_of(*entry), tcp_state_of(fd)});
    });
  }
  return found;
}

// Kernels before 6.8 do not tell of a socket that is bound and nothing more; of ours we know.
void add_bound(Rows& rows, const std::map<std::uint64_t, Ours>& ours, int protocol, std::uint16_t port) {
  for (const auto& [cookie, socket] : ours) {
    const auto same = [&, wanted = cookie](const DiagRow& row) { return row.cookie == wanted; };
    if (socket.protocol != protocol || socket.local.port != port || port == 0) continue;
    if (std::any_of(rows.begin(), rows.end(), same)) continue;
    DiagRow row;
    row.family = socket.local.family;
    row.protocol = protocol;
    row.state = socket.state;
    row.local = socket.local;
    row.uid = ::geteuid();
    row.cookie = cookie;
    rows.push_back(std::move(row));
  }
}

int rank(TcpState state) {
  switch (state) {
    case TcpState::LISTEN:
      return 0;
    case TcpState::CLOSED:
    case TcpState::not_known:
      return 1;
    case TcpState::TIME_WAIT:
      return 2;
    default:
      return 3;
  }
}

int unprivileged_from() {
  std::ifstream file("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  int first = 0;
  return file >> first ? first : IPPORT_RESERVED;
}

void tell_privileged(Caller& caller, const Address& asked) {
  // Sending to a broadcast address gives EACCES too, and for another reason.
  if (asked.family == AF_INET && asked.ip[3] == 255) return;
  const int first = unprivileged_from();
  if (!is_internet(asked.family) || asked.port == 0 || asked.port >= first) return;
  const std::string text = "Ports below " + std::to_string(first) +
                           " need a privilege on this machine (net.ipv4.ip_unprivileged_port_start, "
                           "CAP_NET_BIND_SERVICE).";
  caller.put(event::Notice{"privileged-port", std::string_view(text)});
}

void put_held(Caller& caller, CallId call, const Rows& rows, const std::map<std::uint64_t, Ours>& ours) {
  std::set<std::uint64_t> strangers;
  for (const DiagRow& row : rows)
    if (!ours.contains(row.cookie)) strangers.insert(row.inode);
  const auto holders = holders_of(std::move(strangers));
  for (const DiagRow& row : rows) {
    const auto own = ours.find(row.cookie);
    const auto holder = holders.find(row.inode);
    caller.put(event::AddressHeld{
        call, own == ours.end() ? 0 : own->second.id, row.protocol, row.uid, row.state, row.local,
        own == ours.end() && holder != holders.end() ? Blob(std::string_view(holder->second)) : Blob()});
  }
}

}  // namespace

void look_at_address(Caller& caller, CallId call, const SocketEntry& socket, const Address& asked,
                     int error) {
  const int protocol = protocol_of(socket);
  const bool unix_name = asked.family == AF_UNIX && !asked.path.empty();
  const bool port = protocol != 0 && is_internet(asked.family) && asked.port != 0;
  if (!unix_name && !port) return;
  if (error == EACCES) tell_privileged(caller, asked);
  Diags diags(caller.room().hosts());
  Diag* diag = diags.of(socket.host);
  auto rows = diag == nullptr ? tl::expected<Rows, int>(tl::unexpected(diags.error()))
              : unix_name     ? on_name(*diag, asked)
                              : on_port(*diag, protocol, asked.port);
  if (!rows) {
    caller.put(event::AddressLooked{call, 0, rows.error(), asked});
    return;
  }
  std::map<std::uint64_t, Ours> ours;
  if (!rows->empty() || error == EADDRINUSE) {
    ours = our_sockets(caller.room().sockets());
    if (port) add_bound(*rows, ours, protocol, asked.port);
  }
  std::erase_if(*rows, [&](const DiagRow& row) { return row.cookie == socket.cookie; });
  std::stable_sort(rows->begin(), rows->end(),
                   [](const DiagRow& a, const DiagRow& b) { return rank(a.state) < rank(b.state); });
  if (rows->size() > kMostHeld) rows->resize(kMostHeld);
  caller.put(event::AddressLooked{call, static_cast<std::uint32_t>(rows->size()), 0, asked});
  put_held(caller, call, *rows, ours);
}

}  // namespace sockscope
