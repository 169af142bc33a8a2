#include "kernel/protocol.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace sockscope {

int protocol_of(const SocketEntry& socket) {
  if (!is_internet(socket.family)) return 0;
  const int usual = socket.type == SOCK_STREAM ? IPPROTO_TCP : socket.type == SOCK_DGRAM ? IPPROTO_UDP : 0;
  return socket.protocol == 0 || socket.protocol == usual ? usual : 0;
}

}  // namespace sockscope
