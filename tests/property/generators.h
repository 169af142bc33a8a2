#pragma once
// Random values, with a liking for what is odd: quotes, backslashes, NUL, half characters, the ends of
// ranges.

#include <rapidcheck.h>
#include <sys/socket.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "net/address.h"
#include "play/value.h"

namespace sockscope {

// What a counterexample is shown as.
inline void showValue(const Address& address, std::ostream& out) {
  out << to_text(address);
}
namespace play {
inline void showValue(const Value& value, std::ostream& out) {
  out << repr(value);
}
}  // namespace play

namespace any {

inline rc::Gen<char> byte() {
  return rc::gen::weightedOneOf<char>(
      {{4, rc::gen::inRange<char>(' ', '\x7f')},
       {2, rc::gen::elementOf(std::string("'\"\\\n\r\t\0\x7f%@:[]./\xff", 17))},
       {1, rc::gen::map(rc::gen::arbitrary<std::uint8_t>(),
                        [](std::uint8_t b) { return static_cast<char>(b); })}});
}
inline rc::Gen<std::string> bytes() {
  return rc::gen::container<std::string>(byte());
}

inline rc::Gen<char32_t> character() {
  const auto range = [](std::uint32_t first, std::uint32_t end) {
    return rc::gen::map(rc::gen::inRange(first, end),
                        [](std::uint32_t c) { return static_cast<char32_t>(c); });
  };
  return rc::gen::weightedOneOf<char32_t>({{6, range(0x20, 0x7f)},
                                           {2, rc::gen::elementOf(std::u32string(U"'\"\\\n\r\t\0\x7f", 8))},
                                           {1, range(0, 0x20)},
                                           {1, range(0x80, 0x800)},
                                           {1, range(0x2000, 0x3100)},
                                           {1, range(0x4e00, 0x4f00)},
                                           {1, range(0xd800, 0x10000)},
                                           {1, range(0x10000, 0x110000)}});
}
inline rc::Gen<std::string> utf8() {
  return rc::gen::map(rc::gen::container<std::u32string>(character()), [](const std::u32string& text) {
    std::string out;
    for (const char32_t c : text) play::append_utf8(out, c);
    return out;
  });
}

// Of AF_INET, AF_INET6 and AF_UNIX, as the kernel gives them: a file's path has no NUL.
inline rc::Gen<Address> address() {
  const auto inet_address =
      rc::gen::map(rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(), rc::gen::arbitrary<std::uint16_t>()),
                   [](auto pair) { return inet(pair.first, pair.second); });
  const auto octet =
      rc::gen::weightedElement<std::uint8_t>({{6, 0}, {1, 1}, {1, 0x7f}, {1, 0xfe}, {2, 0xff}});
  const auto inet6_address = rc::gen::exec([octet] {
    Address address;
    address.family = AF_INET6;
    address.port = *rc::gen::arbitrary<std::uint16_t>();
    address.scope = *rc::gen::weightedOneOf<std::uint32_t>(
        {{3, rc::gen::just(0U)}, {1, rc::gen::arbitrary<std::uint32_t>()}});
    address.ip = *rc::gen::container<std::array<std::uint8_t, 16>>(octet);
    return address;
  });
  const auto unix_address = rc::gen::map(bytes(), [](std::string path) {
    path.resize(std::min(path.size(), std::size_t{107}));
    if (!path.empty() && path.front() != '\0') path = path.substr(0, path.find('\0'));
    Address address;
    address.family = AF_UNIX;
    address.path = Blob(path);
    return address;
  });
  return rc::gen::oneOf(inet_address, inet6_address, unix_address);
}

inline rc::Gen<double> finite() {
  const auto bits = rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                                 [](std::uint64_t b) { return std::bit_cast<double>(b); });
  const auto decimal =
      rc::gen::map(rc::gen::pair(rc::gen::inRange(-9999999, 10000000), rc::gen::inRange(-30, 31)),
                   [](auto p) { return p.first * std::pow(10.0, p.second); });
  return rc::gen::suchThat(
      rc::gen::oneOf(bits, decimal, rc::gen::element(0.0, -0.0, 0.1, 1e16, 1e-5, 5e-324)),
      [](double d) { return std::isfinite(d); });
}

// What a play can spell as a literal. −2⁶³ is left out: 2⁶³ without its sign is more than 64 bits.
inline rc::Gen<play::Value> literal(int depth = 3) {
  using play::Value;
  const auto whole = rc::gen::weightedOneOf<std::int64_t>(
      {{3, rc::gen::arbitrary<std::int64_t>()},
       {1, rc::gen::element<std::int64_t>(0, -1, std::numeric_limits<std::int64_t>::max(),
                                          -std::numeric_limits<std::int64_t>::max())}});
  const auto as_value = [](auto held) { return Value(held); };
  const auto plain = rc::gen::oneOf(
      rc::gen::just(Value()), rc::gen::map(rc::gen::arbitrary<bool>(), as_value),
      rc::gen::map(rc::gen::suchThat(
                       whole, [](std::int64_t n) { return n != std::numeric_limits<std::int64_t>::min(); }),
                   as_value),
      rc::gen::map(finite(), as_value),
      rc::gen::map(utf8(), [](const std::string& s) { return play::text(s); }),
      rc::gen::map(bytes(), [](const std::string& s) { return play::bytes(s); }));
  if (depth == 0) return plain;
  const auto items = rc::gen::scale(0.3, rc::gen::container<std::vector<Value>>(literal(depth - 1)));
  return rc::gen::weightedOneOf<Value>(
      {{4, plain},
       {1, rc::gen::map(items, [](std::vector<Value> v) { return Value(play::Tuple{std::move(v)}); })},
       {1, rc::gen::map(items, [](std::vector<Value> v) { return Value(play::List{std::move(v)}); })}});
}

}  // namespace any
}  // namespace sockscope
