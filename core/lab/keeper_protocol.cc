#include "lab/keeper_protocol.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace sockscope::keeper {
namespace {

constexpr std::size_t kMostDescriptors = 4;

}  // namespace

Ip plain(const Address& address) {
  return {address.family, address.ip};
}

Address whole(const Ip& ip) {
  Address address;
  address.family = ip.family;
  address.ip = ip.ip;
  return address;
}

bool say(int control, const void* message, std::size_t size, const std::vector<int>& descriptors) {
  iovec part{const_cast<void*>(message), size};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> beside{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    header.msg_control = beside.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
  }
  ssize_t said = -1;
  do said = ::sendmsg(control, &header, MSG_NOSIGNAL);
  while (said < 0 && errno == EINTR);
  return said == static_cast<ssize_t>(size);
}

int hear(int control, void* message, std::size_t size, std::vector<Descriptor>& descriptors, bool& fit) {
  iovec part{message, size};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> beside{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = beside.data();
  header.msg_controllen = beside.size();
  ssize_t heard = -1;
  do heard = ::recvmsg(control, &header, MSG_CMSG_CLOEXEC);
  while (heard < 0 && errno == EINTR);
  if (heard < 0) return -errno;
  fit = (header.msg_flags & MSG_CTRUNC) == 0;
  for (cmsghdr* rights = CMSG_FIRSTHDR(&header); rights != nullptr; rights = CMSG_NXTHDR(&header, rights)) {
    if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= rights->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(rights) + at, sizeof fd);
      descriptors.emplace_back(fd);
    }
  }
  return static_cast<int>(heard);
}

}  // namespace sockscope::keeper
