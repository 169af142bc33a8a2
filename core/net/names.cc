#include "net/names.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <linux/can.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sockscope {
namespace {

constexpr std::array<std::string_view, 12> kStates = {"not known",  "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
                                                      "FIN_WAIT1",  "FIN_WAIT2",   "TIME_WAIT", "CLOSED",
                                                      "CLOSE_WAIT", "LAST_ACK",    "LISTEN",    "CLOSING"};

constexpr std::pair<int, std::string_view> kExceptions[] = {{EAGAIN, "BlockingIOError"},
                                                            {EALREADY, "BlockingIOError"},
                                                            {EINPROGRESS, "BlockingIOError"},
                                                            {EPIPE, "BrokenPipeError"},
                                                            {ESHUTDOWN, "BrokenPipeError"},
                                                            {ECHILD, "ChildProcessError"},
                                                            {ECONNABORTED, "ConnectionAbortedError"},
                                                            {ECONNREFUSED, "ConnectionRefusedError"},
                                                            {ECONNRESET, "ConnectionResetError"},
                                                            {EEXIST, "FileExistsError"},
                                                            {ENOENT, "FileNotFoundError"},
                                                            {EINTR, "InterruptedError"},
                                                            {EISDIR, "IsADirectoryError"},
                                                            {ENOTDIR, "NotADirectoryError"},
                                                            {EACCES, "PermissionError"},
                                                            {EPERM, "PermissionError"},
                                                            {ESRCH, "ProcessLookupError"},
                                                            {ETIMEDOUT, "TimeoutError"}};

// Child, parent. OSError's aliases (IOError, socket.error) resolve to it.
constexpr std::pair<std::string_view, std::string_view> kAncestry[] = {
    {"OSError", "Exception"},
    {"BlockingIOError", "OSError"},
    {"BrokenPipeError", "ConnectionError"},
    {"ChildProcessError", "OSError"},
    {"ConnectionError", "OSError"},
    {"ConnectionAbortedError", "ConnectionError"},
    {"ConnectionRefusedError", "ConnectionError"},
    {"ConnectionResetError", "ConnectionError"},
    {"FileExistsError", "OSError"},
    {"FileNotFoundError", "OSError"},
    {"InterruptedError", "OSError"},
    {"IsADirectoryError", "OSError"},
    {"NotADirectoryError", "OSError"},
    {"PermissionError", "OSError"},
    {"ProcessLookupError", "OSError"},
    {"TimeoutError", "OSError"},
    {"gaierror", "OSError"},
    {"herror", "OSError"},
    {"UnsupportedOperation", "OSError"},
    {"OverflowError", "ArithmeticError"},
    {"ZeroDivisionError", "ArithmeticError"},
    {"ArithmeticError", "Exception"},
    {"IndexError", "LookupError"},
    {"KeyError", "LookupError"},
    {"LookupError", "Exception"},
    {"UnicodeDecodeError", "UnicodeError"},
    {"UnicodeEncodeError", "UnicodeError"},
    {"UnicodeError", "ValueError"},
    {"ValueError", "Exception"},
    {"TypeError", "Exception"},
    {"NameError", "Exception"},
    {"AttributeError", "Exception"},
    {"MemoryError", "Exception"},
    {"error", "Exception"}};

constexpr Constant kConstants[] = {
    {"AF_UNSPEC", "AF", AF_UNSPEC},
    {"AF_UNIX", "AF", AF_UNIX},
    {"AF_INET", "AF", AF_INET},
    {"AF_INET6", "AF", AF_INET6},
    {"AF_NETLINK", "AF", AF_NETLINK},
    {"AF_PACKET", "AF", AF_PACKET},
    {"AF_RDS", "AF", AF_RDS},
    {"AF_CAN", "AF", AF_CAN},
    {"AF_TIPC", "AF", AF_TIPC},
    {"AF_VSOCK", "AF", AF_VSOCK},
    {"SOCK_STREAM", "SOCK", SOCK_STREAM},
    {"SOCK_DGRAM", "SOCK", SOCK_DGRAM},
    {"SOCK_RAW", "SOCK", SOCK_RAW},
    {"SOCK_RDM", "SOCK", SOCK_RDM},
    {"SOCK_SEQPACKET", "SOCK", SOCK_SEQPACKET},
    {"SOCK_NONBLOCK", "SOCKFLAG", SOCK_NONBLOCK},
    {"SOCK_CLOEXEC", "SOCKFLAG", SOCK_CLOEXEC},
    {"IPPROTO_IP", "IPPROTO", IPPROTO_IP},
    {"IPPROTO_ICMP", "IPPROTO", IPPROTO_ICMP},
    {"IPPROTO_IGMP", "IPPROTO", IPPROTO_IGMP},
    {"IPPROTO_TCP", "IPPROTO", IPPROTO_TCP},
    {"IPPROTO_UDP", "IPPROTO", IPPROTO_UDP},
    {"IPPROTO_IPV6", "IPPROTO", IPPROTO_IPV6},
    {"IPPROTO_ICMPV6", "IPPROTO", IPPROTO_ICMPV6},
    {"IPPROTO_SCTP", "IPPROTO", IPPROTO_SCTP},
    {"IPPROTO_RAW", "IPPROTO", IPPROTO_RAW},
    {"SOL_SOCKET", "SOL", SOL_SOCKET},
    {"SOL_IP", "SOL", IPPROTO_IP},
    {"SOL_TCP", "SOL", IPPROTO_TCP},
    {"SOL_UDP", "SOL", IPPROTO_UDP},
    {"SO_REUSEADDR", "SO", SO_REUSEADDR},
    {"SO_TYPE", "SO", SO_TYPE},
    {"SO_ERROR", "SO", SO_ERROR},
    {"SO_BROADCAST", "SO", SO_BROADCAST},
    {"SO_SNDBUF", "SO", SO_SNDBUF},
    {"SO_RCVBUF", "SO", SO_RCVBUF},
    {"SO_KEEPALIVE", "SO", SO_KEEPALIVE},
    {"SO_OOBINLINE", "SO", SO_OOBINLINE},
    {"SO_LINGER", "SO", SO_LINGER},
    {"SO_REUSEPORT", "SO", SO_REUSEPORT},
    {"SO_RCVTIMEO", "SO", SO_RCVTIMEO},
    {"SO_SNDTIMEO", "SO", SO_SNDTIMEO},
    {"SO_ACCEPTCONN", "SO", SO_ACCEPTCONN},
    {"TCP_NODELAY", "TCP", 1},  // tcp(7); <netinet/tcp.h> clashes with <linux/tcp.h>
    {"TCP_MAXSEG", "TCP", 2},
    {"TCP_CORK", "TCP", 3},
    {"TCP_KEEPIDLE", "TCP", 4},
    {"TCP_KEEPINTVL", "TCP", 5},
    {"TCP_KEEPCNT", "TCP", 6},
    {"TCP_DEFER_ACCEPT", "TCP", 9},
    {"TCP_INFO", "TCP", 11},
    {"TCP_QUICKACK", "TCP", 12},
    {"TCP_USER_TIMEOUT", "TCP", 18},
    {"IP_TTL", "IP", IP_TTL},
    {"IP_HDRINCL", "IP", IP_HDRINCL},
    {"IP_ADD_MEMBERSHIP", "IP", IP_ADD_MEMBERSHIP},
    {"IP_MULTICAST_LOOP", "IP", IP_MULTICAST_LOOP},
    {"IP_MULTICAST_TTL", "IP", IP_MULTICAST_TTL},
    {"IPV6_V6ONLY", "IPV6", IPV6_V6ONLY},
    {"CAN_RAW", "CAN", CAN_RAW},
    {"CAN_BCM", "CAN", CAN_BCM},
    {"SHUT_RD", "SHUT", SHUT_RD},
    {"SHUT_WR", "SHUT", SHUT_WR},
    {"SHUT_RDWR", "SHUT", SHUT_RDWR},
    {"MSG_OOB", "MSG", MSG_OOB},
    {"MSG_PEEK", "MSG", MSG_PEEK},
    {"MSG_DONTROUTE", "MSG", MSG_DONTROUTE},
    {"MSG_CTRUNC", "MSG", MSG_CTRUNC},
    {"MSG_TRUNC", "MSG", MSG_TRUNC},
    {"MSG_DONTWAIT", "MSG", MSG_DONTWAIT},
    {"MSG_EOR", "MSG", MSG_EOR},
    {"MSG_WAITALL", "MSG", MSG_WAITALL},
    {"MSG_NOSIGNAL", "MSG", MSG_NOSIGNAL},
    {"POLLIN", "POLL", POLLIN},
    {"POLLPRI", "POLL", POLLPRI},
    {"POLLOUT", "POLL", POLLOUT},
    {"POLLERR", "POLL", POLLERR},
    {"POLLHUP", "POLL", POLLHUP},
    {"POLLNVAL", "POLL", POLLNVAL},
    {"POLLRDHUP", "POLL", 0x2000},  // <poll.h> has it under _GNU_SOURCE only
    {"SOMAXCONN", "", 4096},  // Python takes the build machine's <sys/socket.h>: 4096 since glibc 2.31
    {"INADDR_ANY", "", 0},
    {"INADDR_LOOPBACK", "", INADDR_LOOPBACK},
    {"INADDR_BROADCAST", "", INADDR_BROADCAST},
    {"AI_PASSIVE", "AI", 1},
    {"AI_CANONNAME", "AI", 2},
    {"AI_NUMERICHOST", "AI", 4},
    {"AI_NUMERICSERV", "AI", 0x400},
};

}  // namespace

