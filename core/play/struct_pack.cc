// struct.pack and struct.unpack: the formats x c b B ? h H i I l L q Q f d s of the module of that name.

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "play/operators.h"

namespace sockscope::play {
namespace {

[[noreturn]] void bad_struct(std::string message) {
  throw PyError{"error", 0, std::move(message)};
}

struct Item {
  char code;
  std::size_t count;    // times; of s: its bytes
  std::size_t size;     // of one
  std::size_t padding;  // before the first
};

struct Layout {
  std::vector<Item> items;
  bool little = true;
  std::size_t size = 0;
};

// 0: not a code. `native`: the machine's sizes.
std::size_t size_of(char code, bool native) {
  switch (code) {
    case 'x':
    case 'c':
    case 'b':
    case 'B':
    case '?':
    case 's':
      return 1;
    case 'h':
    case 'H':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    case 'l':
    case 'L':
      return native ? sizeof(long) : 4;
    case 'q':
    case 'Q':
    case 'd':
      return 8;
    default:
      return 0;
  }
}

Layout layout_of(std::string_view format) {
  Layout made;
  bool native = true, aligned = true;
  if (!format.empty() && std::string_view("@=<>!").find(format[0]) != format.npos) {
    aligned = native = format[0] == '@';
    made.little = format[0] != '>' && format[0] != '!';
    format.remove_prefix(1);
  }
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] == ' ') continue;
    std::size_t count = 1;
    if (format[at] >= '0' && format[at] <= '9')
      for (count = 0; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at) {
        count = count * 10 + static_cast<std::size_t>(format[at] - '0');
        if (count > kMostBytes) bad_struct("total struct size too long");
      }
    const std::size_t size = at < format.size() ? size_of(format[at], native) : 0;
    if (size == 0)
      bad_struct(at < format.size() ? "bad char in struct format"
                                    : "repeat count given without format specifier");
    const std::size_t padding = aligned ? (size - made.size % size) % size : 0;
    made.items.push_back({format[at], count, size, padding});
    made.size += padding + count * size;
    if (made.size > kMostBytes || made.items.size() > kMostItems) bad_struct("total struct size too long");
  }
  return made;
}

std::size_t values_of(const Layout& layout) {
  std::size_t count = 0;
  for (const Item& item : layout.items)
    if (item.code != 'x') count += item.code == 's' ? 1 : item.count;
  return count;
}

void put_number(std::string& out, std::uint64_t bits, std::size_t size, bool little) {
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>(static_cast<unsigned char>(bits >> (8 * (little ? i : size - 1 - i))));
}

std::uint64_t get_number(std::string_view data, bool little) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < data.size(); ++i)
    bits = bits << 8 | static_cast<unsigned char>(data[little ? data.size() - 1 - i : i]);
  return bits;
}

bool is_signed(char code) {
  return code == 'b' || code == 'h' || code == 'i' || code == 'l' || code == 'q';
}

std::uint64_t bits_of(const Item& item, const Value& value) {
  if (item.code == '?') return truth(value) ? 1 : 0;
  if (item.code == 'f' || item.code == 'd') {
    const auto* real = value.as<double>();
    if (real == nullptr && !value.integer()) bad_struct("required argument is not a float");
    const double d = real != nullptr ? *real : static_cast<double>(*value.integer());
    return item.code == 'd' ? std::bit_cast<std::uint64_t>(d)
                            : std::bit_cast<std::uint32_t>(static_cast<float>(d));
  }
  if (!value.integer()) bad_struct("required argument is not an integer");
  const std::int64_t n = *value.integer();
  const auto bits = static_cast<int>(item.size * 8);
  const bool fits = is_signed(item.code) ? bits == 64 || (n >= -(std::int64_t{1} << (bits - 1)) &&
                                                          n < (std::int64_t{1} << (bits - 1)))
                                         : n >= 0 && (bits == 64 || n < (std::int64_t{1} << bits));
  if (!fits) bad_struct(fmt::format("'{}' format: the number does not fit", item.code));
  return static_cast<std::uint64_t>(n);
}

void pack_item(std::string& out, const Item& item, const Value& value, bool little) {
  if (item.code == 's' || item.code == 'c') {
    if (value.as<Bytes>() == nullptr) bad_struct("argument for 's' or 'c' must be a bytes object");
    std::string data(bytes_of(value));
    if (item.code == 'c' && data.size() != 1) bad_struct("char format requires a bytes object of length 1");
    data.resize(item.code == 's' ? item.count : 1, '\0');
    out += data;
  } else {
    put_number(out, bits_of(item, value), item.size, little);
  }
}

Value unpack_item(const Item& item, std::string_view data, bool little) {
  if (item.code == 's' || item.code == 'c') return bytes(data);
  const std::uint64_t bits = get_number(data, little);
  if (item.code == '?') return bits != 0;
  if (item.code == 'd') return std::bit_cast<double>(bits);
  if (item.code == 'f') return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  if (is_signed(item.code)) {
    const unsigned unused = static_cast<unsigned>(64 - item.size * 8);
    return Value(static_cast<std::int64_t>(bits << unused) >> unused);
  }
  if (bits > INT64_MAX) throw PyError{"OverflowError", 0, "the whole numbers of a play have 64 bits"};
  return Value(static_cast<std::int64_t>(bits));
}

std::string_view format_of(const Given& given) {
  if (given.empty() || !given[0]) throw PyError{"TypeError", 0, "a format is missing"};
  const auto* as_bytes = given[0]->as<Bytes>();
  return as_bytes != nullptr ? std::string_view(as_bytes->data) : text_of(*given[0], "Struct() argument 1");
}

}  // namespace

Value struct_pack(const Given& given) {
  const Layout layout = layout_of(format_of(given));
  const std::size_t wanted = values_of(layout);
  if (given.size() - 1 != wanted)
    bad_struct(fmt::format("pack expected {} items for packing (got {})", wanted, given.size() - 1));
  std::string out;
  std::size_t next = 1;
  for (const Item& item : layout.items) {
    out.append(item.padding, '\0');
    if (item.code == 'x') {
      out.append(item.count, '\0');
      continue;
    }
    const std::size_t times = item.code == 's' ? 1 : item.count;
    for (std::size_t i = 0; i < times; ++i) pack_item(out, item, *given[next++], layout.little);
  }
  return bytes(out);
}

Value struct_unpack(const Given& given) {
  const Layout layout = layout_of(format_of(given));
  if (given.size() != 2 || !given[1]) throw PyError{"TypeError", 0, "unpack expected 2 arguments"};
  std::string_view data = bytes_of(*given[1]);
  if (data.size() != layout.size)
    bad_struct(fmt::format("unpack requires a buffer of {} bytes", layout.size));
  Values values;
  for (const Item& item : layout.items) {
    data.remove_prefix(item.padding);
    const bool one = item.code == 's' || item.code == 'x';
    const std::size_t each = one ? item.count : item.size;
    for (std::size_t i = 0; i < (one ? 1 : item.count); ++i) {
      if (item.code != 'x') values.push_back(unpack_item(item, data.substr(0, each), layout.little));
      data.remove_prefix(each);
    }
  }
  return checked(Tuple{std::move(values)});
}

}  // namespace sockscope::play
