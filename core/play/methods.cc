// bytes(), str() and the methods of text and bytes.

#include <fmt/format.h>
#include <locale.h>
#include <wctype.h>

#include <algorithm>

#include "play/operators.h"

namespace sockscope::play {
namespace {

const Value* given_at(const Given& given, std::size_t i) {
  return i < given.size() && given[i] ? &*given[i] : nullptr;
}

char ascii_case(char c, bool upper) {
  if (upper && c >= 'a' && c <= 'z') return static_cast<char>(c - 32);
  if (!upper && c >= 'A' && c <= 'Z') return static_cast<char>(c + 32);
  return c;
}

// Simple case mapping, one character for one.
std::string change_case(std::string_view utf8, bool upper) {
  const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto c = next_character(utf8, at, true);
    if (!c) {
      out += utf8[at++];
    } else if (*c < 0x80 || unicode == nullptr) {
      append_utf8(out, *c < 0x80 ? static_cast<char32_t>(ascii_case(static_cast<char>(*c), upper)) : *c);
    } else {
      const auto wide = static_cast<wint_t>(*c);
      append_utf8(out, static_cast<char32_t>(upper ? towupper_l(wide, unicode) : towlower_l(wide, unicode)));
    }
  }
  if (unicode != nullptr) freelocale(unicode);
  return out;
}

bool space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f) || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

// Text or bytes cut into characters, so that strip and split are written once.
struct Pieces {
  bool is_text;
  std::vector<std::string_view> each;
};

Pieces pieces_of(const Value& value) {
  Pieces pieces{value.as<Text>() != nullptr, {}};
  const std::string_view all = pieces.is_text ? std::string_view(value.as<Text>()->utf8) : bytes_of(value);
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = at;
    if (!pieces.is_text || !next_character(all, end, true)) end = at + 1;
    pieces.each.push_back(all.substr(at, end - at));
    at = end;
  }
  return pieces;
}

bool is_space(const Pieces& pieces, std::size_t i) {
  std::size_t at = 0;
  if (pieces.is_text) {
    const auto c = next_character(pieces.each[i], at, true);
    return c && space(*c);
  }
  const char c = pieces.each[i][0];
  return c == ' ' || (c >= 9 && c <= 13);
}

Value part(const Value& of, const Pieces& pieces, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += pieces.each[i];
  if (pieces.is_text) return Text{std::move(out)};
  return Bytes{std::move(out), of.as<Bytes>()->array};
}

// The argument of strip and split: of the same kind as the value, or None.
const Value* same_kind(const Value& of, const Value* argument) {
  if (argument == nullptr || argument->none()) return nullptr;
  if (of.as<Text>() != nullptr)
    text_of(*argument, "the argument");
  else
    bytes_of(*argument);
  return argument;
}

Value strip(const Value& of, const Value* chars) {
  const Pieces pieces = pieces_of(of);
  chars = same_kind(of, chars);
  const Pieces unwanted = chars != nullptr ? pieces_of(*chars) : Pieces{};
  const auto goes = [&](std::size_t i) {
    if (chars == nullptr) return is_space(pieces, i);
    return std::find(unwanted.each.begin(), unwanted.each.end(), pieces.each[i]) != unwanted.each.end();
  };
  std::size_t from = 0, to = pieces.each.size();
  while (from < to && goes(from)) ++from;
  while (to > from && goes(to - 1)) --to;
  return part(of, pieces, from, to);
}

void check_count(const Values& items) {
  if (items.size() > kMostItems)
    throw PyError{"MemoryError", 0, "a tuple or list of a play has at most 100,000 items"};
}

Values split_at_spaces(const Value& of, std::int64_t most) {
  const Pieces pieces = pieces_of(of);
  Values out;
  std::size_t at = 0;
  const std::size_t size = pieces.each.size();
  for (;;) {
    while (at < size && is_space(pieces, at)) ++at;
    if (at == size) return out;
    check_count(out);
    std::size_t end = at;
    if (most >= 0 && static_cast<std::int64_t>(out.size()) == most) {
      out.push_back(part(of, pieces, at, size));
      return out;
    }
    while (end < size && !is_space(pieces, end)) ++end;
    out.push_back(part(of, pieces, at, end));
    at = end;
  }
}

