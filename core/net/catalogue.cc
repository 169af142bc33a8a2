#include "net/catalogue.h"

#include <sys/socket.h>

#include <algorithm>
#include <iterator>

namespace sockscope {
namespace {

using enum ParamKind;
constexpr std::optional<std::int64_t> kRequired;

constexpr Param kSocket[] = {{"family", integer, 0, "AF", AF_INET},
                             {"type", integer, 1, "SOCK", SOCK_STREAM},
                             {"proto", integer, 2, "IPPROTO", 0},
                             {"fileno", integer, 3, "", -1}};
constexpr Param kSocketpair[] = {{"family", integer, 0, "AF", AF_UNIX},
                                 {"type", integer, 1, "SOCK", SOCK_STREAM},
                                 {"proto", integer, 2, "IPPROTO", 0}};
constexpr Param kCreateConnection[] = {
    {"address", target, 0},
    {.name = "timeout", .kind = seconds, .slot = 1, .absent = kDefaultTimeout, .unit = "seconds"},
    {.name = "source_address", .kind = ParamKind::address, .optional = true},
    {.name = "all_errors", .kind = boolean, .slot = 2, .absent = 0, .keyword_only = true}};
constexpr Param kCreateServer[] = {
    {"address", ParamKind::address},
    {.name = "family", .kind = integer, .slot = 0, .group = "AF", .absent = AF_INET, .keyword_only = true},
    {.name = "backlog", .kind = integer, .slot = 1, .absent = -1, .keyword_only = true},
    {.name = "reuse_port", .kind = boolean, .slot = 2, .absent = 0, .keyword_only = true},
    {.name = "dualstack_ipv6", .kind = boolean, .slot = 3, .absent = 0, .keyword_only = true}};
constexpr Param kGetaddrinfo[] = {{"host", host},
                                  {"port", port, 4},
                                  {"family", integer, 0, "AF", 0},
                                  {"type", integer, 1, "SOCK", 0},
                                  {"proto", integer, 2, "IPPROTO", 0},
                                  {"flags", integer, 3, "AI", 0}};
constexpr Param kHostname[] = {{"hostname", text}};
constexpr Param kDefaultTimeoutValue[] = {
    {.name = "timeout", .kind = seconds, .slot = 0, .absent = kRequired, .unit = "seconds"}};
constexpr Param kFromfd[] = {{"fd", integer, 0, "", kRequired},
                             {"family", integer, 1, "AF", kRequired},
                             {"type", integer, 2, "SOCK", kRequired},
                             {"proto", integer, 3, "IPPROTO", 0}};
constexpr Param kSetsockopt[] = {{"level", integer, 0, "SOL", kRequired},
                                 {"optname", integer, 1, "SO", kRequired},
                                 {"value", option, 2, "", kRequired}};
constexpr Param kGetsockopt[] = {
    {"level", integer, 0, "SOL", kRequired},
    {"optname", integer, 1, "SO", kRequired},
    {.name = "buflen", .kind = integer, .slot = 2, .absent = 0, .unit = "bytes"}};
constexpr Param kAddress[] = {{"address", ParamKind::address}};
constexpr Param kListen[] = {
    {"backlog", integer, 0, "", 128}};  // min(SOMAXCONN, 128), as socketmodule.c has it
constexpr Param kSend[] = {{"data", bytes}, {"flags", integer, 0, "MSG", 0}};
constexpr Param kSendto[] = {
    {"data", bytes}, {"flags", integer, 0, "MSG", 0}, {"address", ParamKind::address}};
constexpr Param kSendmsg[] = {{"buffers", buffers},
                              {"flags", integer, 0, "MSG", 0},
                              {.name = "address", .kind = ParamKind::address, .optional = true}};
constexpr Param kSendfile[] = {{"file", file},
                               {.name = "offset", .kind = integer, .slot = 0, .absent = 0, .unit = "bytes"},
                               {.name = "count", .kind = integer, .slot = 1, .absent = -1, .unit = "bytes"}};
constexpr Param kRecv[] = {
    {.name = "bufsize", .kind = integer, .slot = 0, .absent = kRequired, .unit = "bytes"},
    {"flags", integer, 1, "MSG", 0}};
constexpr Param kRecvInto[] = {{"buffer", buffer, 2},
                               {.name = "nbytes", .kind = integer, .slot = 0, .absent = 0, .unit = "bytes"},
                               {"flags", integer, 1, "MSG", 0}};
constexpr Param kRecvmsg[] = {
    {.name = "bufsize", .kind = integer, .slot = 0, .absent = kRequired, .unit = "bytes"},
    {.name = "ancbufsize", .kind = integer, .slot = 2, .absent = 0, .unit = "bytes"},
    {"flags", integer, 1, "MSG", 0}};
constexpr Param kShutdown[] = {{"how", integer, 0, "SHUT", kRequired}};
constexpr Param kSettimeout[] = {
    {.name = "value", .kind = seconds, .slot = 0, .absent = kRequired, .unit = "seconds"}};
constexpr Param kSetblocking[] = {{"flag", boolean, 0, "", kRequired}};
constexpr Param kSelect[] = {
    {"rlist", sockets, 0},
    {"wlist", sockets, 1},
    {"xlist", sockets, 2},
    {.name = "timeout", .kind = seconds, .slot = 0, .absent = -1, .unit = "seconds"}};
constexpr Param kPoll[] = {
    {"registered", watched},
    {.name = "timeout", .kind = milliseconds, .slot = 0, .absent = -1, .unit = "milliseconds"}};

constexpr Param kEpollCtl[] = {{"operation", integer, 0, "EPOLL_CTL", kRequired},
                               {"events", integer, 1, "EPOLL", kRequired}};
constexpr Param kEpollWait[] = {
    {.name = "timeout", .kind = milliseconds, .slot = 0, .absent = -1, .unit = "milliseconds"}};

using R = ResultKind;
using O = Owner;
constexpr std::span<const Param> kNoParams;
constexpr CallInfo kNone{Call::none, "", "", O::inner, false, R::none, {}, "", ""};
constexpr CallInfo kCalls[] = {
    {Call::socket, "socket", "socket", O::socket_module, false, R::socket, kSocket, "socket(2)",
     "Makes a socket and gives its descriptor. With fileno it takes over a descriptor instead: the same "
     "socket, "
     "no copy."},
    {Call::socketpair, "socketpair", "socketpair", O::socket_module, false, R::two_sockets, kSocketpair,
     "socketpair(2)", "Makes two sockets that are connected to each other already."},
    {Call::create_connection, "create_connection", "connect", O::socket_module, true, R::socket,
     kCreateConnection, "getaddrinfo(3)",
     "Looks the host up and tries its addresses one after another until one connects.", fits::stream,
     "the peer's kernel to answer", "accept"},
    {Call::create_server, "create_server", "listen", O::socket_module, false, R::socket, kCreateServer,
     "listen(2)", "Makes a socket, binds it and listens, with SO_REUSEADDR set.", fits::stream},
    {Call::getaddrinfo, "getaddrinfo", "getaddrinfo", O::socket_module, false, R::addresses, kGetaddrinfo,
     "getaddrinfo(3)",
     "Says which addresses a name and a port stand for: one row for each way to reach them."},
    {Call::gethostbyname, "gethostbyname", "getaddrinfo", O::socket_module, false, R::text, kHostname,
     "gethostbyname(3)", "Says a name's IPv4 address. It knows no IPv6; getaddrinfo does."},
    {Call::getdefaulttimeout, "getdefaulttimeout", "", O::socket_module, false, R::seconds, kNoParams,
     "poll(2)", "Says the timeout that new sockets get."},
    {Call::setdefaulttimeout, "setdefaulttimeout", "", O::socket_module, false, R::none, kDefaultTimeoutValue,
     "poll(2)", "From now on new sockets get this timeout."},
    {Call::fromfd, "fromfd", "fcntl", O::socket_module, false, R::socket, kFromfd, "fcntl(2)",
     "Makes a second descriptor of the socket that has this one."},
    {Call::setsockopt, "setsockopt", "setsockopt", O::socket, false, R::none, kSetsockopt, "setsockopt(2)",
     "Sets an option of the socket."},
    {Call::getsockopt, "getsockopt", "getsockopt", O::socket, false, R::option, kGetsockopt, "getsockopt(2)",
     "Asks for an option of the socket."},
    {Call::bind, "bind", "bind", O::socket, false, R::none, kAddress, "bind(2)",
     "Gives the socket a local address. Port 0: the kernel chooses a free one."},
    {Call::listen, "listen", "listen", O::socket, false, R::none, kListen, "listen(2)",
     "Makes it a listening socket. The kernel then takes connections into its accept queue.",
     fits::connection},
    {Call::accept, "accept", "accept4", O::socket, true, R::socket_and_address, kNoParams, "accept(2)",
     "Takes the connection at the head of the accept queue. Blocks while the queue is empty.",
     fits::connection, "a client", "connect"},
    {Call::connect, "connect", "connect", O::socket, true, R::none, kAddress, "connect(2)",
     "Opens a connection to an address. Blocks until the peer's kernel answers.", fits::any,
     "the peer's kernel to answer", "accept"},
    {Call::connect_ex, "connect_ex", "connect", O::socket, true, R::integer, kAddress, "connect(2)",
     "Like connect, but an error of the kernel is a result, its number, and not an exception.", fits::any,
     "the peer's kernel to answer", "accept"},
    {Call::send, "send", "send", O::socket, true, R::integer, kSend, "send(2)",
     "Copies bytes into the send queue and says how many. Blocks while the queue is full.", fits::any,
     "room in the peer's receive queue", "recv"},
    {Call::sendall, "sendall", "send", O::socket, true, R::none, kSend, "send(2)",
     "Calls send until all bytes are in the send queue.", fits::any, "room in the peer's receive queue",
     "recv"},
    {Call::sendto, "sendto", "sendto", O::socket, true, R::integer, kSendto, "send(2)",
     "Sends one datagram to an address. Nobody need be there: it succeeds all the same.",
     fits::dgram | fits::raw, "room in the send queue", "recvfrom"},
    {Call::sendmsg, "sendmsg", "sendmsg", O::socket, true, R::integer, kSendmsg, "send(2)",
     "Sends several buffers as one message.", fits::any, "room in the peer's receive queue", "recv"},
    {Call::sendfile, "sendfile", "sendfile", O::socket, true, R::integer, kSendfile, "sendfile(2)",
     "Sends a file. The kernel takes the bytes from the file itself: they are not copied through the "
     "program.",
     fits::stream, "room in the peer's receive queue", "recv"},
    {Call::os_sendfile, "os.sendfile", "sendfile", O::inner, true, R::integer, kSendfile, "sendfile(2)",
     "Sends a part of a file.", fits::stream, "room in the peer's receive queue", "recv"},
    {Call::recv, "recv", "recv", O::socket, true, R::bytes, kRecv, "recv(2)",
     "Takes at most this many bytes from the receive queue. Blocks while it is empty; b'' means the peer has "
     "finished.",
     fits::any, "bytes or FIN", "send"},
    {Call::recv_into, "recv_into", "recv", O::socket, true, R::integer, kRecvInto, "recv(2)",
     "Takes bytes from the receive queue into a bytearray, and says how many.", fits::any, "bytes or FIN",
     "send"},
    {Call::recvfrom, "recvfrom", "recvfrom", O::socket, true, R::bytes_and_address, kRecv, "recv(2)",
     "Takes one datagram and says who sent it. What does not fit is lost.", fits::any, "a datagram",
     "sendto"},
    {Call::recvmsg, "recvmsg", "recvmsg", O::socket, true, R::message, kRecvmsg, "recv(2)",
     "Takes a message and says with flags how it came: MSG_TRUNC, a part of it is lost.", fits::any,
     "a message", "send"},
    {Call::shutdown, "shutdown", "shutdown", O::socket, false, R::none, kShutdown, "shutdown(2)",
     "Ends one or both directions of a connection. The descriptor stays open."},
    {Call::close, "close", "close", O::socket, false, R::none, kNoParams, "close(2)",
     "Gives the descriptor back. The kernel finishes the connection by itself."},
    {Call::detach, "detach", "", O::socket, false, R::integer, kNoParams, "close(2)",
     "Lets go of the descriptor without closing it, and says its number."},
    {Call::dup, "dup", "fcntl", O::socket, false, R::socket, kNoParams, "dup(2)",
     "Makes a second descriptor of the same socket. The connection ends when both are closed."},
    {Call::fileno, "fileno", "", O::socket, false, R::integer, kNoParams, "socket(2)",
     "Says the number of the descriptor; −1 after close."},
    {Call::getsockname, "getsockname", "getsockname", O::socket, false, R::address, kNoParams,
     "getsockname(2)", "Says the socket's own address."},
    {Call::getpeername, "getpeername", "getpeername", O::socket, false, R::address, kNoParams,
     "getpeername(2)", "Says the peer's address.", fits::any},
    {Call::settimeout, "settimeout", "fcntl", O::socket, false, R::none, kSettimeout, "poll(2)",
     "From now on a call that would block waits at most this long. None: as long as it takes."},
    {Call::gettimeout, "gettimeout", "", O::socket, false, R::seconds, kNoParams, "poll(2)",
     "Says the socket's timeout."},
    {Call::setblocking, "setblocking", "fcntl", O::socket, false, R::none, kSetblocking, "fcntl(2)",
     "False: a call that would block fails at once instead."},
    {Call::getblocking, "getblocking", "", O::socket, false, R::boolean, kNoParams, "fcntl(2)",
     "Says whether a call may block."},
    {Call::select, "select", "select", O::select_module, true, R::ready, kSelect, "select(2)",
     "Waits until one of several sockets is ready: to be read, to be written, or with urgent data.",
     fits::any, "one of the sockets to be ready", "send"},
    {Call::poll, "poll", "poll", O::poll_object, true, R::events, kPoll, "poll(2)",
     "Waits until something happens on one of the registered sockets.", fits::any,
     "something to happen on a registered socket", "send"},
    {Call::epoll_create, "epoll_create", "epoll_create1", O::inner, false, R::integer, kNoParams,
     "epoll_create(2)",
     "Makes a list of sockets that the kernel keeps: epoll. It has a descriptor of its own."},
    {Call::epoll_ctl, "epoll_ctl", "epoll_ctl", O::inner, false, R::none, kEpollCtl, "epoll_ctl(2)",
     "Puts a socket on the list of epoll, changes what is waited for there, or takes it off."},
    {Call::epoll_wait, "epoll_wait", "epoll_wait", O::inner, true, R::events, kEpollWait, "epoll_wait(2)",
     "Waits until something happens on one of the sockets on the list of epoll, and says on which.",
     fits::any, "something to happen on a socket of its list", "send"},
};

}  // namespace

std::span<const CallInfo> catalogue() {
  return kCalls;
}

const CallInfo& info(Call call) {
  const auto* found =
      std::find_if(std::begin(kCalls), std::end(kCalls), [&](const CallInfo& i) { return i.call == call; });
  return found == std::end(kCalls) ? kNone : *found;
}

const CallInfo* find_call(std::string_view python_name) {
  const auto* found = std::find_if(std::begin(kCalls), std::end(kCalls),
                                   [&](const CallInfo& i) { return i.python == python_name; });
  return found == std::end(kCalls) ? nullptr : found;
}

}  // namespace sockscope
