#include "net/call_errors.h"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

namespace sockscope {
namespace {

// Said of many calls.
constexpr ErrorCase kClosed{EBADF, "The socket is closed: no descriptor reaches it any more."};
constexpr ErrorCase kNoSocket{ENOTSOCK, "The descriptor is of something else: a file, a pipe, a terminal."};
constexpr ErrorCase kNoMemory{ENOMEM, "The kernel has no memory left for it."};
constexpr ErrorCase kNoBuffers{ENOBUFS, "The kernel has no buffer left for it."};
constexpr ErrorCase kSystemFull{ENFILE, "The whole system has no free file left."};
constexpr ErrorCase kInterrupted{EINTR, "A signal came while it waited, and asked it to come back."};

// Said of all that send.
constexpr ErrorCase kSendBroken{
    EPIPE,
    "The way out is closed: this side was shut down, or the peer has answered earlier bytes with an RST."};
constexpr ErrorCase kSendReset{ECONNRESET, "The peer has ended the connection with an RST."};
constexpr ErrorCase kSendFull{EAGAIN, "The send queue is full, and the call was not to wait."};
constexpr ErrorCase kSendUnconnected{ENOTCONN, "The socket has no connection to send on."};
constexpr ErrorCase kSendNowhere{EDESTADDRREQ, "A datagram needs an address, and the socket has no peer."};
constexpr ErrorCase kSendRefused{
    ECONNREFUSED,
    "Nobody takes datagrams there. Over UDP it is told late: at the next call, by an ICMP answer."};
constexpr ErrorCase kSendTooLong{EMSGSIZE, "The message is longer than one datagram can be."};
constexpr ErrorCase kSendTimedOut{ETIMEDOUT,
                                  "The peer acknowledged nothing for so long that the kernel gave up."};
constexpr ErrorCase kSendFlag{EOPNOTSUPP, "A flag does not fit this type of socket."};

// Said of all that receive.
constexpr ErrorCase kReceiveEmpty{EAGAIN, "The receive queue is empty, and the call was not to wait."};
constexpr ErrorCase kReceiveReset{ECONNRESET,
                                  "The peer has ended the connection with an RST; what was unread is gone."};
constexpr ErrorCase kReceiveUnconnected{ENOTCONN, "The socket has no connection to receive from."};
constexpr ErrorCase kReceiveRefused{
    ECONNREFUSED, "A datagram sent before reached nobody: its ICMP answer comes back as this call's error."};
constexpr ErrorCase kReceiveTimedOut{
    ETIMEDOUT, "The peer answered nothing, not even keepalive probes, and the kernel gave up."};
constexpr ErrorCase kReceiveInvalid{EINVAL,
                                    "No urgent byte is there to be read, or an argument makes no sense."};

// Said of all that look a name up.
constexpr ErrorCase kNoName{
    EAI_NONAME, "Nobody knows this name, or the text is no number where only a number is allowed."};
constexpr ErrorCase kTryAgain{EAI_AGAIN, "The name server does not answer now."};
constexpr ErrorCase kNoService{EAI_SERVICE, "No service of this name exists for this type of socket."};
constexpr ErrorCase kNoFamily{EAI_FAMILY,
                              "The name has no address of this family, or the family is not known here."};
constexpr ErrorCase kNoType{EAI_SOCKTYPE, "This type of socket does not go with this protocol."};
constexpr ErrorCase kBadFlags{EAI_BADFLAGS, "The flags contradict each other."};
constexpr ErrorCase kNameFailed{EAI_FAIL, "The name server answered that it cannot answer."};
constexpr ErrorCase kNameSystem{EAI_SYSTEM, "A system call failed while the name was looked up."};
constexpr ErrorCase kNameMemory{EAI_MEMORY, "There is no memory left to look the name up."};

constexpr ErrorCase kSocketErrors[] = {
    {EAFNOSUPPORT, "This kernel has no such address family."},
    {EPROTONOSUPPORT, "The family has no such protocol, or not with this type."},
    {ESOCKTNOSUPPORT, "The family has no sockets of this type."},
    {EPERM, "Only a privileged program may make a raw socket."},
    {EACCES, "This program may not make such a socket."},
    {EINVAL, "The family, the type or a flag is no number that the kernel knows."},
    {EMFILE, "This process has no free descriptor left."},
    {EBADF, "The number given as fileno is not an open descriptor."},
    {ENOTSOCK, "The number given as fileno is of a file, not of a socket."},
    kSystemFull,
    kNoBuffers,
    kNoMemory};

constexpr ErrorCase kSocketpairErrors[] = {{EOPNOTSUPP, "This family makes no pairs: on Linux AF_UNIX does."},
                                           {EAFNOSUPPORT, "This kernel has no such address family."},
                                           {EPROTONOSUPPORT, "The family has no such protocol."},
                                           {ESOCKTNOSUPPORT, "The family has no sockets of this type."},
                                           {EMFILE, "This process has no two free descriptors left."},
                                           kSystemFull,
                                           kNoMemory};

constexpr ErrorCase kSetsockoptErrors[] = {
    {ENOPROTOOPT, "This level has no such option."},
    {EINVAL, "The value is not one that this option takes, or is too short, or comes too late."},
    {EOPNOTSUPP, "A socket of this kind has no options of this level."},
    {EPERM, "Only a privileged program may set this option."},
    {EACCES, "Only a privileged program may set this option."},
    {EDOM, "The time is out of range: its microseconds must be below one million."},
    {ENODEV, "No interface has this address, or none was found."},
    {EADDRINUSE, "The socket is a member of this group already."},
    {EADDRNOTAVAIL, "The socket is no member of this group."},
    {EISCONN, "This option must be set before the socket is connected."},
    {ENOTCONN, "This option needs a connected socket."},
    {EBUSY, "The socket has begun already; the option comes too late."},
    kClosed,
    kNoSocket,
    kNoBuffers,
    kNoMemory};

constexpr ErrorCase kGetsockoptErrors[] = {
    {ENOPROTOOPT, "This level has no such option."},
    {EOPNOTSUPP, "A socket of this kind has no options of this level."},
    {EINVAL, "The length is not one that this option gives."},
    {ENOTCONN, "Only a connected socket has an answer to this."},
    {EACCES, "Only a privileged program may ask for this option."},
    kClosed,
    kNoSocket};

constexpr ErrorCase kBindErrors[] = {
    {EADDRINUSE,
     "Another socket has this address, or one of it is still in TIME_WAIT, or the path exists already."},
    {EADDRNOTAVAIL, "The address is not one of this machine."},
    {EACCES, "The port is below those that everybody may use, or the directory may not be written."},
    {EINVAL, "The socket has an address already, or the address is not of its family."},
    {EAFNOSUPPORT, "The address is of another family than the socket."},
    {EPERM, "It would be reached from other machines, and Sockscope stays on this one."},
    {ENOENT, "A directory of the path does not exist."},
    {ENOTDIR, "A part of the path is a file, not a directory."},
    {ENAMETOOLONG, "The path is too long: a Unix socket's has at most 107 bytes."},
    {EROFS, "The file system may only be read."},
    {ELOOP, "The path goes through too many symbolic links."},
    {ENODEV, "There is no such interface."},
    kClosed,
    kNoSocket,
    kNoMemory};

constexpr ErrorCase kListenErrors[] = {
    {EADDRINUSE, "Another socket listens at this address, or every port to choose from is taken."},
    {EINVAL, "The socket is connected, or has no address where it needs one."},
    {EOPNOTSUPP, "Only stream and seqpacket sockets listen."},
    kClosed,
    kNoSocket,
    kNoBuffers};

constexpr ErrorCase kAcceptErrors[] = {
    {EAGAIN, "The accept queue is empty, and the call was not to wait."},
    {EINVAL, "The socket does not listen."},
    {EOPNOTSUPP, "Only stream and seqpacket sockets accept."},
    {EMFILE, "This process has no free descriptor left; the client keeps its place in the queue."},
    {ECONNABORTED, "The client was gone before it was accepted."},
    kInterrupted,
    kClosed,
    kNoSocket,
    {EPERM, "A firewall's rule forbids it."},
    {EPROTO, "The connection broke a rule of its protocol."},
    kSystemFull,
    kNoBuffers,
    kNoMemory};

constexpr ErrorCase kConnectErrors[] = {
    {ECONNREFUSED, "Nobody listens there. Over TCP, the answer to the SYN was an RST."},
    {ETIMEDOUT, "Nothing answered the SYN, however often it was repeated."},
    {EINPROGRESS, "The handshake has begun and goes on; this socket does not wait for it."},
    {EALREADY, "An earlier connect of this socket is still under way."},
    {EISCONN, "The socket is connected already."},
    {EAGAIN, "The Unix listener's accept queue is full, or no local port is free."},
    {ENOENT, "No socket has this path."},
    {EADDRNOTAVAIL, "No local address or port is left to call from, or the address is nobody's."},
    {ENETUNREACH, "No route leads to this network."},
    {EHOSTUNREACH, "The network is there, and the host does not answer in it."},
    {EPERM, "It leads to another machine, and Sockscope stays on this one."},
    {EACCES, "The path may not be written, or a broadcast address was given without SO_BROADCAST."},
    {EADDRINUSE, "This very connection, from the same local port, exists already."},
    {EPROTOTYPE, "The Unix socket there is of another type."},
    {EAFNOSUPPORT, "The address is of another family than the socket."},
    {EINVAL, "The address is cut short, or of no use to this socket."},
    {ECONNRESET, "The peer ended the connection with an RST before it was made."},
    {ECONNABORTED, "The earlier attempt to connect failed; the socket can be tried again."},
    {EOPNOTSUPP, "A listening socket cannot connect."},
    {ENOTDIR, "A part of the path is a file, not a directory."},
    {ENAMETOOLONG, "The path is too long: a Unix socket's has at most 107 bytes."},
    {ENODEV, "There is no such interface."},
    kInterrupted,
    kClosed,
    kNoSocket,
    kNoMemory};

constexpr ErrorCase kCreateConnectionErrors[] = {
    {ECONNREFUSED, "Nobody listens there. Over TCP, the answer to the SYN was an RST."},
    kNoName,
    {ETIMEDOUT, "Nothing answered the SYN, however often it was repeated."},
    {EPERM, "It leads to another machine, and Sockscope stays on this one."},
    {EADDRNOTAVAIL, "The source address is not of this machine, or no local port is left."},
    {EADDRINUSE, "The source address is taken already."},
    {ENETUNREACH, "No route leads to this network."},
    {EHOSTUNREACH, "The network is there, and the host does not answer in it."},
    {EAFNOSUPPORT, "This kernel has no such address family."},
    kTryAgain,
    kNoService,
    {EMFILE, "This process has no free descriptor left."},
    kInterrupted,
    kNameFailed,
    kNameSystem};

constexpr ErrorCase kCreateServerErrors[] = {
    {EADDRINUSE,
     "Another socket has this address. SO_REUSEADDR, which is set, does not help while one listens."},
    {EACCES, "The port is below those that everybody may use."},
    {EADDRNOTAVAIL, "The address is not one of this machine."},
    kNoName,
    {EPERM, "It would be reached from other machines, and Sockscope stays on this one."},
    {EAFNOSUPPORT, "This kernel has no such address family."},
    {EINVAL, "The address is not of this family."},
    {EMFILE, "This process has no free descriptor left."},
    kNoBuffers};

constexpr ErrorCase kLookupCases[] = {kNoName,   kTryAgain,   kNoService,  kNoFamily,  kNoType,
                                      kBadFlags, kNameFailed, kNameSystem, kNameMemory};
constexpr ErrorCase kLookupIpv4[] = {kNoName, kTryAgain, kNoFamily, kNameFailed, kNameSystem, kNameMemory};

constexpr ErrorCase kDuplicateErrors[] = {
    {EBADF, "The number is not an open descriptor."},
    {EMFILE, "This process has no free descriptor left."},
    {ENOTSOCK, "The descriptor is of something else: a file, a pipe, a terminal."}};

constexpr ErrorCase kSendErrors[] = {
    kSendBroken,
    kSendReset,
    kSendUnconnected,
    kSendNowhere,
    kSendFull,
    kSendRefused,
    kSendTooLong,
    kSendTimedOut,
    {EACCES, "The address is a broadcast address and SO_BROADCAST is not set."},
    kSendFlag,
    {EINVAL, "An argument makes no sense for this socket."},
    kInterrupted,
    kClosed,
    kNoSocket,
    kNoBuffers,
    kNoMemory};

constexpr ErrorCase kSendtoErrors[] = {
    kSendRefused,
    kSendTooLong,
    {EISCONN, "The socket is connected: its peer is fixed, and no address is taken."},
    {EPIPE, "A stream socket that is not connected sends nowhere, whatever the address."},
    kSendUnconnected,
    {ENOENT, "No socket has this path."},
    {EPERM, "It leads to another machine, and Sockscope stays on this one."},
    {EACCES,
     "The address is a broadcast address and SO_BROADCAST is not set, or the path may not be written."},
    {EAFNOSUPPORT, "The address is of another family than the socket."},
    {EPROTOTYPE, "The Unix socket there is of another type."},
    {ENETUNREACH, "No route leads to this network."},
    {EHOSTUNREACH, "The network is there, and the host does not answer in it."},
    kSendFull,
    {EINVAL, "The port is 0, or the address is of no use to this socket."},
    kSendNowhere,
    kSendReset,
    kSendFlag,
    kInterrupted,
    kClosed,
    kNoSocket,
    kNoBuffers,
    kNoMemory};

constexpr ErrorCase kSendmsgErrors[] = {
    kSendBroken,
    kSendReset,
    kSendUnconnected,
    kSendNowhere,
    kSendFull,
    kSendRefused,
    kSendTooLong,
    {EISCONN, "The socket is connected: its peer is fixed, and no address is taken."},
    {ENOENT, "No socket has this path."},
    {EPERM, "It leads to another machine, and Sockscope stays on this one."},
    {EACCES,
     "The address is a broadcast address and SO_BROADCAST is not set, or the path may not be written."},
    {EAFNOSUPPORT, "The address is of another family than the socket."},
    kSendTimedOut,
    kSendFlag,
    {EINVAL, "An argument makes no sense for this socket."},
    kInterrupted,
    kClosed,
    kNoSocket,
    kNoBuffers,
    kNoMemory};

constexpr ErrorCase kSendfileErrors[] = {
    kSendBroken,
    kSendReset,
    kSendUnconnected,
    kSendFull,
    {EINVAL, "The file cannot be sent by the kernel; Python then reads and sends it itself."},
    {EBADF, "The file or the socket is closed."},
    kSendTimedOut,
    {EIO, "The file could not be read."},
    {EOVERFLOW, "The file ends before this place."},
    kInterrupted,
    kNoSocket,
    kNoMemory};

constexpr ErrorCase kReceiveErrors[] = {kReceiveEmpty,
                                        kReceiveReset,
                                        kReceiveUnconnected,
                                        kReceiveRefused,
                                        kReceiveTimedOut,
                                        kReceiveInvalid,
                                        kInterrupted,
                                        {EOPNOTSUPP, "A flag does not fit this type of socket."},
                                        kClosed,
                                        kNoSocket,
                                        kNoMemory};

constexpr ErrorCase kShutdownErrors[] = {
    {ENOTCONN, "The socket has no connection, or the peer has ended it already."},
    {EINVAL, "The way is none of SHUT_RD, SHUT_WR and SHUT_RDWR."},
    kClosed,
    kNoSocket};

constexpr ErrorCase kCloseErrors[] = {
    {EBADF, "Another has closed this descriptor already."},
    {ECONNRESET,
     "The peer has ended the connection with an RST. Python says nothing of it: the socket is closed."},
    {EIO, "Something could not be finished; the descriptor is gone all the same."},
    {EINTR, "A signal came; the descriptor is gone all the same."}};

constexpr ErrorCase kGetsocknameErrors[] = {kClosed, kNoSocket, kNoBuffers};
constexpr ErrorCase kGetpeernameErrors[] = {
    {ENOTCONN, "The socket has no peer: it is not connected, or not any more."},
    {EINVAL, "The socket was shut down."},
    kClosed,
    kNoSocket,
    kNoBuffers};
constexpr ErrorCase kDescriptorFlags[] = {kClosed};

constexpr ErrorCase kSelectErrors[] = {
    {EBADF, "One of the sockets is closed."},
    {EINVAL, "The timeout is negative, or a descriptor is too large for select."},
    kInterrupted,
    kNoMemory};
constexpr ErrorCase kPollErrors[] = {
    {EINVAL, "More descriptors are registered than this process may have."}, kInterrupted, kNoMemory};

constexpr ErrorCase kEpollCreateErrors[] = {
    {EMFILE, "This process has as many descriptors as it may have."},
    {ENFILE, "The whole machine has as many open files as it may have."},
    kNoMemory};
constexpr ErrorCase kEpollCtlErrors[] = {
    {EBADF, "The socket is closed."},
    {EEXIST, "The socket is on the list already."},
    {ENOENT, "The socket is not on the list."},
    {EPERM, "Of this descriptor nothing can be waited for: it is an ordinary file."},
    {ENOSPC, "This user has as many sockets on lists of epoll as one user may have."},
    kNoMemory};
constexpr ErrorCase kEpollWaitErrors[] = {kInterrupted};

constexpr std::pair<Call, std::span<const ErrorCase>> kTable[] = {
    {Call::socket, kSocketErrors},
    {Call::socketpair, kSocketpairErrors},
    {Call::create_connection, kCreateConnectionErrors},
    {Call::create_server, kCreateServerErrors},
    {Call::getaddrinfo, kLookupCases},
    {Call::gethostbyname, kLookupIpv4},
    {Call::fromfd, kDuplicateErrors},
    {Call::dup, kDuplicateErrors},
    {Call::setsockopt, kSetsockoptErrors},
    {Call::getsockopt, kGetsockoptErrors},
    {Call::bind, kBindErrors},
    {Call::listen, kListenErrors},
    {Call::accept, kAcceptErrors},
    {Call::connect, kConnectErrors},
    {Call::connect_ex, kConnectErrors},
    {Call::send, kSendErrors},
    {Call::sendall, kSendErrors},
    {Call::sendto, kSendtoErrors},
    {Call::sendmsg, kSendmsgErrors},
    {Call::sendfile, kSendfileErrors},
    {Call::os_sendfile, kSendfileErrors},
    {Call::recv, kReceiveErrors},
    {Call::recv_into, kReceiveErrors},
    {Call::recvfrom, kReceiveErrors},
    {Call::recvmsg, kReceiveErrors},
    {Call::shutdown, kShutdownErrors},
    {Call::close, kCloseErrors},
    {Call::getsockname, kGetsocknameErrors},
    {Call::getpeername, kGetpeernameErrors},
    {Call::settimeout, kDescriptorFlags},
    {Call::setblocking, kDescriptorFlags},
    {Call::select, kSelectErrors},
    {Call::poll, kPollErrors},
    {Call::epoll_create, kEpollCreateErrors},
    {Call::epoll_ctl, kEpollCtlErrors},
    {Call::epoll_wait, kEpollWaitErrors},
};

}  // namespace

std::span<const ErrorCase> errors_of(Call call) {
  const auto* found =
      std::find_if(std::begin(kTable), std::end(kTable), [&](const auto& row) { return row.first == call; });
  return found == std::end(kTable) ? std::span<const ErrorCase>() : found->second;
}

}  // namespace sockscope