Values split_at(const Value& of, const Value& separator, std::int64_t most) {
  const bool is_text = of.as<Text>() != nullptr;
  const std::string_view all = is_text ? std::string_view(of.as<Text>()->utf8) : bytes_of(of);
  const std::string_view by = is_text ? std::string_view(separator.as<Text>()->utf8) : bytes_of(separator);
  if (by.empty()) throw PyError{"ValueError", 0, "empty separator"};
  Values out;
  const auto push = [&](std::string_view piece) {
    out.push_back(is_text ? text(piece) : Value(Bytes{std::string(piece), of.as<Bytes>()->array}));
  };
  std::size_t at = 0;
  for (;;) {
    const std::size_t found =
        most >= 0 && static_cast<std::int64_t>(out.size()) >= most ? all.npos : all.find(by, at);
    push(all.substr(at, found == all.npos ? all.npos : found - at));
    if (found == all.npos) return out;
    check_count(out);
    at = found + by.size();
  }
}

Value split(const Value& of, const Given& given) {
  const Value* separator = same_kind(of, given_at(given, 0));
  const Value* most = given_at(given, 1);
  const std::int64_t limit = most != nullptr ? integer_of(*most) : -1;
  return checked(List{separator != nullptr ? split_at(of, *separator, limit) : split_at_spaces(of, limit)});
}

Value join(const Value& separator, const Value* items) {
  const Values* parts = items != nullptr ? items->items() : nullptr;
  if (parts == nullptr) throw PyError{"TypeError", 0, "can only join an iterable"};
  const bool is_text = separator.as<Text>() != nullptr;
  std::string out;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    if (i > 0) out += is_text ? std::string_view(separator.as<Text>()->utf8) : bytes_of(separator);
    const Value part = frozen((*parts)[i]);
    out += is_text ? text_of(part, "sequence item") : bytes_of(part);
    if (out.size() > kMostBytes) throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
  }
  if (is_text) return Text{std::move(out)};
  return Bytes{std::move(out), separator.as<Bytes>()->array};
}

std::string bytes_from(const Value& source) {
  if (const auto* b = source.as<Bytes>()) return b->data;
  if (source.as<Text>() != nullptr) throw PyError{"TypeError", 0, "string argument without an encoding"};
  if (const auto n = source.integer()) {
    if (*n < 0) throw PyError{"ValueError", 0, "negative count"};
    if (static_cast<std::uint64_t>(*n) > kMostBytes)
      throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
    return std::string(static_cast<std::size_t>(*n), '\0');
  }
  const Values* items = source.items();
  if (items == nullptr)
    throw PyError{"TypeError", 0, fmt::format("cannot convert '{}' object to bytes", type_name(source))};
  std::string out;
  for (const Value& item : *items) {
    const std::int64_t byte = integer_of(item);
    if (byte < 0 || byte > 255) throw PyError{"ValueError", 0, "bytes must be in range(0, 256)"};
    out += static_cast<char>(static_cast<unsigned char>(byte));
  }
  return out;
}

}  // namespace

Value make_bytes(const Given& given, bool array) {
  const Value* source = given_at(given, 0);
  const Value* encoding = given_at(given, 1);
  if (source == nullptr) return Bytes{{}, array};
  if (encoding != nullptr) return Bytes{encoded(*source, encoding, given_at(given, 2)), array};
  return Bytes{bytes_from(*source), array};
}

Value make_str(const Given& given) {
  const Value* source = given_at(given, 0);
  if (source == nullptr) return Text{};
  const Value *encoding = given_at(given, 1), *errors = given_at(given, 2);
  if (encoding == nullptr && errors == nullptr) return Text{str(*source)};
  return Text{decoded(bytes_of(*source), encoding, errors)};
}

Value call_method(const Value& of, std::string_view name, const Given& given) {
  const bool is_text = of.as<Text>() != nullptr;
  if (is_text && name == "encode") return bytes(encoded(of, given_at(given, 0), given_at(given, 1)));
  if (!is_text && name == "decode")
    return Text{decoded(bytes_of(of), given_at(given, 0), given_at(given, 1))};
  if (name == "strip") return strip(of, given_at(given, 0));
  if (name == "split") return split(of, given);
  if (name == "join") return join(of, given_at(given, 0));
  if (name == "upper" || name == "lower") {
    if (is_text) return Text{change_case(of.as<Text>()->utf8, name == "upper")};
    Bytes out = *of.as<Bytes>();
    for (char& c : out.data) c = ascii_case(c, name == "upper");
    return out;
  }
  throw PyError{"AttributeError", 0, fmt::format("'{}' object has no attribute '{}'", type_name(of), name)};
}

}  // namespace sockscope::play
