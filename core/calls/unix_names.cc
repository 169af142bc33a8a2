#include "calls/unix_names.h"

#include <sys/socket.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace sockscope {
namespace {

// An open socket of ours has it. An accepted socket has its listener's name, which may long be another's.
bool ours(CallRoom& room, std::string_view name) {
  for (const SocketHandle& socket : room.sockets().open()) {
    if (socket->family != AF_UNIX) continue;
    bool same = false;
    room.sockets().with_fd(*socket, [&](int fd) {
      sockaddr_storage bound{};
      socklen_t length = sizeof bound;
      if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &length) == 0)
        same = from_sockaddr(bound, length).path.view() == name;
    });
    if (same) return true;
  }
  return false;
}

// Some socket of this machine has it, or that cannot be known. /proc/net/unix shows every NUL as '@'
// (proc(5)).
bool taken(std::string_view name) {
  std::ifstream file("/proc/thread-self/net/unix", std::ios::binary);
  if (!file) return true;
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::string shown = " " + std::string(name) + "\n";
  std::replace(shown.begin(), shown.end(), '\0', '@');
  std::string seen = all;
  std::replace(seen.begin(), seen.end(), '\0', '@');
  return file.bad() || seen.find(shown) != std::string::npos;
}

std::string abstract_refusal(Caller& caller, std::string_view name) {
  if (ours(caller.room(), name) || !taken(name)) return {};
  return "The abstract name belongs to a socket of another program.";
}

}  // namespace

std::string unix_refusal(Caller& caller, bool reach, std::string_view path) {
  if (path.empty()) return {};
  if (path.front() == '\0') return reach ? abstract_refusal(caller, path) : std::string();
  if (path.front() != '/' && !caller.in_directory())
    return "The thread has no private directory for AF_UNIX path names.";
  if (caller.room().private_directory().holds(path)) return {};
  return "An AF_UNIX path name must lie in this run's private directory: use a name without '/'.";
}

}  // namespace sockscope
