#include "play/operators.h"

#include <fmt/format.h>

#include <algorithm>

namespace sockscope::play {
namespace {

struct Measure {
  std::size_t items = 0;
  int depth = 0;
};

void measure(const Value& value, int depth, Measure& total) {
  ++total.items;
  total.depth = std::max(total.depth, depth);
  if (total.items > kMostItems || depth > kDeepestValue) return;
  if (const Values* items = value.items())
    for (const Value& item : *items) measure(item, depth + 1, total);
}

[[noreturn]] void unsupported(char op, const Value& left, const Value& right) {
  throw PyError{"TypeError", 0,
                fmt::format("unsupported operand type(s) for {}: '{}' and '{}'", op, type_name(left),
                            type_name(right))};
}

[[noreturn]] void too_large() {
  throw PyError{"OverflowError", 0, "the whole numbers of a play have 64 bits"};
}

std::int64_t on_integers(char op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  const bool overflow = op == '+'   ? __builtin_add_overflow(a, b, &result)
                        : op == '-' ? __builtin_sub_overflow(a, b, &result)
                                    : __builtin_mul_overflow(a, b, &result);
  if (op == '|') return a | b;
  if (overflow) too_large();
  return result;
}

std::optional<double> as_double(const Value& value) {
  if (const auto* d = value.as<double>()) return *d;
  if (const auto n = value.integer()) return static_cast<double>(*n);
  return std::nullopt;
}

void check_bytes(std::size_t size) {
  if (size > kMostBytes) throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
}

std::string repeated(const std::string& text, std::int64_t times) {
  const std::size_t count = times < 0 ? 0 : static_cast<std::size_t>(times);
  if (!text.empty() && count > kMostBytes / text.size()) check_bytes(kMostBytes + 1);
  std::string out;
  out.reserve(text.size() * count);
  if (text.size() == 1) return std::string(count, text[0]);
  for (std::size_t i = 0; i < count && !text.empty(); ++i) out += text;
  return out;
}

std::size_t weight_of(const Values& items) {
  std::size_t total = 0;
  for (const Value& item : items) total += weight(item);
  return total;
}

// Of a tuple or list that is yet to be made.
void check_weight(std::size_t bytes) {
  if (bytes > kMostWeight) throw PyError{"MemoryError", 0, "a tuple or list of a play holds at most 256 MB"};
}

Values repeated(const Values& items, std::int64_t times) {
  const std::size_t count = times < 0 || items.empty() ? 0 : static_cast<std::size_t>(times);
  if (!items.empty() && count > kMostItems / items.size())
    throw PyError{"MemoryError", 0, "a tuple or list of a play has at most 100,000 items"};
  check_weight(weight_of(items) * count);
  Values out;
  for (std::size_t i = 0; i < count; ++i) out.insert(out.end(), items.begin(), items.end());
  return out;
}

Values joined(const Values& a, const Values& b) {
  check_weight(weight_of(a) + weight_of(b));
  Values out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

std::optional<Value> sum_of_sequences(const Value& left, const Value& right) {
  if (const auto* a = left.as<Text>(), *b = right.as<Text>(); a && b) {
    check_bytes(a->utf8.size() + b->utf8.size());
    return Text{a->utf8 + b->utf8};
  }
  if (const auto* a = left.as<Bytes>(), *b = right.as<Bytes>(); a && b) {
    check_bytes(a->data.size() + b->data.size());
    return Bytes{a->data + b->data, a->array};
  }
  if (const auto* a = left.as<Tuple>(), *b = right.as<Tuple>(); a && b)
    return Tuple{joined(a->items, b->items)};
  if (const auto* a = left.as<List>(), *b = right.as<List>(); a && b) return List{joined(a->items, b->items)};
  return std::nullopt;
}

std::optional<Value> multiple(const Value& of, std::int64_t times) {
  if (const auto* a = of.as<Text>()) return Text{repeated(a->utf8, times)};
  if (const auto* a = of.as<Bytes>()) return Bytes{repeated(a->data, times), a->array};
  if (const auto* a = of.as<Tuple>()) return Tuple{repeated(a->items, times)};
  if (const auto* a = of.as<List>()) return List{repeated(a->items, times)};
  return std::nullopt;
}

// A flag | a number is a flag of its kind.
std::optional<Value> union_of_flags(const Value& left, const Value& right) {
  const auto* flag = left.as<Named>() != nullptr ? left.as<Named>() : right.as<Named>();
  const auto a = left.integer(), b = right.integer();
  if (flag == nullptr || !a || !b || (flag->group != "MSG" && flag->group != "AI")) return std::nullopt;
  const Value named = enum_value(flag->group, *a | *b);
  return named.as<Named>() != nullptr ? named : Value(Named{*a | *b, {}, flag->group});
}

Value element(const Value& of, std::size_t at) {
  if (const auto* t = of.as<Text>()) {
    const std::size_t begin = byte_of(t->utf8, at);
    return text(std::string_view(t->utf8).substr(begin, byte_of(std::string_view(t->utf8).substr(begin), 1)));
  }
  if (const auto* b = of.as<Bytes>()) return Value(std::int64_t{static_cast<unsigned char>(b->data[at])});
  return (*of.items())[at];
}

struct Bounds {
  std::int64_t from, to, step;
};

// PySlice_AdjustIndices.
Bounds bounds_of(std::int64_t size, const Value* from, const Value* to, const Value* step) {
  const auto given = [](const Value* v) { return v != nullptr && !v->none(); };
  Bounds b{0, 0, given(step) ? integer_of(*step) : 1};
  if (b.step == 0) throw PyError{"ValueError", 0, "slice step cannot be zero"};
  b.step = std::clamp<std::int64_t>(b.step, -INT64_MAX, INT64_MAX);
  const std::int64_t least = b.step < 0 ? -1 : 0, most = b.step < 0 ? size - 1 : size;
  const auto place = [&](const Value* v, std::int64_t otherwise) {
    if (!given(v)) return otherwise;
    const std::int64_t n = integer_of(*v);
    return std::clamp(n < 0 ? n + size : n, least, most);
  };
  b.from = place(from, b.step < 0 ? most : least);
  b.to = place(to, b.step < 0 ? least : most);
  return b;
}

Value cut(const Value& of, const Bounds& b, std::size_t count) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(b.from + static_cast<std::int64_t>(i) * b.step);
  };
  if (const auto* bytes_value = of.as<Bytes>()) {
    Bytes out{{}, bytes_value->array};
    for (std::size_t i = 0; i < count; ++i) out.data += bytes_value->data[at(i)];
    return out;
  }
  if (const auto* t = of.as<Text>()) {
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < t->utf8.size(); ++i)
      if ((static_cast<unsigned char>(t->utf8[i]) & 0xc0) != 0x80) begins.push_back(i);
    begins.push_back(t->utf8.size());
    Text out;
    for (std::size_t i = 0; i < count; ++i)
      out.utf8.append(t->utf8, begins[at(i)], begins[at(i) + 1] - begins[at(i)]);
    return out;
  }
  Values out;
  for (std::size_t i = 0; i < count; ++i) out.push_back((*of.items())[at(i)]);
  if (of.as<Tuple>() != nullptr) return Tuple{std::move(out)};
  return List{std::move(out)};
}

