#pragma once
// Python's operators, builtin functions and methods on values that are not sockets. Pure: they fail by
// throwing PyError, inside this room only.

#include <string>
#include <string_view>
#include <vector>

#include "play/value.h"

namespace sockscope::play {

// A Python exception.
struct PyError {
  std::string type;  // "TypeError"
  int number = 0;    // errno, 0: none
  std::string message;
};

inline constexpr std::size_t kMostBytes = std::size_t{16} << 20;    // of one text or bytes value
inline constexpr std::size_t kMostItems = 100'000;                  // of one tuple or list, all levels
inline constexpr std::size_t kMostWeight = std::size_t{256} << 20;  // of one tuple or list, bytes
inline constexpr int kDeepestValue = 64;

// Throws MemoryError or RecursionError for a value beyond the caps; gives it back otherwise.
Value checked(Value value);
std::size_t weight(const Value& value);  // bytes it holds, roughly

Value apply(char op, const Value& left, const Value& right);  // '|', '+', '-', '*'
Value negative(const Value& value);
Value subscript(const Value& of, const Value& index);
Value slice(const Value& of, const Value* from, const Value* to, const Value* step);
std::size_t length(const Value& value);

// What was given to a function or method, keywords already put in their places; none(): not given.
using Given = std::vector<std::optional<Value>>;

Value make_bytes(const Given& given, bool array);  // bytes(…), bytearray(…)
Value make_str(const Given& given);
Value struct_pack(const Given& given);
Value struct_unpack(const Given& given);
// encode decode upper lower strip split join; format is in format.cc.
Value call_method(const Value& of, std::string_view name, const Given& given);
Value format(std::string_view pattern, const Given& given,
             const std::vector<std::pair<std::string, Value>>& keywords);

std::string encoded(const Value& value, const Value* encoding, const Value* errors);
std::string decoded(std::string_view data, const Value* encoding, const Value* errors);

// An integer where one must be; `what` for the message.
std::int64_t integer_of(const Value& value);
std::string_view bytes_of(const Value& value);  // TypeError: a bytes-like object is required
std::string_view text_of(const Value& value, std::string_view what);

}  // namespace sockscope::play