std::string_view name_of(TcpState state) {
  const auto index = static_cast<std::size_t>(state);
  return index < kStates.size() ? kStates[index] : kStates[0];
}

std::optional<TcpState> tcp_state(std::string_view name) {
  for (std::size_t i = 1; i < kStates.size(); ++i)
    if (kStates[i] == name) return static_cast<TcpState>(i);
  return std::nullopt;
}

std::string errno_name(int error) {
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : fmt::format("{}", error);
}

std::optional<int> errno_number(std::string_view name) {
  if (name == "EWOULDBLOCK") return EAGAIN;
  if (name == "EOPNOTSUPP" || name == "ENOTSUP") return EOPNOTSUPP;  // one number on Linux
  if (name == "EDEADLOCK") return EDEADLK;
  for (int error = 1; error < 134; ++error) {
    const char* known = strerrorname_np(error);
    if (known != nullptr && name == known) return error;
  }
  return std::nullopt;
}

std::string_view errno_text(int error) {
  const char* text = strerrordesc_np(error);
  return text != nullptr ? text : "Unknown error";
}

std::string_view python_exception(int error) {
  for (const auto& [number, name] : kExceptions)
    if (number == error) return name;
  return "OSError";
}

bool exception_is(std::string_view name, std::string_view ancestor) {
  if (ancestor == "IOError" || ancestor == "EnvironmentError") ancestor = "OSError";
  for (int depth = 0; depth < 8; ++depth) {
    if (name == ancestor) return true;
    const auto* found = std::find_if(std::begin(kAncestry), std::end(kAncestry),
                                     [&](const auto& entry) { return entry.first == name; });
    if (found == std::end(kAncestry)) return false;
    name = found->second;
  }
  return false;
}

bool is_exception_class(std::string_view name) {
  return name == "Exception" || std::any_of(std::begin(kAncestry), std::end(kAncestry),
                                            [&](const auto& entry) { return entry.first == name; });
}

std::span<const Constant> constants() {
  return kConstants;
}

std::optional<std::int64_t> constant(std::string_view name) {
  for (const auto& known : kConstants)
    if (known.name == name) return known.value;
  return std::nullopt;
}

std::string constant_name(std::string_view group, std::int64_t value) {
  for (const auto& known : kConstants)
    if (known.group == group && known.value == value) return std::string(known.name);
  return fmt::format("{}", value);
}

}  // namespace sockscope