bool is_sequence(const Value& value) {
  return value.items() != nullptr || value.as<Text>() != nullptr || value.as<Bytes>() != nullptr;
}

}  // namespace

Value checked(Value value) {
  Measure total;
  measure(value, 1, total);
  if (total.items > kMostItems)
    throw PyError{"MemoryError", 0, "a tuple or list of a play has at most 100,000 items"};
  if (total.depth > kDeepestValue)
    throw PyError{"RecursionError", 0, "tuples and lists of a play nest 64 deep at most"};
  return value;
}

std::size_t weight(const Value& value) {
  if (const auto* t = value.as<Text>()) return t->utf8.size() + sizeof(Value);
  if (const auto* b = value.as<Bytes>()) return b->data.size() + sizeof(Value);
  if (const auto* b = value.as<ByteArray>()) return b->held->size() + sizeof(Value);
  std::size_t total = sizeof(Value);
  if (const Values* items = value.items())
    for (const Value& item : *items) total += weight(item);
  return total;
}

Value apply(char op, const Value& left, const Value& right) {
  if (op == '|' && left.as<bool>() != nullptr && right.as<bool>() != nullptr)
    return *left.as<bool>() || *right.as<bool>();
  if (op == '|')
    if (auto flags = union_of_flags(left, right)) return *flags;
  if (const auto a = left.integer(), b = right.integer(); a && b) return on_integers(op, *a, *b);
  if (const auto a = as_double(left), b = as_double(right); a && b && op != '|')
    return op == '+' ? *a + *b : op == '-' ? *a - *b : *a * *b;
  if (op == '+')
    if (auto sum = sum_of_sequences(left, right)) return checked(std::move(*sum));
  if (op == '*') {
    auto product = right.integer() ? multiple(left, *right.integer()) : std::optional<Value>();
    if (!product && left.integer()) product = multiple(right, *left.integer());
    if (product) return checked(std::move(*product));
  }
  unsupported(op, left, right);
}

