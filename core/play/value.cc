#include "play/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "net/names.h"

namespace sockscope::play {
namespace {

std::optional<double> number(const Value& value) {
  if (const auto* d = value.as<double>()) return *d;
  if (const auto n = value.integer()) return static_cast<double>(*n);
  return std::nullopt;
}

bool all_equal(const Values& a, const Values& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

std::optional<std::partial_ordering> order_items(const Values& a, const Values& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (!equal(a[i], b[i])) return order(a[i], b[i]);
  return std::partial_ordering(a.size() <=> b.size());
}

// As os.fsdecode: a byte that is not UTF-8 becomes a lone surrogate.
std::string path_text(std::string_view path) {
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t begin = at;
    if (next_character(path, at, false))
      out += path.substr(begin, at - begin);
    else
      append_utf8(out, U'\xdc00' + static_cast<unsigned char>(path[at++]));
  }
  return out;
}

}  // namespace

std::optional<std::int64_t> Value::integer() const {
  if (const auto* n = as<std::int64_t>()) return *n;
  if (const auto* b = as<bool>()) return *b ? 1 : 0;
  if (const auto* named = as<Named>()) return named->number;
  return std::nullopt;
}

const Values* Value::items() const {
  if (const auto* tuple = as<Tuple>()) return &tuple->items;
  if (const auto* list = as<List>()) return &list->items;
  return nullptr;
}

Value text(std::string_view utf8) {
  return Text{std::string(utf8)};
}
Value bytes(std::string_view data) {
  return Bytes{std::string(data), false};
}

Value frozen(Value value) {
  const auto* array = value.as<ByteArray>();
  return array == nullptr ? value : Value(Bytes{array->held->read(), true});
}

Value thawed(Value value) {
  if (auto* bytes_value = std::get_if<Bytes>(&value.held); bytes_value != nullptr && bytes_value->array)
    return ByteArray{std::make_shared<SharedBytes>(std::move(bytes_value->data))};
  if (auto* list = std::get_if<List>(&value.held))
    for (Value& item : list->items) item = thawed(std::move(item));
  return value;
}

Value enum_value(std::string_view group, std::int64_t number) {
  for (const Constant& known : constants())
    if (known.group == group && known.value == number) return Named{known.value, known.name, known.group};
  return number;
}

Value of_address(const Address& address) {
  switch (address.family) {
    case AF_INET:
      return Tuple{{text(host_of(address)), Value(std::int64_t{address.port})}};
    case AF_INET6:
      return Tuple{{text(host_of(address)), Value(std::int64_t{address.port}), Value(0),
                    Value(std::int64_t{address.scope})}};
    case AF_VSOCK:
      return Tuple{{Value(std::int64_t{address.scope}), Value(std::int64_t{vsock_port(address)})}};
    case AF_UNIX: {
      const std::string_view path = address.path.view();
      return !path.empty() && path[0] == '\0' ? bytes(path)
                                              : Value(Text{path_text(path)});  // an abstract name is bytes
    }
    default:
      return {};
  }
}

std::string_view type_name(const Value& value) {
  static constexpr std::string_view kNames[] = {"NoneType", "bool",      "int",  "float",  "int",    "str",
                                                "bytes",    "tuple",     "list", "socket", "server", "load",
                                                "thread",   "bytearray", "file", "poll"};
  if (const auto* held = value.as<Bytes>(); held != nullptr && held->array) return "bytearray";
  if (const auto* named = value.as<Named>()) {
    if (named->group == "AF") return "AddressFamily";
    if (named->group == "SOCK" || named->group == "SOCKFLAG") return "SocketKind";
    if (named->group == "MSG") return "MsgFlag";
    if (named->group == "AI") return "AddressInfo";
  }
  return kNames[value.held.index()];
}

bool truth(const Value& value) {
  if (value.none()) return false;
  if (const auto* d = value.as<double>()) return *d != 0;
  if (const auto n = value.integer()) return *n != 0;
  if (const auto* s = value.as<Text>()) return !s->utf8.empty();
  if (const auto* b = value.as<Bytes>()) return !b->data.empty();
  if (const auto* array = value.as<ByteArray>()) return array->held->size() > 0;
  if (const auto* items = value.items()) return !items->empty();
  return true;
}

bool equal(const Value& a, const Value& b) {
  if (a.as<ByteArray>() != nullptr || b.as<ByteArray>() != nullptr) {
    const Value x = frozen(a), y = frozen(b);
    return equal(x, y);
  }
  if (a.none() || b.none()) return a.none() && b.none();
  if (const auto x = a.integer(), y = b.integer(); x && y) return *x == *y;
  if (const auto x = number(a), y = number(b); x && y) return *x == *y;
  if (const auto* x = a.as<Text>(), *y = b.as<Text>(); x && y) return x->utf8 == y->utf8;
  if (const auto* x = a.as<Bytes>(), *y = b.as<Bytes>(); x && y) return x->data == y->data;
  if (const auto* x = a.as<Tuple>(), *y = b.as<Tuple>(); x && y) return all_equal(x->items, y->items);
  if (const auto* x = a.as<List>(), *y = b.as<List>(); x && y) return all_equal(x->items, y->items);
  if (const auto* x = a.as<SocketValue>(), *y = b.as<SocketValue>(); x && y) return x->id == y->id;
  if (const auto* x = a.as<ServerValue>(), *y = b.as<ServerValue>(); x && y) return x->name == y->name;
  if (const auto* x = a.as<LoadValue>(), *y = b.as<LoadValue>(); x && y) return x->name == y->name;
  if (const auto* x = a.as<ThreadValue>(), *y = b.as<ThreadValue>(); x && y) return x->name == y->name;
  if (const auto* x = a.as<FileValue>(), *y = b.as<FileValue>(); x && y) return x->file == y->file;
  if (const auto* x = a.as<PollValue>(), *y = b.as<PollValue>(); x && y) return x->poll == y->poll;
  return false;
}

std::optional<std::partial_ordering> order(const Value& a, const Value& b) {
  if (a.as<ByteArray>() != nullptr || b.as<ByteArray>() != nullptr) return order(frozen(a), frozen(b));
  if (const auto x = a.integer(), y = b.integer(); x && y) return std::partial_ordering(*x <=> *y);
  if (const auto x = number(a), y = number(b); x && y) return *x <=> *y;
  if (const auto* x = a.as<Text>(), *y = b.as<Text>(); x && y) return x->utf8.compare(y->utf8) <=> 0;
  if (const auto* x = a.as<Bytes>(), *y = b.as<Bytes>(); x && y) return x->data.compare(y->data) <=> 0;
  if (const auto* x = a.as<Tuple>(), *y = b.as<Tuple>(); x && y) return order_items(x->items, y->items);
  if (const auto* x = a.as<List>(), *y = b.as<List>(); x && y) return order_items(x->items, y->items);
  return std::nullopt;
}

}  // namespace sockscope::play
