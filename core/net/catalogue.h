#pragma once
// The call catalogue: one entry a call. Parser, execution, narration, forms, completion and code all read it;
// to add a call is an entry here and a function in calls/. Man pages: section 2 unless said.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/address.h"
#include "net/blob.h"
#include "net/boxed.h"

namespace sockscope {

enum class Call : std::uint8_t {
  none,
  socket,
  setsockopt,
  bind,
  listen,
  accept,
  connect,
  send,
  sendall,
  recv,
  shutdown,
  close,
  getsockname,
  getpeername,
  settimeout,
  setblocking,
  socketpair,
  create_connection,
  create_server,
  getaddrinfo,
  gethostbyname,
  getdefaulttimeout,
  setdefaulttimeout,
  fromfd,
  dup,
  connect_ex,
  detach,
  fileno,
  gettimeout,
  getblocking,
  getsockopt,
  recv_into,
  recvfrom,
  recvmsg,
  sendto,
  sendmsg,
  sendfile,
  os_sendfile,  // each sendfile(2) of a sendfile
  select,
  poll,
  epoll_create,
  epoll_ctl,
  epoll_wait,
};

// How a parameter travels, in Args and in calls/calls.h's Request. A number goes in numbers[slot].
enum class ParamKind : std::uint8_t {
  integer,
  boolean,       // a number, 0 or 1
  seconds,       // a number of nanoseconds; −1: None; kDefaultTimeout: not given, the default timeout
  milliseconds,  // a number; −1: None or negative, for ever
  address,       // in `address`; of the socket's family
  bytes,         // in `data`
  buffers,       // sendmsg's list: joined in `data`, the lengths in `text` ("5 0 3")
  buffer,        // recv_into's bytearray: its length is the number
  text,          // in `text`
  host,          // the first part of `text`, up to a NUL; with no NUL in `text`: None
  port,          // the rest of `text` behind that NUL; numbers[slot] is its Python type, PortKind
  target,        // (host, port): `text` is the host, the number is the port
  option,        // setsockopt's value: an int is the number; bytes are in `data`, and numbers[slot + 1] is 1
  file,          // an open file of the play: its name in `text`
  sockets,       // a list of sockets: their ids in `text`, separated by spaces; the slot-th list behind '|'
  watched,       // poll's registered sockets in `text`: "id:events id:events", events in decimal
};
enum class PortKind : std::uint8_t { none, integer, text };
inline constexpr std::int64_t kDefaultTimeout = -2;

struct Param {
  std::string_view name;
  ParamKind kind;
  std::uint8_t slot = 0;
  std::string_view group{};              // constants that fit: "AF", "SOCK", "SO"…
  std::optional<std::int64_t> absent{};  // its value when not given; no value: it must be given
  bool optional = false;                 // may be left out although it is no number: absent is then nothing
  bool keyword_only = false;             // behind Python's *
  std::string_view unit{};               // "bytes", "seconds", "milliseconds"; empty: a plain number
};

enum class ResultKind : std::uint8_t {
  none,
  integer,
  boolean,
  seconds,             // result: nanoseconds, −1 None
  bytes,               // data
  text,                // data
  address,             // address
  socket,              // makes
  socket_and_address,  // makes, address
  two_sockets,         // makes, also_makes
  bytes_and_address,   // data, address
  message,             // recvmsg: data, no ancillary data, flags, address
  option,              // getsockopt: result, or data when a length was asked for
  addresses,           // getaddrinfo: data is the list as Python prints it, whole up to 16 KiB
  ready,               // select: data is three lists of ids as Param `sockets` has them
  events,              // poll: data as Param `watched` has it, in the order poll gave them
};

// Whose function it is. `inner`: made by another call only, a learner cannot spell it.
enum class Owner : std::uint8_t { socket_module, socket, select_module, poll_object, inner };

// Which sockets a call is meant for. Any may be tried on any.
namespace fits {
inline constexpr std::uint8_t stream = 1, dgram = 2, seqpacket = 4, raw = 8, rdm = 16;
inline constexpr std::uint8_t connection = stream | seqpacket, any = 31;
}  // namespace fits

struct CallInfo {
  Call call;
  std::string_view python;  // "accept"
  std::string_view c;       // "accept4": the system call made, as C spells it; empty: none is made
  Owner owner;
  bool may_block;
  ResultKind result;
  std::span<const Param> params;
  std::string_view man;   // "accept(2)"
  std::string_view does;  // one plain sentence, English, translatable
  std::uint8_t types = fits::any;
  std::string_view waits_for{};  // what it waits for when it blocks: "a client"
  std::string_view freed_by{};   // the peer's call that lets it go on: "connect"
  bool is_method() const { return owner == Owner::socket; }
};

std::span<const CallInfo> catalogue();
const CallInfo& info(Call call);  // Call::none has an empty entry
const CallInfo* find_call(std::string_view python_name);

using Numbers = std::array<std::int64_t, 5>;

// What a call was given. Slots as the catalogue says; unused ones stay 0.
struct Args {
  Numbers numbers{};
  Boxed<Address> address;
  Blob data;    // a preview
  Blob text{};  // whole
  friend bool operator==(const Args&, const Args&) = default;
};

// The arguments as Python text, without the brackets: "('127.0.0.1', 9999)", "AF_INET, SOCK_STREAM",
// "b'hello\n'".
std::string python_arguments(Call call, const Args& args);
// Python's repr of bytes: b'hello\n'. `total` above bytes.size() appends the dots and count of a cut preview.
std::string python_bytes(std::string_view bytes, std::uint64_t total);
inline std::string python_bytes(std::string_view bytes) {
  return python_bytes(bytes, bytes.size());
}
std::string python_string(std::string_view utf8);      // 'it\'s'
std::string python_seconds(std::int64_t nanoseconds);  // 5.0, 0.25, None

}  // namespace sockscope
