#include "play/socket_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "net/names.h"

namespace sockscope::play {
namespace {

constexpr double kLongestTimeout = 9'223'372'036.0;  // seconds, of 64-bit nanoseconds

std::string_view host_text(const Value& value) {
  if (const auto* t = value.as<Text>()) return t->utf8;
  if (const auto* b = value.as<Bytes>()) return b->data;
  throw PyError{"TypeError", 0, fmt::format("str, bytes or bytearray expected, not {}", type_name(value))};
}

std::int64_t seconds_argument(const Value& value) {
  if (value.none()) return -1;
  const auto* real = value.as<double>();
  if (real == nullptr && !value.integer())
    throw PyError{"TypeError", 0,
                  fmt::format("'{}' object cannot be interpreted as an integer", type_name(value))};
  const double seconds = real != nullptr ? *real : static_cast<double>(*value.integer());
  if (std::isnan(seconds)) throw PyError{"ValueError", 0, "Invalid value NaN (not a number)"};
  if (seconds < 0) throw PyError{"ValueError", 0, "Timeout value out of range"};
  if (seconds >= kLongestTimeout)
    throw PyError{"OverflowError", 0, "timestamp too large to convert to C _PyTime_t"};
  return static_cast<std::int64_t>(std::ceil(seconds * 1e9));
}

std::int64_t c_int(const Value& value) {
  const std::int64_t n = integer_of(value);
  if (n > INT32_MAX || n < INT32_MIN)
    throw PyError{"OverflowError", 0,
                  fmt::format("signed integer is {} than {}", n > 0 ? "greater" : "less",
                              n > 0 ? "maximum" : "minimum")};
  return n;
}

void check_bufsize(std::int64_t size) {
  if (size < 0) throw PyError{"ValueError", 0, "negative buffersize in recv"};
}

class Binder {
 public:
  Binder(const CallInfo& info, const SocketValue* socket) : info_(info), socket_(socket) {
    request.call = info.call;
    if (socket != nullptr) request.socket = socket->id;
  }

  void bind(const Values& positional, const Keywords& keywords) {
    std::vector<std::string_view> names;
    for (const Param& param : info_.params) names.push_back(param.name);
    // Python's socket methods take their arguments by position only; socket() takes names.
    if (info_.is_method() && !keywords.empty())
      throw PyError{"TypeError", 0, fmt::format("socket.{}() takes no keyword arguments", info_.python)};
    const Given given = arrange(info_.python, names, positional, keywords);
    for (std::size_t i = 0; i < info_.params.size(); ++i) one(info_.params[i], given[i]);
  }

  Request request;

 private:
  void one(const Param& param, const std::optional<Value>& given) {
    if (!given && !param.absent)
      throw PyError{"TypeError", 0,
                    fmt::format("{}() is missing its argument '{}'", info_.python, param.name)};
    if (param.kind == ParamKind::address) {
      request.address = address_argument(info_.python, socket_->entry->family, *given);
    } else if (param.kind == ParamKind::bytes) {
      data_ = *given;
      request.data = bytes_of(data_);
    } else {
      request.numbers[param.slot] = given ? number(param, *given) : *param.absent;
    }
  }

  std::int64_t number(const Param& param, const Value& value) const {
    switch (param.kind) {
      case ParamKind::boolean:
        return truth(value) ? 1 : 0;
      case ParamKind::seconds:
        return seconds_argument(value);
      default:
        break;
    }
    // socket(-1) asks for the default family, type or protocol, as in Python.
    if (info_.call == Call::socket && value.integer() == -1) return *param.absent;
    if (info_.call == Call::recv && param.slot == 0) {
      check_bufsize(integer_of(value));
      return integer_of(value);
    }
    return c_int(value);
  }