Value negative(const Value& value) {
  if (const auto* d = value.as<double>()) return -*d;
  if (const auto n = value.integer()) return on_integers('-', 0, *n);
  throw PyError{"TypeError", 0, fmt::format("bad operand type for unary -: '{}'", type_name(value))};
}

std::size_t length(const Value& value) {
  if (const auto* t = value.as<Text>()) return characters(t->utf8);
  if (const auto* b = value.as<Bytes>()) return b->data.size();
  if (const Values* items = value.items()) return items->size();
  throw PyError{"TypeError", 0, fmt::format("object of type '{}' has no len()", type_name(value))};
}

Value subscript(const Value& of, const Value& index) {
  if (!is_sequence(of))
    throw PyError{"TypeError", 0, fmt::format("'{}' object is not subscriptable", type_name(of))};
  if (!index.integer())
    throw PyError{
        "TypeError", 0,
        fmt::format("{} indices must be integers or slices, not {}", type_name(of), type_name(index))};
  const auto size = static_cast<std::int64_t>(length(of));
  const std::int64_t at = *index.integer() < 0 ? *index.integer() + size : *index.integer();
  if (at < 0 || at >= size)
    throw PyError{"IndexError", 0, fmt::format("{} index out of range", type_name(of))};
  return element(of, static_cast<std::size_t>(at));
}

Value slice(const Value& of, const Value* from, const Value* to, const Value* step) {
  if (!is_sequence(of))
    throw PyError{"TypeError", 0, fmt::format("'{}' object is not subscriptable", type_name(of))};
  const Bounds b = bounds_of(static_cast<std::int64_t>(length(of)), from, to, step);
  std::size_t count = 0;
  if (b.step > 0 && b.from < b.to) count = static_cast<std::size_t>((b.to - b.from - 1) / b.step + 1);
  if (b.step < 0 && b.from > b.to) count = static_cast<std::size_t>((b.from - b.to - 1) / -b.step + 1);
  return cut(of, b, count);
}

std::int64_t integer_of(const Value& value) {
  if (const auto n = value.integer()) return *n;
  throw PyError{"TypeError", 0,
                fmt::format("'{}' object cannot be interpreted as an integer", type_name(value))};
}

std::string_view bytes_of(const Value& value) {
  if (const auto* b = value.as<Bytes>()) return b->data;
  throw PyError{"TypeError", 0, fmt::format("a bytes-like object is required, not '{}'", type_name(value))};
}

std::string_view text_of(const Value& value, std::string_view what) {
  if (const auto* t = value.as<Text>()) return t->utf8;
  throw PyError{"TypeError", 0, fmt::format("{} must be str, not {}", what, type_name(value))};
}

}  // namespace sockscope::play
