#pragma once
// A Python value of the play line, with Python's repr and ==. Values are plain; what Python changes in place
// (a bytearray, an open file, a poll object) is shared by its copies and may be used by several threads.

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "calls/sockets.h"
#include "net/text.h"
#include "play/shared_bytes.h"

namespace sockscope::play {

struct Value;
class OpenFile;
class PollObject;
using Values = std::vector<Value>;

// A named constant of an enum: AddressFamily, SocketKind, MsgFlag, AddressInfo. Arithmetic makes it a plain
// number; | of two flags is a flag, which then has no name of its own.
struct Named {
  std::int64_t number = 0;
  std::string_view name, group;  // of net's constants(): they live for ever
};
// UTF-8; a lone surrogate (Python's '\ud800') is kept as its three bytes.
struct Text {
  std::string utf8;
};
struct Bytes {
  std::string data;
  bool array = false;  // what a bytearray holds now: only while operators work on it, see frozen()
};
struct ByteArray {
  std::shared_ptr<SharedBytes> held;
};
struct Tuple {
  Values items;
};
struct List {
  Values items;
};
struct SocketValue {
  SocketId id = 0;
  SocketHandle entry;  // nullptr: known from the trace only
};
// A server, a load or a thread, by its name.
struct ServerValue {
  std::string name;
};
struct LoadValue {
  std::string name;
};
struct ThreadValue {
  std::string name;
};
struct FileValue {
  std::shared_ptr<OpenFile> file;
};
struct PollValue {
  std::shared_ptr<PollObject> poll;
};

struct Value {
  using Held =
      std::variant<std::monostate, bool, std::int64_t, double, Named, Text, Bytes, Tuple, List, SocketValue,
                   ServerValue, LoadValue, ThreadValue, ByteArray, FileValue, PollValue>;
  Held held;

  Value() = default;                            // None
  Value(bool b) : held(b) {}                    // NOLINT(google-explicit-constructor)
  Value(int n) : held(std::int64_t{n}) {}       // NOLINT(google-explicit-constructor)
  Value(std::int64_t n) : held(n) {}            // NOLINT(google-explicit-constructor)
  Value(double d) : held(d) {}                  // NOLINT(google-explicit-constructor)
  Value(Named v) : held(v) {}                   // NOLINT(google-explicit-constructor)
  Value(Text v) : held(std::move(v)) {}         // NOLINT(google-explicit-constructor)
  Value(Bytes v) : held(std::move(v)) {}        // NOLINT(google-explicit-constructor)
  Value(Tuple v) : held(std::move(v)) {}        // NOLINT(google-explicit-constructor)
  Value(List v) : held(std::move(v)) {}         // NOLINT(google-explicit-constructor)
  Value(SocketValue v) : held(std::move(v)) {}  // NOLINT(google-explicit-constructor)
  Value(ServerValue v) : held(std::move(v)) {}  // NOLINT(google-explicit-constructor)
  Value(LoadValue v) : held(std::move(v)) {}    // NOLINT(google-explicit-constructor)
  Value(ThreadValue v) : held(std::move(v)) {}  // NOLINT(google-explicit-constructor)
  Value(ByteArray v) : held(std::move(v)) {}    // NOLINT(google-explicit-constructor)
  Value(FileValue v) : held(std::move(v)) {}    // NOLINT(google-explicit-constructor)
  Value(PollValue v) : held(std::move(v)) {}    // NOLINT(google-explicit-constructor)
  Value(const char*) = delete;

  bool none() const { return std::holds_alternative<std::monostate>(held); }
  template <typename T>
  const T* as() const {
    return std::get_if<T>(&held);
  }
  // As an integer: int, bool or a named constant.
  std::optional<std::int64_t> integer() const;
  // The items of a tuple or list.
  const Values* items() const;
};

Value text(std::string_view utf8);
Value bytes(std::string_view data);
// A bytearray as the bytes it holds now, for operators and methods; other values as they are. Not what is
// inside a tuple or list.
Value frozen(Value value);
// The other way: what an operator made of a bytearray is a bytearray of its own.
Value thawed(Value value);
// Named, if there is a constant of that number in the group; else the number.
Value enum_value(std::string_view group, std::int64_t number);
Value of_address(const Address& address);  // ('127.0.0.1', 80), a path, None

std::string repr(const Value& value);
std::string str(const Value& value);             // Python's str()
std::string_view type_name(const Value& value);  // "int", "bytes", "socket"
bool truth(const Value& value);
bool equal(const Value& a, const Value& b);
// Python's order; no value: these two have none (unordered for NaN).
std::optional<std::partial_ordering> order(const Value& a, const Value& b);

// Text by characters. Broken UTF-8 does not get in: files, lines and literals are checked where they come in.
std::size_t characters(std::string_view utf8);
// The byte where character `index` begins; utf8.size() past the end.
std::size_t byte_of(std::string_view utf8, std::size_t index);
using sockscope::append_utf8;
using sockscope::broken_utf8;
using sockscope::next_character;

}  // namespace sockscope::play