  const CallInfo& info_;
  const SocketValue* socket_;
  Value data_;
};

Value result_of(const CallInfo& info, const Reply& reply, Caller& caller) {
  switch (info.result) {
    case ResultKind::none:
      return {};
    case ResultKind::integer:
      return Value(reply.result);
    case ResultKind::bytes:
      return bytes(reply.data);
    case ResultKind::address:
      return of_address(reply.address);
    case ResultKind::socket:
      return SocketValue{reply.socket, caller.room().sockets().find(reply.socket)};
    case ResultKind::socket_and_address:
      break;
    default:
      return {};
  }
  return Tuple{
      {SocketValue{reply.socket, caller.room().sockets().find(reply.socket)}, of_address(reply.address)}};
}

Address inet_argument(std::string_view call, int family, const Value& value) {
  const auto* tuple = value.as<Tuple>();
  const std::string_view family_name = family == AF_INET ? "AF_INET" : "AF_INET6";
  if (tuple == nullptr)
    throw PyError{"TypeError", 0,
                  fmt::format("{}(): {} address must be tuple, not {}", call, family_name, type_name(value))};
  const std::size_t size = tuple->items.size();
  if (family == AF_INET ? size != 2 : size < 2 || size > 4)
    throw PyError{
        "TypeError", 0,
        fmt::format("{} address must be a {}", family_name,
                    family == AF_INET ? "pair (host, port)" : "tuple (host, port[, flowinfo[, scopeid]])")};
  const std::string host(host_text(tuple->items[0]));
  const std::int64_t port = integer_of(tuple->items[1]);
  const std::string numeric = host == "localhost"     ? (family == AF_INET ? "127.0.0.1" : "::1")
                              : host == "<broadcast>" ? "255.255.255.255"
                                                      : host;
  auto address = numeric_address(numeric.empty() && family == AF_INET6 ? "::" : numeric, 0);
  if (!address || (address->family != family && !host.empty()))
    throw PyError{"gaierror", -2,
                  fmt::format("[Errno -2] Name or service not known: a play looks up numeric names and "
                              "localhost only, not '{}'",
                              host)};
  if (port < 0 || port > 65535)
    throw PyError{"OverflowError", 0, fmt::format("{}(): port must be 0-65535.", call)};
  address->port = static_cast<std::uint16_t>(port);
  if (size == 4) address->scope = static_cast<std::uint32_t>(c_int(tuple->items[3]));
  return *address;
}

}  // namespace

Address address_argument(std::string_view call, int family, const Value& value) {
  if (family == AF_INET || family == AF_INET6) return inet_argument(call, family, value);
  if (family != AF_UNIX) throw PyError{"OSError", 0, fmt::format("{}(): bad family", call)};
  Address address;
  address.family = AF_UNIX;
  if (value.as<Text>() == nullptr) bytes_of(value);
  const std::string_view path =
      value.as<Text>() != nullptr ? std::string_view(value.as<Text>()->utf8) : bytes_of(value);
  if (path.size() > 107) throw PyError{"OSError", 0, "AF_UNIX path too long"};
  address.path = Blob(path);
  return address;
}

Given arrange(std::string_view function, const std::vector<std::string_view>& parameters,
              const Values& positional, const Keywords& keywords) {
  if (positional.size() > parameters.size())
    throw PyError{"TypeError", 0,
                  fmt::format("{}() takes at most {} argument{} ({} given)", function, parameters.size(),
                              parameters.size() == 1 ? "" : "s", positional.size())};
  Given given(parameters.size());
  std::copy(positional.begin(), positional.end(), given.begin());
  for (const auto& [name, value] : keywords) {
    const auto at = std::find(parameters.begin(), parameters.end(), name);
    if (at == parameters.end())
      throw PyError{"TypeError", 0,
                    fmt::format("{}() got an unexpected keyword argument '{}'", function, name)};
    auto& place = given[static_cast<std::size_t>(at - parameters.begin())];
    if (place)
      throw PyError{"TypeError", 0,
                    fmt::format("{}() got multiple values for argument '{}'", function, name)};
    place = value;
  }
  return given;
}

Value call_socket(Caller& caller, const CallInfo& info, const SocketValue* socket, const Values& positional,
                  const Keywords& keywords) {
  Binder binder(info, socket);
  binder.bind(positional, keywords);
  const Reply reply = perform(caller, binder.request);
  if (reply.timed_out) throw PyError{"TimeoutError", 0, "timed out"};
  if (!reply.ok())
    throw PyError{std::string(python_exception(reply.error)), reply.error,
                  fmt::format("[Errno {}] {}", reply.error, errno_text(reply.error))};
  return result_of(info, reply, caller);
}

}  // namespace sockscope::play
