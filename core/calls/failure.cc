// When a call fails for a reason that its address may explain, the room's look is taken before the call
// returns.

#include <sys/socket.h>

#include <algorithm>
#include <iterator>

#include "calls/execute.h"

namespace sockscope {
namespace {

constexpr Call kOfAddress[] = {Call::bind,       Call::listen, Call::connect,
                               Call::connect_ex, Call::sendto, Call::sendmsg};
constexpr int kExplained[] = {EADDRINUSE, ECONNREFUSED, EADDRNOTAVAIL, ENOENT, EACCES, ETIMEDOUT};

template <typename T, std::size_t n>
bool one_of(const T (&all)[n], T one) {
  return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

Address own_name(CallRoom& room, const SocketEntry& socket) {
  Address address;
  room.sockets().with_fd(socket, [&](int fd) {
    sockaddr_storage name{};
    socklen_t length = sizeof name;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) == 0)
      address = from_sockaddr(name, length);
  });
  return address;
}

}  // namespace

void look_at_failure(CallScope& scope, Call call, const SocketEntry* socket, const Address& asked,
                     int error) {
  CallRoom& room = scope.caller().room();
  if (socket == nullptr || !scope.tracing() || !room.failure_look()) return;
  if (!one_of(kOfAddress, call) || !one_of(kExplained, error)) return;
  const int before = errno;
  scope.caller().hold_clock();
  room.failure_look()(scope.caller(), scope.id(), *socket,
                      call == Call::listen ? own_name(room, *socket) : asked, error);
  errno = before;
}

}  // namespace sockscope
