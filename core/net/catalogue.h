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
};

// How a parameter travels: numbers in Args::numbers[slot], address in Args::address, bytes in Args::data.
// `seconds` is nanoseconds in a number, −1 for None. `boolean` is 0 or 1.
enum class ParamKind : std::uint8_t { integer, boolean, seconds, address, bytes };

struct Param {
  std::string_view name;
  ParamKind kind;
  std::uint8_t slot = 0;
  std::string_view group{};              // constants that fit: "AF", "SOCK", "SO"…
  std::optional<std::int64_t> absent{};  // its value when not given; no value: it must be given
};

enum class ResultKind : std::uint8_t { none, integer, bytes, address, socket, socket_and_address };

struct CallInfo {
  Call call;
  std::string_view python;  // "accept"
  std::string_view c;       // "accept4": the system call made, as C spells it
  bool is_method;           // s.accept(), not socket.socket()
  bool may_block;
  ResultKind result;
  std::span<const Param> params;
  std::string_view man;  // "accept(2)"
  std::string_view
      does;  // one plain sentence, English, translatable: "Take the first connection of the accept queue."
};

std::span<const CallInfo> catalogue();
const CallInfo& info(Call call);  // Call::none has an empty entry
const CallInfo* find_call(std::string_view python_name);

// What a call was given. Slots as the catalogue says; unused ones stay 0.
struct Args {
  std::array<std::int64_t, 3> numbers{};
  Address address;
  Blob data;  // a preview
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
