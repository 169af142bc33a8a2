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
                             {"proto", integer, 2, "IPPROTO", 0}};
constexpr Param kSetsockopt[] = {{"level", integer, 0, "SOL", kRequired},
                                 {"optname", integer, 1, "SO", kRequired},
                                 {"value", integer, 2, "", kRequired}};
constexpr Param kAddress[] = {{"address", address}};
constexpr Param kListen[] = {
    {"backlog", integer, 0, "", 128}};  // min(SOMAXCONN, 128), as socketmodule.c has it
constexpr Param kSend[] = {{"data", bytes}, {"flags", integer, 0, "MSG", 0}};
constexpr Param kRecv[] = {{"bufsize", integer, 0, "", kRequired}, {"flags", integer, 1, "MSG", 0}};
constexpr Param kShutdown[] = {{"how", integer, 0, "SHUT", kRequired}};
constexpr Param kSettimeout[] = {{"value", seconds, 0, "", kRequired}};
constexpr Param kSetblocking[] = {{"flag", boolean, 0, "", kRequired}};

using R = ResultKind;
constexpr CallInfo kNone{Call::none, "", "", false, false, R::none, {}, "", ""};
constexpr CallInfo kCalls[] = {
    {Call::socket, "socket", "socket", false, false, R::socket, kSocket, "socket(2)",
     "Makes a socket and gives its descriptor."},
    {Call::setsockopt, "setsockopt", "setsockopt", true, false, R::none, kSetsockopt, "setsockopt(2)",
     "Sets an option of the socket."},
    {Call::bind, "bind", "bind", true, false, R::none, kAddress, "bind(2)",
     "Gives the socket a local address. Port 0: the kernel chooses a free one."},
    {Call::listen, "listen", "listen", true, false, R::none, kListen, "listen(2)",
     "Makes it a listening socket. The kernel then takes connections into its accept queue."},
    {Call::accept,
     "accept",
     "accept4",
     true,
     true,
     R::socket_and_address,
     {},
     "accept(2)",
     "Takes the connection at the head of the accept queue. Blocks while the queue is empty."},
    {Call::connect, "connect", "connect", true, true, R::none, kAddress, "connect(2)",
     "Opens a connection to an address. Blocks until the peer's kernel answers."},
    {Call::send, "send", "send", true, true, R::integer, kSend, "send(2)",
     "Copies bytes into the send queue and says how many. Blocks while the queue is full."},
    {Call::sendall, "sendall", "send", true, true, R::none, kSend, "send(2)",
     "Calls send until all bytes are in the send queue."},
    {Call::recv, "recv", "recv", true, true, R::bytes, kRecv, "recv(2)",
     "Takes at most this many bytes from the receive queue. Blocks while it is empty; b'' means the peer has "
     "finished."},
    {Call::shutdown, "shutdown", "shutdown", true, false, R::none, kShutdown, "shutdown(2)",
     "Ends one or both directions of a connection. The descriptor stays open."},
    {Call::close,
     "close",
     "close",
     true,
     false,
     R::none,
     {},
     "close(2)",
     "Gives the descriptor back. The kernel finishes the connection by itself."},
    {Call::getsockname,
     "getsockname",
     "getsockname",
     true,
     false,
     R::address,
     {},
     "getsockname(2)",
     "Says the socket's own address."},
    {Call::getpeername,
     "getpeername",
     "getpeername",
     true,
     false,
     R::address,
     {},
     "getpeername(2)",
     "Says the peer's address."},
    {Call::settimeout, "settimeout", "fcntl", true, false, R::none, kSettimeout, "poll(2)",
     "From now on a call that would block waits at most this long. None: as long as it takes."},
    {Call::setblocking, "setblocking", "fcntl", true, false, R::none, kSetblocking, "fcntl(2)",
     "False: a call that would block fails at once instead."},
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
